"""What each signal adds to the log-odds of accounts, for the pictures of a model's run."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.boosting import contributions_of
from models.encoding import numbers
from models.explanation import explained
from models.model import Model
from models.periods import Calendar, Floats

MOST_ACCOUNTS = 1_000
CALENDAR = "contract calendar"


@dataclass(frozen=True)
class Pushes:
    """`values` and `data` are (accounts, names), `base` is (accounts,); `base + values.sum(axis=1)` is the margin.

    `data` holds what is pushed with: a signal's value, NaN where unknown or not a number.
    """

    names: tuple[str, ...]
    values: Floats
    data: Floats
    base: Floats

    @property
    def riskiest(self) -> int:
        """The row with the highest margin."""
        return int(np.argmax(self.base + self.values.sum(axis=1)))


def pushes_of(model: Model, matrix: pd.DataFrame, horizon_days: int) -> Pushes:
    """SHAP values of the boosted trees in each account's decisive period; of the anchor's families when it serves alone.

    At most 1,000 accounts, evenly spaced. Log-odds before calibration for the trees, after it for the anchor.
    """
    some = matrix.iloc[:: max(1, -(-len(matrix) // MOST_ACCOUNTS))].reset_index(drop=True)
    found = explained(model, some, model.margins(some), horizon_days)
    if model.kind == "anchor":
        return Pushes(FAMILIES, found.push, np.full(found.push.shape, np.nan), found.base)
    calendar = Calendar.of(some, model.grace_days)
    table = model.table(some, calendar, found.period)
    parts = contributions_of(model.loaded, table)
    signals = len(model.features)
    level = model.level.margins(calendar, model.periods, np.arange(len(some)), found.period)
    usual = level.mean() if len(some) else 0.0
    values = np.column_stack([parts[:, :signals], parts[:, signals:-1].sum(axis=1) + level - usual])
    known = [np.full(len(some), np.nan) if f.category else numbers(some, f.name) for f in model.features]
    return Pushes((*model.signal_names, CALENDAR), values, np.column_stack([*known, _days_left(some)]), parts[:, -1] + usual)


def _days_left(matrix: pd.DataFrame) -> Floats:
    return numbers(matrix, "days_to_renewal")
