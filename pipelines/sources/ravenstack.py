"""RavenStack: synthetic SaaS data by River @ Rivalytics (credit the author). Its labels are noise, and its tables disagree.

Nothing is repaired here: what contradicts itself is mapped as it stands, counted, and told.
"""

from pathlib import Path

from duckdb import DuckDBPyConnection

from features.source import Loaded
from pipelines.sources.mapping import File, Mapped, count_doubts, load_mapped, open_views, run
from pipelines.sources.ravenstack_doubts import DOUBTS

PREFIX = "ravenstack_"
_TEXT = "VARCHAR"
COLUMNS = {
    "accounts": dict.fromkeys(("account_id", "account_name", "industry", "country", "referral_source"), _TEXT)
    | {"signup_date": "DATE", "churn_flag": "BOOLEAN"},
    "churn_events": dict.fromkeys(("account_id", "reason_code", "feedback_text"), _TEXT) | {"churn_date": "DATE"},
    "feature_usage": dict.fromkeys(("usage_id", "subscription_id", "feature_name"), _TEXT)
    | {"usage_date": "DATE", "usage_count": "BIGINT"},
    "subscriptions": dict.fromkeys(("subscription_id", "account_id", "plan_tier", "billing_frequency"), _TEXT)
    | {"start_date": "DATE", "end_date": "DATE", "seats": "BIGINT", "arr_amount": "DOUBLE"}
    | {"churn_flag": "BOOLEAN", "auto_renew_flag": "BOOLEAN"},
    "support_tickets": dict.fromkeys(("ticket_id", "account_id", "priority"), _TEXT)
    | {"submitted_at": "TIMESTAMP", "closed_at": "TIMESTAMP", "first_response_time_minutes": "BIGINT"}
    | {"satisfaction_score": "DOUBLE", "escalation_flag": "BOOLEAN"},
}

# A subscription rolls on period by period until it ends, its account churns, or the data does: the end of one that was
# cancelled is not known before, so it must not stand as the end of a term.
_TERMS = """
    CREATE OR REPLACE TEMP TABLE term AS
    WITH data AS (SELECT max(day) AS until FROM (
        SELECT max(start_date) AS day FROM rs_subscriptions UNION ALL SELECT max(end_date) FROM rs_subscriptions
        UNION ALL SELECT max(usage_date) FROM rs_feature_usage UNION ALL SELECT max(churn_date) FROM rs_churn_events)),
    ends AS (
        SELECT s.*, s.end_date AS stops, (
            SELECT min(churn_date) FROM rs_churn_events c WHERE c.account_id = s.account_id AND c.churn_date >= start_date
        ) AS churned_on, until,
        CASE billing_frequency WHEN 'monthly' THEN 1 ELSE 12 END AS months
        FROM rs_subscriptions s, data),
    periods AS (
        SELECT *, least(stops, churned_on) AS left_on,
            unnest(range(0, 1 + date_diff('month', start_date, coalesce(least(stops, churned_on), until)), months)) AS month
        FROM ends),
    dated AS (
        SELECT *, CAST(start_date + to_months(CAST(month AS INTEGER)) AS TIMESTAMP) AS started_at,
            CAST(start_date + to_months(CAST(month + months AS INTEGER)) AS TIMESTAMP) AS renews_at
        FROM periods)
    SELECT *, subscription_id || '/' || month AS term_id, left_on IS NOT NULL AND left_on <= renews_at AS last
    FROM dated WHERE month = 0 OR started_at < coalesce(left_on, until + 1)"""
_ACCOUNTS = """
    SELECT account_id, account_name AS name, signup_date AS created_at, signup_date AS known_at, industry, country,
        referral_source AS attr_referral_source
    FROM rs_accounts"""
_SUBSCRIPTIONS = """
    SELECT term_id AS subscription_id, account_id, started_at, started_at AS known_at, renews_at, arr_amount AS arr, seats,
        plan_tier AS plan, billing_frequency AS billing, auto_renew_flag AS auto_renew, 'USD' AS currency
    FROM term"""
# Terms of one account that end on one day share their row: the contract keys an outcome by account and day.
_RENEWALS = """
    WITH ends AS (
        SELECT account_id, renews_at, term_id, arr_amount, last, left_on,
            CASE WHEN last THEN CAST(left_on AS TIMESTAMP) ELSE renews_at END AS decided_at
        FROM term WHERE last OR renews_at <= until),
    reasons AS (
        SELECT account_id, churn_date AS left_on, min(CASE reason_code WHEN 'pricing' THEN 'budget' WHEN 'budget' THEN 'budget'
            WHEN 'support' THEN 'service' WHEN 'features' THEN 'product_fit' WHEN 'competitor' THEN 'competitor'
            ELSE 'other' END) AS reason
        FROM rs_churn_events GROUP BY ALL)
    SELECT account_id, renews_at, max(decided_at) AS decided_at, max(decided_at) AS known_at,
        CASE WHEN count(*) = 1 THEN any_value(term_id) END AS subscription_id,
        CASE WHEN bool_and(last) THEN 'churned' WHEN bool_or(last) THEN 'contracted' ELSE 'renewed' END AS outcome,
        sum(arr_amount) AS arr_before, coalesce(sum(arr_amount) FILTER (NOT last), 0) AS arr_after,
        min(reason) FILTER (last) AS reason
    FROM ends LEFT JOIN reasons USING (account_id, left_on)
    GROUP BY account_id, renews_at"""
_USAGE = """
    SELECT account_id, usage_id AS row_id, usage_date AS occurred_at, usage_date AS known_at, feature_name AS feature,
        usage_count AS quantity
    FROM rs_feature_usage JOIN rs_subscriptions USING (subscription_id)"""
_TICKETS = """
    SELECT ticket_id, account_id, submitted_at AS opened_at, submitted_at AS known_at,
        CAST(submitted_at AS TIMESTAMP) + to_minutes(CAST(first_response_time_minutes AS INTEGER)) AS first_response_at,
        closed_at AS resolved_at, escalation_flag AS escalated, satisfaction_score AS csat,
        CASE priority WHEN 'medium' THEN 'normal' ELSE priority END AS severity
    FROM rs_support_tickets"""
_EXIT_INTERVIEWS = """
    SELECT account_id, churn_date AS held_at, churn_date AS known_at, min(CASE reason_code WHEN 'pricing' THEN 'budget'
            WHEN 'budget' THEN 'budget' WHEN 'support' THEN 'service' WHEN 'features' THEN 'product_fit'
            WHEN 'competitor' THEN 'competitor' ELSE 'other' END) AS reason,
        min(feedback_text) AS text
    FROM rs_churn_events GROUP BY account_id, churn_date"""


class RavenStack:
    """The folder of five CSV files.

    A churn event ends every subscription of its account; so does a subscription's own end date. Usage reaches its account
    through the subscription. Trials, refunds, durations and error counts have no place in the contract and are left out,
    and so are the churn flags of accounts and subscriptions, which are the outcome.
    """

    name = "ravenstack"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether a file of that name lies there."""
        return any(folder.glob(f"{PREFIX}*.csv"))

    @property
    def files(self) -> tuple[Path, ...]:
        """The CSV files that are there."""
        return tuple(sorted(self.folder.glob(f"{PREFIX}*.csv")))

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Accounts, subscriptions, renewals, usage, tickets and exit interviews, and every contradiction with its count."""
        files = [File(f"rs_{name}", self.folder / f"{PREFIX}{name}.csv", columns) for name, columns in COLUMNS.items()]
        open_views(connection, files, self.folder)
        run(connection, _TERMS, self.folder, "subscriptions")
        tables = load_mapped(connection, _MAPPED, self.folder)
        return Loaded(tables, findings=count_doubts(connection, DOUBTS))


_MAPPED = (
    Mapped("accounts", _ACCOUNTS, "the day of sign-up"),
    Mapped("subscriptions", _SUBSCRIPTIONS, "the start of each billing period"),
    Mapped("renewals", _RENEWALS, "the day of the decision"),
    Mapped("usage", _USAGE, "the midnight with which the day of use begins, so that an as_of sees every day before it"),
    Mapped("tickets", _TICKETS, "the day it was submitted; answer, solution and satisfaction on their own dates"),
    Mapped("exit_interviews", _EXIT_INTERVIEWS, "the day of the churn event"),
)
