"""The contract on disk: one folder, one file a table, `<table>.csv`, `<table>.csv.gz` or `<table>.parquet`."""

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.source import Loaded, RawTable
from features.sql import literal, quoted
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
        """Whether any file is named after a contract table."""
        return any(_table_name(path) in TABLES for path in folder.iterdir())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of contract tables."""
        return tuple(path for path in sorted(self.folder.iterdir()) if _table_name(path) in TABLES)

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Every table whose file is there; a file nobody can read becomes a problem, the others are read all the same."""
        tables: dict[str, RawTable] = {}
        problems = []
        for path in self.files:
            name = _table_name(path)
            if name in tables:
                problems.append(f"table {name} has two files. Keep one of {', '.join(name + e for e in ENDINGS)}.")
                continue
            try:
                tables[name] = load_file(connection, name, path)
            except BadInput as error:
                problems.append(str(error))
        return Loaded(tables, ignored=self._ignored(), problems=tuple(problems))

    def _ignored(self) -> tuple[str, ...]:
        names = {_table_name(path) for path in self.folder.iterdir()} - {*TABLES, ""}
        return tuple(sorted(names))


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


def _table_name(path: Path) -> str:
    """The table a file holds; empty for a file that holds none."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.endswith(ending) and path.is_file():
            return path.name.removesuffix(ending)
    return ""
