"""Platt calibration: calibrated log-odds = slope x margin + intercept. One pair serves all periods."""

from dataclasses import dataclass

import numpy as np

from features.said import Said
from models.periods import Floats

LOWEST_SLOPE = 0.05
MOST_STEPS = 100
NOT_CALIBRATED = Said(
    "not calibrated: {churned} churned accounts out of time, {needed} are needed",
    "sin calibrar: {churned} cuentas que se fueron en fechas posteriores; hacen falta {needed}",
)


@dataclass(frozen=True)
class Platt:
    """The pair, how many churned accounts it rests on, and a note when they were too few."""

    slope: float
    intercept: float
    churned_accounts: int
    note: str

    def __call__(self, margins: Floats) -> Floats:
        """Calibrated log-odds, same shape."""
        return self.slope * margins + self.intercept


def identity(churned_accounts: int, needed: int) -> Platt:
    """No change, with the reason."""
    return Platt(1.0, 0.0, churned_accounts, NOT_CALIBRATED.filled(churned=churned_accounts, needed=needed).en)


def fit_platt(
    margins: Floats, events: Floats, weight: Floats, *, churned_accounts: int, needed: int, slope_sd: float, level_sd: float
) -> Platt:
    """Fit on out-of-time margins (n,), events 0/1 and weights; `identity` below `needed` churned accounts.

    The margins turn around the average margin of the events by the slope, and all move by the level. Slope and level are pulled
    towards 1 and 0 with the force of normal priors of `slope_sd` and `level_sd`, each churned account counting once however many
    rows it fills: so a quarter with few churns moves nobody far. The slope stays above 0.05, so that ranking never turns over.
    """
    if churned_accounts < needed:
        return identity(churned_accounts, needed)
    share = min(1.0, churned_accounts / max(1.0, float(weight @ events)))
    centre = float(np.average(margins, weights=weight * events))
    slope, level = _newton(margins - centre, events, weight * share, centre, (slope_sd**-2, level_sd**-2))
    slope = max(slope, LOWEST_SLOPE)
    return Platt(float(f"{slope:.9g}"), float(f"{centre + level - slope * centre:.9g}"), churned_accounts, "")


def logistic_slope(margins: Floats, events: Floats, groups: Floats) -> tuple[float, float]:
    """(slope, its standard error by groups) of an unpenalised logistic of events on margins; NaN when it cannot be fitted."""
    if len(np.unique(events)) < 2 or np.ptp(margins) < 1e-9:
        return float("nan"), float("nan")
    slope, intercept = _newton(margins, events, np.ones(len(margins)), 0.0, (1e-8, 1e-8))
    X = np.column_stack([margins, np.ones(len(margins))])
    p = _sigmoid(X @ np.array([slope, intercept]))
    bread = np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X + 1e-12 * np.eye(2))
    _, codes = np.unique(groups, return_inverse=True)
    scores = np.zeros((codes.max() + 1, 2))
    np.add.at(scores, codes, X * (events - p)[:, None])
    return slope, float(np.sqrt((bread @ (scores.T @ scores) @ bread)[0, 0]))


def _newton(
    margins: Floats, events: Floats, weight: Floats, offset: float, penalties: tuple[float, float]
) -> tuple[float, float]:
    """Penalised logistic of slope and level beside an offset, pulled to 1 and 0; steps are halved until the loss falls."""
    X = np.column_stack([margins, np.ones(len(margins))])
    centre = np.array([1.0, 0.0])
    penalty = np.array(penalties)
    beta = centre.copy()

    def loss(candidate: Floats) -> float:
        z = X @ candidate + offset
        return float(weight @ (np.logaddexp(0.0, z) - events * z) + 0.5 * penalty @ (candidate - centre) ** 2)

    current = loss(beta)
    for _ in range(MOST_STEPS):
        p = _sigmoid(X @ beta + offset)
        gradient = X.T @ (weight * (p - events)) + penalty * (beta - centre)
        curvature = (X * (weight * p * (1 - p))[:, None]).T @ X + np.diag(penalty)
        step = -np.linalg.solve(curvature + 1e-12 * np.eye(2), gradient)
        size, best = 1.0, current
        while size > 1e-6:
            best = loss(beta + size * step)
            if best <= current:
                break
            size /= 2
        if current - best <= 1e-12 * max(1.0, abs(current)):
            break
        beta, current = beta + size * step, best
    return float(beta[0]), float(beta[1])


def _sigmoid(z: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(z), dtype=np.float64)
