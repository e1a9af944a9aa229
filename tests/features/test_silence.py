"""A source is silent for an account when nothing came for longer than is usual for it."""

from datetime import date, timedelta

import pytest

from features.silence import silences

DAY = date(2026, 1, 1)


def tickets(*ages, account="a"):
    return [{"ticket_id": f"{account}{age}", "account_id": account, "opened_at": str(DAY - timedelta(days=age))} for age in ages]


def found(history, rows=4):
    told = silences(history, DAY, least_days=60, times=4, rows=rows, looked_back_days=365)
    return [(account, table, last.date()) for account, table, last in told.itertuples(index=False)]


@pytest.mark.parametrize(
    ("ages", "silent"),
    [
        ((60, 70, 80, 90), True),
        ((59, 70, 80, 90), False),
        ((80, 100, 120, 140), True),
        ((79, 100, 121, 142), False),
        ((100, 110, 120), False),
        ((100, 200, 300, 350), False),
    ],
)
def test_nothing_for_sixty_days_and_four_times_the_usual_gap_is_silence(history_of, ages, silent):
    told = [("a", "tickets", DAY - timedelta(days=ages[0]))] if silent else []
    assert found(history_of(tickets=tickets(*ages))) == told


def test_each_account_has_its_own_usual(history_of):
    rows = [*tickets(70, 75, 80, 85), *tickets(70, 150, 230, 310, account="b")]
    assert found(history_of(tickets=rows)) == [("a", "tickets", DAY - timedelta(days=70))]


def test_where_there_is_no_such_source_nothing_is_said(history_of):
    assert found(history_of()) == []
