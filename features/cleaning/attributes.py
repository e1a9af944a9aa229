"""Free attributes of accounts (`attr_*`): numbers or names."""

from duckdb import DuckDBPyConnection

from features.cleaning.staging import Staged
from features.source import Finding
from features.sql import quoted


def number_attributes(connection: DuckDBPyConnection, staged: Staged, names_only: tuple[str, ...]) -> frozenset[str]:
    """The attributes whose values all read as numbers on the first day they have any, but for those in `names_only`.

    Only that day decides: values learned later must not turn the column over for days before they were known.
    """
    return frozenset(n for n in staged.attributes if n not in names_only and _begins_as_number(connection, staged, n))


def _begins_as_number(connection: DuckDBPyConnection, staged: Staged, name: str) -> bool:
    column = quoted(name)
    row = connection.execute(f"""
        WITH given AS (
            SELECT {column} AS value, CAST(known_at AS DATE) AS day FROM {staged.relation}
            WHERE _reason IS NULL AND {column} IS NOT NULL)
        SELECT count(*) > 0 AND bool_and(coalesce(isfinite(TRY_CAST(value AS DOUBLE)), false))
        FROM given WHERE day = (SELECT min(day) FROM given)
    """).fetchone()
    return bool(row and row[0])


def lost_values(connection: DuckDBPyConnection, staged: Staged, numbers: frozenset[str]) -> tuple[Finding, ...]:
    """Values of number attributes that are no number and so read as missing, counted by attribute."""
    found = []
    for name in sorted(numbers):
        column = quoted(name)
        row = connection.execute(f"""
            SELECT count(*) FILTER (NOT coalesce(isfinite(TRY_CAST({column} AS DOUBLE)), false)), count(*)
            FROM {staged.relation} WHERE _reason IS NULL AND {column} IS NOT NULL
        """).fetchone()
        if row and row[0]:
            what = f"{name}: no number among numbers, read as missing (name it in data.category_attributes to keep names)"
            found.append(Finding("accounts", what, row[0], row[1]))
    return tuple(found)
