"""How a column of numbers enters the anchor of a table: its place on a bounded scale, bends, and whether it is known."""

from dataclasses import dataclass

import numpy as np

from models.indices import IQR_TO_SD, rounded
from models.periods import Floats

PLACES = {3: (0.1, 0.5, 0.9), 4: (0.05, 0.35, 0.65, 0.95), 5: (0.05, 0.275, 0.5, 0.725, 0.95)}  # Harrell 2015, table 2.3


@dataclass(frozen=True)
class Curve:
    """Straight part, bends, and 1 where the value is missing; each with average 0, the first two in standard deviations.

    The scale is asinh((x - median) / spread): straight near the middle, logarithmic far out, so that one huge value is not
    the whole column. Bends are those of a restricted cubic spline at `knots` (none when there are fewer than 3). With a
    `direction` there is one bend, at the median, and neither part can turn round.
    """

    median: float
    spread: float
    knots: tuple[float, ...]
    direction: int
    means: tuple[float, ...]
    spreads: tuple[float, ...]

    @property
    def bends(self) -> int:
        """How many columns of the design are bends."""
        return len(self.means) - 2

    @property
    def bounded(self) -> int:
        """How many columns of the design must have no coefficient below 0."""
        return 2 if self.direction else 0

    def design(self, values: Floats) -> Floats:
        """Shape (n, 1 + bends + 1); a missing value counts as the median in the first ones."""
        return np.asarray((_raw(values, self) - np.array(self.means)) / np.array(self.spreads), dtype=np.float64)


def curve_of(values: Floats, direction: int, knots: int) -> Curve:
    """Learned from the training rows' values, of which at least one is known."""
    known = values[~np.isnan(values)]
    low, median, high = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (high - low) / IQR_TO_SD
    if spread <= 1e-9:
        spread = float(known.std()) or 1.0
    scaled = np.arcsinh((known - median) / spread)
    places = np.unique(np.round(np.quantile(scaled, PLACES[knots]), 6)) if knots in PLACES and not direction else np.empty(0)
    chosen = tuple(rounded(place) for place in places) if len(places) > 2 else ()
    bare = Curve(rounded(median), rounded(spread), chosen, direction, (), ())
    raw = _raw(values, bare)
    means, spreads = raw.mean(axis=0), raw.std(axis=0)
    spreads[-1] = 1.0  # a flag keeps its size: what is rarely missing says little
    return Curve(
        bare.median,
        bare.spread,
        chosen,
        direction,
        tuple(rounded(mean) for mean in means),
        tuple(rounded(each) if each > 1e-9 else 1.0 for each in spreads),
    )


def _raw(values: Floats, curve: Curve) -> Floats:
    missing = np.isnan(values)
    z = np.arcsinh((np.where(missing, curve.median, values) - curve.median) / curve.spread)
    if curve.direction:
        z = curve.direction * z
        return np.column_stack([z, np.maximum(z, 0.0), missing])
    return np.column_stack([z, *_bends(z, curve.knots), missing])


def _bends(z: Floats, knots: tuple[float, ...]) -> list[Floats]:
    """The nonlinear terms of a restricted cubic spline, linear beyond the outer knots (Harrell 2015, formula 2.25)."""
    if len(knots) < 3:
        return []
    last, before = knots[-1], knots[-2]
    wide = (last - knots[0]) ** 2

    def cubed(knot: float) -> Floats:
        return np.asarray(np.maximum(z - knot, 0.0) ** 3, dtype=np.float64)

    end, near = cubed(last), cubed(before)
    return [
        (cubed(knot) - near * (last - knot) / (last - before) + end * (before - knot) / (last - before)) / wide
        for knot in knots[:-2]
    ]
