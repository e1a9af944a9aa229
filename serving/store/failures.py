"""What an error of a database means: whether to wait or to mend something, and the words on it, which hold no row."""

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from features.errors import BadInput

Failure = Literal["silent", "busy", "closed", "damaged", "refused", "foreign"]
PASSING: tuple[Failure, ...] = ("silent", "busy")
REMEDIES: dict[Failure, str] = {
    "silent": "Check that it runs and its address (TENURE_DATABASE_URL), then try again",
    "busy": "Another run works in it; try again when that one is done",
    "closed": "Give a place you may write to, with space left",
    "damaged": "Give a file that tenure made; a damaged one: restore a copy, or move it away",
    "refused": "Check its address (TENURE_DATABASE_URL) and your rights there",
    "foreign": "Its tables are not those of this tenure: give an empty database, or move the tables away",
}
# SQLSTATE, appendix A of Postgres' manual: the first two characters are a class, that of an exact state goes before it.
_STATES: dict[str, Failure] = {
    "08": "silent",  # connection
    "57": "silent",  # an operator stopped it
    "40": "busy",  # deadlock, serialisation
    "53": "busy",  # connections, memory or disk used up
    "28": "refused",  # who asks
    "3D": "refused",  # no such database
    "3F": "refused",  # no such schema
    "25006": "refused",  # read only
    "42501": "refused",  # rights
    "42P01": "foreign",  # no such table
    "42703": "foreign",  # no such column
}
_CODES: dict[int, Failure] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_CANTOPEN: "closed",
    sqlite3.SQLITE_READONLY: "closed",
    sqlite3.SQLITE_PERM: "closed",
    sqlite3.SQLITE_FULL: "closed",
    sqlite3.SQLITE_IOERR: "closed",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
}
_OTHER_TABLES = ("no such table", "no such column", "has no column named")  # SQLite's, without a code of their own
_PRIMARY = 0xFF


class StoreAwayError(BadInput):
    """The store's database does not answer, or not now: trying again may help."""


def failure(error: BaseException | None) -> Failure | None:
    """What is wrong with the database; None where a statement of ours is wrong, or the error is none of a database."""
    if not isinstance(error, DBAPIError):
        return None
    original = error.orig
    if isinstance(original, sqlite3.Error):
        if any(words in str(original) for words in _OTHER_TABLES):
            return "foreign"
        return _CODES.get(getattr(original, "sqlite_errorcode", 0) & _PRIMARY)
    state = _told(original).get("C", "")
    if state:
        return _STATES.get(state) or _STATES.get(state[:2])
    return "silent" if isinstance(error, OperationalError | InterfaceError) else None


def reason(error: Exception) -> str:
    """Why a database cannot be used: the words of SQLite, or of a server on the database itself; of other errors the kind."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(error, ModuleNotFoundError):
        return f"its driver {error.name} is not installed"
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        return f"{error.filename}: {why}" if error.filename else why
    told = _told(original)
    if told:  # the words on another error may quote a row
        return told.get("M", "") if failure(error) else f"{type(original).__name__} {told.get('C', '')}".rstrip()
    if isinstance(original, sqlite3.Error) or type(original).__name__ == "InterfaceError":
        return str(original)
    return type(original or error).__name__


def _told(original: BaseException | None) -> dict[str, str]:
    """What a Postgres server said, by the letters of its protocol (C: SQLSTATE, M: message); empty when it said nothing.

    A server that refuses a connection closes it at once: pg8000 then tells of a network error, which the refusal stands behind.
    """
    while original is not None:
        if original.args and isinstance(original.args[0], dict):
            return original.args[0]
        original = original.__cause__ or original.__context__
    return {}
