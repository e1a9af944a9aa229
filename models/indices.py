"""Signed evidence: how far each signal stands on its risky side, and one index a family."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import Feature, numbers
from models.periods import Floats, Ints

MOST_ROWS = 100_000
IQR_TO_SD = 1.349
LEAST_SPREAD = 0.3  # of a signal's risky side: one that is rarely risky keeps its size


@dataclass(frozen=True)
class Scale:
    """Where one signal usually stands and how widely it spreads (0 = it never varies), and the same of its risky side."""

    median: float
    spread: float
    risky_mean: float = 0.0
    risky_spread: float = 1.0


@dataclass(frozen=True)
class Indices:
    """Signed robust z of every signal with a direction; by family their mean, standardised on the training rows.

    The z of a signal is direction x (value - median) / spread, clipped to +-`clip`; a missing value counts as 0.
    `means` and `spreads` are those of the families' means before they were standardised.
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
        scales = {f.name: _scale(numbers(matrix, f.name)[sample], f.direction, clip) for f in directed}
        members = {family: tuple((f.name, f.direction) for f in directed if f.family == family) for family in FAMILIES}
        raw = cls(scales, members, (0.0,) * len(FAMILIES), (1.0,) * len(FAMILIES), clip)
        values = raw.evidence(matrix, sample)[:, : len(FAMILIES)]
        spreads = np.where(values.std(axis=0) > 1e-9, values.std(axis=0), 1.0)
        means = tuple(rounded(mean) for mean in values.mean(axis=0))
        return cls(scales, members, means, tuple(rounded(spread) for spread in spreads), clip)

    @property
    def families(self) -> Ints:
        """The family number of each column of `evidence`: the eleven indices, then the signals of each family in order."""
        signals = [number for number, family in enumerate(FAMILIES) for _ in self.members[family]]
        return np.array([*range(len(FAMILIES)), *signals], dtype=np.int64)

    def evidence(self, matrix: pd.DataFrame, positions: Ints | None = None, *, spare: int = 0) -> Floats:
        """Family indices, then the risky side of each signal, standardised: shape (n, 11 + signals + spare), average 0.

        Of every matrix row, or of those at the positions. 0 for a family without signals, and in the last `spare` columns.
        """
        rows = len(matrix) if positions is None else len(positions)
        table = np.zeros((rows, len(self.families) + spare))
        column = len(FAMILIES)
        for number, family in enumerate(FAMILIES):
            for name, direction in self.members[family]:
                z = self.z(matrix, name, direction, positions)
                scale = self.scales[name]
                table[:, number] += z / len(self.members[family])
                table[:, column] = (np.maximum(z, 0.0) - scale.risky_mean) / scale.risky_spread
                column += 1
        table[:, : len(FAMILIES)] = (table[:, : len(FAMILIES)] - np.array(self.means)) / np.array(self.spreads)
        return table

    def strengths(self, matrix: pd.DataFrame, top: int) -> Floats:
        """Evidence by family, shape (n, 11), 0 = none: root mean square of the `top` largest z, safe sides counting as 0."""
        table = np.zeros((len(matrix), len(FAMILIES)))
        for number, family in enumerate(FAMILIES):
            members = self.members[family]
            if members:
                risky = np.column_stack([self.z(matrix, n, d) for n, d in members]).clip(min=0.0)
                largest = np.sort(risky, axis=1)[:, -min(top, risky.shape[1]) :]
                table[:, number] = np.sqrt((largest**2).mean(axis=1))
        return table

    def z(self, matrix: pd.DataFrame, name: str, direction: int, positions: Ints | None = None) -> Floats:
        """Robust z of one signal towards its risky side, clipped, of every row or of those at the positions; 0 where missing."""
        values = numbers(matrix, name)
        values = values if positions is None else values[positions]
        return _signed(values, self.scales[name], direction, self.clip)


def _signed(values: Floats, scale: Scale, direction: int, clip: float) -> Floats:
    if scale.spread == 0.0:
        return np.zeros(len(values))
    return np.nan_to_num(np.clip(direction * (values - scale.median) / scale.spread, -clip, clip))


def _scale(values: Floats, direction: int, clip: float) -> Scale:
    """Median with IQR; where half the values are one number, the standard deviation instead."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return Scale(0.0, 0.0)
    low, median, high = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (high - low) / IQR_TO_SD
    if spread <= 1e-9:
        spread = known.std()
    bare = Scale(rounded(median), rounded(spread) if spread > 1e-9 else 0.0)
    risky = np.maximum(_signed(values, bare, direction, clip), 0.0)
    return Scale(bare.median, bare.spread, rounded(risky.mean()), rounded(max(float(risky.std()), LEAST_SPREAD)))


def rounded(value: float) -> float:
    """Nine significant digits: what a reader of the model file needs, and the same on every machine."""
    return float(f"{value:.9g}")
