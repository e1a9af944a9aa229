"""Signed evidence: how far each signal stands on its risky side, and one index a family."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import Feature, numbers
from models.periods import Floats, Ints

MOST_ROWS = 100_000
IQR_TO_SD = 1.349


@dataclass(frozen=True)
class Scale:
    """Where one signal usually stands and how widely it spreads; `spread` 0 means it never varies."""

    median: float
    spread: float


@dataclass(frozen=True)
class Indices:
    """Signed robust z of every signal with a direction, averaged by family and standardised on the training rows.

    The z of a signal is direction x (value - median) / spread, clipped to +-`clip`; a missing value counts as 0.
    """

    scales: dict[str, Scale]
    members: dict[str, tuple[tuple[str, int], ...]]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    clip: float

    @classmethod
    def learn(cls, matrix: pd.DataFrame, positions: Ints, features: tuple[Feature, ...], clip: float) -> "Indices":
        """Medians and spreads at the positions (at most 100,000 of them, evenly spaced)."""
        unique = np.unique(positions)
        sample = unique[:: max(1, len(unique) // MOST_ROWS)]
        directed = [f for f in features if f.direction != 0 and not f.category]
        scales = {f.name: _scale(numbers(matrix, f.name)[sample]) for f in directed}
        members = {family: tuple((f.name, f.direction) for f in directed if f.family == family) for family in FAMILIES}
        raw = cls(scales, members, (0.0,) * len(FAMILIES), (1.0,) * len(FAMILIES), clip)
        values = raw.of(matrix.iloc[sample])
        spreads = np.where(values.std(axis=0) > 1e-9, values.std(axis=0), 1.0)
        return cls(
            scales,
            members,
            tuple(float(round(mean, 9)) for mean in values.mean(axis=0)),
            tuple(float(round(spread, 9)) for spread in spreads),
            clip,
        )

    def of(self, matrix: pd.DataFrame) -> Floats:
        """The family indices of every matrix row, shape (n, 11), in FAMILIES order; 0 for a family without signals."""
        table = np.zeros((len(matrix), len(FAMILIES)))
        for index, family in enumerate(FAMILIES):
            members = self.members[family]
            for name, direction in members:
                table[:, index] += np.nan_to_num(self._z(matrix, name, direction)) / len(members)
        return np.asarray((table - np.array(self.means)) / np.array(self.spreads), dtype=np.float64)

    def strengths(self, matrix: pd.DataFrame, top: int) -> Floats:
        """Evidence by family, shape (n, 11), 0 = none: root mean square of the `top` largest z, safe sides counting as 0."""
        table = np.zeros((len(matrix), len(FAMILIES)))
        for index, family in enumerate(FAMILIES):
            members = self.members[family]
            if members:
                risky = np.column_stack([np.nan_to_num(self._z(matrix, n, d)) for n, d in members]).clip(min=0.0)
                most = min(top, risky.shape[1])
                largest = np.sort(risky, axis=1)[:, -most:]
                table[:, index] = np.sqrt((largest**2).mean(axis=1))
        return table

    def _z(self, matrix: pd.DataFrame, name: str, direction: int) -> Floats:
        scale = self.scales[name]
        if scale.spread == 0.0:
            return np.zeros(len(matrix))
        z = direction * (numbers(matrix, name) - scale.median) / scale.spread
        return np.clip(z, -self.clip, self.clip)


def _scale(values: Floats) -> Scale:
    """Median with IQR; where half the values are one number, the standard deviation instead."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Scale(0.0, 0.0)
    low, median, high = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (high - low) / IQR_TO_SD
    if spread <= 1e-9:
        spread = known.std()
    return Scale(_rounded(median), _rounded(spread) if spread > 1e-9 else 0.0)


def _rounded(value: float) -> float:
    """Nine significant digits: what a reader of the model file needs, and the same on every machine."""
    return float(f"{value:.9g}")
