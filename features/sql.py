"""Names and values written into SQL, escaped."""

from collections.abc import Iterable


def quoted(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """The text as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """The texts as a comma-separated list for `IN (...)`; not for an empty list."""
    return ", ".join(literal(value) for value in values)
