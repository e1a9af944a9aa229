"""What leavers gave as their reason, as a hint at the cause: a small head that tells reasons from evidence.

A multinomial ridge logistic on the evidence of the months before a decision. It takes no part in the probability: it only
shifts which of the clear families is named first. It is kept when later leavers' reasons are told better than by their shares.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.signal import FAMILIES
from models.indices import Indices
from models.params import TrainingParams
from models.periods import Bools, Floats, Ints
from models.row_sums import row_sums
from models.rows import DAY, NEVER, Outcomes

REASONS_OF = {  # families, and what leavers say of their trouble; silence, tone, contract and circumstances have no such word
    "usage": ("value", "product_fit"),
    "value": ("value",),
    "support": ("service", "product_fit"),
    "onboarding": ("service",),
    "stakeholders": ("stakeholder",),
    "budget": ("budget",),
    "competition": ("competitor",),
}
EARLIER = 0.7  # of the leavers, by decision: what the head is first fitted on; the rest judges it
FEWEST = 10  # leavers with a reason, for it to be learned
WINS_BY = 1.0  # standard errors of the mean gain in log-loss
STEPS = 2_000
Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class ReasonHead:
    """`weights`: one row a reason, one column a column of `Indices.evidence`; `shares`: of the leavers who gave each reason."""

    reasons: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]
    shares: tuple[float, ...]
    leavers: int

    def log_lift(self, evidence: Floats) -> Floats:
        """Shape (n, 11) in FAMILIES order: log of how much likelier the family's reasons are than among all leavers.

        0 for a family that is given as no reason, or as one that too few leavers gave.
        """
        p = self.chances(evidence)
        shares = np.array(self.shares)
        lift = np.zeros((len(evidence), len(FAMILIES)))
        for number, family in enumerate(FAMILIES):
            of = [self.reasons.index(name) for name in REASONS_OF.get(family, ()) if name in self.reasons]
            if of:
                lift[:, number] = np.log(p[:, of].sum(axis=1) / shares[of].sum())
        return lift

    def chances(self, evidence: Floats) -> Floats:
        """Chance of each reason, were the account to leave: shape (n, reasons)."""
        from scipy.special import softmax

        scores = np.column_stack([row_sums(evidence * np.array(weights)) for weights in self.weights])
        return np.asarray(softmax(scores + np.array(self.intercepts), axis=1), dtype=np.float64)


@dataclass(frozen=True)
class _Leavers:
    """Matrix rows shortly before a decision to leave whose reason is known; `leaver` numbers the decisions by time."""

    position: Ints
    leaver: Ints
    reason: Names

    @property
    def weight(self) -> Floats:
        """One a leaver, shared by its rows."""
        return np.asarray(1.0 / np.bincount(self.leaver)[self.leaver], dtype=np.float64)

    @property
    def count(self) -> int:
        return len(np.unique(self.leaver))

    def where(self, keep: Bools) -> "_Leavers":
        _, again = np.unique(self.leaver[keep], return_inverse=True)
        return _Leavers(self.position[keep], again.astype(np.int64), self.reason[keep])

    def learnable(self) -> "_Leavers":
        """Those whose reason enough leavers gave."""
        first = np.unique(self.leaver, return_index=True)[1]
        names, counts = np.unique(self.reason[first].astype(str), return_counts=True)
        return self.where(np.isin(self.reason.astype(str), names[counts >= FEWEST]))


def learned(
    indices: Indices, matrix: pd.DataFrame, outcomes: Outcomes, reason: pd.Series, params: TrainingParams
) -> tuple[ReasonHead | None, str]:
    """The head, or None, and a sentence that says which and why; empty when no leaver's reason is known.

    `reason` has one entry a matrix row: that of the churn in the follow-up, missing where none is known.
    """
    leavers = _leavers(outcomes, reason, params.reasons_days).learnable()
    if not leavers.count:
        return None, ""
    if leavers.count < params.reasons_from:
        return None, (
            f"{leavers.count} leavers' reasons are known, {params.reasons_from} are needed before they help to name the driver"
        )
    measured = _gain(indices, matrix, leavers, params)
    if measured is None:
        return None, f"{leavers.count} leavers' reasons are known, and too few of them differ to help to name the driver"
    gain, error = measured
    if not gain > WINS_BY * error:
        return None, (
            f"the reasons of {leavers.count} leavers do not help to name the driver: on later leavers they gain {gain:.3f} "
            f"in log-loss, give or take {error:.3f}"
        )
    head = _fitted(indices.evidence(matrix, leavers.position), leavers, params)
    return head, f"the reasons of {leavers.count} leavers help to name the driver (log-loss {gain:.3f} better on later leavers)"


def _leavers(outcomes: Outcomes, reason: pd.Series, days: int) -> _Leavers:
    ahead = np.where(outcomes.churned < NEVER, outcomes.churned - outcomes.as_of, -1)
    told = reason.notna().to_numpy()
    position = np.flatnonzero(told & (ahead >= 0) & (ahead <= days * DAY)).astype(np.int64)
    decisions = pd.DataFrame({"at": outcomes.churned[position], "account": outcomes.account[position]})
    leaver = np.asarray(decisions.groupby(["at", "account"], sort=True).ngroup(), dtype=np.int64)
    return _Leavers(position, leaver, reason.to_numpy(dtype=object)[position])


def _gain(indices: Indices, matrix: pd.DataFrame, leavers: _Leavers, params: TrainingParams) -> tuple[float, float] | None:
    """By how much the log-loss of the later leavers' reasons falls below that of the earlier shares, and its error.

    None where the earlier leavers gave one reason only, or too few later ones gave a reason that earlier ones did.
    """
    early = leavers.leaver < EARLIER * leavers.count
    earlier = leavers.where(early).learnable()
    late = leavers.where(~early & np.isin(leavers.reason.astype(str), np.unique(earlier.reason.astype(str))))
    if late.count < FEWEST or len(set(earlier.reason)) < 2:
        return None
    head = _fitted(indices.evidence(matrix, earlier.position), earlier, params)
    column = np.array([head.reasons.index(name) for name in late.reason])
    p = head.chances(indices.evidence(matrix, late.position))[np.arange(len(column)), column]
    gains = np.log(p) - np.log(np.array(head.shares)[column])
    each = np.bincount(late.leaver, weights=gains * late.weight)
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))


def _fitted(evidence: Floats, leavers: _Leavers, params: TrainingParams) -> ReasonHead:
    from sklearn.linear_model import LogisticRegression

    weight = leavers.weight
    names = leavers.reason.astype(str)
    found = LogisticRegression(C=1.0 / params.reasons_l2, max_iter=STEPS).fit(evidence, names, sample_weight=weight)
    reasons = tuple(str(name) for name in found.classes_)
    coefficients, intercepts = found.coef_, found.intercept_
    if len(reasons) == 2:  # scikit-learn keeps one row for two classes
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
    shares = [weight[names == name].sum() / weight.sum() for name in reasons]
    return ReasonHead(
        reasons=reasons,
        weights=tuple(tuple(_rounded(value) for value in row) for row in coefficients),
        intercepts=tuple(_rounded(value) for value in intercepts),
        shares=tuple(_rounded(value) for value in shares),
        leavers=leavers.count,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")
