"""A weighted ridge logistic with lower bounds on its coefficients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.periods import Floats

MOST_STEPS = 50
ROWS_AT_ONCE = 20_000
REMEMBERED = 400 * 2**20  # bytes of blocks that are kept; others are made anew each time they are asked for
ENOUGH = 1e-8  # relative fall of the loss below which a step is the last


@dataclass(frozen=True)
class Design:
    """The columns of a regression, made block by block: all of them together may be larger than memory allows.

    `make` gives the rows of a slice, shape (rows, width), the same each time. Blocks are of `ROWS_AT_ONCE` rows, whatever is
    remembered, so that sums over them come out the same.
    """

    rows: int
    width: int
    make: Callable[[slice], Floats]
    _kept: dict[int, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, X: Floats) -> "Design":
        """A table that is there."""
        return cls(X.shape[0], X.shape[1], lambda some: X[some])

    def __iter__(self) -> Iterator[tuple[slice, Floats]]:
        """Each slice with its rows."""
        room = REMEMBERED // (8 * self.width * ROWS_AT_ONCE)
        for number, at in enumerate(range(0, self.rows, ROWS_AT_ONCE)):
            some = slice(at, min(at + ROWS_AT_ONCE, self.rows))
            block = self._kept.get(number)
            if block is None:
                block = self.make(some)
                if number < room:
                    self._kept[number] = block
            yield some, block


@dataclass(frozen=True)
class _Point:
    """The penalised loss at some coefficients, its gradient and its curvature."""

    beta: Floats
    loss: float
    gradient: Floats
    curvature: Floats


def bounded_logistic(
    X: Floats | Design, y: Floats, weight: Floats, penalty: Floats, lower: Floats, offset: Floats | None = None
) -> Floats:
    """Coefficients, the intercept last: Newton steps, each a small bounded least squares, halved until they help.

    X is (n, k) with a column of ones last, y 0/1, `penalty` the ridge of each coefficient, `lower` its bound (-inf = none);
    `offset` is added to the margin of each row.
    """
    from scipy.optimize import lsq_linear

    design = X if isinstance(X, Design) else Design.of(X)
    fixed = np.zeros(design.rows) if offset is None else offset
    rate = np.clip((weight * y).sum() / weight.sum(), 1e-6, 1 - 1e-6)
    beta = np.zeros(design.width)
    beta[-1] = np.log(rate / (1 - rate))
    here = _point(design, y, weight, penalty, fixed, beta)
    for _ in range(MOST_STEPS):
        root = np.linalg.cholesky(here.curvature + np.diag(penalty) + 1e-9 * np.eye(len(beta)))
        target = root.T @ here.beta - np.linalg.solve(root, here.gradient + penalty * here.beta)
        bounds = (lower - 1e-12, np.full(len(beta), np.inf))
        step = np.maximum(lsq_linear(root.T, target, bounds=bounds, method="bvls").x, lower) - here.beta
        size, tried = 1.0, here
        while size > 1e-4:
            tried = _point(design, y, weight, penalty, fixed, here.beta + size * step)
            if tried.loss <= here.loss:
                break
            size /= 2
        if tried.loss > here.loss:
            break
        done = here.loss - tried.loss <= ENOUGH * abs(here.loss)
        here = tried
        if done:
            break
    return here.beta


def _point(design: Design, y: Floats, weight: Floats, penalty: Floats, fixed: Floats, beta: Floats) -> _Point:
    """Everything a step asks for, in one pass over the blocks."""
    from scipy.special import expit

    loss, gradient, curvature = 0.0, np.zeros(design.width), np.zeros((design.width, design.width))
    for some, block in design:
        margin, known, counts = block @ beta + fixed[some], y[some], weight[some]
        p = expit(margin)
        loss += float(counts @ (np.logaddexp(0.0, margin) - known * margin))
        gradient += block.T @ (counts * (p - known))
        curvature += (block * (counts * p * (1 - p))[:, None]).T @ block
    return _Point(beta, loss + 0.5 * float(penalty @ beta**2), gradient, curvature)
