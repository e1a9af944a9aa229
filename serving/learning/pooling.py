"""Partial pooling: what is known of one play steadies what is known of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from serving.learning.learned import Estimate

Floats = NDArray[np.float64]

LOW, QUARTER, HIGH = 0.05, 0.25, 0.95
SPREADS = 81  # values of the spread between plays that are weighed
STEPS = 40  # halvings that find a quantile: far below any figure that is shown


@dataclass(frozen=True)
class Posterior:
    """A mixture of normals: `weight`, `mean` and `sd`, shape (spreads,)."""

    weight: Floats
    means: Floats
    sds: Floats

    @property
    def mean(self) -> float:
        """The mean of the mixture."""
        return float(self.weight @ self.means)

    def quantile(self, share: float) -> float:
        """The value below which `share` of the mixture lies, 0 < share < 1."""
        reach = 10 * self.sds.max()

        def below(value: float) -> float:
            return float(self.weight @ ndtr((value - self.means) / self.sds))

        return quantile(below, share, float(self.means.min() - reach), float(self.means.max() + reach))

    def estimate(self) -> Estimate:
        """Mean, lower quartile and 90 % interval."""
        return Estimate(mean=self.mean, lower_quartile=self.quantile(QUARTER), low=self.quantile(LOW), high=self.quantile(HIGH))


def quantile(below: Callable[[float], float], share: float, low: float, high: float) -> float:
    """The value in [low, high] below which `share` lies, found by halving; `below` says how much lies below a value."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return (low + high) / 2


def pooled(values: Sequence[float], errors: Sequence[float]) -> list[Posterior]:
    """The posterior of each of the plays whose estimates `values` have the known standard `errors`; none of none.

    Each play's effect is drawn from a normal whose mean and spread are unknown (flat priors, the spread up to twice what the
    values show). The spread is weighed, not fixed at its likeliest value: of a handful of plays that is often 0, and
    intervals made from it are too narrow. One play alone stays as it is. `ValueError` unless every error is above 0.
    """
    y, se = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if len(y) == 0:
        return []
    if not (se > 0).all():
        raise ValueError(f"standard errors are {list(errors)}; every one must be above 0")
    reach = 2 * max(float(np.std(y)), float(np.median(se)))
    spread = np.linspace(0, reach, SPREADS)[:, None]
    variance = se**2 + spread**2
    precision = 1 / variance
    centre_variance = 1 / precision.sum(axis=1)
    centre = centre_variance * (precision @ y)
    surprise = (precision * (y - centre[:, None]) ** 2).sum(axis=1)
    likely = -0.5 * (np.log(variance).sum(axis=1) - np.log(centre_variance) + surprise)
    weight = np.exp(likely - likely.max())
    weight /= weight.sum()
    to_centre = se**2 / variance
    means = (1 - to_centre) * y + to_centre * centre[:, None]
    sds = np.sqrt((1 - to_centre) * se**2 + to_centre**2 * centre_variance[:, None])
    return [Posterior(weight, means[:, play], sds[:, play]) for play in range(len(y))]
