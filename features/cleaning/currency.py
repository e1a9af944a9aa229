"""Amounts in one money: which currency is the reporting one, and what an amount is multiplied by.

The reporting currency rests on the terms known first. A row that names no currency itself is in that of its term, else in the
first one known of its account, from when that is known: until then it is in the reporting one, as if no term named any. So
terms learned later correct an earlier amount from their own day on, as a version of its row, and never before.
"""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from features.cleaning.staging import Staged
from features.params import DataParams
from features.source import Finding
from features.sql import literal, quoted

AMOUNTS: dict[str, tuple[str, ...]] = {
    "subscriptions": ("arr", "list_arr"),
    "renewals": ("arr_before", "arr_after"),
    "invoices": ("amount",),
    "interventions": ("arr_saved",),
}


@dataclass(frozen=True)
class Money:
    """The reporting currency (None: no term names one), and whether any term is in another."""

    reporting: str | None
    mixed: bool


def read_money(connection: DuckDBPyConnection, terms: Staged | None, params: DataParams) -> Money:
    """Make the tables `rates`, `account_money` and `term_money` from the sound terms.

    The latter two hold what was known of the currency of an account or a term: two spans each, before and after it was
    named (`since`, `until`: NULL has no bound; `currency`: NULL before).
    """
    connection.execute("CREATE OR REPLACE TABLE rates (currency VARCHAR, factor DOUBLE)")
    if terms is None or not terms.has("currency"):
        return Money(params.reporting_currency, mixed=False)
    connection.execute(f"""
        CREATE OR REPLACE TABLE named_money AS
        SELECT subscription_id, account_id, _heard_at, upper(trim(currency)) AS currency
        FROM {terms.relation} WHERE _reason IS NULL AND currency IS NOT NULL
    """)
    reporting = params.reporting_currency or _commonest_at_first(connection)
    seen = [row[0] for row in connection.execute("SELECT DISTINCT currency FROM named_money ORDER BY 1").fetchall()]
    rates = params.exchange_rates
    for currency in seen:
        factor = rates[currency] / rates[reporting] if currency in rates and reporting in rates else None
        connection.execute("INSERT INTO rates VALUES (?, ?)", [currency, 1.0 if currency == reporting else factor])
    for name, key in (("account_money", "account_id"), ("term_money", "subscription_id")):
        connection.execute(f"""
            CREATE OR REPLACE TABLE {name} AS
            WITH firsts AS (
                SELECT {key}, min(_heard_at) AS day, arg_min(currency, (_heard_at, subscription_id, currency)) AS currency
                FROM named_money GROUP BY 1)
            SELECT {key}, currency, day AS since, CAST(NULL AS TIMESTAMP) AS until FROM firsts
            UNION ALL SELECT {key}, NULL, NULL, day FROM firsts
        """)
    return Money(reporting, mixed=any(currency != reporting for currency in seen))


@dataclass(frozen=True)
class Conversion:
    """SQL for the amounts of the rows `t` of a table with their fate `f`: `joins`, `where`, and what they give.

    A row whose currency is named only after it is known comes twice, `since` and `until` the day on which it is named.
    """

    joins: str = ""
    where: str = "true"
    currency: str = "NULL"
    factor: str = ""
    since: str = "t.known_at"
    until: str = "f.superseded_at"

    def converted(self, column: str) -> str:
        """The amount in the reporting currency."""
        return f"t.{quoted(column)} * {self.factor}" if self.factor else f"t.{quoted(column)}"

    def named(self, column: str, money: Money) -> str:
        """The currency after conversion: the reporting one, or the row's own where there is no rate."""
        if not self.factor or money.reporting is None:
            return f"t.{quoted(column)}"
        return f"CASE WHEN {self.factor} IS NULL THEN t.{quoted(column)} ELSE {literal(money.reporting)} END"


def conversion(staged: Staged, money: Money) -> Conversion:
    """How the amounts of a table become those of the reporting currency; where none is in another they stay as they are."""
    if not money.mixed or staged.table.name not in AMOUNTS:
        return Conversion()
    if staged.table.name == "subscriptions":
        currency = "upper(trim(t.currency))"
        return Conversion(f"LEFT JOIN rates r ON r.currency = {currency}", "true", currency, _factor(currency))
    spans = {"a": ("account_money", "account_id")}
    if staged.has("subscription_id"):
        spans = {"s": ("term_money", "subscription_id"), **spans}
    joins = [f"LEFT JOIN {name} {alias} ON {alias}.{key} = t.{key}" for alias, (name, key) in spans.items()]
    currency = f"coalesce({', '.join(f'{alias}.currency' for alias in spans)})"
    joins.append(f"LEFT JOIN rates r ON r.currency = {currency}")
    # Of bounds that are NULL, least and greatest take no notice.
    since = f"greatest(t.known_at, {', '.join(f'{alias}.since' for alias in spans)})"
    until = f"least(f.superseded_at, {', '.join(f'{alias}.until' for alias in spans)})"
    where = f"coalesce({since} < {until}, true)"
    return Conversion(" ".join(joins), where, currency, _factor(currency), since, until)


def _factor(currency: str) -> str:
    return f"CASE WHEN {currency} IS NULL THEN 1 ELSE r.factor END"


def unconverted(connection: DuckDBPyConnection, staged: Staged, money: Money, params: DataParams) -> tuple[Finding, ...]:
    """The rows of a table whose amount cannot be told in the reporting currency, one finding a currency, and those converted."""
    found, name = [], staged.table.name
    amounts = [f"t.{column}" for column in AMOUNTS.get(name, ()) if staged.has(column)]
    if not money.mixed or not amounts:
        return ()
    given = f"coalesce({', '.join(amounts)}) IS NOT NULL"
    how = conversion(staged, money)
    rows = connection.execute(f"""
        WITH last AS (
            SELECT t._n, arg_max_null({how.currency}, {how.since}) AS currency, arg_max_null(r.factor, {how.since}) AS factor
            FROM {staged.relation} t LEFT JOIN {quoted(f"fate_{name}")} f ON f._n = t._n {how.joins}
            WHERE t._reason IS NULL AND NOT coalesce(f.duplicate OR f.conflict, false) AND {given} AND {how.where} GROUP BY t._n)
        SELECT currency, factor, count(*) FROM last GROUP BY ALL ORDER BY currency
    """).fetchall()
    total = sum(count for *_, count in rows)
    for currency, factor, count in rows:
        if currency is None or currency == money.reporting:
            continue
        if factor is None:
            lacking = currency if currency not in params.exchange_rates else money.reporting
            what = f"in {_code(currency)}: no amount, data.exchange_rates has no rate for {_code(lacking)}"
        else:
            what = f"in {_code(currency)}: converted to {_code(money.reporting)}"
        found.append(Finding(name, what, count, total))
    return tuple(found)


def _code(currency: str | None) -> str:
    """A currency fit to be named: whatever stands in the column, only a code of three letters is repeated."""
    text = currency or ""
    return text if len(text) == 3 and text.isalpha() else "a currency that is no ISO code"


def _commonest_at_first(connection: DuckDBPyConnection) -> str | None:
    row = connection.execute("""
        SELECT currency FROM named_money
        WHERE CAST(_heard_at AS DATE) = (SELECT min(CAST(_heard_at AS DATE)) FROM named_money)
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
    """).fetchone()
    return row[0] if row else None
