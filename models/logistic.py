"""A weighted ridge logistic with lower bounds on its coefficients."""

import numpy as np

from models.periods import Floats

MOST_STEPS = 50
ROWS_AT_ONCE = 20_000
ENOUGH = 1e-8  # relative fall of the loss below which a step is the last


def bounded_logistic(
    X: Floats, y: Floats, weight: Floats, penalty: Floats, lower: Floats, offset: Floats | None = None
) -> Floats:
    """Coefficients, the intercept last: Newton steps, each a small bounded least squares, halved until they help.

    X is (n, k) with a column of ones last, y 0/1, `penalty` the ridge of each coefficient, `lower` its bound (-inf = none);
    `offset` is added to the margin of each row.
    """
    from scipy.optimize import lsq_linear

    fixed = np.zeros(len(X)) if offset is None else offset
    rate = np.clip((weight * y).sum() / weight.sum(), 1e-6, 1 - 1e-6)
    beta = np.zeros(X.shape[1])
    beta[-1] = np.log(rate / (1 - rate))
    current = _loss(X @ beta + fixed, y, weight) + 0.5 * float(penalty @ beta**2)
    for _ in range(MOST_STEPS):
        gradient, curvature = _derivatives(X, y, weight, X @ beta + fixed)
        root = np.linalg.cholesky(curvature + np.diag(penalty) + 1e-9 * np.eye(len(beta)))
        target = root.T @ beta - np.linalg.solve(root, gradient + penalty * beta)
        bounds = (lower - 1e-12, np.full(len(beta), np.inf))
        step = np.maximum(lsq_linear(root.T, target, bounds=bounds, method="bvls").x, lower) - beta
        size, best = 1.0, current
        while size > 1e-4:
            tried = beta + size * step
            best = _loss(X @ tried + fixed, y, weight) + 0.5 * float(penalty @ tried**2)
            if best <= current:
                break
            size /= 2
        if best > current:
            break
        done = current - best <= ENOUGH * abs(current)
        beta, current = beta + size * step, best
        if done:
            break
    return beta


def _loss(margin: Floats, y: Floats, weight: Floats) -> float:
    return float(weight @ (np.logaddexp(0.0, margin) - y * margin))


def _derivatives(X: Floats, y: Floats, weight: Floats, margin: Floats) -> tuple[Floats, Floats]:
    """Gradient and curvature of the loss, some rows at a time so that no second copy of X is made."""
    from scipy.special import expit

    gradient, curvature = np.zeros(X.shape[1]), np.zeros((X.shape[1], X.shape[1]))
    for at in range(0, len(X), ROWS_AT_ONCE):
        some = slice(at, at + ROWS_AT_ONCE)
        p = expit(margin[some])
        gradient += X[some].T @ (weight[some] * (p - y[some]))
        curvature += (X[some] * (weight[some] * p * (1 - p))[:, None]).T @ X[some]
    return gradient, curvature
