"""Opening the database: SQLite by default, Postgres by address. One transaction is one consistent view in both."""

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from serving.store.schema import METADATA

WAIT_SECONDS = 30


def open_engine(url: str) -> Engine:
    """The engine of `url` with every table of the store in it; `ValueError` says which addresses are understood."""
    engine = connect(url)
    METADATA.create_all(engine)
    return engine


def connect(url: str) -> Engine:
    """The engine of `url`, no table made. A plain `postgresql://` address uses the driver that is installed."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ValueError("the database address is not a URL; write sqlite:///FILE or postgresql+pg8000://HOST/NAME") from error
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+pg8000")
    if address.get_backend_name() == "postgresql":
        return create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True, hide_parameters=True)
    if address.get_backend_name() != "sqlite":
        raise ValueError(f"databases of kind {address.get_backend_name()!r} are not supported; use sqlite or postgresql")
    in_memory = address.database in (None, "", ":memory:")
    arguments = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(address, connect_args=arguments, hide_parameters=True, poolclass=StaticPool if in_memory else None)
    event.listen(engine, "connect", _let_readers_go_on)
    event.listen(engine, "begin", _begin)
    return engine


def _let_readers_go_on(connection: Any, _record: object) -> None:
    """Readers keep their view while a batch is written; transactions begin when we say so, not at a write."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
