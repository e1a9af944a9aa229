"""Opening the database: SQLite by default, Postgres by address. One transaction is one consistent view in both."""

import re
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from features.errors import BadInput
from serving.store.failures import PASSING, REMEDIES, StoreAwayError, failure, reason
from serving.store.schema import METADATA

WAIT_SECONDS = 30


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


def _engine(address: URL) -> Engine:
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+pg8000")
    if address.get_backend_name() == "postgresql":
        return create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True, hide_parameters=True)
    if address.get_backend_name() != "sqlite":
        raise NoSuchModuleError(address.get_backend_name())
    in_memory = address.database in (None, "", ":memory:")
    arguments = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(address, connect_args=arguments, hide_parameters=True, poolclass=StaticPool if in_memory else None)
    event.listen(engine, "connect", _let_readers_go_on)
    event.listen(engine, "begin", _begin)
    return engine


def _name_the_database(context: ExceptionContext) -> None:
    """Raise `BadInput` for what is wrong with the database; what is wrong with a statement of ours passes on."""
    error = context.sqlalchemy_exception
    what = failure(error)
    if error is None or what is None or context.engine is None:
        return
    where = hide_password(context.engine.url.render_as_string())
    kind = StoreAwayError if what in PASSING else BadInput
    raise kind(f"the store {where} cannot be used: {reason(error).rstrip('.')}. {REMEDIES[what]}.")


def _let_readers_go_on(connection: Any, _record: object) -> None:
    """Readers keep their view while a batch is written; transactions begin when we say so, not at a write."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
