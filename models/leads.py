"""One row an account-decision: what was said of a decision so many days before it could first fall, and what came of it.

A term's decision may fall from its notice on. The last look at least so many days before then meets it, and what counts is
whether the account left by the end of the term, grace included. An account that may leave any month, or whose renewal is not
known, decides once a look: whether it left in the stretch to the next look, so many days later, of those still there then.
"""

from dataclasses import dataclass

import numpy as np

from models.fitting import Material
from models.periods import Floats, Ints
from models.rows import DAY


@dataclass(frozen=True)
class Decisions:
    """Entry by entry: matrix position, the days after as_of between which the account decides, and when it may first (days)."""

    position: Ints
    start_days: Ints
    end_days: Ints
    opens_days: Ints

    def at(self, keep: Ints) -> "Decisions":
        """These entries alone."""
        return Decisions(self.position[keep], self.start_days[keep], self.end_days[keep], self.opens_days[keep])


def decisions_at(material: Material, lead_days: int) -> Decisions:
    """Every decision that some look of the matrix meets `lead_days` ahead, once; none where the periods end before it does.

    The stretch of a look reaches to the next one; a matrix of one look has none, and no decisions.
    """
    outcomes, calendar = material.outcomes, material.calendar
    stretch = _stretch(outcomes.as_of)
    renewal = np.nan_to_num(calendar.days_to_renewal)
    floating = (calendar.monthly_term == 1) | np.isnan(calendar.days_to_renewal)
    opens = np.where(floating, lead_days, renewal - calendar.notice_days)
    ends = np.where(floating, lead_days + stretch, renewal + calendar.grace_days)
    met = (opens >= lead_days) & (opens < lead_days + stretch) & (ends <= material.periods.last_day)
    position = np.flatnonzero(met)
    start = np.where(floating, lead_days, 0)
    return Decisions(*(days[position].astype(np.int64) for days in (np.arange(len(met)), start, ends, opens)))


def _stretch(as_of: Ints) -> Ints:
    """Whole days from each look to the next; the last one's are those of the look before it, 0 when there is none."""
    looks, which = np.unique(as_of, return_inverse=True)
    gaps = np.diff(looks) // DAY
    return np.concatenate([gaps, gaps[-1:] if len(gaps) else np.zeros(1, dtype=np.int64)])[which]


def known(material: Material, decisions: Decisions, cut: int) -> tuple[Ints, Floats]:
    """(entries that are over and whose outcome was known before the cut, 1 for those that left); the cut in microseconds.

    Leaving before a stretch that begins later than as_of is no decision of it: such an entry is left out.
    """
    left, stayed = material.outcomes.between(decisions.position, decisions.start_days, decisions.end_days, cut)
    kept = np.flatnonzero(left | stayed)
    return kept, left[kept].astype(np.float64)


def parts(material: Material, decisions: Decisions) -> Floats:
    """Which part of each period the decision's days cover, 0 to 1: shape (entries, periods)."""
    starts, ends = (np.array(days, dtype=float) for days in (material.periods.starts, material.periods.ends))
    low = np.maximum(decisions.start_days[:, None], starts)
    high = np.minimum(decisions.end_days[:, None], ends)
    return np.asarray(np.clip((high - low) / (ends - starts), 0.0, 1.0), dtype=np.float64)


def probability(margins: Floats, covered: Floats) -> Floats:
    """P(leaving in the days the decisions cover), of log-odds of the (entry, period) pairs of which any part is covered."""
    from scipy.special import expit

    stays = np.zeros(covered.shape)
    stays[covered > 0] = np.log1p(-np.minimum(expit(margins), 1 - 1e-12))
    return np.asarray(-np.expm1((stays * covered).sum(axis=1)), dtype=np.float64)
