"""Which families are named as drivers: the likeliest that may be named, a root cause before what it shows in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import numbers
from models.params import ExplanationParams, RootCauseParams
from models.periods import Bools, Floats

LEAST = 1e-9
BEHIND_ALL = 1e6  # log-odds that a circumstance loses against any other family that may be named


@dataclass(frozen=True)
class Named:
    """`clear`: shape (n, 11) in FAMILIES order, which families may be named first; the names, None where none is clear.

    `chance`: as given, with those of a symptom and of the root cause behind it exchanged where the cause is named for it.
    """

    clear: Bools
    chance: Floats
    first: list[str | None]
    second: list[str | None]


def name_drivers(matrix: pd.DataFrame, chance: Floats, lift: Floats | float, may_be: Bools, params: ExplanationParams) -> Named:
    """Name the drivers of every row. `chance`, `lift` (log-odds that reasons add) and `may_be` are shaped (n, 11).

    A family that may not be named has no chance. A circumstance is named before no other family that is likely enough. Without
    a first driver there is no second.
    """
    open_chance = np.where(may_be, chance, 0.0)
    likely = _with_roots(matrix, open_chance, params)
    clear = likely >= params.name_from
    inside = np.clip(likely, LEAST, 1 - LEAST)
    score = np.log(inside / (1 - inside)) + lift - BEHIND_ALL * np.isin(FAMILIES, params.circumstances)
    score = np.where(likely >= min(params.name_from, params.also_from), score, -np.inf)
    first = np.argmax(np.where(clear, score, -np.inf), axis=1)
    named = np.asarray(clear.any(axis=1))
    rest = np.where((likely >= params.also_from) & named[:, None], score, -np.inf)
    rest[np.arange(len(rest)), first] = -np.inf
    second = np.argmax(rest, axis=1)
    also = np.asarray(rest.max(axis=1, initial=-np.inf) > -np.inf)
    told = np.where(likely == open_chance, chance, likely)
    return Named(clear, told, _names(first, named), _names(second, also))


def _with_roots(matrix: pd.DataFrame, chance: Floats, params: ExplanationParams) -> Floats:
    """The chances, where a root cause stands behind a symptom exchanged when the symptom's is higher."""
    found = chance.copy()
    for rule in params.root_causes:
        symptom, root = FAMILIES.index(rule.symptom), FAMILIES.index(rule.root)
        holds = _holds(matrix, rule) & (found[:, root] >= params.root_from) & (found[:, symptom] > found[:, root])
        found[holds, root], found[holds, symptom] = found[holds, symptom], found[holds, root]
    return found


def _holds(matrix: pd.DataFrame, rule: RootCauseParams) -> Bools:
    held = np.ones(len(matrix), dtype=bool)
    for name, bounds in rule.when.items():
        values = numbers(matrix, name) if name in matrix else np.full(len(matrix), np.nan)
        held &= ~np.isnan(values)
        held &= values >= (-np.inf if bounds.at_least is None else bounds.at_least)
        held &= values <= (np.inf if bounds.at_most is None else bounds.at_most)
    return held


def _names(chosen: np.ndarray, named: Bools) -> list[str | None]:
    return [FAMILIES[family] if ok else None for family, ok in zip(chosen.tolist(), named.tolist(), strict=True)]
