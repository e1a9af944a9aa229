"""The contract in an SQL database that SQLAlchemy reaches: tables in the contract's names, SQLite and Postgres tried."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection
from sqlalchemy import Connection, create_engine, inspect, literal_column, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from features.errors import BadInput
from features.source import Loaded, RawTable
from features.sql import quoted
from features.tables import TABLES
from serving.store.engine import hide_password
from serving.store.failures import reason

CHUNK_ROWS = 50_000
EXAMPLE = "postgresql+pg8000://user@host/database or sqlite:///company.db"


class Database:
    """A database whose tables (or views) carry the contract's names. Each table's stand-in for `known_at` is the contract's."""

    name = "contract"
    files: tuple[Path, ...] = ()

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.shown = hide_password(self.url.render_as_string())

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Every contract table, read in one transaction, chunk by chunk."""
        with self.opened() as opened:
            return _load(opened, connection)

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """The database in one reading transaction; `BadInput` when nobody answers, a driver is missing or a read fails."""
        try:
            engine = create_engine(self.url)
            with engine.connect() as opened:
                postgres = opened.dialect.name == "postgresql"
                yield opened.execution_options(isolation_level="REPEATABLE READ") if postgres else opened
        except ModuleNotFoundError as error:
            raise BadInput(f"{self.shown}: the driver {error.name} is not installed. Use e.g. {EXAMPLE}.") from error
        except SQLAlchemyError as error:
            said = f"{self.shown} cannot be read ({reason(error)}). Check host, name and rights, then try again."
            raise BadInput(said) from error


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername="postgresql+pg8000")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise BadInput(f"{hide_password(text)} is no database URL we can open. Give one such as {EXAMPLE}.") from error
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise BadInput(f"{text}: there is no file {url.database}. Give the path of the SQLite file.")
    return url


def _load(opened: Connection, connection: DuckDBPyConnection) -> Loaded:
    names = relations(opened)
    tables = {name: _load_table(opened, connection, name, columns_of(opened, name)) for name in TABLES if name in names}
    return Loaded(tables, ignored=tuple(sorted(names - set(TABLES))))


def relations(opened: Connection) -> set[str]:
    """The names of the tables and views of the database."""
    seen = inspect(opened)
    return {*seen.get_table_names(), *seen.get_view_names()}


def columns_of(opened: Connection, name: str) -> list[str]:
    """The columns of one table or view, in order."""
    return [column["name"] for column in inspect(opened).get_columns(name)]


def _load_table(opened: Connection, connection: DuckDBPyConnection, name: str, columns: list[str]) -> RawTable:
    relation = f"raw_{name}"
    bring_rows(opened, connection, name, columns, relation)
    return RawTable(name, relation)


def bring_rows(opened: Connection, connection: DuckDBPyConnection, name: str, columns: list[str], relation: str) -> None:
    """Make the table `relation`, every column VARCHAR, from a table or view of the database, chunk by chunk."""
    connection.execute(f"CREATE TABLE {quoted(relation)} ({', '.join(quoted(c) + ' VARCHAR' for c in columns)})")
    quote = opened.dialect.identifier_preparer.quote
    # Columns without a type: SQLAlchemy would refuse the whole table for one text in a date column of SQLite.
    query = select(*(literal_column(quote(column)) for column in columns)).select_from(table(name))
    rows = opened.execution_options(stream_results=True, yield_per=CHUNK_ROWS).execute(query)
    for chunk in rows.partitions():
        cells = [pa.array(_texts(column), pa.string()) for column in zip(*chunk, strict=True)]
        connection.register("chunk_of_rows", pa.table(cells, names=[f"c{number}" for number in range(len(cells))]))
        connection.execute(f"INSERT INTO {quoted(relation)} SELECT * FROM chunk_of_rows")
        connection.unregister("chunk_of_rows")


def _texts(column: Iterable[Any]) -> Sequence[str | None]:
    return [value if value is None or isinstance(value, str) else _text(value) for value in column]


def _text(value: Any) -> str | None:
    """A cell as CSV would have it; None for NaN. A time without zone stays without (it is UTC by contract)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return None if math.isnan(value) else repr(value).removesuffix(".0")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
