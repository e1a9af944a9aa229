"""Many rows into one table quickly, on either database."""

import json
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Connection, Date, DateTime, Integer, Table, insert, text

CHUNK_ROWS = 5_000  # bounds the memory one statement takes


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert the rows of `frame`, whose columns carry the table's names; nothing happens for an empty one.

    Postgres takes a chunk as one JSON document, as its driver would else ask the server once a row.
    """
    names = [column.name for column in table.columns]
    columns = [_cells(frame[column.name], kind=column.type) for column in table.columns]
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        if connection.dialect.name == "postgresql":
            _insert_as_json(connection, table, chunk)
        else:
            connection.execute(insert(table), chunk)


def _insert_as_json(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    quoted = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = text(
        f"INSERT INTO {table.name} ({quoted}) "
        f"SELECT {quoted} FROM json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))"
    )
    connection.execute(statement, {"rows": json.dumps(rows, default=_iso)})


def _cells(column: pd.Series, *, kind: object) -> list[Any]:
    """The cells as plain Python values, with None where one is missing."""
    if isinstance(kind, Date):
        return [None if pd.isna(value) else value.date() for value in _times(column)]
    if isinstance(kind, DateTime):
        return [None if pd.isna(value) else value.to_pydatetime() for value in _times(column)]
    missing = column.isna().tolist()
    cells = column.tolist()
    plain = int if isinstance(kind, Integer) else bool if isinstance(kind, Boolean) else None
    if plain is not None:
        return [None if absent else plain(value) for value, absent in zip(cells, missing, strict=True)]
    return [None if absent else value for value, absent in zip(cells, missing, strict=True)]


def _times(column: pd.Series) -> list[Any]:
    return list(pd.to_datetime(column, utc=True).dt.tz_convert(None).dt.floor("us"))


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a store row cannot hold a {type(value).__name__}; convert it before publishing")
