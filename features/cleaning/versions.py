"""Which sound rows say the same twice, which contradict each other, and which are versions of one thing.

`fate_<table>` has a row for each raw row that is not simply kept: `_n`, `duplicate` (bool), `conflict` (bool),
`superseded_at` (when the next version was known; NULL for the newest).
"""

from duckdb import DuckDBPyConnection

from features.cleaning.staging import Staged
from features.sql import quoted

CONFLICT = "same key and same known_at, different content"


def decide(connection: DuckDBPyConnection, staged: Staged) -> None:
    """Make `fate_<table>` of a staged table."""
    name = staged.table.name
    twins, fate, rows = quoted(f"twins_{name}"), quoted(f"fate_{name}"), staged.relation
    # Copies are equal in all but perhaps row_id: the smallest stays, so that the order of the rows does not matter.
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE {twins} AS
        SELECT _content, arg_min(_n, (coalesce(row_id, ''), _n)) AS kept FROM {rows}
        WHERE _reason IS NULL GROUP BY _content HAVING count(*) > 1
    """
        if _row_ids_given(connection, staged)
        else f"""
        CREATE OR REPLACE TABLE {twins} AS
        SELECT _content, min(_n) AS kept FROM {rows}
        WHERE _reason IS NULL GROUP BY _content HAVING count(*) > 1
    """
    )
    connection.execute(f"""
        CREATE OR REPLACE TABLE {fate} AS
        SELECT t._n, true AS duplicate, false AS conflict, CAST(NULL AS TIMESTAMP) AS superseded_at
        FROM {rows} t JOIN {twins} USING (_content) WHERE t._reason IS NULL AND t._n <> kept
    """)
    if all(staged.has(column) or not staged.table.column(column).required for column in staged.table.key):
        _decide_versions(connection, staged, fate)


def _decide_versions(connection: DuckDBPyConnection, staged: Staged, fate: str) -> None:
    keys = [quoted(column) for column in staged.table.key if staged.has(column)]
    if not keys:
        return
    listed = ", ".join(keys)
    # A key of one optional column (usage.event_id) is no key where it is empty; in a longer key nulls are equal.
    keyed = f"AND {keys[0]} IS NOT NULL" if len(staged.table.key) == 1 else ""
    same = " AND ".join(f"t.{key} IS NOT DISTINCT FROM m.{key}" for key in keys)
    connection.execute(f"""
        INSERT INTO {fate}
        WITH alive AS (
            SELECT _n, known_at, _heard_at, {listed} FROM {staged.relation}
            WHERE _reason IS NULL {keyed} AND _n NOT IN (SELECT _n FROM {fate})),
        many AS (SELECT {listed} FROM alive GROUP BY ALL HAVING count(*) > 1),
        versions AS (
            SELECT t.*, count(*) OVER (PARTITION BY {_of("t", keys)}, t.known_at, t._heard_at) > 1 AS conflict
            FROM alive t JOIN many m ON {same})
        SELECT _n, false, conflict,
            CASE WHEN NOT conflict THEN min(_heard_at) OVER (
                PARTITION BY {listed}, conflict ORDER BY known_at, _heard_at
                ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) END
        FROM versions
    """)


def _of(alias: str, columns: list[str]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _row_ids_given(connection: DuckDBPyConnection, staged: Staged) -> bool:
    found = connection.execute(f"SELECT count(row_id) FROM {staged.relation}").fetchone()
    return bool(found and found[0])
