"""Do the clean tables agree with each other? Findings with counts; no row is refused for what another table says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from features.clean_files import clean_files
from features.params import DataParams
from features.source import Finding
from features.sql import literal, literals, quoted
from features.tables import TABLES


@dataclass(frozen=True)
class _Question:
    """One thing to count: `counted` rows `of` so many, in SQL over the views of the clean tables in `needs`."""

    table: str
    what: str
    counted: str
    of: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """What was counted of one file of usage: its current rows, those before the account's first term, the last known_at."""

    rows: int
    early: int
    last_known: str

    @classmethod
    def of(cls, connection: DuckDBPyConnection, file: Path) -> "Counted":
        """Count a file, once `first_term` is there."""
        found = connection.execute(f"""
            SELECT count(*), count(*) FILTER (u.occurred_at < f.started_at),
                strftime(coalesce(max(known_at), TIMESTAMP '1970-01-01'), '%Y-%m-%d %H:%M:%S')
            FROM read_parquet({literal(str(file))}) u LEFT JOIN first_term f USING (account_id) WHERE superseded_at IS NULL
        """).fetchall()[0]
        return cls(*found)


def consistency(
    connection: DuckDBPyConnection, folder: Path, params: DataParams, known: Mapping[str, Counted]
) -> tuple[tuple[Finding, ...], dict[str, Counted]]:
    """Everything worth telling about the clean tables in `folder`, counts of zero left out, and what was counted of usage.

    `known`: by the name of a file of usage what was counted of it, and still holds.
    """
    views = {name: files for name in TABLES if (files := clean_files(folder, name))}
    for name, files in views.items():
        current = "superseded_at IS NULL"
        rows = f"SELECT * FROM read_parquet([{literals(map(str, files))}]) WHERE {current}"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted('v_' + name)} AS {rows}")
    if "subscriptions" in views:
        connection.execute(_FIRST_TERM)
        connection.execute(_ORDERED_TERMS)
    uses = views.get("usage", []) if "subscriptions" in views else []
    counted = {file.name: known.get(file.name) or Counted.of(connection, file) for file in uses}
    found = []
    for question in _questions(connection, list(views), params, counted):
        if set(question.needs) <= set(views):
            count, of = _number(connection, question.counted), _number(connection, question.of)
            found.append(Finding(question.table, question.what, count, of))
    return tuple(finding for finding in found if finding.count), counted


_FIRST_TERM = """
    CREATE OR REPLACE TEMP TABLE first_term AS
    SELECT account_id, min(started_at) AS started_at FROM v_subscriptions GROUP BY account_id"""
_ORDERED_TERMS = """
    CREATE OR REPLACE TEMP TABLE ordered_terms AS
    SELECT *, max(renews_at) OVER (
        PARTITION BY account_id ORDER BY started_at, renews_at, subscription_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM v_subscriptions"""
_WITHOUT_OUTCOME = """
    SELECT count(*) FROM v_subscriptions s
    WHERE s.renews_at < TIMESTAMP {last}
      AND NOT EXISTS (SELECT 1 FROM v_renewals r WHERE r.account_id = s.account_id AND r.subscription_id = s.subscription_id)
      AND NOT EXISTS (SELECT 1 FROM v_renewals r WHERE r.account_id = s.account_id AND r.renews_at = s.renews_at)
      AND NOT EXISTS (SELECT 1 FROM last_end e WHERE e.account_id = s.account_id AND e.renews_at > s.renews_at)"""
_WITHOUT_TERM = """
    SELECT count(*) FROM v_renewals r
    WHERE NOT EXISTS (SELECT 1 FROM v_subscriptions s WHERE s.account_id = r.account_id AND s.renews_at = r.renews_at)
      AND NOT EXISTS (SELECT 1 FROM v_subscriptions s
                      WHERE s.account_id = r.account_id AND s.subscription_id = r.subscription_id)"""
_RETURNED = """
    SELECT count(DISTINCT r.account_id) FROM v_renewals r JOIN v_subscriptions s USING (account_id)
    WHERE r.outcome = 'churned' AND s.started_at > greatest(r.decided_at, r.renews_at)"""


def _questions(
    connection: DuckDBPyConnection, tables: list[str], params: DataParams, counted: Mapping[str, Counted]
) -> Iterator[_Question]:
    accounts = "SELECT count(DISTINCT account_id) FROM v_accounts"
    terms = "SELECT count(*) FROM v_subscriptions"
    renewals = "SELECT count(*) FROM v_renewals"
    without = f"{accounts} WHERE account_id NOT IN (SELECT account_id FROM first_term)"
    yield _Question("accounts", "no term at all", without, accounts, ("accounts", "subscriptions"))
    over = "SELECT count(*) FROM ordered_terms WHERE started_at < reached"
    yield _Question("subscriptions", "overlaps another term of the account", over, terms, ("subscriptions",))
    gap = "SELECT count(*) FROM ordered_terms WHERE started_at > reached"
    yield _Question("subscriptions", "starts after a gap without any term", gap, terms, ("subscriptions",))
    if {"subscriptions", "renewals"} <= set(tables):
        last = _last_known(connection, tables, counted)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE last_end AS "
            "SELECT account_id, max(renews_at) AS renews_at FROM v_subscriptions GROUP BY account_id"
        )
        what = f"ended before {last[:10]} (last known_at) with neither outcome nor later term: unknown, never a churn"
        unknown = _WITHOUT_OUTCOME.format(last=literal(last))
        yield _Question("subscriptions", what, unknown, terms, ("subscriptions", "renewals"))
    days = params.early_cancellation_days
    early = f"{renewals} WHERE outcome = 'churned' AND decided_at < renews_at - INTERVAL {days} DAY"
    yield _Question("renewals", f"churned more than {days} days before the end of the term", early, renewals, ("renewals",))
    both = ("renewals", "subscriptions")
    yield _Question("renewals", "no term of the account ends then", _WITHOUT_TERM, renewals, both)
    churned = "SELECT count(DISTINCT account_id) FROM v_renewals WHERE outcome = 'churned'"
    yield _Question("renewals", "accounts that churned and came back", _RETURNED, churned, both)
    early, usage = (f"SELECT {sum(getattr(each, name) for each in counted.values())}" for name in ("early", "rows"))
    yield _Question("usage", "before the account's first term", early, usage, ("usage", "subscriptions"))
    tickets = "SELECT count(*) FROM v_tickets"
    early = f"{tickets} t JOIN known_accounts a USING (account_id) WHERE t.opened_at < a.created_at"
    yield _Question("tickets", "before the account was created", early, tickets, ("tickets", "accounts"))


def _last_known(connection: DuckDBPyConnection, tables: list[str], counted: Mapping[str, Counted]) -> str:
    """The latest known_at of any table, as text: what "past" means without a clock."""
    asked = [f"SELECT max(known_at) AS learned FROM {quoted('v_' + name)}" for name in tables if name != "usage"]
    union = " UNION ALL ".join([*asked, *(f"SELECT TIMESTAMP '{each.last_known}'" for each in counted.values())])
    row = connection.execute(
        f"SELECT strftime(coalesce(max(learned), TIMESTAMP '1970-01-01'), '%Y-%m-%d %H:%M:%S') FROM ({union})"
    )
    return str(row.fetchall()[0][0])


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
