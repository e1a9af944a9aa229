"""Where somebody's own tables lie, in their own names: the CSV and Parquet files of a folder, or the tables of a database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.sql import literal, quoted
from pipelines.sources.address import is_url
from pipelines.sources.csv_file import CONTRACT, Layout, load_csv
from pipelines.sources.database import Database, bring_rows, columns_of, relations
from pipelines.sources.folder import ENDINGS

Bring = Callable[[str, str, Layout], str | None]
"""Makes the relation (second) of what bears a name (first), written so; the table of its broken lines, None without."""


class Place(Protocol):
    """A folder or a database. `shown` is how it is named to a person, without a password."""

    @property
    def shown(self) -> str:
        """The folder or the URL."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """What can be read there, sorted: paths below the folder, or tables and views."""
        ...

    def files(self, names: tuple[str, ...]) -> tuple[Path, ...]:
        """The files behind these names; none for a database."""
        ...

    def reading(self, connection: DuckDBPyConnection) -> AbstractContextManager[Bring]:
        """Read from it; what is brought raises `BadInput` when it cannot be read."""
        ...


def place(tables: str) -> Place:
    """The place behind TABLES; `BadInput` when it is not there or holds nothing that can be read."""
    found = DatabasePlace(Database(tables)) if is_url(tables) else FolderPlace(_folder(tables))
    if not found.names:
        raise BadInput(f"{tables} holds nothing that can be read. Put CSV (.csv, .csv.gz) or Parquet files there.")
    return found


def matching(where: Place, pattern: str) -> tuple[str, ...]:
    """The names that a name or a pattern such as `usage_*.csv` stands for, sorted; none when nothing does."""
    return (pattern,) if pattern in where.names else tuple(name for name in where.names if fnmatchcase(name, pattern))


def _folder(tables: str) -> Path:
    folder = Path(tables).expanduser()
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise BadInput(f"{tables} {what}. Give the folder with the tables, or a database URL such as sqlite:///company.db.")
    return folder


class FolderPlace:
    """Every CSV and Parquet file below a folder; hidden ones are passed over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = str(folder)
        below = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
        seen = [path for path in below if not any(part.startswith(".") for part in path.parts)]
        self.names = tuple(path.as_posix() for path in seen if path.name.lower().endswith(ENDINGS))
        self.others = tuple(path.as_posix() for path in seen if not path.name.lower().endswith(ENDINGS))

    def files(self, names: tuple[str, ...]) -> tuple[Path, ...]:
        """Their paths."""
        return tuple(self.folder / name for name in names)

    @contextmanager
    def reading(self, connection: DuckDBPyConnection) -> Iterator[Bring]:
        """Files are read one by one."""

        def bring(name: str, relation: str, layout: Layout = CONTRACT) -> str | None:
            path = self.folder / name
            if not name.lower().endswith(".parquet"):
                return load_csv(connection, relation, path, layout)
            try:
                query = f"CREATE VIEW {quoted(relation)} AS SELECT * FROM read_parquet({literal(str(path))})"
                connection.execute(query)
            except duckdb.Error as error:
                raise BadInput(f"{name} cannot be read as Parquet. Write the file again.") from error
            return None

        yield bring


class DatabasePlace:
    """Every table and view of a database, as texts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.shown = database.shown
        with database.opened() as opened:
            self.names = tuple(sorted(relations(opened)))

    def files(self, names: tuple[str, ...]) -> tuple[Path, ...]:  # noqa: ARG002 - the port of every place
        """None: a database is read again each time."""
        return ()

    @contextmanager
    def reading(self, connection: DuckDBPyConnection) -> Iterator[Bring]:
        """All in one transaction."""
        with self.database.opened() as opened:

            def bring(name: str, relation: str, layout: Layout = CONTRACT) -> str | None:  # noqa: ARG001 - of files alone
                bring_rows(opened, connection, name, columns_of(opened, name), relation)
                return None

            yield bring
