"""Value signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def goal(agreed=300, due=None, met=None, **columns):
    times = {"due_at": due, "met_at": met}
    return row("goals", agreed, **{name: ago(age) for name, age in times.items() if age is not None}, **columns)


def review(age=None, **columns):
    return row("meetings", age, **{"kind": "value_review", **columns})


def use(age=None, **columns):
    return row("usage", age, **columns)


def wanted(feature, agreed=300):
    return goal(agreed, feature=feature)


CASES = (
    empty("goals_met_share", None),
    case("goals_met_share", "one of two", [goal(met=9), goal()], 0.5),
    case("goals_met_share", "met on as_of", [goal(met=0)], 0),
    case("goals_met_share", "learned at as_of", [goal(met=9, known_at=ago(0))], None),
    *edge("goals_missed_28d", goal(), 28, at="due_at", inside=1, outside=0),
    empty("goals_missed_28d", 0),
    case("goals_missed_28d", "met late", [goal(due=20, met=10)], 0),
    *edge("days_since_goal_met", goal(), 365, at="met_at", inside=1, oldest=365, outside=None),
    empty("days_since_goal_met", None),
    case("days_since_goal_met", "the last of two", [goal(met=90), goal(met=12, goal="other")], 12),
    empty("goals_overdue", 0),
    case("goals_overdue", "due yesterday", [goal(due=1)], 1),
    case("goals_overdue", "due on as_of", [goal(due=0)], 0),
    case("goals_overdue", "without a date", [goal()], 0),
    case("goals_overdue", "met late", [goal(due=50, met=40)], 0),
    *edge("goals_met_365d", goal(900), 365, at="met_at", inside=1, outside=0),
    empty("goals_met_365d", 0),
    *edge("value_reviews_365d", review(), 365, inside=1, outside=0),
    empty("value_reviews_365d", 0),
    case("value_reviews_365d", "cancelled", [review(9, status="cancelled")], 0),
    case("value_reviews_365d", "a check-in is none", [review(9, kind="check_in")], 0),
    *edge("value_doubt_hits_90d", row("texts", value_doubt=0.5), 90, inside=1, outside=0),
    empty("value_doubt_hits_90d", 0),
    *edge("core_unused", use(feature="alerts"), 84, inside=2, outside=3, beside=[use(9)]),
    empty("core_unused", None),
    *edge("days_since_value_review", review(), 365, inside=1, oldest=365, outside=365),
    empty("days_since_value_review", 365),
    case("days_since_value_review", "cancelled", [review(9, status="cancelled"), review(90)], 90),
    empty("goal_features_used_share", None),
    case("goal_features_used_share", "one of two", [wanted("alerts"), wanted("api"), use(9, feature="alerts")], 0.5),
    case("goal_features_used_share", "used 84 days ago", [wanted("alerts"), use(84, feature="alerts")], 1),
    case("goal_features_used_share", "used 85 days ago", [wanted("alerts"), use(85, feature="alerts")], 0),
    case("goal_features_used_share", "learned at as_of", [wanted("alerts"), use(9, feature="alerts", known_at=ago(0))], 0),
    case("goal_features_used_share", "a total of zero is no use", [wanted("alerts"), use(9, feature="alerts", quantity=0)], 0),
    case("goal_features_used_share", "two goals, one feature", [wanted("api"), wanted("api", 9), use(9, feature="api")], 1),
    case("goal_features_used_share", "no feature is named", [goal(), use(9)], None),
    case("goal_features_used_share", "no log of this account", [wanted("alerts")], None, used=False),
    case("core_unused", "only a feature that is not core", [use(9, feature="help")], 4),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_value(case, values):
    assert values[case] == pytest.approx(case.value)
