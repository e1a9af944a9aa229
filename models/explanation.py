"""Why: pushes by family that sum, with the base, exactly to the calibrated margin of the decisive period."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.boosting import contributions_of
from models.confirmations import shifted
from models.model import Model
from models.naming import Named, name_drivers
from models.params import ExplanationParams
from models.periods import Calendar, Float32s, Floats, Ints
from models.readings import chances
from models.row_sums import row_sums

ROWS_AT_ONCE = 5_000
NOTHING_SAID: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Explained:
    """One entry a matrix row: `push` shaped (n, 11) in FAMILIES order, `base`, `margin` and `period` (index) shaped (n,)."""

    push: Floats
    base: Floats
    margin: Floats
    period: Ints


@dataclass(frozen=True)
class PushTable:
    """`frame`: account_id, as_of, family, push, strength, chance, clear; eleven rows an account, in FAMILIES order.

    `accounts`: account_id, as_of, margin, base, margin_from, margin_to, driver_1, driver_2; one row an account.
    """

    frame: pd.DataFrame
    accounts: pd.DataFrame


def explained(model: Model, matrix: pd.DataFrame, margins: Floats, horizon_days: int) -> Explained:
    """Explain each row's period of highest hazard among those that begin before the horizon.

    `margins` are `model.margins(matrix)`. What the calendar does and what the trees expect of anybody are in the base.
    """
    period = np.argmax(margins[:, : model.periods.within(horizon_days)], axis=1).astype(np.int64)
    calendar = Calendar.of(matrix, model.grace_days)
    share, everyone = model.anchor_share, np.arange(len(matrix))
    push = share * model.anchor.family_terms(matrix) * np.array(model.anchor.reach)[period][:, None]
    level = model.level_of_score(calendar, everyone, period)
    trees = np.zeros(len(matrix))
    if model.kind == "blend":
        by_family, rest = _boosted(model, matrix, period)
        push, trees = push + (1.0 - share) * by_family, (1.0 - share) * rest
    slope, reach = model.calibration.slope, np.array(model.reach)[period]
    push = slope * reach[:, None] * push
    base = slope * (level + reach * trees) + model.calibration.intercept
    return Explained(push, base, margins[everyone, period], period)


def usual_push(model: Model, matrix: pd.DataFrame, horizon_days: int) -> float:
    """The root mean square of all pushes on a matrix: what readings measure pushes in. 1 when nothing pushes."""
    push = explained(model, matrix, model.margins(matrix), horizon_days).push
    size = float(np.sqrt((push**2).mean())) if push.size else 0.0
    return float(f"{size:.9g}") if size > 1e-6 else 1.0


def pushes(
    model: Model,
    matrix: pd.DataFrame,
    margins: Floats,
    *,
    horizon_days: int,
    params: ExplanationParams,
    prior: Mapping[str, float] = NOTHING_SAID,
) -> PushTable:
    """Pushes, evidence strength, chances and named families of every row; no row gives empty tables with every column.

    `prior`: log-odds by family that move the chances (`models.confirmations`); no push and no probability.
    """
    found = explained(model, matrix, margins, horizon_days)
    indices = model.anchor.indices
    strength = indices.strengths(matrix, params.top_signals)
    read = chances(indices, matrix, found.push / model.push_scale, strength, params)
    chance = shifted(read, prior)
    lift = params.reasons_weight * model.reasons.log_lift(indices.evidence(matrix)) if model.reasons is not None else 0.0
    may_be = (found.push > params.clear_push) & (np.array(model.telling) >= params.telling_from)
    named = name_drivers(matrix, chance, lift, may_be, params)
    count = len(matrix)
    frame = pd.DataFrame(
        {
            "account_id": pd.Series(np.repeat(matrix["account_id"].to_numpy(), len(FAMILIES)), dtype="str"),
            "as_of": np.repeat(matrix["as_of"].to_numpy(), len(FAMILIES)),
            "family": pd.Series(np.tile(np.array(FAMILIES, dtype=object), count), dtype="str"),
            "push": found.push.ravel(),
            "strength": strength.ravel(),
            "chance": named.chance.ravel(),
            "clear": named.clear.ravel(),
        }
    )
    return PushTable(frame, _accounts(model, matrix, found, named))


def _accounts(model: Model, matrix: pd.DataFrame, found: Explained, named: Named) -> pd.DataFrame:
    as_of = matrix["as_of"].to_numpy().astype("datetime64[us]")
    starts, ends = np.array(model.periods.starts)[found.period], np.array(model.periods.ends)[found.period]
    return pd.DataFrame(
        {
            "account_id": matrix["account_id"].to_numpy(),
            "as_of": as_of,
            "margin": found.margin,
            "base": found.base,
            "margin_from": as_of + starts.astype("timedelta64[D]"),
            "margin_to": as_of + ends.astype("timedelta64[D]"),
            "driver_1": pd.Series(named.first, dtype=object),
            "driver_2": pd.Series(named.second, dtype=object),
        }
    )


def _boosted(model: Model, matrix: pd.DataFrame, period: Ints) -> tuple[Floats, Floats]:
    """The boosters' contributions by family, shape (n, 11), and the rest beside the level (calendar, expected value), (n,)."""
    by_family, rest = np.zeros((len(matrix), len(FAMILIES))), np.zeros(len(matrix))
    for at in range(0, len(matrix), ROWS_AT_ONCE):
        some = slice(at, at + ROWS_AT_ONCE)
        part = matrix.iloc[some]
        calendar = Calendar.of(part, model.grace_days)
        by_family[some], rest[some] = boosted_pushes(model, model.table(part, calendar, period[some]))
    return by_family, rest


def boosted_pushes(model: Model, table: Float32s, *, by_walking: bool = False) -> tuple[Floats, Floats]:
    """What each family adds to the boosters' log-odds, shape (n, 11), and calendar and expected value, shape (n,).

    Looked up where the trees are small; LightGBM walks them where they are not, or when asked to.
    """
    signals = len(model.features)
    if model.family_pushes is not None and not by_walking:
        found = model.family_pushes(table[:, :signals], table[:, signals:])
        return found[:, : len(FAMILIES)], found[:, len(FAMILIES)] + model.family_pushes.expected
    column = np.array([FAMILIES.index(feature.family) for feature in model.features])
    parts = contributions_of(model.loaded, table)
    families = [row_sums(parts[:, :signals][:, column == family]) for family in range(len(FAMILIES))]
    return np.column_stack(families), row_sums(parts[:, signals:])
