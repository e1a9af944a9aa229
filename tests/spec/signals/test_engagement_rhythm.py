"""Engagement over time, case by case."""

import pytest

from tests.spec.cases import case, edge, empty, row


def meeting(age=None, **columns):
    return row("meetings", age, **columns)


def missed(age=None, **columns):
    return meeting(age, status="missed", **columns)


def mail(age=None, **columns):
    return row("messages", age, **columns)


def ours(age=None, **columns):
    return mail(age, direction="out", **columns)


CASES = (
    *edge("qbrs_missed_365d", missed(kind="qbr"), 365, inside=1, outside=0),
    empty("qbrs_missed_365d", 0),
    case("qbrs_missed_365d", "another meeting", [missed(9)], 0),
    case("qbrs_missed_365d", "cancelled by us", [meeting(9, kind="qbr", status="cancelled", cancelled_by="us")], 0),
    *edge("meetings_missed_share_180d", missed(), 180, inside=0.5, outside=0, beside=[meeting(9)]),
    empty("meetings_missed_share_180d", None),
    case("meetings_missed_share_180d", "moved to another day", [meeting(9, status="rescheduled")], None),
    *edge("days_since_meeting", meeting(), 365, inside=1, oldest=365, outside=365),
    empty("days_since_meeting", 365),
    case("days_since_meeting", "missed", [missed(9), meeting(90)], 90),
    *edge("days_since_training", meeting(kind="office_hours"), 365, inside=1, oldest=365, outside=365),
    empty("days_since_training", 365),
    case("days_since_training", "a check-in is none", [meeting(9)], 365),
    *edge("messages_change_90d", mail(), 90, inside=1, older=-0.5, outside=0, beside=[mail(9), mail(100)]),
    *edge("messages_change_90d", mail(), 180, inside=-0.5, newest=1, outside=0, beside=[mail(9), mail(100)]),
    empty("messages_change_90d", None),
    case("messages_change_90d", "gone quiet", [mail(100), ours(9)], -1),
    case("messages_change_90d", "customer for 179 days", [mail(9), mail(100)], None, began_days=179),
    *edge("silent_gaps_182d", mail(), 182, inside=9 / 179, newest=3 / 16, outside=None, beside=[mail(3), mail(10), mail(17)]),
    empty("silent_gaps_182d", None),
    case("silent_gaps_182d", "wrote every week until three weeks ago", [mail(day) for day in (21, 28, 35, 42)], 3),
    *edge("messages_unanswered", ours(), 182, inside=1, outside=0),
    empty("messages_unanswered", 0),
    case("messages_unanswered", "they wrote since", [ours(9), mail(5)], 0),
    case("messages_unanswered", "they wrote on the same day", [ours(5), mail(5)], 0),
    case("messages_unanswered", "two since then", [ours(20), mail(9), ours(5), ours(3)], 2),
    case("messages_unanswered", "a note is for ourselves", [mail(9), ours(5, channel="note")], 0),
    case("messages_unanswered", "nobody knows the channel", [mail(9), ours(5, channel=None)], 1),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_engagement_rhythm(case, values):
    assert values[case] == pytest.approx(case.value)
