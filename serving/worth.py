"""What an effort is worth within the longest horizon: whether the play answers a cause that is at work decides most of it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from serving.learning.learned import Estimate
from serving.params import EffortTier, TriageParams

QUARTER_DEVIATIONS = 0.6745  # of a normal distribution: its lower quartile lies so far below its mean
TAIL_DEVIATIONS = 1.6449  # and the ends of its 90 % interval so far from it


@dataclass(frozen=True)
class Worth:
    """`fit`: the chance that the play answers a cause at work. `worth`, in currency units, is None when p or ARR is unknown."""

    fit: float
    worth: float | None


def fit_of(families: Iterable[str], chances: Mapping[str, float]) -> float:
    """The chance that one of the families that call for a play is at work; of a play that no family calls for, any family.

    `chances`: by family, that it is at work (`models.naming`); they count as independent. 0 where nothing is known.
    """
    asked = list(families) or list(chances)
    return 1 - math.prod(1 - chances.get(family, 0.0) for family in sorted(asked))


def save_chance(table: float, measured: Estimate | None, params: TriageParams) -> float:
    """P(saved | play) of an account that would leave: the table's chance as it is, until the play's effect was measured.

    Then the lower quartile of both together: the table counts as a measurement with the standard deviation
    `triage.save_probability_sd`, the measured share as one with that of its wider side (normal, precisions added). A play
    measured on few accounts so stays near the table, and a lucky start is not believed at once.
    """
    if measured is None:
        return table
    spread = max(measured.high - measured.mean, measured.mean - measured.low) / TAIL_DEVIATIONS
    both = math.hypot(spread, params.save_probability_sd)
    middle = table + (params.save_probability_sd / both) ** 2 * (measured.mean - table)
    deviation = spread * params.save_probability_sd / both
    return min(max(middle - QUARTER_DEVIATIONS * deviation, 0.0), 1.0)


def worth_of(
    *, p_ahead: float | None, arr: float | None, fit: float, chance: float, tier: EffortTier, params: TriageParams
) -> Worth:
    """P(leaving within the longest horizon) x (fit x `chance` - (1 - fit) x harm) x ARR - effort hours x hour cost.

    `triage.mismatch_harm` is what a play that answers nothing adds to the chance of leaving, as a share of it: it reminds
    the customer that it could leave.
    """
    if p_ahead is None or arr is None:
        return Worth(fit, None)
    kept = fit * chance - (1 - fit) * params.mismatch_harm
    return Worth(fit, p_ahead * kept * arr - params.effort_hours[tier] * params.hour_cost)
