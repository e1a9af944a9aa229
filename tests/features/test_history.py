"""The time law, case by case."""

from datetime import date

import pytest

from features.history import History

AS_OF = date(2025, 3, 1)


def ticket(**columns):
    return {"ticket_id": "t", "account_id": "a", "opened_at": "2025-02-10", **columns}


def seen(history: History, table: str, as_of=AS_OF):
    return history.known(table, [as_of]).to_pandas()


@pytest.mark.parametrize(
    ("known_at", "rows"),
    [("2025-02-28 23:59", 1), ("2025-03-01 00:00", 0), ("2025-03-01 00:01", 0)],
    ids=["the evening before", "at the very moment", "after"],
)
def test_a_row_counts_when_it_was_known_before_as_of(history_of, known_at, rows):
    assert len(seen(history_of(tickets=[ticket(known_at=known_at)]), "tickets")) == rows


def test_a_ticket_closed_tomorrow_is_an_open_ticket_today(history_of):
    history = history_of(tickets=[ticket(resolved_at="2025-03-02", csat=1, known_at="2025-02-10")])
    today, later = seen(history, "tickets"), seen(history, "tickets", date(2025, 3, 3))
    assert today["resolved_at"].isna().all()
    assert today["csat"].isna().all()
    assert later["csat"].tolist() == [1.0]


def test_a_knowledge_date_of_its_own_wins(history_of):
    row = ticket(resolved_at="2025-02-12", known_at="2025-02-10", resolved_at_known_at="2025-03-05")
    assert seen(history_of(tickets=[row]), "tickets")["resolved_at"].isna().all()


def test_a_date_that_is_agreed_ahead_is_known_with_its_row(history_of):
    assert seen(history_of(), "subscriptions")["renews_at"].dt.year.tolist() == [2027]


def test_of_several_versions_the_latest_known_counts(history_of):
    history = history_of(
        tickets=[ticket(severity="low", known_at="2025-02-10"), ticket(severity="urgent", known_at="2025-03-01")]
    )
    assert seen(history, "tickets")["severity"].tolist() == ["low"]
    assert seen(history, "tickets", date(2025, 3, 2))["severity"].tolist() == ["urgent"]


def test_a_version_learned_at_as_of_does_not_yet_replace_the_old_one(history_of):
    history = history_of(tickets=[ticket(known_at="2025-02-10"), ticket(severity="high", known_at="2025-03-01")])
    assert len(seen(history, "tickets")) == 1


def usage(occurred_at, **columns):
    return {"account_id": "a", "user_id": "u", "occurred_at": occurred_at, "feature": "reports", "quantity": 1, **columns}


def test_a_window_holds_its_first_day_and_not_as_of(history_of):
    days = ["2025-02-21", "2025-02-22", "2025-02-28", "2025-03-01"]  # 8, 7, 1 and 0 days before
    history = history_of(usage=[usage(day, known_at=day) for day in days])
    totals = history.totals("usage", [AS_OF], 7, ()).to_pandas()
    assert sorted(totals["age"]) == [1, 7]


def test_totals_keep_the_day_on_which_a_row_was_learned(history_of):
    history = history_of(usage=[usage("2025-02-10", known_at="2025-02-10"), usage("2025-02-10 09:00", known_at="2025-03-04")])
    at = {as_of: history.totals("usage", [as_of], 60, ()).n.sum().to_pandas() for as_of in (AS_OF, date(2025, 3, 5))}
    assert list(at.values()) == [1, 2]


def test_identical_rows_count_once(history_of):
    history = history_of(usage=[usage("2025-02-10"), usage("2025-02-10")])
    assert history.totals("usage", [AS_OF], 60, ()).n.sum().to_pandas() == 1


@pytest.mark.parametrize("quantity", ["1000000000000000", "0.0004", "0.000000001"])
def test_the_largest_and_the_smallest_use_are_counted(history_of, quantity):
    uses = [usage(f"2025-02-10 0{n}:00", quantity=quantity) for n in range(3)]
    total = history_of(usage=uses).totals("usage", [AS_OF], 60, ()).quantity.sum().to_pandas()
    assert float(total) == pytest.approx(3 * float(quantity), rel=1e-15, abs=0)


def test_a_missing_table_is_not_there(history_of):
    assert not history_of().has("tickets")
