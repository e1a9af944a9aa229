"""The raw events under a signal: the rows that a person would ask to see."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

import ibis
import pandas as pd

from features.history import DECLARED, History
from features.signal import Signal, View
from features.tables import TABLES
from features.view_rows import single_rows

PICKED = ["account_id", "signal", "table", "row_id", "at"]


def pick(
    history: History, as_of: date, wanted: pd.DataFrame, signals: Mapping[str, Signal], *, rows_a_signal: int
) -> pd.DataFrame:
    """The newest rows under each wanted (account_id, signal): account_id, signal, table, row_id, at; newest first.

    A signal without rows of its own (a contract fact), or whose table is missing, has none. Nothing wanted: no rows.
    """
    asked = [signals[name] for name in sorted(wanted["signal"].unique()) if signals[name].evidence is not None]
    asked = [s for s in asked if all(history.has(table) for table in (s.view.table, *(table for table, _ in s.view.beside)))]
    parts = []
    for view, group in groupby(sorted(asked, key=lambda s: s.view.name), key=lambda s: s.view):
        parts.append(_of_view(history, as_of, view, list(group), wanted, rows_a_signal))
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in PICKED})
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(["account_id", "signal", "at", "row_id"], ascending=[True, True, False, True], ignore_index=True)


def _of_view(
    history: History, as_of: date, view: View, signals: Sequence[Signal], wanted: pd.DataFrame, rows_a_signal: int
) -> pd.DataFrame:
    declared = DECLARED[view.table]
    rows = single_rows(history, view, [as_of])
    table = rows["source"] if "source" in rows.columns else ibis.literal(view.table)
    rows = rows.mutate(table=table)
    pairs = ibis.memtable(wanted.loc[wanted["signal"].isin([s.name for s in signals]), ["account_id", "signal"]])
    parts = []
    for each in signals:
        if each.evidence is None:
            continue
        # What it is dated by may itself be unknown (an outcome learned, its day not): then by the day of the row.
        dated = rows.mutate(at=ibis.coalesce(rows[each.evidence_at or declared.time], rows[declared.time]))
        shown = dated.filter(each.evidence(rows)).mutate(signal=ibis.literal(each.name))
        parts.append(shown.select(*PICKED))
    found = ibis.union(*parts) if len(parts) > 1 else parts[0]
    found = found.semi_join(pairs, ["account_id", "signal"])
    order = [ibis.desc("at"), ibis.asc("row_id")]
    rank = ibis.row_number().over(ibis.window(group_by=["account_id", "signal"], order_by=order))
    ranked = found.mutate(rank=rank)
    newest: pd.DataFrame = ranked.filter(ranked.rank < rows_a_signal).drop("rank").to_pandas()
    return newest


def raw_rows(history: History, as_of: date, picked: pd.DataFrame) -> pd.DataFrame:
    """account_id, table, row_id, row: each picked row once, as JSON of the columns known at as_of; sorted."""
    key = ["account_id", "row_id"]
    parts = []
    for table in sorted(picked["table"].unique()):
        wanted = picked.loc[picked["table"] == table, key].drop_duplicates()
        names = [column.name for column in TABLES[table].columns]
        rows = history.known(table, [as_of]).semi_join(ibis.memtable(wanted), key)
        frame: pd.DataFrame = rows.select("row_id", *names).to_pandas()
        told = frame[key].assign(table=table, row=_json(frame[names])).sort_values([*key, "row"])
        parts.append(told.drop_duplicates(key))
    columns = ["account_id", "table", "row_id", "row"]
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in columns})
    return pd.concat(parts, ignore_index=True)[columns]


def _json(frame: pd.DataFrame) -> list[str]:
    """One JSON object a row; what is missing is left out, times are ISO 8601 in UTC."""
    out = []
    for values in frame.itertuples(index=False):
        known = {k: v for k, v in zip(frame.columns, values, strict=True) if not pd.isna(v)}
        out.append(json.dumps({k: _plain(v) for k, v in known.items()}, ensure_ascii=False))
    return out


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.isoformat() + "Z"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value
