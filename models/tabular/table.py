"""A table with one row a customer: its columns, who left, who belongs together, and what is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.said import Said
from models.encoding import Feature
from models.errors import UnableToTrain
from models.periods import Bools, Floats, Ints
from models.tabular import words

FAMILY = "firmographic"  # columns of a table have no family of their own; nothing reads this one
FEWEST_DIFFERENT = 20  # rows from which "all different" means something


@dataclass(frozen=True)
class Dropped:
    """A column that nothing is learned from, and why."""

    column: str
    why: Said


@dataclass(frozen=True)
class Table:
    """One entry a row: `frame` holds the columns, `churned` is 1, 0, or NaN where it is not known yet.

    `group`: the number of the customer or group a row belongs to (its own number when rows are independent, `grouped` False).
    `time`: when the row was looked at, in days on any scale; None when nobody said.
    """

    frame: pd.DataFrame
    churned: Floats
    group: Ints
    grouped: bool
    time: Floats | None
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        churned: Floats,
        *,
        group: Ints | None = None,
        time: Floats | None = None,
        directions: Mapping[str, int] | None = None,
        dropped: tuple[Dropped, ...] = (),
    ) -> "Table":
        """Decide which columns of the frame can be learned from; all must be numbers (or flags) or texts.

        `directions`: +1 for a column whose higher values are riskier, -1 for lower; `dropped`: columns left out before.
        `UnableToTrain` when no column is left.
        """
        features, useless = _chosen(frame, directions or {})
        dropped = (*dropped, *useless)
        if not features:
            reasons = "; ".join(f"{each.column} {each.why.en}" for each in dropped) or "the table has no other column"
            raise UnableToTrain(f"no column is left to learn from: {reasons}")
        codes = np.arange(len(frame), dtype=np.int64) if group is None else group
        return cls(frame, churned, codes, group is not None, time, features, dropped)

    @property
    def known(self) -> Ints:
        """Positions of the rows whose outcome is known."""
        return np.flatnonzero(~np.isnan(self.churned))

    def events(self, positions: Ints) -> Bools:
        """Whether each of these rows left; they must be known."""
        return np.asarray(self.churned[positions] == 1, dtype=np.bool_)

    def churned_groups(self, positions: Ints) -> int:
        """Customers (or groups) of these rows that left."""
        return len(np.unique(self.group[positions[self.events(positions)]]))


def _chosen(frame: pd.DataFrame, directions: Mapping[str, int]) -> tuple[tuple[Feature, ...], tuple[Dropped, ...]]:
    features, dropped = [], []
    for name in map(str, frame.columns):
        column = frame[name]
        category = not pd.api.types.is_numeric_dtype(column)
        why = _useless(column, category=category)
        if why:
            dropped.append(Dropped(name, why))
        else:
            direction = 0 if category else directions.get(name, 0)
            features.append(Feature(name, FAMILY, direction, category, "category" if category else "number"))
    return tuple(features), tuple(dropped)


def _useless(column: pd.Series, *, category: bool) -> Said | None:
    """Why nothing can be learned from a column; None when something may."""
    known = column.dropna()
    if known.empty:
        return words.EMPTY
    different = known.nunique()
    if different == 1 and len(known) == len(column):
        return words.SAME
    if different < len(known) or different < FEWEST_DIFFERENT:
        return None
    if category:
        return words.AN_ID
    whole = known.to_numpy(dtype=np.float64)
    counts_up = bool((whole == np.round(whole)).all()) and whole.max() - whole.min() < 2 * different
    return words.COUNTS_UP if counts_up else None
