"""Amounts in one money: which currency is the reporting one, and what an amount is multiplied by.

Whatever is decided here rests on the rows known first, so that rows learned later never change an earlier amount.
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
    """Make the tables `rates`, `account_currency` and `term_currency` from the sound terms."""
    connection.execute("CREATE OR REPLACE TABLE rates (currency VARCHAR, factor DOUBLE)")
    if terms is None or not terms.has("currency"):
        return Money(params.reporting_currency, mixed=False)
    connection.execute(f"""
        CREATE OR REPLACE TABLE term_money AS
        SELECT subscription_id, account_id, known_at, upper(trim(currency)) AS currency
        FROM {terms.relation} WHERE _reason IS NULL AND currency IS NOT NULL
    """)
    reporting = params.reporting_currency or _commonest_at_first(connection)
    seen = [row[0] for row in connection.execute("SELECT DISTINCT currency FROM term_money ORDER BY 1").fetchall()]
    rates = params.exchange_rates
    for currency in seen:
        factor = rates[currency] / rates[reporting] if currency in rates and reporting in rates else None
        connection.execute("INSERT INTO rates VALUES (?, ?)", [currency, 1.0 if currency == reporting else factor])
    for name, key in (("account_currency", "account_id"), ("term_currency", "subscription_id")):
        connection.execute(f"""
            CREATE OR REPLACE TABLE {name} AS
            SELECT {key}, arg_min(currency, (known_at, subscription_id, currency)) AS currency FROM term_money GROUP BY 1
        """)
    return Money(reporting, mixed=any(currency != reporting for currency in seen))


def factor_of(staged: Staged, money: Money) -> tuple[str, str]:
    """SQL joins and the expression of the factor for the rows `t` of a table; ("", "") where amounts stay as they are."""
    name = staged.table.name
    if not money.mixed or name not in AMOUNTS:
        return "", ""
    if name == "subscriptions":
        currency = "upper(trim(t.currency))"
        joins = ""
    else:
        currency = "a.currency"
        joins = "LEFT JOIN account_currency a ON a.account_id = t.account_id "
        if staged.has("subscription_id"):
            currency = "coalesce(s.currency, a.currency)"
            joins += "LEFT JOIN term_currency s ON s.subscription_id = t.subscription_id "
    joins += f"LEFT JOIN rates r ON r.currency = {currency}"
    return joins, f"CASE WHEN {currency} IS NULL THEN 1 ELSE r.factor END"


def unconverted(connection: DuckDBPyConnection, money: Money, params: DataParams) -> tuple[Finding, ...]:
    """The terms whose amount cannot be told in the reporting currency, one finding a currency, and those converted."""
    if not money.mixed:
        return ()
    rows = connection.execute(
        "SELECT currency, factor, count(*) FROM term_money JOIN rates USING (currency) GROUP BY ALL ORDER BY currency"
    ).fetchall()
    total = sum(count for *_, count in rows)
    found = []
    for currency, factor, count in rows:
        if factor is None:
            lacking = currency if currency not in params.exchange_rates else money.reporting
            what = f"in {_code(currency)}: no amount, data.exchange_rates has no rate for {_code(lacking)}"
        elif currency == money.reporting:
            continue
        else:
            what = f"in {_code(currency)}: converted to {_code(money.reporting)}"
        found.append(Finding("subscriptions", what, count, total))
    return tuple(found)


def _code(currency: str | None) -> str:
    """A currency fit to be named: whatever stands in the column, only a code of three letters is repeated."""
    text = currency or ""
    return text if len(text) == 3 and text.isalpha() else "a currency that is no ISO code"


def _commonest_at_first(connection: DuckDBPyConnection) -> str | None:
    row = connection.execute("""
        SELECT currency FROM term_money
        WHERE CAST(known_at AS DATE) = (SELECT min(CAST(known_at AS DATE)) FROM term_money)
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
    """).fetchone()
    return row[0] if row else None


def converted(column: str, factor: str) -> str:
    """SQL for an amount of row `t` in the reporting currency."""
    return f"t.{quoted(column)} * {factor}" if factor else f"t.{quoted(column)}"


def named(column: str, money: Money, factor: str) -> str:
    """SQL for the currency of row `t` after conversion: the reporting one, or its own where there is no rate."""
    if not factor or money.reporting is None:
        return f"t.{quoted(column)}"
    return f"CASE WHEN {factor} IS NULL THEN t.{quoted(column)} ELSE {literal(money.reporting)} END"
