"""From arrays to tables of the contract: columns in order, times, what is not known by the end left out, keys unique."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from features.contracts import Column, Table
from features.tables import TABLES
from features.world.clock import Clock, Strings, times


def table(name: str, columns: Mapping[str, object], clock: Clock, *, unique: bool = True) -> pd.DataFrame:
    """A table of the contract from columns of equal length (times as days); rows not known before the end are left out.

    What becomes true only after the end reads as missing. Columns that are not declared are kept after the declared ones.
    """
    declared = TABLES[name]
    extra = sorted(set(columns) - {column.name for column in declared.columns} - {"known_at"})
    kept = np.asarray(columns["known_at"], dtype=np.float64) < clock.end_day
    frame = {}
    for column in declared.columns:
        if column.name in columns:
            frame[column.name] = _values(column, columns[column.name], kept)
    for each in extra:
        values = np.asarray(columns[each])[kept]
        frame[each] = pd.Series(values, dtype="str" if values.dtype == object else values.dtype)
    frame["known_at"] = pd.Series(times(np.asarray(columns["known_at"], dtype=np.float64)[kept]))
    result = _hide_later(pd.DataFrame(frame), declared, clock)
    return result.drop_duplicates(list(declared.key), ignore_index=True) if unique else result


def only(values: npt.NDArray[Any], kept: npt.NDArray[Any]) -> Strings:
    """The values as objects, None where they are not kept."""
    result = values.astype(object)
    result[~kept.astype(bool)] = None
    return result


def _values(column: Column, values: object, kept: np.ndarray) -> pd.Series:
    if values is None:
        kinds = {"string": "str", "bool": "boolean", "time": "datetime64[us]"}
        return pd.Series([None] * int(kept.sum()), dtype=kinds.get(column.kind, "float64"))
    if isinstance(values, pa.ChunkedArray | pa.Array):
        return pd.Series(values.filter(pa.array(kept)).to_pandas(), dtype="str")
    chosen = np.asarray(values)[kept]
    if column.kind == "time":
        return pd.Series(times(chosen.astype(np.float64)))
    if column.kind == "string":
        return pd.Series(chosen, dtype="str")
    if column.kind == "bool":
        return pd.Series(chosen, dtype="boolean")
    return pd.Series(chosen)


def _hide_later(frame: pd.DataFrame, declared: Table, clock: Clock) -> pd.DataFrame:
    end = times(np.array([clock.end_day]))[0]
    hidden = {}
    for column in declared.columns:
        if column.name not in frame:
            continue
        if column.kind == "time" and column.late:
            hidden[column.name] = frame[column.name].mask(frame[column.name] >= end)
        elif column.follows is not None:
            when = hidden.get(column.follows, frame[column.follows])
            hidden[column.name] = frame[column.name].where(when.notna() & (when < end))
    return frame.assign(**hidden)
