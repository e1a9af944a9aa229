"""Tables that disagree with each other are told, and no row is refused for it."""

import pytest


def _term(number, start, end, account="A"):
    return {"subscription_id": f"S{number}", "account_id": account, "started_at": start, "renews_at": end, "arr": 1}


def _outcome(end, decided, outcome="churned", account="A"):
    return {"account_id": account, "renews_at": end, "decided_at": decided, "outcome": outcome}


RUNNING = _term(9, "2024-01-01", "2025-01-01", "B")
USE = {"account_id": "A", "occurred_at": "2023-12-31T23:59:59", "feature": "f"}


@pytest.mark.parametrize(
    ("tables", "words", "count"),
    [
        ({"subscriptions": [RUNNING]}, "no term at all", 1),
        ({"subscriptions": [_term(1, "2024-01-01", "2025-01-01"), _term(2, "2024-06-01", "2024-07-01"), RUNNING]}, "overlaps", 1),
        ({"subscriptions": [_term(1, "2024-01-01", "2024-02-01"), _term(2, "2024-02-01", "2024-03-01"), RUNNING]}, "gap", 0),
        ({"subscriptions": [_term(1, "2024-01-01", "2024-02-01"), _term(2, "2024-02-02", "2024-03-01"), RUNNING]}, "gap", 1),
        ({"renewals": [_outcome("2025-01-01", "2024-10-03")]}, "more than 90 days before", 0),
        ({"renewals": [_outcome("2025-01-01", "2024-10-02")]}, "more than 90 days before", 1),
        ({"renewals": [_outcome("2024-12-31", "2024-12-01")]}, "no term of the account ends then", 1),
        ({"usage": [USE, USE | {"occurred_at": "2024-01-01"}]}, "before the account's first term", 1),
        ({"tickets": [{"ticket_id": "T", "account_id": "A", "opened_at": "2023-05-01"}]}, "before the account was created", 1),
    ],
)
def test_what_the_tables_disagree_on_is_counted(checked, tables, words, count):
    found = checked(tables)
    assert found.finding(words) == count
    assert all(table.rejected == 0 for table in found.report.tables)


def test_a_past_term_with_neither_outcome_nor_successor_is_unknown(checked):
    terms = [
        _term(1, "2024-01-01", "2024-02-01"),
        _term(2, "2024-01-01", "2024-02-01", "B"),
        _term(3, "2024-02-01", "2024-03-01", "B"),
    ]
    use = [USE | {"occurred_at": "2024-02-15"}]
    ended = {"subscriptions": terms, "usage": use}
    assert (
        checked(ended | {"renewals": [_outcome("2024-03-01", "2024-02-10", account="B")]}).finding("unknown, never a churn") == 1
    )
    assert checked(ended | {"renewals": [_outcome("2024-02-01", "2024-01-10")]}).finding("unknown, never a churn") == 0


def test_accounts_that_come_back_are_counted(checked):
    terms = [_term(1, "2024-01-01", "2024-02-01"), _term(2, "2024-05-01", "2025-02-01"), RUNNING]
    assert checked({"subscriptions": terms, "renewals": [_outcome("2024-02-01", "2024-01-20")]}).finding("came back") == 1


def test_only_the_newest_version_of_a_term_is_looked_at(checked):
    terms = [
        _term(1, "2024-01-01", "2024-06-01") | {"known_at": "2024-01-01"},
        _term(1, "2024-01-01", "2025-01-01") | {"known_at": "2024-05-01"},
        RUNNING | {"known_at": "2024-01-01"},
    ]
    assert checked({"subscriptions": terms}).finding("overlaps") == 0
