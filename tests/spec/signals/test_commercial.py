"""Commercial signals, case by case."""

import pytest

from tests.spec.cases import NOW, ago, case, empty, row


def day(age):
    return ago(age) - (ago(0) - NOW)


def term(start, end, arr=1000, **columns):
    return row("subscriptions", started_at=day(start), renews_at=day(end), arr=arr, **columns)


def attempt(outcome, finished, **columns):
    return row("interventions", 90, outcome=outcome, finished_at=ago(finished), **columns)


def promise(due, kept=None, **columns):
    return row("promises", 90, due_at=ago(due), **({} if kept is None else {"kept_at": ago(kept)}), **columns)


CASES = (
    empty("days_to_renewal", 165),
    case("days_to_renewal", "ended 9 days ago", [term(374, 9)], -9),
    case("days_to_renewal", "a later term is agreed", [term(300, -65), term(-65, -430, known_at=ago(9))], 430),
    case("days_to_renewal", "a later term learned at as_of", [term(300, -65), term(-65, -430, known_at=ago(0))], 65),
    empty("term_days", 1165),
    case("term_days", "the one that runs", [term(400, 35), term(35, -30)], 65),
    empty("monthly_term", 0),
    case("monthly_term", "billed monthly", [term(300, -65, billing="monthly")], 1),
    case("monthly_term", "a term of 31 days", [term(9, -22)], 1),
    case("monthly_term", "a term of 32 days", [term(9, -23)], 0),
    empty("auto_renew", None),
    case("auto_renew", "it does", [], 1, term={"auto_renew": True}),
    case("auto_renew", "it does not", [], 0, term={"auto_renew": False}),
    empty("notice_days", None),
    case("notice_days", "known", [], 60, term={"notice_days": 60}),
    empty("tenure_days", 1000),
    case("tenure_days", "the first term began before the account", [term(1200, -65)], 1200),
    empty("arr", 12000),
    case("arr", "two terms at once", [term(300, -65, 700), term(200, -90, 50.5)], 750.5),
    empty("seats", 10),
    case("seats", "not known", [], None, term={"seats": None}),
    empty("plan", None),
    case("plan", "known", [], "pro", term={"plan": "pro"}),
    empty("price_rise_share", None),
    case("price_rise_share", "a fifth more", [term(400, 35), term(35, -330, 1200)], 0.2),
    case("price_rise_share", "of two renewed at once", [*[term(400, 35)] * 2, term(35, -330, 1500), term(35, -330, 1000)], 0.25),
    case("price_rise_share", "a term beside the renewed one", [term(400, 35), term(35, -330, 1200), term(300, -65, 9)], 0.2),
    case("price_rise_share", "another term added later", [term(700, 335), term(335, -30), term(20, -345, 9)], None),
    case("price_rise_share", "a gap of 31 days", [term(400, 66), term(35, -330, 900)], -0.1),
    case("price_rise_share", "a gap of 32 days", [term(400, 67), term(35, -330, 900)], None),
    case("price_rise_share", "begins on as_of", [term(365, 0), term(0, -365, 900, known_at=ago(9))], -0.1),
    case("price_rise_share", "learned at as_of", [term(400, -20), term(35, -330, 1200, known_at=ago(0))], None),
    empty("past_saves", 0),
    case("past_saves", "one of two", [attempt("saved", 30), attempt("lost", 30)], 1),
    case("past_saves", "finished on as_of", [attempt("saved", 0)], 0),
    empty("promises_overdue", 0),
    case("promises_overdue", "due yesterday", [promise(1)], 1),
    case("promises_overdue", "due on as_of", [promise(0)], 0),
    case("promises_overdue", "kept late", [promise(30, 9)], 0),
    case("promises_overdue", "kept after as_of", [promise(30, -9)], 1),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_commercial(case, values):
    assert values[case] == (case.value if isinstance(case.value, str) else pytest.approx(case.value))
