"""Engagement signals, case by case."""

import pytest

from tests.spec.cases import ago, case, edge, empty, row


def meeting(age=None, **columns):
    return row("meetings", age, **columns)


def survey(age=None, **columns):
    return row("surveys", age, **columns)


def reply(age=None, hours=8, **columns):
    return row("messages", age, reply_hours=hours, **columns)


def text(age=None, **columns):
    return row("texts", age, **columns)


def notice(age=None, **columns):
    return row("notices", age, **columns)


CASES = (
    *edge("meetings_missed_90d", meeting(status="missed"), 90, inside=1, outside=0),
    empty("meetings_missed_90d", 0),
    case("meetings_missed_90d", "declined", [meeting(9, status="declined")], 1),
    case("meetings_missed_90d", "cancelled by the customer", [meeting(9, status="cancelled", cancelled_by="customer")], 1),
    case("meetings_missed_90d", "cancelled by us", [meeting(9, status="cancelled", cancelled_by="us")], 0),
    case("meetings_missed_90d", "nobody knows who cancelled", [meeting(9, status="cancelled")], 0),
    *edge("meetings_held_90d", meeting(), 90, inside=1, outside=0),
    empty("meetings_held_90d", 0),
    case("meetings_held_90d", "only planned", [meeting(-9, status=None)], 0),
    *edge("trainings_365d", meeting(kind="training"), 365, inside=1, outside=0),
    empty("trainings_365d", 0),
    case("trainings_365d", "a check-in is none", [meeting(9)], 0),
    *edge("days_since_message", row("messages"), 182, inside=1, oldest=182, outside=182),
    empty("days_since_message", 182),
    case("days_since_message", "we wrote later", [row("messages", 2, direction="out"), row("messages", 7)], 7),
    *edge("reply_hours_ratio", reply(), 60, inside=2, outside=None, older=None, beside=[reply(90, 4)]),
    *edge("reply_hours_ratio", reply(), 180, inside=2, newest=None, outside=None, beside=[reply(9, 16)]),
    empty("reply_hours_ratio", None),
    case("reply_hours_ratio", "our own answers", [reply(9, direction="out"), reply(90, direction="out")], None),
    case("reply_hours_ratio", "answered at once before", [reply(9), reply(90, 0)], None),
    case("reply_hours_ratio", "customer for 89 days", [reply(9), reply(70)], None, began_days=89),
    *edge(
        "surveys_unanswered_share_365d", survey(), 365, inside=0.5, newest=0, outside=0, beside=[survey(50, answered_at=ago(40))]
    ),
    empty("surveys_unanswered_share_365d", None),
    case("surveys_unanswered_share_365d", "14 days are left for an answer", [survey(14)], None),
    case("surveys_unanswered_share_365d", "no answer after 15 days", [survey(15)], 1),
    case("surveys_unanswered_share_365d", "answered after as_of", [survey(20, answered_at=ago(-1))], 1),
    *edge("cancel_hits_90d", text(cancellation=0.5), 90, inside=1, outside=0),
    empty("cancel_hits_90d", 0),
    case("cancel_hits_90d", "a hint below one half", [text(9, cancellation=0.49)], 0),
    case("cancel_hits_90d", "our own note counts", [text(9, side="us", cancellation=0.9)], 1),
    *edge("notice_open", notice(), 365, inside=1, outside=0),
    empty("notice_open", 0),
    case("notice_open", "withdrawn", [notice(90, withdrawn_at=ago(1))], 0),
    case("notice_open", "withdrawn on as_of", [notice(90, withdrawn_at=ago(0))], 1),
    case("notice_open", "only a downgrade", [notice(9, kind="downgrade")], 0),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_engagement(case, values):
    assert values[case] == pytest.approx(case.value)
