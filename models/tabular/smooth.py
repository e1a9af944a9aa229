"""The anchor of a table: a ridge logistic on a smooth curve a column of numbers and a step a level of a category."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.encoding import Feature, codes_of, levels_of, numbers
from models.indices import rounded
from models.logistic import bounded_logistic
from models.params import TableParams
from models.periods import Floats, Ints
from models.row_sums import row_sums
from models.tabular.curves import Curve, curve_of
from models.tabular.table import Table

SMALLEST = 1e-9  # a coefficient below is rounding


@dataclass(frozen=True)
class Smooth:
    """`curves` of the numbers, `levels` of the categories and the `shares` of them, coefficients by column, the intercept.

    What a column adds has average 0 over the training rows, so that the intercept is the log-odds of an average customer.
    """

    features: tuple[Feature, ...]
    curves: dict[str, Curve]
    levels: dict[str, tuple[str, ...]]
    shares: dict[str, tuple[float, ...]]
    coefficients: dict[str, tuple[float, ...]]
    intercept: float

    def margins(self, frame: pd.DataFrame) -> Floats:
        """Log-odds, shape (n,)."""
        return np.asarray(self.intercept + row_sums(self.terms(frame)), dtype=np.float64)

    def terms(self, frame: pd.DataFrame) -> Floats:
        """What each column adds to the log-odds, shape (n, columns)."""
        found = np.zeros((len(frame), len(self.features)))
        for number, feature in enumerate(self.features):
            found[:, number] = row_sums(self.design(frame, feature) * np.array(self.coefficients[feature.name]))
        return found

    def design(self, frame: pd.DataFrame, feature: Feature) -> Floats:
        """The columns of one feature: those of its curve, or of a category one a level and, last, whether it is none of them."""
        if feature.name in self.curves:
            return self.curves[feature.name].design(numbers(frame, feature.name))
        if feature.name not in self.levels:  # nothing of it was known when the anchor was learned
            return np.empty((len(frame), 0))
        steps = _steps(frame, feature.name, self.levels[feature.name])
        return np.asarray(steps - np.array(self.shares[feature.name]), dtype=np.float64)


def fit_smooth(table: Table, positions: Ints, features: tuple[Feature, ...], params: TableParams, most_levels: int) -> Smooth:
    """Fit on these rows; curves bend from `anchor_bends_from` churned groups a column on, and are straight below.

    Of more than `anchor_max_rows` rows the churns are kept and the others thinned evenly, weighted back. The penalty grows
    with how many rows one churned group fills, so that repeats are no evidence.
    """
    kept, weight = _thinned(table, positions, params.anchor_max_rows)
    frame = table.frame.iloc[kept]
    levels = levels_of(table.frame, kept, features, most_levels)
    shares = {name: tuple(rounded(mean) for mean in _steps(frame, name, known).mean(axis=0)) for name, known in levels.items()}
    values = {f.name: numbers(frame, f.name) for f in features if not f.category}
    known = [feature for feature in features if not feature.category and not np.isnan(values[feature.name]).all()]
    bends = table.churned_groups(positions) >= params.anchor_bends_from * len(features)
    knots = params.knots if bends else 0
    curves = {feature.name: curve_of(values[feature.name], feature.direction, knots) for feature in known}
    bare = Smooth(features, curves, levels, shares, {}, 0.0)
    parts = [bare.design(frame, feature) for feature in features]
    repeats = max(1.0, float(table.events(positions).sum()) / max(1, table.churned_groups(positions)))
    penalty = [repeats * value for feature in features for value in _penalty(bare, feature, params)]
    lower = [value for feature in features for value in _lower(bare, feature)]
    solved = bounded_logistic(
        np.column_stack([*parts, np.ones(len(kept))]),
        table.events(kept).astype(float),
        weight,
        np.array([*penalty, 1e-6]),
        np.array([*lower, -np.inf]),
    )
    ends = np.cumsum([part.shape[1] for part in parts])
    split = np.split(solved[:-1], ends[:-1])
    coefficients = {
        feature.name: tuple(rounded(v) if abs(v) > SMALLEST else 0.0 for v in each)
        for feature, each in zip(features, split, strict=True)
    }
    return Smooth(features, curves, levels, shares, coefficients, rounded(solved[-1]))


def _penalty(anchor: Smooth, feature: Feature, params: TableParams) -> list[float]:
    if feature.name in anchor.levels:
        return [params.anchor_l2] * (len(anchor.levels[feature.name]) + 1)
    if feature.name not in anchor.curves:
        return []
    return [params.anchor_l2, *[params.anchor_bend_l2] * anchor.curves[feature.name].bends, params.anchor_l2]


def _lower(anchor: Smooth, feature: Feature) -> list[float]:
    if feature.name in anchor.levels:
        return [-np.inf] * (len(anchor.levels[feature.name]) + 1)
    if feature.name not in anchor.curves:
        return []
    curve = anchor.curves[feature.name]
    return [0.0] * curve.bounded + [-np.inf] * (len(curve.means) - curve.bounded)


def _steps(frame: pd.DataFrame, name: str, levels: tuple[str, ...]) -> Floats:
    """One column a level, and one for a value that is none of them or missing: shape (n, levels + 1)."""
    codes = np.nan_to_num(codes_of(frame, name, levels), nan=len(levels)).astype(np.int64)
    return np.asarray(np.eye(len(levels) + 1)[codes], dtype=np.float64)


def _thinned(table: Table, positions: Ints, most: int) -> tuple[Ints, Floats]:
    """At most about `most` rows and their weights."""
    events = table.events(positions)
    stayed = np.flatnonzero(~events)
    room = max(1, most - int(events.sum()))
    if len(stayed) <= room:
        return positions, np.ones(len(positions))
    chosen = stayed[np.linspace(0, len(stayed) - 1, room).astype(np.int64)]
    order = np.sort(np.concatenate([np.flatnonzero(events), chosen]))
    return positions[order], np.where(events[order], 1.0, len(stayed) / room)


def _any(values: Floats) -> bool:
    return bool((~np.isnan(values)).any())
