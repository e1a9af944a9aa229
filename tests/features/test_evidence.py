"""The raw rows under a signal."""

import json
from datetime import date

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.check import check
from features.evidence import PICKED, pick, raw_rows
from features.history import History
from features.params import DataParams, TextParams
from features.read_texts import write_texts
from features.text.rules import RuleAnalyzer
from tests.conftest import RENEWAL, InMemory

AS_OF, NEXT_WEEK = date(2025, 3, 1), date(2025, 3, 8)
SIGNALS = {signal.name: signal for signal in catalogue()}


def ticket(number, opened, name="a", **columns):
    return {"ticket_id": f"t{number}", "account_id": name, "opened_at": opened, "kind": "bug", "row_id": f"r{number}", **columns}


def attempt(number, **columns):
    said = {"intervention_id": number, "account_id": "a", "playbook": "budget", "assigned_at": "2025-01-10", "arm": "treated"}
    return said | {"outcome": "saved", "row_id": f"i{number}", **columns}


COMPANY = {
    "accounts": [{"account_id": name, "created_at": "2024-01-01"} for name in "ab"],
    "subscriptions": [
        {"subscription_id": name, "account_id": name, "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 10}
        for name in "ab"
    ],
    "renewals": [RENEWAL | {"account_id": "a"}],
    "tickets": [
        ticket(1, "2025-01-10", resolved_at="2025-03-04", csat="2", severity="low", text="¡No funciona! 😡"),
        ticket(2, "2025-02-20 08:30"),
        ticket(4, "2025-02-01"),
        ticket(3, "2025-02-01"),
        ticket(5, "2025-02-28", known_at="2025-03-01"),
        ticket(6, "2024-10-01"),
        ticket(7, "2025-02-02", kind="how_to"),
        ticket(8, "2025-02-02", "b"),
        ticket(10, "2024-12-20", row_id="same", severity="low"),
        ticket(9, "2024-12-21", row_id="same", severity="urgent"),
    ],
    "contacts": [
        {"contact_id": "c", "account_id": "a", "role": "champion", "started_at": "2024-01-01", "ended_at": "2025-02-10"},
    ],
    "interventions": [
        attempt("1", finished_at="2025-02-05"),
        attempt("2", assigned_at="2025-01-20", outcome_known_at="2025-02-01"),
    ],
    "usage": [
        {
            "account_id": "a",
            "user_id": "u",
            "occurred_at": f"2025-02-0{day}",
            "feature": "api",
            "quantity": day,
            "row_id": f"u{day}",
        }
        for day in range(1, 10)
    ],
    "messages": [
        {
            "account_id": "a",
            "sent_at": "2025-02-11",
            "direction": "in",
            "text": "We want to cancel our subscription.",
            "row_id": "m1",
        },
    ],
}


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("company")
    frames = {name: pd.DataFrame(rows) for name, rows in COMPANY.items()}
    report = check(InMemory(frames), DataParams(**settings["data"]), folder)
    assert not [table.reasons for table in report.tables if table.rejected]
    write_texts(folder, RuleAnalyzer(TextParams(**settings["text"])))
    return History.open(folder)


def picked(history, *pairs, as_of=AS_OF, rows_a_signal=5):
    wanted = pd.DataFrame(pairs, columns=["account_id", "signal"])
    return pick(history, as_of, wanted, SIGNALS, rows_a_signal=rows_a_signal)


def ids(frame):
    return frame["row_id"].tolist()


def rows_of(history, frame, as_of=AS_OF):
    """{row_id: the row as a person would see it}."""
    found = raw_rows(history, as_of, frame)
    return {row_id: json.loads(row) for row_id, row in zip(found["row_id"], found["row"], strict=True)}


def test_rows_come_newest_first_and_equal_times_by_id(history):
    found = picked(history, ("a", "bugs_90d"))
    assert ids(found)[:4] == ["r2", "r3", "r4", "r1"]
    assert found["at"].tolist()[0] == pd.Timestamp("2025-02-20 08:30")


def test_of_many_rows_the_newest_are_kept(history):
    assert ids(picked(history, ("a", "bugs_90d"), rows_a_signal=2)) == ["r2", "r3"]


def test_rows_under_a_day_total_are_the_single_events(history):
    found = picked(history, ("a", "events_28d"), rows_a_signal=3)
    assert ids(found) == ["u9", "u8", "u7"]
    assert set(found["table"]) == {"usage"}


def test_only_what_is_wanted_is_picked(history):
    assert ids(picked(history, ("b", "bugs_90d"))) == ["r8"]
    both = picked(history, ("b", "bugs_90d"), ("a", "events_28d"), rows_a_signal=1)
    assert list(zip(both["account_id"], both["signal"], both["row_id"], strict=True)) == [
        ("a", "events_28d", "u9"),
        ("b", "bugs_90d", "r8"),
    ]


def test_a_row_learned_at_as_of_is_no_evidence_yet(history):
    assert "r5" not in ids(picked(history, ("a", "bugs_90d")))
    assert "r5" in ids(picked(history, ("a", "bugs_90d"), as_of=date(2025, 3, 2)))


def test_a_signal_may_date_its_rows_by_another_column(history):
    found = picked(history, ("a", "champion_left_180d"))
    assert found["at"].tolist() == [pd.Timestamp("2025-02-10")]


def test_a_row_whose_own_date_is_not_known_is_dated_by_its_day(history):
    found = picked(history, ("a", "past_saves"))
    assert list(zip(found["row_id"], found["at"], strict=True)) == [
        ("i1", pd.Timestamp("2025-02-05")),
        ("i2", pd.Timestamp("2025-01-20")),
    ]


def test_under_a_text_signal_stands_the_row_that_holds_the_words(history):
    found = picked(history, ("a", "cancel_hits_90d"))
    assert found[["table", "row_id"]].to_numpy().tolist() == [["messages", "m1"]]
    assert rows_of(history, found)["m1"]["text"] == "We want to cancel our subscription."


@pytest.mark.parametrize("name", ["tenure_days", "late_invoices_180d"], ids=["a contract fact", "a missing table"])
def test_there_are_no_rows_under(name, history):
    found = picked(history, ("a", name))
    assert found.empty
    assert list(found.columns) == PICKED
    assert list(raw_rows(history, AS_OF, found).columns) == ["account_id", "table", "row_id", "row"]


def test_a_raw_row_shows_what_is_known_in_plain_json(history):
    row = rows_of(history, picked(history, ("a", "bugs_90d")))["r1"]
    assert row == {
        "account_id": "a",
        "ticket_id": "t1",
        "opened_at": "2025-01-10T00:00:00Z",
        "severity": "low",
        "kind": "bug",
        "text": "¡No funciona! 😡",
    }


def test_what_becomes_true_later_stands_in_the_row_from_then_on(history):
    found = picked(history, ("a", "bugs_90d"), as_of=NEXT_WEEK)
    row = rows_of(history, found, NEXT_WEEK)["r1"]
    assert (row["resolved_at"], row["csat"]) == ("2025-03-04T00:00:00Z", 2)


def test_a_row_under_two_signals_is_shown_once(history):
    found = picked(history, ("a", "bugs_90d"), ("a", "tickets_90d"), rows_a_signal=9)
    raw = raw_rows(history, AS_OF, found)
    assert len(found) > len(raw)
    assert ids(raw) == ["r1", "r2", "r3", "r4", "r7", "same"]


def test_of_rows_that_share_an_id_one_is_shown_and_always_the_same(history):
    found = picked(history, ("a", "bugs_90d"), rows_a_signal=9)
    assert ids(found).count("same") == 2
    assert rows_of(history, found)["same"]["ticket_id"] == "t10"
    assert not raw_rows(history, AS_OF, found).duplicated(["account_id", "table", "row_id"]).any()
