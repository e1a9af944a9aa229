"""Support signals, case by case."""

import pytest

from tests.spec.cases import INSTANT, NOW, ago, case, edge, empty, row


def ticket(age=None, **columns):
    return row("tickets", age, **columns)


def rated(**columns):
    """Solved before as_of, and known to be, whenever it was opened."""
    known = {f"{name}_known_at": ago(900) for name in ("resolved_at", "csat", "escalated")}
    return ticket(resolved_at=ago(1), **known, **columns)


def text(age=None, **columns):
    return row("texts", age, **columns)


def cancelled(age=None, by="us"):
    return row("meetings", age, status="cancelled", cancelled_by=by)


ANSWERED = ticket(first_response_at=NOW - INSTANT, first_response_at_known_at=ago(900))
SAME = [ticket(4, topic="sync"), ticket(5, topic="sync"), ticket(6, topic="login"), ticket(7)]

CASES = (
    *edge("tickets_90d", ticket(), 90, inside=1, outside=0),
    empty("tickets_90d", 0),
    *edge("bugs_90d", ticket(kind="bug"), 90, inside=1, outside=0),
    empty("bugs_90d", 0),
    case("bugs_90d", "a question is none", [ticket(9, kind="how_to")], 0),
    *edge("repeat_topic_90d", ticket(topic="sync"), 90, inside=3, outside=2, beside=SAME),
    empty("repeat_topic_90d", 0),
    case("repeat_topic_90d", "no topic known", [ticket(9)], 0),
    case("repeat_topic_90d", "two topics once", [ticket(9, topic="sync"), ticket(9, topic="login")], 1),
    *edge("open_tickets", ticket(), 365, inside=1, outside=0),
    empty("open_tickets", 0),
    case("open_tickets", "solved yesterday", [ticket(9, resolved_at=ago(1))], 0),
    case("open_tickets", "solved on as_of", [ticket(9, resolved_at=ago(0))], 1),
    *edge("oldest_open_ticket_days", ticket(), 365, inside=9, oldest=365, outside=9, beside=[ticket(9)]),
    empty("oldest_open_ticket_days", 0),
    case("oldest_open_ticket_days", "all solved", [ticket(9, resolved_at=ago(2))], 0),
    *edge("escalations_90d", rated(escalated=True), 90, inside=1, outside=0),
    empty("escalations_90d", 0),
    case("escalations_90d", "not escalated", [ticket(9, resolved_at=ago(2), escalated=False)], 0),
    case("escalations_90d", "not yet known", [ticket(9, escalated=True)], 0),
    *edge("first_response_hours_90d", ANSWERED, 90, inside=0, oldest=90 * 24, outside=None),
    case("first_response_hours_90d", "answered within hours", [ticket(9, first_response_at=ago(8.75))], 6),
    case("first_response_hours_90d", "answered before it was opened", [ticket(9, first_response_at=ago(10))], None),
    case("first_response_hours_90d", "answered on as_of", [ticket(1, first_response_at=ago(0))], None),
    empty("first_response_hours_90d", None),
    *edge("ticket_csat_mean_180d", rated(csat=2), 180, inside=2, outside=None),
    empty("ticket_csat_mean_180d", None),
    case("ticket_csat_mean_180d", "of two", [ticket(9, csat=2, resolved_at=ago(8)), ticket(7, csat=5, resolved_at=ago(2))], 3.5),
    case("ticket_csat_mean_180d", "rated after as_of", [ticket(9, csat=2, resolved_at=ago(-3))], None),
    *edge("product_issue_hits_90d", text(product_issue=0.5), 90, inside=1, outside=0),
    empty("product_issue_hits_90d", 0),
    *edge("service_hits_90d", text(service_complaint=0.5), 90, inside=1, outside=0),
    empty("service_hits_90d", 0),
    *edge("meetings_cancelled_by_us_180d", cancelled(), 180, inside=1, outside=0),
    empty("meetings_cancelled_by_us_180d", 0),
    case("meetings_cancelled_by_us_180d", "by the customer", [cancelled(9, "customer")], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_support(case, values):
    assert values[case] == pytest.approx(case.value)
