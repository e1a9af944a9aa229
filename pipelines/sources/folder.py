"""The contract on disk: one folder, one file a table, `<table>.csv`, `<table>.csv.gz` or `<table>.parquet`.

A table may also be a folder of such files, `<table>/2026-07-01.parquet` and so on: a day more is then a file more.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.source import Loaded, RawTable
from features.sql import literal, literals, quoted
from features.tables import TABLES
from pipelines.sources.csv_file import load_csv

ENDINGS = (".csv", ".csv.gz", ".parquet")


class ContractFolder:
    """A folder in the contract's own names. Each table's stand-in for `known_at` is the contract's."""

    name = "contract"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether anything there is named after a contract table."""
        return any(_table_name(path) in TABLES or _meant_for(path) for path in folder.iterdir())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of contract tables."""
        return tuple(file for path in self._paths() for file in files_of(path))

    @property
    def tables(self) -> dict[str, tuple[Path, ...]]:
        """The files of each table; of a table that has two, those of the first."""
        found: dict[str, tuple[Path, ...]] = {}
        for path in self._paths():
            found.setdefault(_table_name(path), tuple(files_of(path)))
        return found

    def load(self, connection: DuckDBPyConnection, names: Collection[str] | None = None) -> Loaded:
        """Every table (in `names`, when given) whose file is there; a file nobody can read becomes a problem, the others are
        read all the same.
        """
        tables: dict[str, RawTable] = {}
        problems, seen = [], set()
        for path in self._paths():
            name = _table_name(path)
            if name in seen:
                problems.append(f"table {name} has two files. Keep one of {', '.join(name + e for e in ENDINGS)}.")
                continue
            seen.add(name)
            if names is not None and name not in names:
                continue
            try:
                tables[name] = load_files(connection, name, files_of(path))
            except BadInput as error:
                problems.append(str(error))
        unread = {path.name: (_meant_for(path), _unread(path)) for path in sorted(self.folder.iterdir()) if _meant_for(path)}
        needed = {file for file, (name, _) in unread.items() if TABLES[name].required and name not in seen}
        problems += [f"table {unread[file][0]}: {file} is not read: {unread[file][1]}." for file in sorted(needed)]
        beside = [f"{file} ({why})" for file, (_, why) in unread.items() if file not in needed]
        return Loaded(tables, ignored=(*self._ignored(), *beside), problems=tuple(problems))

    def load_added(self, connection: DuckDBPyConnection, name: str, files: tuple[Path, ...]) -> RawTable:
        """The rows of some files of a table; `BadInput` when one cannot be read."""
        return load_files(connection, name, files)

    def _paths(self) -> list[Path]:
        return [path for path in sorted(self.folder.iterdir()) if _table_name(path) in TABLES]

    def _ignored(self) -> tuple[str, ...]:
        names = {_stem(path) for path in self.folder.iterdir() if path.is_file() and not _meant_for(path)}
        beside = [
            f"{path.name}/{other.name}"
            for path in self.folder.iterdir()
            if path.is_dir() and _table_name(path) in TABLES
            for other in path.iterdir()
            if other not in files_of(path)
        ]
        return (*sorted(name for name in names - {""} if name.lower() not in TABLES), *sorted(beside))


def files_of(path: Path) -> list[Path]:
    """The file itself, or of a folder the files in it that hold rows, by name."""
    if path.is_file():
        return [path]
    return sorted(each for each in path.iterdir() if each.is_file() and each.name.endswith(ENDINGS))


def load_files(connection: DuckDBPyConnection, name: str, paths: Sequence[Path]) -> RawTable:
    """All files of a table as `raw_<name>`, with a column that one lacks empty in its rows; `BadInput` as for one file."""
    if len(paths) == 1:
        return load_file(connection, name, paths[0])
    relation, broken = f"raw_{name}", f"broken_raw_{name}"
    if all(path.name.endswith(".parquet") for path in paths):
        listed = literals(map(str, paths))
        try:
            connection.execute(f"CREATE TABLE {quoted(relation)} AS SELECT * FROM read_parquet([{listed}], union_by_name = true)")
        except duckdb.Error as error:
            raise BadInput(f"table {name}: {_unlike(connection, paths)}. Write the file again.") from error
        return RawTable(name, relation)
    parts = [load_file(connection, f"{name}_{number}", path) for number, path in enumerate(paths)]
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM {quoted(part.relation)}" for part in parts)
    connection.execute(f"CREATE TABLE {quoted(relation)} AS {union}")
    lines = [f"SELECT line, reason, text FROM {quoted(part.broken)}" for part in parts if part.broken]
    connection.execute(f"CREATE TABLE {quoted(broken)} AS {' UNION ALL '.join(lines)}")
    for each in (table for part in parts for table in (part.relation, part.broken) if table):
        connection.execute(f"DROP TABLE {quoted(each)}")
    return RawTable(name, relation, broken=broken)


def load_file(connection: DuckDBPyConnection, name: str, path: Path) -> RawTable:
    """One file as the table `raw_<name>`; `BadInput` when it cannot be read."""
    relation = f"raw_{name}"
    if path.name.endswith(".parquet"):
        try:
            connection.execute(f"CREATE TABLE {quoted(relation)} AS SELECT * FROM read_parquet({literal(str(path))})")
        except duckdb.Error as error:
            raise BadInput(f"table {name}: {path.name} cannot be read as Parquet. Write the file again.") from error
        return RawTable(name, relation)
    return RawTable(name, relation, broken=load_csv(connection, relation, path))


def _unlike(connection: DuckDBPyConnection, paths: Sequence[Path]) -> str:
    """Which of the Parquet files of a table cannot be read, or be read with the others."""
    for path in paths:
        try:
            connection.execute(f"SELECT * FROM read_parquet({literal(str(path))}) LIMIT 0")
        except duckdb.Error:
            return f"{path.parent.name}/{path.name} cannot be read as Parquet"
    return f"the files of {paths[0].parent.name} hold columns of one name and types that do not go together"


def _table_name(path: Path) -> str:
    """The table that a file, or a folder with files, holds; empty for what holds none."""
    if path.is_dir():
        return path.name if path.name in TABLES and files_of(path) else ""
    return _stem(path) if path.name.endswith(ENDINGS) and path.is_file() else ""


def _stem(path: Path) -> str:
    """The name without the ending of a table's file, in whatever case; empty when it has none."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.lower().endswith(ending):
            return path.name[: -len(ending)]
    return ""


def _meant_for(path: Path) -> str:
    """The contract table that something not read bears the name of; empty when it bears none, or when it is read."""
    name = path.name.partition(".")[0].lower()
    return name if name in TABLES and _table_name(path) not in TABLES else ""


def _unread(path: Path) -> str:
    """Why something named after a table is not read, and what to do."""
    if path.is_dir():
        what = "put its files there" if path.name in TABLES else "put one file in its place"
        return f"a folder, {what}"
    if not path.exists():
        return "a link to nothing, put the file in its place"
    table = path.name.partition(".")[0].lower()
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.lower().endswith(ending):
            wanted = path.with_name(table + ending)
            there = wanted.exists() and not wanted.samefile(path)  # a folder may not tell capitals apart
            return f"{wanted.name} is read; put its rows there" if there else f"rename it to {wanted.name}"
    return f"write it as {' or '.join(table + ending for ending in ENDINGS)}"
