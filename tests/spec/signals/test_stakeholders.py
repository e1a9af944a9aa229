"""Stakeholder signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def person(age=300, role="champion", **columns):
    return row("contacts", age, role=role, **columns)


def former(**columns):
    """A champion whose leaving was known ahead, whenever it is."""
    return person(ended_at_known_at=ago(250), **columns)


def top(age=None, **columns):
    return row("meetings", age, kind="executive", **columns)


def mail(age=None, **columns):
    return row("messages", age, **columns)


USERS = [person(role="end_user"), person(role="admin")]

CASES = (
    *edge("champion_left_days", person(), 180, at="ended_at", inside=1, oldest=180, outside=None),
    empty("champion_left_days", None),
    case("champion_left_days", "the last of two", [person(ended_at=ago(90)), person(ended_at=ago(12))], 12),
    case("champion_left_days", "somebody else left", [person(role="admin", ended_at=ago(12))], None),
    case("champion_left_days", "will leave", [former(ended_at=ago(-9))], None),
    *edge("champion_left_180d", person(), 180, at="ended_at", inside=1, outside=0),
    empty("champion_left_180d", 0),
    case("champion_left_180d", "will leave", [former(ended_at=ago(-9))], 0),
    empty("single_threaded", None),
    case("single_threaded", "two people", USERS, 1),
    case("single_threaded", "three people", [*USERS, person()], 0),
    case(
        "single_threaded",
        "one person in three roles",
        [person(role=r, contact_id="p") for r in ("champion", "admin", "billing")],
        1,
    ),
    case("single_threaded", "one of three left", [*USERS, person(ended_at=ago(1))], 1),
    case("single_threaded", "one of three will leave", [*USERS, former(ended_at=ago(-1))], 0),
    case("single_threaded", "all left", [person(ended_at=ago(9))], 1),
    empty("roles_covered", None),
    case("roles_covered", "two users, an admin", [*USERS, person(role="end_user")], 2),
    empty("sponsor_present", None),
    case("sponsor_present", "a sponsor", [person(role="executive_sponsor")], 1),
    case("sponsor_present", "the sponsor left", [person(role="executive_sponsor", ended_at=ago(9))], 0),
    case("sponsor_present", "users only", USERS, 0),
    *edge("new_leaders_180d", row("contacts", role="decision_maker"), 180, inside=1, outside=0),
    empty("new_leaders_180d", 0),
    case("new_leaders_180d", "there from the beginning", [person(70, "decision_maker")], 0, began_days=100),
    case("new_leaders_180d", "came 31 days later", [person(69, "decision_maker")], 1, began_days=100),
    case("new_leaders_180d", "a new user", [person(9, "end_user")], 0),
    *edge("active_contacts_90d", mail(contact_id="p"), 90, inside=2, outside=1, beside=[mail(9, contact_id="q")]),
    empty("active_contacts_90d", 0),
    case("active_contacts_90d", "we wrote to them", [mail(9, direction="out", contact_id="p")], 0),
    case("active_contacts_90d", "the same person twice", [mail(9, contact_id="p"), mail(8, contact_id="p")], 1),
    *edge("days_since_top_meeting", top(), 365, inside=1, oldest=365, outside=365),
    empty("days_since_top_meeting", 365),
    case("days_since_top_meeting", "missed", [top(9, status="missed")], 365),
    *edge("stakeholder_hits_90d", row("texts", stakeholder=0.5), 90, inside=1, outside=0),
    empty("stakeholder_hits_90d", 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stakeholders(case, values):
    assert values[case] == pytest.approx(case.value)
