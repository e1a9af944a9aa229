"""The champion as it would have scored then: its recipe, trained as long before each origin as it was trained before today.

The champion itself was trained on outcomes that the origins test, or on fewer than the candidate's recipe sees: scored now it
would be favoured by the first and wronged by the second. Judged is what a promotion decides: the older model or the newer one.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel

from models.evaluation import Evaluation, evaluated
from models.fitting import Material
from models.model import Model
from models.periods import Floats, Periods
from models.recipe import Recipe
from models.replay import Replay, replayed
from models.rows import DAY, KEY, positions_of
from models.sections import Sections
from models.splits import Origin

Section = TypeVar("Section", bound=BaseModel)


@dataclass(frozen=True)
class Rivalry:
    """Candidate and champion on the same rows. `age_days`: how long before the candidate the champion was trained.

    `seen`: history was too short to train the recipe again, so the champion itself scored outcomes it had learned from.
    `simpler`: the candidate needs far less than the champion for its score, see `simpler`.
    """

    evaluation: Evaluation
    age_days: int
    seen: bool
    simpler: bool


def rivalry(
    material: Material,
    replay: Replay,
    origins: tuple[Origin, ...],
    arr: Floats,
    *,
    candidate: Model,
    champion: Model,
    until: int,
    horizon_days: int,
    params: Sections,
) -> Rivalry | None:
    """Measure both on the rows of the candidate's replay; None when that has none.

    At an origin where too little was known to train the recipe so long before it, the champion itself scores if it had been
    trained by then; the row is left out if not. Signals that the matrix no longer has are left out of the recipe.
    """
    if replay.predictions.empty:
        return None
    trained = int(np.datetime64(str(champion.fingerprint["until"]), "us").astype(np.int64))
    age = max(0, until - trained)
    table = replay.predictions.copy()
    table["champion"] = _replayed_then(table, material, origins, arr, champion, age, until, horizon_days, params)
    existed = table["champion"].isna() & (table["as_of"] >= pd.Timestamp(trained, unit="us"))
    table.loc[existed, "champion"] = _now(table.loc[existed], material, champion, horizon_days)
    seen = bool(table["champion"].isna().all())
    if seen:
        table = table.loc[table["origin"] == table["origin"].max()]
        table = table.assign(champion=_now(table, material, champion, horizon_days))
    table = table.loc[table["champion"].notna()].reset_index(drop=True)
    found = evaluated(
        table,
        replay.origins,
        horizon_days=horizon_days,
        capacity_share=params.decision.capacity_share,
        params=params.evaluation,
        sliced=False,
    )
    return Rivalry(found, age // DAY, seen, simpler(candidate, champion, params.gate.simpler_share))


def simpler(candidate: Model, champion: Model, share: float) -> bool:
    """Needs no more trees and no more signals than the champion, and at most `share` of one of the two."""
    pairs = [(_trees(candidate), _trees(champion)), (len(candidate.features), len(champion.features))]
    return all(mine <= theirs for mine, theirs in pairs) and any(theirs > 0 and mine <= share * theirs for mine, theirs in pairs)


def _trees(model: Model) -> int:
    return sum(int(booster.num_trees()) for booster in model.loaded)


def _replayed_then(
    table: pd.DataFrame,
    material: Material,
    origins: tuple[Origin, ...],
    arr: Floats,
    champion: Model,
    age: int,
    until: int,
    horizon_days: int,
    params: Sections,
) -> pd.Series:
    """The recipe's probabilities on the rows of the table, NaN where it could not be trained."""
    there = tuple(each for each in champion.features if each.name in material.matrix)
    periods = Periods(champion.periods.ends)
    older = tuple(replace(origin, cut=origin.cut - age, until=origin.until - age) for origin in origins)
    if not there or periods.last_day < horizon_days:
        return pd.Series(float("nan"), index=table.index)
    again = replayed(
        replace(material, features=there, periods=periods),
        older,
        arr,
        until=until,
        horizon_days=horizon_days,
        params=_recipe(champion, params),
        progress=lambda *_: None,
        prove=False,
    )
    if again.predictions.empty:
        return pd.Series(float("nan"), index=table.index)
    then = again.predictions.set_index(KEY)["model"]
    found = then.reindex(pd.MultiIndex.from_frame(table[KEY]))
    return pd.Series(found.to_numpy(), index=table.index)


def _now(table: pd.DataFrame, material: Material, champion: Model, horizon_days: int) -> Floats:
    rows = material.matrix.iloc[positions_of(material.matrix, table)]
    return champion.churn_probability(rows, min(horizon_days, champion.periods.last_day))


def _recipe(champion: Model, params: Sections) -> Sections:
    """The champion's own settings; today's for those that it did not know."""
    rows = _as_then(params.rows, champion.fingerprint.get("rows_params", {}))
    training = _as_then(params.training, champion.fingerprint.get("training_params", {}))
    return Recipe.of(params, training=training, rows=rows)


def _as_then(today: Section, then: dict[str, Any]) -> Section:
    values = today.model_dump(mode="json")
    return type(today).model_validate(values | {name: value for name, value in then.items() if name in values})
