"""Whether what is seen of a family goes with leaving at all in a company's past: what a driver needs before it is named."""

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.calendar_hazard import CalendarHazard
from models.indices import Indices, rounded
from models.periods import Calendar, Floats, Periods
from models.rows import HazardRows, Outcomes


def telling(
    indices: Indices,
    matrix: pd.DataFrame,
    rows: HazardRows,
    outcomes: Outcomes,
    level: CalendarHazard,
    calendar: Calendar,
    periods: Periods,
    *,
    needed: int,
) -> tuple[float, ...]:
    """The chance that a family's evidence goes with leaving, in FAMILIES order; 0 for a family of which nothing is known.

    Below `needed` churned accounts the past cannot say, and every family of which something is known is taken to tell (1).

    By family the slope of leaving on its index (one standard deviation of it, in log-odds) beside what the calendar says: one
    score step from 0, with its variance summed by account (the index is not fitted to the outcomes, so that the slope of
    outcomes that mean nothing is 0 on average). A family is as sure as all together, as few accounts leave over each cause,
    unless its own slope, pooled with the others', speaks against it.
    """
    from scipy.special import expit

    p = expit(level.margins(calendar, periods, rows.position, rows.period))
    places, row = np.unique(rows.position, return_inverse=True)
    surplus = np.bincount(row, weights=rows.weight * (rows.event - p))
    curvature = np.bincount(row, weights=rows.weight * p * (1 - p))
    index = indices.evidence(matrix, places)[:, : len(FAMILIES)]
    _, account = np.unique(outcomes.account[places], return_inverse=True)
    by_account = np.zeros((account.max(initial=-1) + 1, len(FAMILIES)))
    np.add.at(by_account, account, surplus[:, None] * index)
    information = (curvature[:, None] * index**2).sum(axis=0)
    step = np.divide(1.0, information, out=np.zeros(len(FAMILIES)), where=information > 0)
    slope, covariance = by_account.sum(axis=0) * step, by_account.T @ by_account * np.outer(step, step)
    found = np.zeros(len(FAMILIES))
    known = np.diag(covariance) > 0
    if rows.churned_accounts(outcomes) < needed:
        found[known] = 1.0
    elif known.any():
        found[known] = _above_zero(slope[known], covariance[np.ix_(known, known)])
    return tuple(rounded(float(chance)) for chance in found)


def _above_zero(slope: Floats, covariance: Floats) -> Floats:
    """The chance that the mean slope is above 0, and that of a slope which is rather below it: pooled, with the variance between
    slopes of DerSimonian and Laird (1986).
    """
    from scipy.special import ndtr

    variance = np.diag(covariance)
    weight = 1 / variance
    share = weight / weight.sum()
    mean = share @ slope
    spare = weight.sum() - (weight**2).sum() / weight.sum()
    between = max(0.0, (weight @ (slope - mean) ** 2 - (len(slope) - 1)) / spare) if spare > 0 else 0.0
    own = between / (between + variance)
    of_mean = share @ covariance @ share
    pooled = mean + own * (slope - mean)
    alone = ndtr(pooled / np.sqrt(own * variance + (1 - own) ** 2 * of_mean))
    together = ndtr(mean / np.sqrt(of_mean))
    return np.asarray(np.where(pooled > 0, together, np.minimum(alone, together)), dtype=np.float64)
