"""The cells of somebody's own table: texts that are numbers or days become such, the words for "not known" are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.said import Said
from features.sql import quoted
from pipelines.mapping.reading import read_numbers, read_times
from pipelines.mapping.sniffing import sniffed
from pipelines.mapping.vocabulary import vocabulary
from pipelines.one_table import words
from pipelines.sources.csv_file import load_csv
from pipelines.sources.mapping_cell import ISO
from pipelines.sources.mapping_sql import amount_sql, written

SHOWN_CELLS = 200
UNNAMED_INDEX = "__index_level_"  # what pandas calls an index without a name that it writes beside the columns
DAY_NS = 86_400 * 10**9


@dataclass(frozen=True)
class Cells:
    """`frame`: float64 (numbers, flags), datetime64 or text, a column a column of the file; `notes` say what was not plain."""

    frame: pd.DataFrame
    notes: tuple[Said, ...]


def read_cells(file: Path, as_text: Sequence[str]) -> Cells:
    """Read a CSV (`.gz` too, any usual delimiter and encoding) or a Parquet file; columns in `as_text` stay as written.

    `BadInput` when the file is not there, cannot be read, has a line with too few or too many cells, or has no rows.
    """
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "does not exist"
        raise BadInput(f"{file} {what}. Give a CSV or Parquet file with one row a customer.")
    texts, ready = _parquet(file) if file.suffix == ".parquet" else (_csv(file), pd.DataFrame())
    if not len(texts.columns) + len(ready.columns) or not max(len(texts), len(ready)):
        raise BadInput(f"{file} has no rows. Give a file with a header and one row a customer.")
    notes: list[Said] = []
    with duckdb.connect() as connection:
        read = {name: texts[name] if name in as_text else _typed(connection, texts[name], notes) for name in texts}
    order = [*texts.columns, *ready.columns]
    return Cells(pd.DataFrame(read | {name: ready[name] for name in ready})[order], tuple(notes))


def in_days(column: pd.Series) -> pd.Series:
    """Moments as days since 1970, missing where they are."""
    moments = pd.to_datetime(column, utc=True).dt.tz_localize(None).to_numpy(dtype="datetime64[ns]")
    return pd.Series(np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / DAY_NS), index=column.index)


def _csv(file: Path) -> pd.DataFrame:
    with duckdb.connect() as connection:
        broken = load_csv(connection, "cells", file, sniffed(file))
        wrong = connection.execute(f"SELECT line, reason FROM {quoted(broken)} ORDER BY line LIMIT 3").fetchall()
        if wrong:
            told = "; ".join(f"line {line}: {reason}" for line, reason in wrong)
            raise BadInput(f"{file} has lines that cannot be read: {told}. Correct them, or export the file again.")
        frame = connection.execute("SELECT * FROM cells").df()
    return _stripped(frame)


def _parquet(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(columns of texts, columns that are numbers or moments already)."""
    try:
        frame = pq.read_table(file).to_pandas(ignore_metadata=True)  # an index of pandas is a column like any other
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInput(f"{file} is not a Parquet file: {error}. Write it again, or give a CSV.") from error
    texts, ready = {}, {}
    for name in [str(name) for name in frame.columns if not str(name).startswith(UNNAMED_INDEX)]:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            ready[name] = column
        elif pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
            ready[name] = pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan))
        else:
            texts[name] = column.map(str, na_action="ignore")
    return _stripped(pd.DataFrame(texts, index=frame.index)), pd.DataFrame(ready, index=frame.index)


def _stripped(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts without blanks around them, the words for "not known" missing."""
    missing = {"", *vocabulary().missing}
    found = {}
    for name in frame:
        trimmed = frame[name].astype(object).map(str.strip, na_action="ignore")
        found[name] = trimmed.where(~trimmed.map(lambda cell: str(cell).lower() in missing) & trimmed.notna(), None)
    return pd.DataFrame(found, index=frame.index)


def _typed(connection: DuckDBPyConnection, column: pd.Series, notes: list[Said]) -> pd.Series:
    """The column as numbers, else as moments, else as it is."""
    different = pd.DataFrame({"cell": pd.Series(column.dropna().unique(), dtype=object)})
    if different.empty:
        return column
    connection.register("given", different)
    connection.execute("CREATE OR REPLACE TEMP TABLE cells AS SELECT CAST(cell AS VARCHAR) AS cell FROM given")
    numbers = read_numbers(connection, "cells")
    if numbers is not None:
        plain = numbers.decimal in (None, "?")
        sql = "TRY_CAST(cell AS DOUBLE)" if plain else amount_sql("cell", str(numbers.decimal))
        if numbers.decimal == "?":
            notes.append(words.AMBIGUOUS_POINT.filled(column=column.name))
        return _looked_up(connection, column, sql, notes).astype(np.float64)
    shown = [str(cell) for cell in different["cell"].head(SHOWN_CELLS)]
    times = read_times(connection, "cells", shown)
    if times is None or times.rivals:
        return column
    ways = ", ".join(written("trim(cell)", way) for way in times.ways or (ISO,))
    return pd.to_datetime(_looked_up(connection, column, f"coalesce({ways})", notes))


def _looked_up(connection: DuckDBPyConnection, column: pd.Series, sql: str, notes: list[Said]) -> pd.Series:
    table = connection.execute(f"SELECT cell, {sql} AS value FROM cells").df().set_index("cell")["value"]
    found = column.map(table)
    lost = int((found.isna() & column.notna()).sum())
    if lost:
        notes.append(words.WRITTEN_OTHERWISE.filled(column=column.name, count=lost))
    return found
