"""Onboarding signals, case by case."""

from functools import partial

import pytest

from tests.spec.cases import ago, edge, row
from tests.spec.cases import case as case_of
from tests.spec.cases import empty as empty_of

case = partial(case_of, began_days=100)
empty = partial(empty_of, began_days=100)


def step(due, done=None, **columns):
    return row("onboarding", due, **({} if done is None else {"completed_at": ago(done)}), **columns)


def goal(met, **columns):
    return row("goals", 95, met_at=ago(met), **columns)


def session(age=None, **columns):
    return row("meetings", age, **{"kind": "onboarding", **columns})


def use(age=None, **columns):
    return row("usage", age, **columns)


CASES = (
    empty("onboarding_steps_done_share", None),
    case("onboarding_steps_done_share", "one of four", [step(60, 50), step(50), step(1), step(-30)], 0.25),
    case("onboarding_steps_done_share", "done on as_of", [step(60, 0)], 0),
    case("onboarding_steps_done_share", "learned at as_of", [step(60, 50, known_at=ago(0))], None),
    case_of("onboarding_steps_done_share", "customer for 181 days", [step(60, 50)], None, began_days=181),
    case_of("onboarding_steps_done_share", "customer for 180 days", [step(60, 50)], 1, began_days=180),
    empty("onboarding_overdue_steps", 0),
    case("onboarding_overdue_steps", "due yesterday", [step(1)], 1),
    case("onboarding_overdue_steps", "due on as_of", [step(0)], 0),
    case("onboarding_overdue_steps", "done late", [step(60, 50)], 0),
    empty("onboarding_longest_overdue_days", 0),
    case("onboarding_longest_overdue_days", "of two", [step(60), step(9), step(70, 50)], 60),
    case("onboarding_longest_overdue_days", "all ahead", [step(-9)], 0),
    empty("onboarding_delay_days", None),
    case("onboarding_delay_days", "one early, one late", [step(60, 70), step(60, 40), step(30)], 5),
    empty("first_value_days", None),
    case("first_value_days", "the first of two", [goal(30), goal(60)], 40),
    case("first_value_days", "met on as_of", [goal(0)], None),
    case("first_value_days", "learned at as_of", [goal(30, met_at_known_at=ago(0))], None),
    *edge("first_use_days", use(), 180, inside=179, oldest=0, outside=None, began_days=180),
    empty("first_use_days", None),
    case("first_use_days", "the first of two", [use(90), use(9)], 10),
    case_of("first_use_days", "customer for 181 days", [use(90)], None, began_days=181),
    case("first_use_days", "a total of zero is no use", [use(90, quantity=0), use(80)], 20),
    empty("no_value_yet", None),
    case("no_value_yet", "one of two met", [goal(30), row("goals", 95)], 0),
    case("no_value_yet", "none met", [row("goals", 95)], 1),
    case("no_value_yet", "met on as_of", [goal(0)], 1),
    case("no_value_yet", "learned at as_of", [goal(30, known_at=ago(0))], None),
    case_of("no_value_yet", "customer for 30 days", [row("goals", 25)], None, began_days=30),
    case_of("no_value_yet", "customer for 31 days", [row("goals", 25)], 1, began_days=31),
    case_of("no_value_yet", "customer for 180 days", [row("goals", 95)], 1, began_days=180),
    case_of("no_value_yet", "customer for 181 days", [row("goals", 95)], None, began_days=181),
    *edge("guided_sessions_90d", session(), 90, inside=1, outside=0),
    empty("guided_sessions_90d", 0),
    case("guided_sessions_90d", "a training", [session(9, kind="training")], 1),
    case("guided_sessions_90d", "missed", [session(9, status="missed")], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_onboarding(case, values):
    assert values[case] == pytest.approx(case.value)
