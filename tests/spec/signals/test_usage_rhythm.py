"""Usage against the account's own rhythm, case by case."""

import pytest

from tests.spec.cases import INSTANT, NOW, ago, case, edge, empty, row


def use(age=None, **columns):
    return row("usage", age, **columns)


def new(name, moment, **columns):
    """A feature that nobody used before; and an old one, so that the account has some use."""
    return [row("usage", feature=name, occurred_at=moment, **columns), use(9)]


THEN = use(380, quantity=4)  # 52 weeks before the last four
YEAR = [use(9, quantity=4), THEN]
WEEKLY = [use(day) for day in (3, 10, 17, 24)]
START, EVE = NOW - 84 * (ago(0) - ago(1)), NOW - (ago(0) - ago(1))

CASES = (
    *edge("usage_change_year_28d", use(quantity=2), 392, inside=-1 / 3, newest=0.5, outside=0, beside=YEAR),
    *edge("usage_change_year_28d", use(quantity=2), 364, inside=0, older=-1 / 3, newest=0.5, outside=0, beside=YEAR),
    *edge("usage_change_year_28d", use(quantity=2), 28, inside=0.5, outside=0, beside=YEAR),
    empty("usage_change_year_28d", None),
    case("usage_change_year_28d", "gone", [THEN], -1),
    case("usage_change_year_28d", "customer for 391 days", YEAR, None, began_days=391),
    case("usage_change_year_28d", "customer for 392 days", YEAR, 0, began_days=392),
    case("usage_change_year_28d", "more of that year was learned later", [*YEAR, use(370, quantity=9, known_at=ago(300))], 0),
    *edge("usage_change_84d", use(quantity=2), 84, inside=4, older=0, outside=2, beside=[use(9, quantity=3), use(100)]),
    *edge("usage_change_84d", use(quantity=2), 168, inside=0, newest=4, outside=2, beside=[use(9, quantity=3), use(100)]),
    empty("usage_change_84d", None),
    case("usage_change_84d", "customer for 167 days", [use(9), use(100)], None, began_days=167),
    *edge("active_weeks_84d", use(), 84, inside=1, outside=0),
    empty("active_weeks_84d", 0),
    case("active_weeks_84d", "the first and the last day of one week", [use(1), use(7)], 1),
    case("active_weeks_84d", "the last day of one week and the first of another", [use(7), use(8)], 2),
    *edge("idle_gaps_182d", use(), 182, inside=12 / 179, newest=4 / 23, outside=None, beside=WEEKLY),
    empty("idle_gaps_182d", None),
    case("idle_gaps_182d", "used every day until ten days ago", [use(day) for day in range(10, 15)], 10),
    case("idle_gaps_182d", "used every week until ten days ago", [use(10 + 7 * week) for week in range(5)], 10 / 7),
    case("idle_gaps_182d", "two uses on one of four days", [*WEEKLY, use(3, user_id="v")], None),
    *edge("first_inactive_month", use(), 28, inside=0, older=1, outside=0),
    *edge("first_inactive_month", use(), 56, inside=1, newest=0, outside=0),
    empty("first_inactive_month", 0),
    case("first_inactive_month", "the second month", [use(70)], 0),
    case("first_inactive_month", "customer for 27 days", [use(40)], None, began_days=27),
    *edge("features_change_28d", use(feature="alerts"), 28, inside=1, older=-0.5, outside=0, beside=[use(9), use(40)]),
    *edge("features_change_28d", use(feature="alerts"), 56, inside=-0.5, newest=1, outside=0, beside=[use(9), use(40)]),
    empty("features_change_28d", None),
    case("features_change_28d", "one of long ago", [use(500, feature="alerts"), use(9), use(40)], 0),
    case("new_feature_uptake_84d", "first instant", new("first", START), 1 / 3),
    case("new_feature_uptake_84d", "instant before", new("before", START - INSTANT), 0),
    case("new_feature_uptake_84d", "last instant", new("last", NOW - INSTANT), 1 / 3),
    case("new_feature_uptake_84d", "at as_of", new("ahead", NOW, known_at=EVE), 0),
    case("new_feature_uptake_84d", "learned at as_of", new("learned", START, known_at=NOW), 0),
    empty("new_feature_uptake_84d", None),
    case("new_feature_uptake_84d", "all that is new", [use(1, feature=name) for name in ("first", "last", "ahead")], 1),
    case("new_feature_uptake_84d", "a total of zero is no use", [use(1, feature="first", quantity=0), use(2)], 0),
    case("new_feature_uptake_84d", "used long ago only", [use(100)], None),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_usage_rhythm(case, values):
    assert values[case] == pytest.approx(case.value)
