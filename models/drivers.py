"""Drivers: a family's push on the score joined with what was seen, said in both languages."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from features.evidence import pick, raw_rows
from features.history import History
from features.languages import LANGUAGES, Language
from features.signal import Signal
from features.wording import reads_alike, say_date, say_signal
from models.indices import Indices

SHOWN_SIGNALS = 3
QUIET = {
    "en": ("Nothing here stands out from other accounts.", "There is no dated fact to show."),
    "es": ("Aquí nada se aparta de las demás cuentas.", "No hay ningún hecho con fecha que mostrar."),
}
UNSEEN = {
    "en": ("There is no data on this.", "Nothing can be said until its source is connected."),
    "es": ("No hay datos sobre esto.", "No se puede decir nada hasta que se conecte su fuente."),
}
LOWERS = {"en": "This lowers the risk", "es": "Esto reduce el riesgo"}
LAST = {"en": "Most recently on {day}", "es": "La última vez, el {day}"}
SINCE = {"en": "Counted since {day}", "es": "Contado desde el {day}"}


@dataclass(frozen=True)
class Drivers:
    """`table`: one row an account and family, as `drivers.parquet`. `evidence`: the raw rows under them, each once an account."""

    table: pd.DataFrame
    evidence: pd.DataFrame


def build(
    history: History,
    as_of: date,
    pushes: pd.DataFrame,
    side: pd.DataFrame,
    matrix: pd.DataFrame,
    catalogue: Sequence[Signal],
    *,
    notable_z: float,
    rows_a_signal: int,
    clear_push: float,
) -> Drivers:
    """The drivers of every account of `pushes` (account_id, as_of, family, push, strength, chance).

    `side` is the `standing` of the accounts of `matrix`. Signals beyond `notable_z` become evidence. A family that pushes by
    `clear_push` or less lowers the risk: it is told what calms, and its raw rows are not looked up.
    """
    signals = {signal.name: signal for signal in catalogue}
    lowers = pushes["push"] <= clear_push
    notable = _notable(pushes.assign(lowers=lowers), side, matrix, signals, notable_z)
    picked = pick(history, as_of, notable.loc[~notable["lowers"]], signals, rows_a_signal=rows_a_signal)
    facts = _facts(notable, picked, signals, as_of)
    keyed = facts.groupby(["account_id", "family"], sort=False)["fact"].agg(list).to_dict() if len(facts) else {}
    known = _families_known(side, matrix, signals)
    rows = [
        _told(keyed.get((account, family), []), signals, calms=calms, seen=family in known[account])
        for account, family, calms in zip(pushes["account_id"], pushes["family"], lowers, strict=True)
    ]
    told = pd.DataFrame(rows, columns=["evidence", "sentence_en", "sentence_es"], index=pushes.index)
    since = [_since(keyed.get(key, []), signals) for key in zip(pushes["account_id"], pushes["family"], strict=True)]
    more = pushes[["chance"]].assign(since=pd.Series(since, index=pushes.index, dtype="datetime64[us]"))
    raw = raw_rows(history, as_of, picked)
    at = picked[["account_id", "table", "row_id", "at"]].drop_duplicates(["account_id", "table", "row_id"])
    evidence = at.merge(raw, on=["account_id", "table", "row_id"]).assign(as_of=pd.Timestamp(as_of))
    columns = ["account_id", "as_of", "table", "row_id", "at", "row"]
    kept = pushes[["account_id", "as_of", "family", "push", "strength"]]
    return Drivers(pd.concat([kept, told, more], axis=1), evidence[columns].sort_values(columns[:4], ignore_index=True))


def standing(indices: Indices, matrix: pd.DataFrame) -> pd.DataFrame:
    """How far each directed signal's value lies on the risky side, in robust standard deviations; a column a signal.

    Negative = on the safe side, NaN = unknown. One row a row of the matrix.
    """
    columns: dict[str, pd.Series] = {}
    for members in indices.members.values():
        for name, direction in members:
            scale = indices.scales[name]
            z = direction * (matrix[name].astype("float64") - scale.median) / (scale.spread or np.inf)
            columns[name] = z.clip(-indices.clip, indices.clip)
    return pd.DataFrame(columns, index=matrix.index)


def _notable(
    pushes: pd.DataFrame, side: pd.DataFrame, matrix: pd.DataFrame, signals: Mapping[str, Signal], notable_z: float
) -> pd.DataFrame:
    """account_id, family, signal, z, lowers, value, median: the signals that say what the family's push says, strongest first.

    One whose value reads like its median ("0 texts, typical account: 0") says nothing of the account and is left out.
    """
    wide = side.assign(account_id=matrix["account_id"].to_numpy())
    long = wide.melt("account_id", var_name="signal", value_name="z").dropna(subset=["z"])
    long = long.loc[long["z"].abs() >= notable_z]
    long = long.assign(family=long["signal"].map({name: s.family for name, s in signals.items()}))
    long = long.merge(pushes[["account_id", "family", "lowers"]], on=["account_id", "family"])
    long = long.loc[(long["z"] > 0) != long["lowers"]]
    values = matrix.set_index("account_id")[list(side.columns)]
    numbers = values.melt(ignore_index=False, var_name="signal", value_name="value").reset_index()
    long = long.merge(numbers, on=["account_id", "signal"], how="left")
    long = long.assign(median=long["signal"].map(values.median()))
    shown = zip(long["signal"], long["value"], long["median"], strict=True)
    long = long.loc[[not reads_alike(value, median, signals[name].unit) for name, value, median in shown]]
    order = long.assign(size=-long["z"].abs()).sort_values(["account_id", "family", "size", "signal"])
    top = order.groupby(["account_id", "family"], sort=False).head(SHOWN_SIGNALS).drop(columns="size")
    return top.reset_index(drop=True)


def _facts(notable: pd.DataFrame, picked: pd.DataFrame, signals: Mapping[str, Signal], as_of: date) -> pd.DataFrame:
    """account_id, family, fact: one evidence object a notable signal, in the order of `notable`."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for account, name, table, row_id, at in picked[["account_id", "signal", "table", "row_id", "at"]].itertuples(index=False):
        rows.setdefault((account, name), []).append({"table": table, "row_id": row_id, "at": at.isoformat() + "Z"})
    facts = []
    columns = [notable[name].tolist() for name in ("account_id", "signal", "value", "median")]
    for account, name, value, median in zip(*columns, strict=True):
        shown = rows.get((account, name), [])
        signal = signals[name]
        since = min((row["at"] for row in shown), default=None)
        if since is None and signal.window_days is not None:
            since = (as_of - timedelta(days=signal.window_days)).isoformat() + "T00:00:00Z"
        facts.append(
            {
                "signal": name,
                "value": value,
                "unit": signal.unit,
                "comparison": {"value": None if math.isnan(median) else median, "what": "median of all accounts"},
                "since": since,
                "rows": shown,
            }
        )
    return notable[["account_id", "family"]].assign(fact=pd.Series(facts, index=notable.index, dtype=object))


def _told(facts: list[dict[str, Any]], signals: Mapping[str, Signal], *, calms: bool, seen: bool) -> tuple[str, str, str]:
    said = {language: " ".join(_sentences(facts, signals, language, calms=calms, seen=seen)) for language in LANGUAGES}
    return json.dumps(facts, ensure_ascii=False), said["en"], said["es"]


def _since(facts: list[dict[str, Any]], signals: Mapping[str, Signal]) -> pd.Timestamp | None:
    """The oldest row shown under signals of which more is worse; None where there is none (what fell off has no first row)."""
    days = [row["at"] for fact in facts if signals[fact["signal"]].direction > 0 for row in fact["rows"]]
    return pd.Timestamp(min(days)).tz_localize(None) if days else None


def _sentences(
    facts: list[dict[str, Any]], signals: Mapping[str, Signal], language: Language, *, calms: bool, seen: bool
) -> tuple[str, str]:
    """Two sentences: what stands out most, dated, and the second fact; without one the date stands alone."""
    if not facts:
        return QUIET[language] if seen else UNSEEN[language]
    first, dated = _fact_sentence(facts[0], signals, language), _dated(facts[0], language)
    if calms:
        first = f"{LOWERS[language]}: {first[:1].lower()}{first[1:]}"
    if len(facts) == 1:
        return f"{first}.", f"{dated}." if dated else QUIET[language][1]
    return f"{_beside(first, dated)}.", f"{_fact_sentence(_other(facts), signals, language)}."


def _beside(sentence: str, dated: str) -> str:
    """The sentence with its date in brackets, in those that it ends with if it does."""
    if not dated:
        return sentence
    said = f"{dated[:1].lower()}{dated[1:]}"
    return f"{sentence[:-1]}; {said})" if sentence.endswith(")") else f"{sentence} ({said})"


def _other(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The next fact that rests on rows of its own, so that the same thing is not said twice; else the second."""
    first = {(row["table"], row["row_id"]) for row in facts[0]["rows"]}
    apart = (fact for fact in facts[1:] if not first & {(row["table"], row["row_id"]) for row in fact["rows"]})
    return next(apart, facts[1])


def _fact_sentence(fact: dict[str, Any], signals: Mapping[str, Signal], language: Language) -> str:
    return say_signal(signals[fact["signal"]], fact["value"], fact["comparison"]["value"], language)


def _dated(fact: dict[str, Any], language: Language) -> str:
    """When it was seen: the newest row's day, else the first day of the window; empty for a contract fact."""
    if fact["rows"]:
        return LAST[language].format(day=say_date(date.fromisoformat(fact["rows"][0]["at"][:10]), language))
    if fact["since"] is not None:
        return SINCE[language].format(day=say_date(date.fromisoformat(fact["since"][:10]), language))
    return ""


def _families_known(side: pd.DataFrame, matrix: pd.DataFrame, signals: Mapping[str, Signal]) -> dict[str, set[str]]:
    """For each account the families of which at least one signal is known."""
    by_family: dict[str, list[str]] = {}
    for name in side.columns:
        by_family.setdefault(signals[name].family, []).append(name)
    known: dict[str, set[str]] = {account: set() for account in matrix["account_id"]}
    for family, names in by_family.items():
        for account in matrix.loc[matrix[names].notna().any(axis=1), "account_id"]:
            known[account].add(family)
    return known
