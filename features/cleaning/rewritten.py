"""Is a field what it was on its row's own date? Traces of one that was overwritten later."""

from collections.abc import Iterator

from duckdb import DuckDBPyConnection

from features.cleaning.staging import ATTRIBUTE, describe
from features.params import AuditParams
from features.sql import quoted
from features.suspicion import Suspicion
from features.tables import TABLES

_STATES = ("accounts", "subscriptions")
_NEVER = ("account_id", "subscription_id", "name", "crm_id", "domain", "parent_account_id")  # they tell who, not how
# The last row of each account that was known before it left; of those that stayed, the last one there is.
_LAST = """
    CREATE OR REPLACE TEMP TABLE last_state AS
    SELECT t.*, l.left_at IS NOT NULL AS has_left FROM {table} t LEFT JOIN leavers l USING (account_id)
    WHERE (l.left_at IS NOT NULL OR t.account_id IN (SELECT account_id FROM stayers))
        AND (l.left_at IS NULL OR t.known_at < l.left_at)
    QUALIFY row_number() OVER (PARTITION BY t.account_id ORDER BY t.{time} DESC, t.known_at DESC, t.row_id) = 1"""
# A term runs whole months when some number of months after its start lies within three days of its end.
_TERMS = """
    WITH last AS (
        SELECT s.account_id, l.left_at IS NOT NULL AS has_left,
            abs(date_diff('day', s.renews_at, s.started_at
                + to_months(CAST(round(date_diff('day', s.started_at, s.renews_at) / 30.4375) AS INTEGER)))) > 3 AS odd
        FROM a_subscriptions s LEFT JOIN leavers l USING (account_id)
        WHERE l.left_at IS NOT NULL OR s.account_id IN (SELECT account_id FROM stayers)
        QUALIFY row_number() OVER (PARTITION BY s.account_id ORDER BY s.started_at DESC, s.known_at DESC, s.row_id) = 1)
    SELECT count(*) FILTER (has_left), count(*) FILTER (NOT has_left),
        avg(CAST(odd AS INTEGER)) FILTER (has_left), avg(CAST(odd AS INTEGER)) FILTER (NOT has_left) FROM last"""


def rewritten(connection: DuckDBPyConnection, params: AuditParams) -> Iterator[Suspicion]:
    """Fields of accounts and terms that tell the outcome, dates later than their row, and ends of terms that were overwritten.

    Needs what `open_for_audit` made.
    """
    for name in _STATES:
        time = quoted(TABLES[name].time)
        connection.execute(_LAST.format(table=quoted(f"a_{name}"), time=time))
        leavers, stayers = connection.execute(
            "SELECT count(*) FILTER (has_left), count(*) FILTER (NOT has_left) FROM last_state"
        ).fetchall()[0]
        if min(leavers, stayers) >= params.min_accounts:
            yield from _tells_outcome(connection, name, params)
    yield from _later_than_known(connection, params)
    yield from _ends(connection, params)


def _tells_outcome(connection: DuckDBPyConnection, table: str, params: AuditParams) -> Iterator[Suspicion]:
    declared = {column.name for column in TABLES[table].columns if column.kind != "time"} - set(_NEVER)
    for name, sql_type in describe(connection, "last_state").items():
        if name not in declared and not name.startswith(ATTRIBUTE):
            continue
        told = _ranked(connection, name, params) if sql_type == "DOUBLE" else _grouped(connection, name, params)
        if told is not None:
            yield from _told(table, name, told, params, numbers=sql_type == "DOUBLE")


def _told(
    table: str, name: str, told: tuple[float, int, float, int], params: AuditParams, *, numbers: bool
) -> Iterator[Suspicion]:
    rate, of, other, other_of = told
    if numbers and max(rate, 1 - rate) >= params.auc:
        what = "as known before they left, its numbers part those that left from those that stayed (AUC against chance)"
        yield Suspicion(table, name, "tells_outcome", what, max(rate, 1 - rate), of, 0.5, other_of)
    if not numbers and rate - other >= params.told_gap:
        what = "as known before they left, a value that nearly only accounts that left have: had by those that left and stayed"
        yield Suspicion(table, name, "tells_outcome", what, rate, of, other, other_of)


def _ranked(connection: DuckDBPyConnection, name: str, params: AuditParams) -> tuple[float, int, float, int] | None:
    """The AUC of a number, with how many left and stayed; None when too few have one."""
    column = quoted(name)
    ranks, left, stayed = connection.execute(f"""
        WITH ranked AS (
            SELECT has_left, rank() OVER (ORDER BY {column}) + (count(*) OVER (PARTITION BY {column}) - 1) / 2.0 AS place
            FROM last_state WHERE {column} IS NOT NULL)
        SELECT sum(place) FILTER (has_left), count(*) FILTER (has_left), count(*) FILTER (NOT has_left) FROM ranked
    """).fetchall()[0]
    if min(left, stayed) < params.min_accounts:
        return None
    return (float(ranks) - left * (left + 1) / 2) / (left * stayed), left, 0.5, stayed


def _grouped(connection: DuckDBPyConnection, name: str, params: AuditParams) -> tuple[float, int, float, int] | None:
    """How many of those that left, and of those that stayed, have a value that nearly all who have it left with."""
    column = quoted(name)
    left, stayed, has_left, has_stayed = connection.execute(f"""
        WITH groups AS (
            SELECT count(*) FILTER (has_left) AS l, count(*) FILTER (NOT has_left) AS s, {column} IS NOT NULL AS given
            FROM last_state GROUP BY {column})
        SELECT sum(l), sum(s), coalesce(sum(l) FILTER (telling), 0), coalesce(sum(s) FILTER (telling), 0)
        FROM (SELECT *, given AND l + s >= {params.min_accounts} AND l >= {params.share_left} * (l + s) AS telling FROM groups)
    """).fetchall()[0]
    return (float(has_left / left), int(left), float(has_stayed / stayed), int(stayed)) if left and stayed else None


def _later_than_known(connection: DuckDBPyConnection, params: AuditParams) -> Iterator[Suspicion]:
    for name, sql_type in describe(connection, "a_accounts").items():
        if not name.startswith(ATTRIBUTE) or sql_type != "VARCHAR":
            continue
        cell = quoted(name)
        day = f"CASE WHEN regexp_matches({cell}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN TRY_CAST({cell} AS TIMESTAMP) END"
        filled, days, later = connection.execute(f"""
            SELECT count({cell}), count({day}), count(DISTINCT account_id) FILTER ({day} > known_at + INTERVAL 1 DAY)
            FROM a_accounts""").fetchall()[0]
        accounts = connection.execute("SELECT count(DISTINCT account_id) FROM a_accounts").fetchall()[0][0]
        if filled and days == filled and later >= params.min_accounts:
            what = "holds days later than the row was known, on accounts against what can be"
            yield Suspicion("accounts", name, "later_than_known", what, later / accounts, accounts, 0.0, accounts)


def _ends(connection: DuckDBPyConnection, params: AuditParams) -> Iterator[Suspicion]:
    left, stayed, rate, other = connection.execute(_TERMS).fetchall()[0]
    if min(left, stayed) < params.min_accounts or rate - other < params.gap:
        return
    error = (rate * (1 - rate) / left + other * (1 - other) / stayed) ** 0.5
    if not error or (rate - other) / error >= params.standard_errors:
        what = "last terms that run no whole months, of accounts that left against those that stayed"
        yield Suspicion("subscriptions", "renews_at", "end_rewritten", what, rate, left, other, stayed)
