"""How far ahead evidence still tells: what moves an account away from its calendar counts less in a farther period."""

import numpy as np

from models.logistic import bounded_logistic
from models.periods import Floats, Ints, Periods

MOST_FALL = 0.9  # evidence keeps at least a tenth of its average weight in the farthest period
Reach = tuple[float, ...]


def whole_reach(periods: Periods) -> Reach:
    """Evidence counts alike in every period."""
    return (1.0,) * periods.count


def faded(margins: Floats, level: Floats, reach: Floats) -> Floats:
    """Log-odds whose distance from the calendar's `level` is multiplied by `reach`; all of one shape, or broadcast to it."""
    return np.asarray(level + reach * (margins - level), dtype=np.float64)


def fading(periods: Periods, near_days: float) -> Floats:
    """By period, the part of evidence that halves with every `near_days` until the middle of the period, shape (count,)."""
    return np.asarray(0.5 ** ((np.array(periods.starts) + np.array(periods.ends)) / 2 / near_days), dtype=np.float64)


def reach_of(fall: float, fade: Floats, usual: float) -> Reach:
    """`1 + fall x (fade - usual)`, by period, where `fall` is cut so that MOST_FALL is the most that goes."""
    away = fade - usual
    steepest = MOST_FALL / max(1e-9, -float(away.min()))
    return tuple(float(f"{value:.9g}") for value in 1.0 + min(fall, steepest) * away)


def learned_reach(
    margins: Floats,
    level: Floats,
    events: Floats,
    weight: Floats,
    period: Ints,
    periods: Periods,
    *,
    churned_accounts: int,
    needed: int,
    near_days: float,
    fall: float,
    fall_sd: float,
    slope_sd: float,
    level_sd: float,
) -> Reach:
    """By which factor evidence counts in each period (1 on average over the events), on out-of-time margins (n,).

    A model fits the far periods of the accounts it learns from better than those that come: each of their events is seen from a
    dozen looks. The fall with the distance is learned beside a slope and a level and pulled to `fall` with the force of a normal
    prior of `fall_sd`, each churned account counting once however many rows it fills; evidence never counts more far ahead.
    Below `needed` churned accounts it counts alike in every period.
    """
    if churned_accounts < needed:
        return whole_reach(periods)
    count = min(1.0, churned_accounts / max(1.0, float(weight @ events)))
    fade = fading(periods, near_days)
    usual = float(np.average(fade[period], weights=weight * events))
    pushed = margins - level
    falling = pushed * (fade[period] - usual)
    design = np.column_stack([pushed, falling, np.ones(len(pushed))])
    penalty = np.array([slope_sd, fall_sd, level_sd]) ** -2.0
    lower = np.array([MOST_FALL - 1.0, -fall, -np.inf])
    slope, more, _ = bounded_logistic(design, events, weight * count, penalty, lower, offset=margins + fall * falling)
    return reach_of((fall + more) / (1.0 + slope), fade, usual)
