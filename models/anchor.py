"""The anchor: a ridge logistic hazard on signed family indices and their signals. Riskier evidence never lowers it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import Feature
from models.indices import Indices
from models.logistic import bounded_logistic
from models.params import TrainingParams
from models.periods import PERIOD_FEATURES, Calendar, Floats, Ints, Periods
from models.row_sums import row_sums
from models.rows import HazardRows, Outcomes

CALENDAR_COVARIATES = (
    "due",
    "monthly",
    "due_monthly",
    "renewal_in_period",
    "renewal_in_period_auto",
    "notice_in_period",
    "later_renewal",
    "auto_renew",
    "auto_renew_unknown",
)
CALENDAR_SHARE_OF_L2 = 0.1
MOST_FALL = 0.9  # evidence keeps at least a tenth of its average weight in the farthest period
RENEWAL_EDGES = (-30.0, -15.0, 0.0, 15.0, 30.0, 60.0, 90.0)  # days from the period's end to the renewal
SMALLEST = 1e-9  # a coefficient below is rounding


@dataclass(frozen=True)
class Anchor:
    """Coefficients on the evidence of `indices` (never below 0), on period and contract calendar, and the intercept.

    `reach`: by which factor evidence counts in each period; it falls with the distance, never below 0.
    """

    indices: Indices
    intercept: float
    evidence: tuple[float, ...]
    calendar: tuple[float, ...]
    reach: tuple[float, ...]

    def margins(self, matrix: pd.DataFrame, calendar: Calendar, periods: Periods) -> Floats:
        """Hazard log-odds of every matrix row and period, shape (n, periods)."""
        pushed = row_sums(self.family_terms(matrix))
        everyone = np.arange(len(matrix))
        columns = [
            pushed * self.reach[k] + self.base(calendar, periods, everyone, np.full(len(matrix), k)) for k in range(periods.count)
        ]
        return np.column_stack(columns)

    def family_terms(self, matrix: pd.DataFrame, positions: Ints | None = None) -> Floats:
        """What each family adds to the log-odds before `reach`, shape (n, 11)."""
        parts = self.indices.evidence(matrix, positions) * np.array(self.evidence)
        families = self.indices.families
        return np.column_stack([row_sums(parts[:, families == number]) for number in range(len(FAMILIES))])

    def base(self, calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Floats:
        """Log-odds of an average account: intercept, period and contract calendar."""
        design = _calendar_design(calendar, periods, positions, period)
        return np.asarray(self.intercept + row_sums(design * np.array(self.calendar)), dtype=np.float64)


def fit_anchor(
    matrix: pd.DataFrame,
    features: tuple[Feature, ...],
    rows: HazardRows,
    outcomes: Outcomes,
    calendar: Calendar,
    periods: Periods,
    params: TrainingParams,
) -> Anchor:
    """Fit on the rows; the penalty grows with how many rows one churned account fills, so that repeats are no evidence.

    A family counts by its index, on both sides, with a light penalty; a signal's risky side by itself with a heavier one.
    """
    indices = Indices.learn(matrix, rows.position, features, params.z_clip)
    by_calendar = _calendar_design(calendar, periods, rows.position, rows.period)
    others = by_calendar.shape[1] + 1
    design = indices.evidence(matrix, rows.position, spare=others)
    design[:, -others:-1], design[:, -1] = by_calendar, 1.0
    count = design.shape[1] - others
    penalty = [params.anchor_l2] * len(FAMILIES) + [params.anchor_signal_l2] * (count - len(FAMILIES))
    solution = _solved(design, rows, outcomes, penalty, params.anchor_l2)
    pushed = design[:, :count] @ np.array(solution[:count])
    reach, rest = _reach(pushed, by_calendar, rows, outcomes, periods, params)
    return Anchor(indices, rest[-1], tuple(solution[:count]), tuple(rest[:-1]), reach)


def calendar_only(
    anchor: Anchor, rows: HazardRows, outcomes: Outcomes, calendar: Calendar, periods: Periods, params: TrainingParams
) -> Anchor:
    """The same hazard learned without any evidence: what the renewal calendar alone says."""
    by_calendar = _calendar_design(calendar, periods, rows.position, rows.period)
    solution = _solved(_design(np.empty((rows.count, 0)), by_calendar), rows, outcomes, [], params.anchor_l2)
    nothing = (0.0,) * len(anchor.evidence)
    return replace(anchor, intercept=solution[-1], evidence=nothing, calendar=tuple(solution[:-1]))


def _reach(
    pushed: Floats, by_calendar: Floats, rows: HazardRows, outcomes: Outcomes, periods: Periods, params: TrainingParams
) -> tuple[tuple[float, ...], list[float]]:
    """How much evidence counts in each period (1 on average over the churns), and the calendar learned again beside it."""
    middle = (np.array(periods.starts) + np.array(periods.ends)) / 2
    fade = 0.5 ** (middle / params.anchor_near_days)
    fade = fade - fade[rows.period[rows.event]].mean()
    column = (pushed * fade[rows.period])[:, None]
    design = _design(column, by_calendar)
    solution = _solved(design, rows, outcomes, [params.anchor_l2], params.anchor_l2, offset=pushed)
    steepest = MOST_FALL / max(1e-9, -float(fade.min()))
    reach = 1.0 + min(solution[0], steepest) * fade
    return tuple(float(f"{value:.9g}") for value in reach), solution[1:]


def _design(evidence: Floats, by_calendar: Floats) -> Floats:
    """Evidence, calendar, and a column of ones last."""
    return np.hstack([evidence, by_calendar, np.ones((len(by_calendar), 1))])


def _solved(
    design: Floats,
    rows: HazardRows,
    outcomes: Outcomes,
    penalty: list[float],
    calendar_l2: float,
    offset: Floats | None = None,
) -> list[float]:
    """Coefficients of evidence (never below 0), calendar, and the intercept last."""
    repeats = max(1.0, float(rows.event.sum()) / max(1, rows.churned_accounts(outcomes)))
    others = design.shape[1] - len(penalty) - 1
    l2 = repeats * np.array([*penalty, *[calendar_l2 * CALENDAR_SHARE_OF_L2] * others, 1e-6 / repeats])
    lower = np.array([0.0] * len(penalty) + [-np.inf] * (others + 1))
    solved = bounded_logistic(design, rows.event.astype(float), rows.weight, l2, lower, offset)
    return [float(f"{value:.9g}") if abs(value) > SMALLEST else 0.0 for value in solved]


def _calendar_design(calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Floats:
    """Period dummies (the first left out), where a longer term's renewal lies (RENEWAL_EDGES), and CALENDAR_COVARIATES."""
    starts, ends = np.array(periods.starts, dtype=float)[period], np.array(periods.ends, dtype=float)[period]
    named = dict(zip(PERIOD_FEATURES, calendar.features(positions, starts, ends).astype(np.float64).T, strict=True))
    known = np.nan_to_num(named["auto_renew"])
    covariates = (
        named["due"],
        named["monthly_term"],
        named["due"] * named["monthly_term"],
        named["renewal_in_period"],
        named["renewal_in_period"] * known,
        named["notice_in_period"],
        named["later_renewal"],
        known,
        np.isnan(named["auto_renew"]).astype(float),
    )
    dummies = [(period == k).astype(float) for k in range(1, periods.count)]
    place = np.digitize(named["days_from_period_end_to_renewal"], RENEWAL_EDGES)
    longer = named["monthly_term"] != 1
    near = [((place == bucket) & longer).astype(float) for bucket in range(len(RENEWAL_EDGES))]
    return np.column_stack([*dummies, *near, *covariates])
