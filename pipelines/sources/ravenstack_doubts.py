"""The contradictions inside RavenStack, each a count of rows of how many."""

from pipelines.sources.mapping import Doubt

_SUBSCRIBED_USE = "rs_feature_usage JOIN rs_subscriptions USING (subscription_id)"
_EVENT_OF = "EXISTS (SELECT 1 FROM rs_churn_events c WHERE c.account_id = a.account_id)"
_ENDED = "EXISTS (SELECT 1 FROM rs_subscriptions s WHERE s.account_id = a.account_id AND s.churn_flag)"
_END_NEAR = """
    EXISTS (SELECT 1 FROM rs_subscriptions s
            WHERE s.account_id = c.account_id AND abs(date_diff('day', s.end_date, c.churn_date)) <= 31)"""
_STILL_RUNNING = """
    EXISTS (SELECT 1 FROM rs_subscriptions s WHERE s.account_id = c.account_id AND s.start_date <= c.churn_date
                AND (s.end_date IS NULL OR s.end_date > c.churn_date))"""
_AGAIN = """
    SELECT count(*) FILTER (before IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM rs_subscriptions s
        WHERE s.account_id = e.account_id AND s.start_date >= e.before AND s.start_date <= e.churn_date)),
        count(*) FILTER (before IS NOT NULL)
    FROM (SELECT *, lag(churn_date) OVER (PARTITION BY account_id ORDER BY churn_date) AS before FROM rs_churn_events) e"""
_OTHER_REASON = """
    SELECT count(*) FILTER (CASE feedback_text WHEN 'too expensive' THEN reason_code NOT IN ('pricing', 'budget')
            WHEN 'switched to competitor' THEN reason_code <> 'competitor'
            WHEN 'missing features' THEN reason_code <> 'features' END),
        count(*) FILTER (feedback_text IS NOT NULL) FROM rs_churn_events"""


def _of(condition: str, rows: str) -> str:
    return f"SELECT count(*) FILTER ({condition}), count(*) FROM {rows}"


DOUBTS = (
    Doubt("usage", "before the start of its own subscription", _of("usage_date < start_date", _SUBSCRIBED_USE)),
    Doubt("usage", "after the end of its own subscription", _of("usage_date > end_date", _SUBSCRIBED_USE)),
    Doubt(
        "usage",
        "usage_id used before for another row",
        "SELECT count(*) - count(DISTINCT usage_id), count(*) FROM rs_feature_usage",
    ),
    Doubt(
        "tickets",
        "submitted before the account signed up",
        _of("submitted_at < signup_date", "rs_support_tickets JOIN rs_accounts USING (account_id)"),
    ),
    Doubt("renewals", "accounts.churn_flag contradicts churn_events", _of(f"churn_flag <> {_EVENT_OF}", "rs_accounts a")),
    Doubt(
        "renewals", "accounts.churn_flag contradicts subscriptions.churn_flag", _of(f"churn_flag <> {_ENDED}", "rs_accounts a")
    ),
    Doubt("renewals", "churn_events contradict subscriptions.churn_flag", _of(f"{_EVENT_OF} <> {_ENDED}", "rs_accounts a")),
    Doubt("renewals", "churn event without a subscription ending within 31 days", _of(f"NOT {_END_NEAR}", "rs_churn_events c")),
    Doubt("renewals", "churn event while a subscription of the account runs on", _of(_STILL_RUNNING, "rs_churn_events c")),
    Doubt("renewals", "churn again with no new subscription since the last churn", _AGAIN),
    Doubt("renewals", "feedback_text gives another reason than reason_code", _OTHER_REASON),
)
