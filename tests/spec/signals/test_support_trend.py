"""Support over time, case by case."""

import pytest

from tests.spec.cases import INSTANT, NOW, ago, case, edge, empty, row


def ticket(age=None, **columns):
    return row("tickets", age, **columns)


def solved(age=None, **columns):
    """Solved before as_of, and known to be, whenever it was opened."""
    known = {f"{name}_known_at": ago(900) for name in ("resolved_at", "csat", "reopened")}
    return ticket(age, resolved_at=ago(1), **known, **columns)


LAST = {"first_response_at": NOW - INSTANT, "first_response_at_known_at": ago(900)}
AT_LAST = {"resolved_at": NOW - INSTANT, "resolved_at_known_at": ago(900)}
ANSWERED = [ticket(9, first_response_at=ago(8.75)), ticket(100, first_response_at=ago(99.5))]
RATED = [solved(9, csat=5), solved(200, csat=4)]

CASES = (
    *edge("tickets_change_90d", ticket(), 90, inside=1, older=-0.5, outside=0, beside=[ticket(9), ticket(100)]),
    *edge("tickets_change_90d", ticket(), 180, inside=-0.5, newest=1, outside=0, beside=[ticket(9), ticket(100)]),
    empty("tickets_change_90d", None),
    case("tickets_change_90d", "customer for 179 days", [ticket(9), ticket(100)], None, began_days=179),
    *edge("reopened_180d", solved(reopened=2), 180, inside=1, outside=0),
    empty("reopened_180d", 0),
    case("reopened_180d", "never opened again", [solved(9, reopened=0)], 0),
    case("reopened_180d", "not yet known", [ticket(9, reopened=1)], 0),
    *edge("feature_requests_180d", ticket(kind="feature_request"), 180, inside=1, outside=0),
    empty("feature_requests_180d", 0),
    case("feature_requests_180d", "a bug is none", [ticket(9, kind="bug")], 0),
    *edge("urgent_tickets_90d", ticket(severity="urgent"), 90, inside=1, outside=0),
    empty("urgent_tickets_90d", 0),
    case("urgent_tickets_90d", "one high, one normal", [ticket(9, severity="high"), ticket(9, severity="normal")], 1),
    *edge("unanswered_tickets_90d", ticket(), 90, inside=1, newest=0, outside=0),
    empty("unanswered_tickets_90d", 0),
    case("unanswered_tickets_90d", "opened the day before yesterday", [ticket(2)], 1),
    case("unanswered_tickets_90d", "answered", [ticket(9, first_response_at=ago(1))], 0),
    case("unanswered_tickets_90d", "answered on as_of", [ticket(9, first_response_at=ago(0))], 1),
    case("unanswered_tickets_90d", "solved without an answer", [ticket(9, resolved_at=ago(1))], 0),
    *edge("resolution_hours_180d", ticket(**AT_LAST), 180, inside=0, oldest=180 * 24, outside=None),
    empty("resolution_hours_180d", None),
    case("resolution_hours_180d", "of two", [ticket(9, resolved_at=ago(8.75)), ticket(9, resolved_at=ago(8.25))], 12),
    case("resolution_hours_180d", "solved before it was opened", [ticket(9, resolved_at=ago(10))], None),
    case("resolution_hours_180d", "solved on as_of", [ticket(9, resolved_at=ago(0))], None),
    *edge(
        "first_response_ratio_90d", ticket(**LAST), 90, inside=0.25, oldest=90.25, older=6 / 1086, outside=0.5, beside=ANSWERED
    ),
    *edge("first_response_ratio_90d", ticket(**LAST), 180, inside=0.25, oldest=6 / 2166, outside=0.5, beside=ANSWERED),
    empty("first_response_ratio_90d", None),
    case("first_response_ratio_90d", "none before", [ANSWERED[0]], None),
    case("first_response_ratio_90d", "customer for 119 days", ANSWERED, None, began_days=119),
    *edge("ticket_csat_change_180d", solved(csat=2), 180, inside=-0.5, older=2, outside=1, beside=RATED),
    *edge("ticket_csat_change_180d", solved(csat=2), 365, inside=2, newest=-0.5, outside=1, beside=RATED),
    empty("ticket_csat_change_180d", None),
    case("ticket_csat_change_180d", "customer for 269 days", RATED, None, began_days=269),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_support_trend(case, values):
    assert values[case] == pytest.approx(case.value)
