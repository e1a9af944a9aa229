"""What every mapping of somebody else's folder is made of: its files as views, and one query a contract table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.source import Finding, RawTable
from features.sql import literal, quoted
from pipelines.sources.csv_file import load_csv


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


@dataclass(frozen=True)
class File:
    """One CSV or Parquet file of somebody else's folder, or all those that a pattern finds, as the view `view`.

    `columns`: what its mapping needs, with their types. `options`: of DuckDB's Parquet reader.
    """

    view: str
    path: Path
    columns: Mapping[str, str]
    options: str = ""


def open_views(connection: DuckDBPyConnection, files: Sequence[File], folder: Path) -> None:
    """Make the view of each file. `BadInput` names all that cannot be read, lack a column or hold another type."""
    problems: list[str] = []
    for file in files:
        name = file.path.relative_to(folder)
        try:
            problems += _opened(connection, file)
        except BadInput as error:
            problems.append(str(error))
        except duckdb.Error:
            missing = "*" not in file.path.name and not file.path.exists()
            problems.append(f"{name} {'is missing' if missing else 'cannot be read'}.")
    if problems:
        listed = "".join(f"\n- {problem}" for problem in problems)
        raise BadInput(f"{folder} cannot be read:{listed}\nCorrect the files, or fetch the data again.")


def run(connection: DuckDBPyConnection, query: str, folder: Path, what: str) -> None:
    """Run one step of a mapping; `BadInput` when the files are not what the mapping was written for."""
    try:
        connection.execute(query)
    except duckdb.Error as error:
        raise BadInput(f"{folder}: its files do not fit the mapping of {what}. Fetch the data again.") from error


def load_mapped(connection: DuckDBPyConnection, mapped: Sequence[Mapped], folder: Path) -> dict[str, RawTable]:
    """Run each query into `raw_<table>`; `BadInput` when the files are not what the mapping was written for."""
    tables = {}
    for each in mapped:
        relation = f"raw_{each.table}"
        run(connection, f"CREATE TABLE {quoted(relation)} AS {each.query}", folder, each.table)
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


def _opened(connection: DuckDBPyConnection, file: File) -> list[str]:
    """Open the view of one file; its problems. A text where a number or a day is needed is read as one, if it is one."""
    reader, problems = _reader(connection, file)
    described = connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
    has = {str(name).lower(): str(kind) for name, kind, *_ in described}
    lacking = [name for name in file.columns if name.lower() not in has]
    if lacking:
        there = ", ".join(str(name) for name, *_ in described)
        return [*problems, f"{file.path.name} lacks the columns {', '.join(lacking)}; it has {there}."]
    texts = {name: kind for name, kind in file.columns.items() if kind != "VARCHAR" and has[name.lower()] == "VARCHAR"}
    problems += [said for name, kind in texts.items() if (said := _other_kind(connection, reader, file, name, kind))]
    cast = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in texts.items())
    replaced = f"REPLACE ({cast})" if cast else ""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(file.view)} AS SELECT * {replaced} FROM {reader}")
    return problems


def _reader(connection: DuckDBPyConnection, file: File) -> tuple[str, list[str]]:
    """What stands behind FROM for one file, and what is wrong with the lines of a CSV."""
    if file.path.suffix != ".csv":
        return f"read_parquet({literal(str(file.path))}{file.options})", []
    if not file.path.exists():
        raise BadInput(f"{file.path.name} is missing.")
    relation = f"csv_{file.view}"
    broken = load_csv(connection, relation, file.path)
    found = connection.execute(f"SELECT line, reason FROM {quoted(broken)} ORDER BY line").fetchall()
    problems = [f"{file.path.name}: broken lines: {len(found):,}, the first is line {n}: {why}." for n, why in found[:1]]
    return quoted(relation), problems


def _other_kind(connection: DuckDBPyConnection, reader: str, file: File, name: str, kind: str) -> str:
    """How many cells of a column are none of its type; empty when all are."""
    query = f"""
        SELECT count(*), min(n) FROM (SELECT {quoted(name)} AS cell, row_number() OVER () AS n FROM {reader})
        WHERE cell IS NOT NULL AND TRY_CAST(cell AS {kind}) IS NULL"""
    count, first = connection.execute(query).fetchall()[0]
    if not count:
        return ""
    cells = "1 cell that is" if count == 1 else f"{count:,} cells that are"
    return f"{file.path.name}: the column {name} holds {cells} no {kind}, the first in row {first} below the header."
