"""What an explanation must hold to be believed: it adds up to the margin, and more trouble never lowers the risk."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.boosting import margins_of
from models.encoding import numbers
from models.explanation import boosted_pushes, explained
from models.model import Model
from models.periods import Calendar, Floats, Ints

MOST_ACCOUNTS = 300
WORSE_BY = 1.0  # robust standard deviations
ROUNDING = 1e-9


@dataclass(frozen=True)
class PushCheck:
    """`gap`: largest distance in log-odds of base + pushes from the margin, and of what the tables of the trees say from what
    LightGBM says by walking them; NaN when nobody was explained.

    `lowering`: family -> the share of accounts whose margin falls when every directed signal of the family gets worse by one
    robust standard deviation; families without such accounts are left out.
    """

    gap: float
    lowering: dict[str, float]


def check_explanation(model: Model, matrix: pd.DataFrame, horizon_days: int) -> PushCheck:
    """Explain at most 300 rows of the matrix, evenly spaced, and make them worse family by family; no row gives NaN and {}."""
    if matrix.empty:
        return PushCheck(float("nan"), {})
    some = matrix.iloc[:: max(1, len(matrix) // MOST_ACCOUNTS)].reset_index(drop=True)
    margins = model.margins(some)
    found = explained(model, some, margins, horizon_days)
    gap = float(np.abs(found.base + found.push.sum(axis=1) - found.margin).max())
    if model.kind == "blend":
        gap = max(gap, _from_walking(model, some, found.period))
    everyone = np.arange(len(some))
    lowering = {}
    for family, members in model.anchor.indices.members.items():
        if not members:
            continue
        worse = some.assign(**{name: _worse(model, some, name, direction) for name, direction in members})
        fall = margins[everyone, found.period] - model.margins(worse)[everyone, found.period]
        if (fall > ROUNDING).any():
            lowering[family] = float((fall > ROUNDING).mean())
    return PushCheck(gap, lowering)


def _from_walking(model: Model, matrix: pd.DataFrame, period: Ints) -> float:
    """Largest distance in log-odds of the boosters' pushes and their sum from LightGBM's own."""
    table = model.table(matrix, Calendar.of(matrix, model.grace_days), period)
    push, rest = boosted_pushes(model, table)
    walked, _ = boosted_pushes(model, table, by_walking=True)
    sums = push.sum(axis=1) + rest - margins_of(model.loaded, table)
    return float(max(np.abs(push - walked).max(), np.abs(sums).max()))


def _worse(model: Model, matrix: pd.DataFrame, name: str, direction: int) -> Floats:
    return numbers(matrix, name) + direction * WORSE_BY * model.anchor.indices.scales[name].spread
