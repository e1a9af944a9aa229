"""Commercial history, case by case."""

import pytest

from tests.spec.cases import NOW, ago, case, edge, empty, row


def day(age):
    return ago(age) - (ago(0) - NOW)


def term(start, end, arr=1000, **columns):
    return row("subscriptions", started_at=day(start), renews_at=day(end), arr=arr, **columns)


def outcome(kind="expanded", age=None, renews=-165):
    decided = {} if age is None else {"decided_at": ago(age)}
    return row("renewals", renews_at=ago(renews), outcome=kind, **decided)


def attempt(outcome="saved", **columns):
    return row("interventions", 800, outcome=outcome, **columns)


GROWN = [term(700, 335, seats=10), term(335, -30, 1200, seats=12)]

CASES = (
    empty("arr_change_365d", None, began_days=100),
    case("arr_change_365d", "a fifth more", GROWN, 0.2),
    case("arr_change_365d", "the same term runs", [term(700, -30)], 0),
    case("arr_change_365d", "began 365 days ago", [term(365, -30)], 0),
    case("arr_change_365d", "began 364 days ago", [term(364, -30)], None),
    case("arr_change_365d", "the one before ended 365 days ago", [term(700, 365), term(300, -65)], None),
    case("arr_change_365d", "a second term beside it", [*GROWN, term(100, -265, 300)], 0.5),
    case("arr_change_365d", "none runs now", [term(700, 9)], None),
    case("arr_change_365d", "the new one learned at as_of", [*GROWN[:1], term(335, -30, 1200, known_at=ago(0)), term(9, -9)], 0),
    empty("seats_change_365d", None, began_days=100),
    case("seats_change_365d", "a fifth more", GROWN, 0.2),
    case("seats_change_365d", "not known a year ago", [term(700, 335), GROWN[1]], None),
    case("seats_change_365d", "not known now", [GROWN[0], term(335, -30)], None),
    empty("renewals_past", 0),
    case("renewals_past", "renewed and grown", [outcome("renewed", 530, renews=530), outcome("expanded", 90)], 2),
    case("renewals_past", "renewed for less", [outcome("contracted", 90)], 0),
    case("renewals_past", "decided after as_of", [outcome(age=-9)], 0),
    *edge("expansions_730d", outcome(), 730, inside=1, outside=0),
    empty("expansions_730d", 0),
    case("expansions_730d", "renewed as it was", [outcome("renewed", 90)], 0),
    *edge("days_since_save", attempt(), 730, at="finished_at", inside=1, oldest=730, outside=None),
    empty("days_since_save", None),
    case("days_since_save", "lost", [attempt("lost", finished_at=ago(9))], None),
    case("days_since_save", "the last of two", [attempt(finished_at=ago(99)), attempt(finished_at=ago(9))], 9),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_commercial_past(case, values):
    assert values[case] == pytest.approx(case.value)
