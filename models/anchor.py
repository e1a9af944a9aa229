"""The anchor: a ridge logistic hazard on signed family indices. Riskier evidence never lowers it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import Feature
from models.indices import Indices
from models.params import TrainingParams
from models.periods import PERIOD_FEATURES, Calendar, Floats, Ints, Periods
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
RENEWAL_EDGES = (-30.0, -15.0, 0.0, 15.0, 30.0, 60.0, 90.0)  # days from the period's end to the renewal
MOST_STEPS = 50
SMALLEST = 1e-9  # a coefficient below is rounding


@dataclass(frozen=True)
class Anchor:
    """Coefficients by family (steady and fading with the period's distance), by period and by calendar covariate."""

    indices: Indices
    intercept: float
    steady: tuple[float, ...]
    near: tuple[float, ...]
    calendar: tuple[float, ...]
    near_days: int

    def margins(self, matrix: pd.DataFrame, calendar: Calendar, periods: Periods) -> Floats:
        """Hazard log-odds of every matrix row and period, shape (n, periods)."""
        index = self.indices.of(matrix)
        everyone = np.arange(len(matrix))
        columns = [
            self.base(calendar, periods, everyone, np.full(len(matrix), k))
            + self.family_terms(index, np.full(len(matrix), k), periods).sum(axis=1)
            for k in range(periods.count)
        ]
        return np.column_stack(columns)

    def family_terms(self, index: Floats, period: Ints, periods: Periods) -> Floats:
        """What each family adds to the log-odds, shape (n, 11), of rows of indices and their period."""
        fade = _fade(periods, self.near_days)[period][:, None]
        return np.asarray(index * (np.array(self.steady) + fade * np.array(self.near)), dtype=np.float64)

    def base(self, calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Floats:
        """Log-odds of an average account: intercept, period and contract calendar."""
        design = _calendar_design(calendar, periods, positions, period)
        return np.asarray(self.intercept + design @ np.array(self.calendar), dtype=np.float64)


def fit_anchor(
    matrix: pd.DataFrame,
    features: tuple[Feature, ...],
    rows: HazardRows,
    outcomes: Outcomes,
    calendar: Calendar,
    periods: Periods,
    params: TrainingParams,
) -> Anchor:
    """Fit on the rows; the penalty grows with how many rows one churned account fills, so that repeats are no evidence."""
    indices = Indices.learn(matrix, rows.position, features, params.z_clip)
    index = indices.of(matrix)[rows.position]
    fade = _fade(periods, params.anchor_near_days)[rows.period][:, None]
    by_calendar = _calendar_design(calendar, periods, rows.position, rows.period)
    evidence = np.hstack([index, index * fade])
    solution = _solved(evidence, by_calendar, rows, _l2(rows, outcomes, params))
    families = evidence.shape[1]
    return Anchor(
        indices=indices,
        intercept=solution[-1],
        steady=tuple(solution[: len(FAMILIES)]),
        near=tuple(solution[len(FAMILIES) : families]),
        calendar=tuple(solution[families:-1]),
        near_days=params.anchor_near_days,
    )


def calendar_only(
    anchor: Anchor, rows: HazardRows, outcomes: Outcomes, calendar: Calendar, periods: Periods, params: TrainingParams
) -> Anchor:
    """The same hazard learned without any evidence: what the renewal calendar alone says."""
    by_calendar = _calendar_design(calendar, periods, rows.position, rows.period)
    solution = _solved(np.empty((rows.count, 0)), by_calendar, rows, _l2(rows, outcomes, params))
    nothing = (0.0,) * len(FAMILIES)
    return replace(anchor, intercept=solution[-1], steady=nothing, near=nothing, calendar=tuple(solution[:-1]))


def _l2(rows: HazardRows, outcomes: Outcomes, params: TrainingParams) -> float:
    return params.anchor_l2 * max(1.0, float(rows.event.sum()) / max(1, rows.churned_accounts(outcomes)))


def _solved(evidence: Floats, by_calendar: Floats, rows: HazardRows, l2: float) -> list[float]:
    """Coefficients of evidence (never below 0), calendar, and the intercept last."""
    families, others = evidence.shape[1], by_calendar.shape[1]
    design = np.hstack([evidence, by_calendar, np.ones((rows.count, 1))])
    penalty = np.array([l2] * families + [l2 * CALENDAR_SHARE_OF_L2] * others + [1e-6])
    lower = np.array([0.0] * families + [-np.inf] * (others + 1))
    solved = _bounded_logistic(design, rows.event.astype(float), rows.weight, penalty, lower)
    return [float(f"{value:.9g}") if abs(value) > SMALLEST else 0.0 for value in solved]


def _fade(periods: Periods, near_days: int) -> Floats:
    """1 for a period at once, one half for a period `near_days` ahead."""
    middle = (np.array(periods.starts) + np.array(periods.ends)) / 2
    return np.asarray(0.5 ** (middle / near_days), dtype=np.float64)


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


def _bounded_logistic(X: Floats, y: Floats, weight: Floats, penalty: Floats, lower: Floats) -> Floats:
    """Weighted ridge logistic with lower bounds: Newton steps, each a small bounded least squares, halved until they help."""
    from scipy.optimize import lsq_linear
    from scipy.special import expit

    rate = np.clip((weight * y).sum() / weight.sum(), 1e-6, 1 - 1e-6)
    beta = np.zeros(X.shape[1])
    beta[-1] = np.log(rate / (1 - rate))

    def loss(candidate: Floats) -> float:
        margin = X @ candidate
        return float(weight @ (np.logaddexp(0.0, margin) - y * margin) + 0.5 * penalty @ candidate**2)

    current = loss(beta)
    for _ in range(MOST_STEPS):
        p = expit(X @ beta)
        gradient = X.T @ (weight * (p - y)) + penalty * beta
        curvature = (X * (weight * p * (1 - p))[:, None]).T @ X + np.diag(penalty)
        root = np.linalg.cholesky(curvature + 1e-9 * np.eye(len(beta)))
        target = root.T @ beta - np.linalg.solve(root, gradient)
        bounds = (lower - 1e-12, np.full(len(beta), np.inf))
        step = np.maximum(lsq_linear(root.T, target, bounds=bounds, method="bvls").x, lower) - beta
        size, best = 1.0, current
        while size > 1e-4:
            best = loss(beta + size * step)
            if best <= current:
                break
            size /= 2
        if current - best <= 1e-9 * abs(current):
            break
        beta, current = beta + size * step, best
    return beta
