"""What every mapping of somebody else's folder is made of: its files as views, and one query a contract table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.source import Finding, RawTable
from features.sql import literal, quoted


@dataclass(frozen=True)
class Mapped:
    """One contract table as a query over the source's views. `stand_in` says what stands for `known_at`, in words."""

    table: str
    query: str
    stand_in: str


@dataclass(frozen=True)
class Doubt:
    """One thing to count in a source's own files: rows of `query`'s first number of its second."""

    table: str
    what: str
    query: str


def open_views(connection: DuckDBPyConnection, views: Mapping[str, str], folder: Path) -> None:
    """Make each view from its `read_…` call; `BadInput` when a file cannot be read or lacks a column."""
    for name, reader in views.items():
        try:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM {reader}")
        except duckdb.Error as error:
            raise BadInput(f"{folder}: the file of {name} cannot be read. Fetch the data again.") from error


def load_mapped(connection: DuckDBPyConnection, mapped: Sequence[Mapped], folder: Path) -> dict[str, RawTable]:
    """Run each query into `raw_<table>`; `BadInput` when the files are not what the mapping was written for."""
    tables = {}
    for each in mapped:
        relation = f"raw_{each.table}"
        try:
            connection.execute(f"CREATE TABLE {quoted(relation)} AS {each.query}")
        except duckdb.Error as error:
            message = f"{folder}: its files do not fit the mapping of {each.table}. Fetch the data again."
            raise BadInput(message) from error
        tables[each.table] = RawTable(each.table, relation, stand_in=each.stand_in)
    return tables


def count_doubts(connection: DuckDBPyConnection, doubts: Sequence[Doubt]) -> tuple[Finding, ...]:
    """A finding for each doubt that has any rows."""
    found = []
    for doubt in doubts:
        count, of = connection.execute(doubt.query).fetchall()[0]
        if count:
            found.append(Finding(doubt.table, doubt.what, int(count), int(of)))
    return tuple(found)


def parquet(path: Path) -> str:
    """The reader of one Parquet file."""
    return f"read_parquet({literal(str(path))})"
