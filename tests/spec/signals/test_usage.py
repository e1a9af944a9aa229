"""Usage signals, case by case."""

import pytest

from tests.spec.cases import case, edge, empty, row


def use(age=None, **columns):
    return row("usage", age, **columns)


CASES = (
    *edge("events_28d", use(quantity=3), 28, inside=3, outside=0),
    empty("events_28d", 0),
    case("events_28d", "of several rows a day", [use(2, quantity=1.5), use(2, quantity=2.5), use(9)], 5),
    case("events_28d", "no log of this account", [], None, used=False),
    *edge("events_7d", use(quantity=3), 7, inside=3, outside=0),
    empty("events_7d", 0),
    *edge("active_days_14d", use(), 14, inside=1, outside=0),
    empty("active_days_14d", 0),
    case("active_days_14d", "two uses on one day", [use(2), use(2, user_id="v"), use(3)], 2),
    *edge("usage_change_7d", use(quantity=2), 7, inside=0.5, outside=-1, older=-1, beside=[use(20, quantity=4)]),
    *edge(
        "usage_change_7d", use(quantity=3), 28, inside=0, newest=4, outside=1, beside=[use(3, quantity=2), use(20, quantity=3)]
    ),
    empty("usage_change_7d", None),
    case("usage_change_7d", "customer for 27 days", [use(3), use(20)], None, began_days=27),
    *edge("usage_change_28d", use(quantity=2), 28, inside=-0.5, outside=-1, older=-1, beside=[use(40, quantity=4)]),
    *edge("usage_change_28d", use(quantity=2), 56, inside=0, newest=4, outside=2, beside=[use(9, quantity=3), use(40)]),
    empty("usage_change_28d", None),
    case("usage_change_28d", "nothing before", [use(3)], None),
    case("usage_change_28d", "gone", [use(40)], -1),
    case("usage_change_28d", "customer for 55 days", [use(3), use(40)], None, began_days=55),
    case("usage_change_28d", "customer for 56 days", [use(3), use(40)], 0, began_days=56),
    *edge("usage_slope_84d", use(quantity=286), 84, inside=0, oldest=-132 / 286, newest=132 / 286, outside=None),
    empty("usage_slope_84d", None),
    case("usage_slope_84d", "as much every week", [use(3 + 7 * week) for week in range(12)], 0),
    case("usage_slope_84d", "customer for 83 days", [use(3)], None, began_days=83),
    *edge("days_since_use", use(), 182, inside=1, oldest=182, outside=182),
    empty("days_since_use", 182),
    case("days_since_use", "a total of zero is no use", [use(1, quantity=0), use(5)], 5),
    *edge("active_days_28d", use(), 28, inside=1, outside=0),
    empty("active_days_28d", 0),
    case("active_days_28d", "two uses on one day", [use(2), use(2, user_id="v"), use(3)], 2),
    *edge("active_users_28d", use(user_id="v"), 28, inside=2, outside=1, beside=[use(9), use(10)]),
    empty("active_users_28d", 0),
    case("active_users_28d", "a total of zero is no use", [use(1, quantity=0)], 0),
    *edge("active_users_change_28d", use(), 28, inside=-0.5, outside=-1, older=-1, beside=[use(40), use(40, user_id="v")]),
    *edge("active_users_change_28d", use(user_id="v"), 56, inside=-0.5, newest=1, outside=0, beside=[use(9), use(40)]),
    empty("active_users_change_28d", None),
    case("active_users_change_28d", "nobody before", [use(3)], None),
    *edge("seat_use_28d", use(user_id="v"), 28, inside=0.2, outside=0.1, beside=[use(9)]),
    empty("seat_use_28d", None),
    case("seat_use_28d", "seats not known", [use(9)], None, term={"seats": None}),
    case("seat_use_28d", "none in 28 of 84 days", [use(40)], 0),
    *edge("core_breadth_84d", use(feature="alerts"), 84, inside=0.5, outside=0.25, beside=[use(9)]),
    empty("core_breadth_84d", 0),
    case("core_breadth_84d", "a feature that is not core", [use(9, feature="help")], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_usage(case, values):
    assert values[case] == pytest.approx(case.value)
