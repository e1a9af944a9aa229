"""When a row counts, when its later columns do, and which of its versions."""

from datetime import datetime

import pytest

TICKET = {"ticket_id": "T1", "account_id": "A", "opened_at": "2024-02-01"}
MARCH = datetime.fromisoformat("2024-03-01T00:00:00")


def test_a_table_without_known_at_gets_its_stand_in_and_says_so(checked):
    found = checked({"tickets": [TICKET]})
    assert found.rows("tickets")[0]["known_at"] == datetime.fromisoformat("2024-02-01T00:00:00")
    assert found.report.table("tickets").stand_in == "opened_at (the table has no known_at)"


def test_an_empty_known_at_gets_the_stand_in_and_is_counted(checked):
    found = checked({"tickets": [TICKET | {"known_at": None}, TICKET | {"ticket_id": "T2", "known_at": "2024-03-01"}]})
    known = {row["ticket_id"]: row["known_at"] for row in found.rows("tickets")}
    assert known == {"T1": datetime.fromisoformat("2024-02-01T00:00:00"), "T2": MARCH}
    assert found.finding("known_at is empty") == 1
    assert found.report.table("tickets").late == 1


def test_onboarding_without_known_at_is_known_since_the_account_began(checked):
    step = {"account_id": "A", "step": "kick-off", "due_at": "2024-06-01"}
    assert checked({"onboarding": [step]}).rows("onboarding")[0]["known_at"] == datetime.fromisoformat("2024-01-01T00:00:00")


@pytest.mark.parametrize(
    ("known_at", "resolved_at", "known"),
    [("2024-02-01", "2024-03-01", MARCH), ("2024-03-01", "2024-02-15", MARCH), ("2024-02-01", None, None)],
)
def test_a_time_is_known_at_the_later_of_itself_and_its_row(checked, known_at, resolved_at, known):
    row = checked({"tickets": [TICKET | {"known_at": known_at, "resolved_at": resolved_at}]}).rows("tickets")[0]
    assert row["resolved_at_known_at"] == known


@pytest.mark.parametrize(("resolved_at", "known"), [("2024-03-01", MARCH), (None, None)])
def test_satisfaction_follows_the_solution(checked, resolved_at, known):
    row = checked({"tickets": [TICKET | {"resolved_at": resolved_at, "csat": 5}]}).rows("tickets")[0]
    assert row["csat_known_at"] == known
    assert row["reopened_known_at"] == known


def test_a_knowledge_date_in_the_data_wins_and_what_follows_follows_it(checked):
    row = TICKET | {"resolved_at": "2024-02-10", "resolved_at_known_at": "2024-03-01", "csat": 5}
    found = checked({"tickets": [row]})
    assert found.rows("tickets")[0]["resolved_at_known_at"] == MARCH
    assert found.rows("tickets")[0]["csat_known_at"] == MARCH
    assert found.report.table("tickets").unknown_columns == ()


def test_what_came_of_a_meeting_is_known_when_it_was_to_be(checked):
    meeting = {"account_id": "A", "kind": "qbr", "scheduled_for": "2024-03-01", "status": "held", "known_at": "2024-02-01"}
    assert checked({"meetings": [meeting]}).rows("meetings")[0]["status_known_at"] == MARCH


def test_rows_with_one_key_are_versions_of_each_other(checked):
    rows = [TICKET | {"topic": "a", "known_at": "2024-02-01"}, TICKET | {"topic": "b", "known_at": "2024-03-01"}]
    found = checked({"tickets": rows})
    assert {row["topic"]: row["superseded_at"] for row in found.rows("tickets")} == {"a": MARCH, "b": None}
    assert found.report.table("tickets").versions == 1


def test_missing_parts_of_a_key_are_equal(checked):
    survey = {"account_id": "A", "contact_id": None, "kind": "nps", "sent_at": "2024-02-01"}
    found = checked({"surveys": [survey | {"known_at": "2024-02-01"}, survey | {"known_at": "2024-03-01"}]})
    assert found.report.table("surveys").versions == 1


def test_events_without_an_id_are_no_versions_of_each_other(checked):
    use = {"event_id": None, "account_id": "A", "occurred_at": "2024-02-01", "feature": "f"}
    found = checked({"usage": [use | {"known_at": "2024-02-01"}, use | {"known_at": "2024-03-01"}]})
    assert (found.report.table("usage").accepted, found.report.table("usage").versions) == (2, 0)


def test_identical_rows_count_once_however_their_times_are_written(checked):
    rows = [TICKET, TICKET | {"opened_at": "2024-02-01T01:00:00+01:00"}]
    table = checked({"tickets": rows}).report.table("tickets")
    assert (table.read, table.accepted, table.duplicates) == (2, 1, 1)


def test_same_key_and_same_day_of_knowledge_with_other_content_rejects_both(checked):
    found = checked({"tickets": [TICKET | {"topic": "a"}, TICKET | {"topic": "b"}, TICKET | {"ticket_id": "T2"}]})
    assert dict(found.report.table("tickets").reasons) == {"same key and same known_at, different content": 2}
    assert sorted(row["topic"] for row in found.rejects("tickets")) == ["a", "b"]
    assert [row["ticket_id"] for row in found.rows("tickets")] == ["T2"]


def test_a_contradiction_does_not_hide_the_versions_around_it(checked):
    days = [("a", "2024-02-01"), ("b", "2024-02-15"), ("c", "2024-02-15"), ("d", "2024-03-01")]
    found = checked({"tickets": [TICKET | {"topic": topic, "known_at": day} for topic, day in days]})
    assert {row["topic"]: row["superseded_at"] for row in found.rows("tickets")} == {"a": MARCH, "d": None}


LATER = {
    "accounts": [
        {"account_id": "A", "created_at": "2024-01-01", "known_at": "2024-01-01"},
        {"account_id": "B", "created_at": "2024-01-01", "known_at": "2024-03-01"},
    ]
}


@pytest.mark.parametrize("known_at", ["2024-02-01", "2024-02-15"])
def test_a_version_that_names_an_account_nobody_knows_yet_replaces_nothing_before_it_is_known(checked, known_at):
    rows = [TICKET | {"topic": "a", "known_at": "2024-02-01"}, TICKET | {"account_id": "B", "topic": "b", "known_at": known_at}]
    found = checked({**LATER, "tickets": rows})
    assert {row["topic"]: row["superseded_at"] for row in found.rows("tickets")} == {"a": MARCH, "b": None}


def test_a_given_row_id_is_kept_and_the_smallest_of_identical_rows(checked):
    found = checked({"tickets": [TICKET | {"row_id": "r2"}, TICKET | {"row_id": "r1"}]})
    assert [row["row_id"] for row in found.rows("tickets")] == ["r1"]


def test_a_row_keeps_its_id_when_an_empty_column_is_added(checked):
    plain = checked({"tickets": [TICKET]}).rows("tickets")[0]["row_id"]
    assert checked({"tickets": [TICKET | {"topic": "", "csat": None}]}).rows("tickets")[0]["row_id"] == plain
    assert checked({"tickets": [TICKET | {"topic": "x"}]}).rows("tickets")[0]["row_id"] != plain
