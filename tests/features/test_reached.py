"""When we last reached out to an account."""

from datetime import date

import pandas as pd
import pytest

from features.reached import last_reached

AS_OF = date(2025, 3, 1)


def message(day, direction="out", **said):
    return {
        "message_id": f"m{day}{direction}",
        "account_id": "a",
        "sent_at": day,
        "direction": direction,
        "channel": "email",
    } | said


def meeting(day, status="held", **said):
    return {"meeting_id": f"t{day}{status}", "account_id": "a", "scheduled_for": day, "kind": "check_in", "status": status} | said


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ({"messages": [message("2025-02-10"), message("2025-02-20")]}, "2025-02-20"),
        ({"messages": [message("2025-02-20", "in")], "meetings": [meeting("2025-02-12")]}, "2025-02-12"),
        ({"messages": [message("2025-02-10")], "meetings": [meeting("2025-02-12", "cancelled")]}, "2025-02-10"),
        ({"messages": [message("2025-02-20", channel="note"), message("2025-02-10")]}, "2025-02-10"),
        ({"messages": [message("2025-02-20", known_at="2025-03-01"), message("2025-02-10")]}, "2025-02-10"),
    ],
)
def test_it_is_our_last_message_or_the_last_meeting_held_as_known_then(history_of, rows, day):
    assert last_reached(history_of(**rows), AS_OF).to_dict() == {"a": pd.Timestamp(day)}


@pytest.mark.parametrize("rows", [{}, {"messages": [message("2024-11-01")]}, {"messages": [message("2025-02-10", "in")]}])
def test_who_was_not_reached_in_ninety_days_is_absent(history_of, rows):
    found = last_reached(history_of(**rows), AS_OF)
    assert found.empty
    assert found.reindex(["a"]).isna().all()
