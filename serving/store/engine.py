"""Opening the database: SQLite by default, Postgres by address. One transaction is one consistent view in both."""

import re
import sqlite3
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.pool import StaticPool

from features.errors import BadInput
from serving.store.schema import METADATA

WAIT_SECONDS = 30


class StoreAwayError(BadInput):
    """The store's database does not answer, or not now: trying again may help."""


def open_engine(url: str) -> Engine:
    """The engine of `url` with every table of the store in it. `ValueError` says which addresses are understood.

    A database that does not answer, or is not the store's, is `BadInput`, now and at every later question.
    """
    engine = connect(url)
    event.listen(engine, "handle_error", _name_the_database)
    METADATA.create_all(engine)
    return engine


def connect(url: str) -> Engine:
    """The engine of `url`, no table made. A plain `postgresql://` address uses the driver that is installed.

    `ValueError`, with the address but not its password, when it is none we can open.
    """
    try:
        return _engine(make_url(url))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        kinds = "use sqlite or postgresql: sqlite:///FILE, postgresql+pg8000://USER@HOST/NAME"
        raise ValueError(f"{hide_password(url)!r} is no address of a database we can open; {kinds}") from error


def hide_password(url: str) -> str:
    """An address, or words with one in them, without the password, also where it is too broken to be parsed."""
    before = "://" if "://" in url else "^"
    hidden = re.sub(rf"({before}[^:/@\s]*:).*@", r"\1***@", url)
    return re.sub(r"(?i)(password=)[^&\s]*", r"\1***", hidden)


def reason(error: Exception) -> str:
    """Why a database cannot be used: the words of SQLite, which hold no row, or of a server that refused the connection."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(error, ModuleNotFoundError):
        return f"its driver {error.name} is not installed"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    if isinstance(original, sqlite3.Error) or type(original).__name__ == "InterfaceError":
        return str(original)
    return type(original or error).__name__


def _engine(address: URL) -> Engine:
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+pg8000")
    if address.get_backend_name() == "postgresql":
        return create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True, hide_parameters=True)
    if address.get_backend_name() != "sqlite":
        raise ValueError(f"databases of kind {address.get_backend_name()!r} are not supported")
    in_memory = address.database in (None, "", ":memory:")
    arguments = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(address, connect_args=arguments, hide_parameters=True, poolclass=StaticPool if in_memory else None)
    event.listen(engine, "connect", _let_readers_go_on)
    event.listen(engine, "begin", _begin)
    return engine


def _name_the_database(context: ExceptionContext) -> None:
    """Raise `BadInput` for what is wrong with the database; what is wrong with a statement of ours passes on."""
    error = context.sqlalchemy_exception
    if error is None or type(error) not in (OperationalError, InterfaceError, DatabaseError) or context.engine is None:
        return
    where = hide_password(context.engine.url.render_as_string())
    if context.engine.dialect.name == "sqlite":
        remedy = "Give a place you may write to and a file that tenure made; a damaged one: restore a copy, or move it away"
    else:
        remedy = "Check that it runs, its address (TENURE_DATABASE_URL) and your rights, then try again"
    kind = BadInput if type(error) is DatabaseError else StoreAwayError
    raise kind(f"the store {where} cannot be used: {reason(error).rstrip('.')}. {remedy}.")


def _let_readers_go_on(connection: Any, _record: object) -> None:
    """Readers keep their view while a batch is written; transactions begin when we say so, not at a write."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
