"""crm5: a simulated B2B CRM (`fightchurn` 1.2.0, MIT, Carl Gold, Fighting Churn With Data), 25 months of 647 accounts."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from features.source import Loaded
from pipelines.sources.mapping import Doubt, File, Mapped, count_doubts, load_mapped, open_views, run

COLUMNS = {
    "account": {"account_id": "BIGINT", "channel": "VARCHAR", "country": "VARCHAR"},
    "event": {"account_id": "BIGINT", "date": "TIMESTAMP", "event_type": "VARCHAR", "n": "DOUBLE"},
    "subscription": {"account_id": "BIGINT", "product": "VARCHAR", "start_date": "TIMESTAMP", "end_date": "TIMESTAMP"}
    | {"mrr": "DOUBLE", "discount": "DOUBLE", "quantity": "DOUBLE", "units": "VARCHAR", "bill_period": "BIGINT"},
}

# One term an account and period: the plan and what was bought beside it. Terms are recorded up to the last start date,
# so a term that ends after it has no outcome yet.
_TERMS = """
    CREATE OR REPLACE TEMP TABLE term AS
    WITH periods AS (
        SELECT account_id, CAST(start_date AS TIMESTAMP) AS started_at, CAST(end_date AS TIMESTAMP) AS renews_at,
            12 * sum(mrr) AS arr, 12 * sum(mrr / (1 - discount)) AS list_arr,
            max(quantity) FILTER (units = 'users') AS seats,
            max(regexp_replace(product, '_(mthly|biann|annual)$', '')) FILTER (units = 'users') AS plan,
            max(bill_period) AS months
        FROM subscription GROUP BY ALL)
    SELECT *, CAST(account_id AS VARCHAR) || '/' || strftime(started_at, '%Y-%m-%d') || '/'
            || strftime(renews_at, '%Y-%m-%d') AS subscription_id,
        lead(started_at) OVER running AS next_start, lead(arr) OVER running AS next_arr,
        (SELECT max(CAST(start_date AS TIMESTAMP)) FROM subscription) AS recorded_until
    FROM periods WHERE plan IS NOT NULL
    WINDOW running AS (PARTITION BY account_id ORDER BY started_at, renews_at)"""
_ACCOUNTS = """
    SELECT account_id, created_at, created_at AS known_at, 'US' AS country, country AS region, channel AS attr_channel
    FROM account JOIN (SELECT account_id, min(started_at) AS created_at FROM term GROUP BY 1) USING (account_id)"""
_SUBSCRIPTIONS = """
    SELECT subscription_id, account_id, started_at, started_at AS known_at, renews_at, arr, list_arr, seats, plan,
        CASE months WHEN 1 THEN 'monthly' WHEN 12 THEN 'annual' END AS billing
    FROM term"""
_RENEWALS = """
    SELECT account_id, subscription_id, renews_at, renews_at AS decided_at, renews_at AS known_at,
        CASE WHEN next_start IS NULL OR next_start > renews_at THEN 'churned' WHEN next_arr > arr THEN 'expanded'
            WHEN next_arr < arr THEN 'contracted' ELSE 'renewed' END AS outcome,
        arr AS arr_before, CASE WHEN next_start <= renews_at THEN next_arr END AS arr_after
    FROM term WHERE renews_at < recorded_until"""
_USAGE = """
    SELECT account_id, CAST(date AS TIMESTAMP) AS occurred_at, CAST(date AS TIMESTAMP) AS known_at,
        event_type AS feature, n AS quantity
    FROM event"""
_LEFT_OUT = """
    SELECT count(*) FILTER (NOT EXISTS (
        SELECT 1 FROM term t
        WHERE t.account_id = s.account_id AND t.started_at = s.start_date AND t.renews_at = s.end_date)), count(*)
    FROM subscription s"""


class Crm5:
    """The folder with `account`, `subscription` and `event` as Parquet.

    A churn is a term recorded to its end with no term right after it. Half-year billing has no name in the contract and
    is left empty. The number of users of a day's events cannot be told in a day's total and is left out.
    """

    name = "crm5"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether the three files lie there."""
        return all((folder / f"{name}.parquet").is_file() for name in COLUMNS)

    @property
    def files(self) -> tuple[Path, ...]:
        """The three files."""
        return tuple(self.folder / f"{name}.parquet" for name in COLUMNS)

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Accounts, subscriptions, renewals and usage."""
        files = [File(path.stem, path, COLUMNS[path.stem]) for path in self.files]
        open_views(connection, files, self.folder)
        run(connection, _TERMS, self.folder, "subscriptions")
        doubt = Doubt("subscriptions", "additions without a plan, left out", _LEFT_OUT)
        tables = load_mapped(connection, _mapped(), self.folder)
        return Loaded(tables, findings=count_doubts(connection, [doubt]))


def _mapped() -> tuple[Mapped, ...]:
    day = "the midnight with which the day of the events begins, so that an as_of sees every day before it"
    return (
        Mapped("accounts", _ACCOUNTS, "the start of the first term"),
        Mapped("subscriptions", _SUBSCRIPTIONS, "the start of the term"),
        Mapped("renewals", _RENEWALS, "the end of the term, when the next one did or did not begin"),
        Mapped("usage", _USAGE, day),
    )
