"""Are columns filled when a model would need them? How often they are, on accounts that left and on those that stayed.

Only values are counted that were known before the account decided to leave, in rows of the same quarter; and accounts are
compared, not rows, so that one account with many rows proves nothing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from features.clean_files import clean_files
from features.cleaning.staging import ATTRIBUTE, describe
from features.contracts import Table
from features.params import AuditParams
from features.sql import literals, quoted
from features.suspicion import Kind, Suspicion
from features.tables import TABLES

OUTCOMES = ("renewals", "exit_interviews", "notices", "interventions")  # they speak of leaving, and may
_STATES_THEN = "(t.superseded_at IS NULL OR t.superseded_at >= l.left_at)"
_FIRST_STATE = "true QUALIFY row_number() OVER (PARTITION BY t.account_id ORDER BY t.known_at, t.row_id) = 1"
_LEAVERS = """
    CREATE OR REPLACE TEMP TABLE leavers AS
    SELECT r.account_id, max(r.decided_at) AS left_at FROM a_renewals r
    WHERE r.superseded_at IS NULL AND r.outcome = 'churned'
    GROUP BY r.account_id
    HAVING NOT EXISTS (SELECT 1 FROM a_subscriptions s
                       WHERE s.account_id = r.account_id AND s.started_at > greatest(max(r.decided_at), max(r.renews_at)))"""
_STAYERS = """
    CREATE OR REPLACE TEMP TABLE stayers AS
    SELECT DISTINCT account_id FROM a_subscriptions
    WHERE account_id NOT IN (SELECT account_id FROM a_renewals WHERE outcome = 'churned')"""


def open_for_audit(connection: DuckDBPyConnection, folder: Path) -> bool:
    """Make the views `a_<table>` of the clean tables, and `leavers` (with `left_at`) and `stayers`; False without outcomes.

    An account that came back is neither.
    """
    found = {name: clean_files(folder, name) for name in TABLES}
    for name, paths in found.items():
        if paths:
            source = f"SELECT * FROM read_parquet([{literals(map(str, paths))}], union_by_name = true)"
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted('a_' + name)} AS {source}")
    if not all(found[name] for name in ("accounts", "subscriptions", "renewals")):
        return False
    connection.execute(_LEAVERS)
    connection.execute(_STAYERS)
    return True


def availability(connection: DuckDBPyConnection, folder: Path, params: AuditParams) -> Iterator[Suspicion]:
    """Columns filled, or empty, far more often on accounts that left; and columns filled only after they had left."""
    for name, table in TABLES.items():
        if name in OUTCOMES or not clean_files(folder, name):
            continue
        columns = _partly_filled(connection, table)
        if columns:
            yield from _on_leavers(connection, table, columns, params)
            yield from _after_end(connection, table, columns, params)


def _partly_filled(connection: DuckDBPyConnection, table: Table) -> list[str]:
    """Columns that are known with their row (those with a date of their own are held back by the time law) and have gaps."""
    own = {column.name for column in table.columns if not column.required and not column.late}
    names = [n for n in describe(connection, f"a_{table.name}") if n in own or n.startswith(ATTRIBUTE)]
    if not names:
        return []
    counts = ", ".join(f"count({quoted(name)})" for name in names)
    total, *filled = connection.execute(f"SELECT count(*), {counts} FROM {quoted('a_' + table.name)}").fetchall()[0]
    return [name for name, count in zip(names, filled, strict=True) if 0 < count < total]


def _rows(connection: DuckDBPyConnection, table: Table, columns: Sequence[str], *, first: bool = False) -> str:
    """Rows of leavers and stayers: `filled` flags f0, f1 …, `quarter`, `left_at`, and whether the row was known `after` it.

    `first`: of the states of an account the first alone: an account that stayed had more time to learn the others in.
    """
    known = describe(connection, f"a_{table.name}")
    flags = []
    for number, name in enumerate(columns):
        dated = f"TRY_CAST({quoted(f'{name}_known_at')} AS TIMESTAMP)"  # of an attribute it comes as it was written
        late = f" AND ({dated} IS NULL OR l.left_at IS NULL OR {dated} < l.left_at)" if f"{name}_known_at" in known else ""
        flags.append(f"CAST(t.{quoted(name)} IS NOT NULL{late} AS INTEGER) AS f{number}")
    return f"""
        SELECT t.account_id, date_trunc('quarter', t.{quoted(table.time)}) AS quarter, l.left_at,
            t.known_at >= l.left_at AS after, {", ".join(flags)}
        FROM {quoted("a_" + table.name)} t LEFT JOIN leavers l USING (account_id)
        WHERE (l.left_at IS NOT NULL OR t.account_id IN (SELECT account_id FROM stayers))
            AND {_FIRST_STATE if first and table.name == "accounts" else _STATES_THEN}"""


def _on_leavers(connection: DuckDBPyConnection, table: Table, columns: Sequence[str], params: AuditParams) -> Iterator[Suspicion]:
    numbers = range(len(columns))
    base = ", ".join(f"avg(f{n}) AS r{n}" for n in numbers)
    each = ", ".join(f"avg(f{n} - r{n}) AS e{n}, avg(f{n}) AS f{n}, avg(r{n}) AS r{n}" for n in numbers)
    last = ", ".join(f"avg(e{n}), stddev_samp(e{n}), avg(f{n}), avg(r{n})" for n in numbers)
    leavers, stayers, *found = connection.execute(f"""
        WITH rows AS ({_rows(connection, table, columns, first=True)}),
        stayed AS (SELECT quarter, {base} FROM rows WHERE left_at IS NULL GROUP BY quarter),
        accounts AS (
            SELECT account_id, {each} FROM rows JOIN stayed USING (quarter)
            WHERE left_at IS NOT NULL AND NOT after GROUP BY account_id)
        SELECT count(*), (SELECT count(DISTINCT account_id) FROM rows WHERE left_at IS NULL), {last} FROM accounts
    """).fetchall()[0]
    if min(leavers, stayers) < params.min_accounts:
        return
    for name, (excess, spread, rate, other) in zip(columns, _by_four(found), strict=True):
        if _is_clear(abs(excess), spread, leavers, params):
            kind: Kind = "filled_on_leavers" if excess > 0 else "blank_on_leavers"
            what = "filled, as known before they left, on accounts that left against those that stayed, in the same quarters"
            yield Suspicion(table.name, name, kind, what, rate, leavers, other, stayers)


def _after_end(connection: DuckDBPyConnection, table: Table, columns: Sequence[str], params: AuditParams) -> Iterator[Suspicion]:
    numbers = range(len(columns))
    base = ", ".join(f"avg(f{n}) AS r{n}" for n in numbers)
    each = ", ".join(
        f"avg(f{n}) FILTER (after) AS a{n}, avg(f{n}) FILTER (NOT after) AS b{n}, "
        f"avg(f{n} - coalesce(r{n}, 0)) FILTER (after) AS x{n}"
        for n in numbers
    )
    last = ", ".join(f"least(avg(a{n} - b{n}), avg(x{n})), stddev_samp(a{n} - b{n}), avg(a{n}), avg(b{n})" for n in numbers)
    count, *found = connection.execute(f"""
        WITH rows AS ({_rows(connection, table, columns)}),
        stayed AS (SELECT quarter, {base} FROM rows WHERE left_at IS NULL GROUP BY quarter),
        accounts AS (
            SELECT account_id, {each} FROM rows LEFT JOIN stayed USING (quarter) WHERE left_at IS NOT NULL GROUP BY account_id
            HAVING bool_or(after) AND bool_or(NOT after))
        SELECT count(*), {last} FROM accounts
    """).fetchall()[0]
    if count < params.min_accounts:
        return
    for name, (gain, spread, rate, before) in zip(columns, _by_four(found), strict=True):
        if _is_clear(gain, spread, count, params):
            what = "filled in rows known after an account had left, against its rows before"
            yield Suspicion(table.name, name, "filled_after_end", what, rate, count, before, count)


def _is_clear(difference: float, spread: float | None, accounts: int, params: AuditParams) -> bool:
    """Whether a mean difference over accounts is large, and many standard errors from none."""
    if difference < params.gap:
        return False
    return not spread or difference / (spread / accounts**0.5) >= params.standard_errors


def _by_four(found: Sequence[float | None]) -> Iterator[tuple[float, float | None, float, float]]:
    for start in range(0, len(found), 4):
        excess, spread, rate, other = found[start : start + 4]
        yield excess or 0.0, spread, rate or 0.0, other or 0.0
