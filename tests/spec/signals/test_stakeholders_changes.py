"""Stakeholders as they come and go, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def person(age=400, role="champion", **columns):
    return row("contacts", age, role=role, **columns)


def leader(age=400, **columns):
    return person(age, "decision_maker", **columns)


def will_leave(role):
    """Somebody of whom it is known that they will leave."""
    return person(role=role, ended_at=ago(-9), ended_at_known_at=ago(250))


CASES = (
    *edge("leader_left_180d", leader(), 180, at="ended_at", inside=1, outside=0),
    empty("leader_left_180d", 0),
    case("leader_left_180d", "will leave", [will_leave("decision_maker")], 0),
    case("leader_left_180d", "the champion left", [person(ended_at=ago(9))], 0),
    case("leader_left_180d", "the sponsor left", [person(role="executive_sponsor", ended_at=ago(9))], 1),
    *edge("decision_maker_replaced_180d", leader(), 180, at="ended_at", inside=1, outside=0, beside=[leader(20)]),
    empty("decision_maker_replaced_180d", 0),
    case("decision_maker_replaced_180d", "nobody came", [leader(ended_at=ago(9))], 0),
    case("decision_maker_replaced_180d", "the next one left too", [leader(ended_at=ago(90)), leader(80, ended_at=ago(9))], 0),
    case("decision_maker_replaced_180d", "a sponsor stays", [leader(ended_at=ago(9)), person(role="executive_sponsor")], 0),
    *edge("people_left_180d", person(role="end_user"), 180, at="ended_at", inside=1, outside=0),
    empty("people_left_180d", 0),
    case("people_left_180d", "one person in two roles", [person(r, contact_id="p", ended_at=ago(9)) for r in (400, 300)], 1),
    case("people_left_180d", "will leave", [will_leave("end_user")], 0),
    empty("champions_there", None),
    case("champions_there", "two", [person(), person()], 2),
    case("champions_there", "one left", [person(), person(ended_at=ago(1))], 1),
    case("champions_there", "will leave", [will_leave("champion")], 1),
    case("champions_there", "users only", [person(role="end_user")], 0),
    *edge("days_since_people_change", person(None), 365, inside=1, oldest=365, outside=365),
    *edge("days_since_people_change", person(), 365, at="ended_at", inside=1, oldest=365, outside=365),
    empty("days_since_people_change", 365),
    case("days_since_people_change", "came with the account", [person(90)], 365, began_days=100),
    case(
        "days_since_people_change",
        "a user came and one left",
        [person(9, "end_user"), person(role="admin", ended_at=ago(9))],
        365,
    ),
    case("days_since_people_change", "one left, then the next came", [leader(ended_at=ago(50)), leader(20)], 20),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stakeholders_changes(case, values):
    assert values[case] == pytest.approx(case.value)
