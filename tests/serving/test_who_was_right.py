"""Whose view of an account came true: the person's, the model's, or that cannot be told."""

from datetime import UTC, date, datetime

import pytest

from serving.feedback import Feedback
from serving.who_was_right import Left, judged, ledger

DAY = date(2026, 3, 2)
REASONS = {"value": ("value",), "budget": ("budget",), "sentiment": ()}


def said(**change: object) -> Feedback:
    kept: dict[str, object] = {"kind": "override", "by": "ana", "risk_band": "low", "expires_on": "2026-04-01", "reason": "r"}
    kept |= {"account_id": "a", "said_at": datetime(2026, 3, 3, tzinfo=UTC), "as_of": DAY, "model_probability": 0.4}
    return Feedback(**(kept | {"model_band": "critical", "model_drivers": ("value",)} | change))


def cause(kind: str, family: str) -> Feedback:
    return said(kind=kind, family=family, risk_band=None, expires_on=None)


def told(each: Feedback, left: Left | None, until: date = date(2027, 1, 1)) -> str:
    return judged(each, left, REASONS, horizon_days=90, until=until)


@pytest.mark.parametrize(
    ("mine", "models", "left", "right"),
    [
        ("low", "critical", None, "person"),
        ("low", "critical", date(2026, 4, 1), "model"),
        ("critical", "low", date(2026, 4, 1), "person"),
        ("critical", "low", None, "model"),
        ("low", "low", None, "agreed"),
        ("low", None, None, "open"),
        ("low", "critical", date(2026, 5, 31), "person"),
        ("low", "critical", date(2026, 5, 30), "model"),
    ],
)
def test_of_two_bands_the_higher_is_right_about_who_left_within_the_horizon(mine, models, left, right):
    each = said(risk_band=mine, model_band=models)
    assert told(each, None if left is None else Left(left, None)) == right


def test_an_override_is_open_until_the_horizon_is_over():
    assert told(said(), None, until=date(2026, 5, 30)) == "open"
    assert told(said(), None, until=date(2026, 5, 31)) == "person"


@pytest.mark.parametrize(
    ("kind", "family", "reason", "right"),
    [
        ("confirm", "value", "value", "agreed"),
        ("deny", "value", "budget", "person"),
        ("deny", "value", "value", "model"),
        ("confirm", "budget", "budget", "person"),
        ("confirm", "budget", "value", "model"),
        ("confirm", "sentiment", "value", "open"),
        ("confirm", "value", None, "open"),
    ],
)
def test_a_cause_is_told_by_the_reason_of_a_leaver(kind, family, reason, right):
    assert told(cause(kind, family), Left(date(2026, 4, 1), reason)) == right


def test_nothing_is_told_of_the_cause_of_an_account_that_stayed():
    assert told(cause("confirm", "value"), None) == "open"


def test_the_ledger_has_a_row_a_person_and_reads_nothing_said_later():
    words = [said(), said(by="mei", account_id="b"), cause("deny", "value"), said(said_at=datetime(2027, 2, 1, tzinfo=UTC))]
    rows = ledger(words, {"b": Left(date(2026, 4, 1), None)}, REASONS, horizon_days=90, until=date(2027, 1, 1))
    assert [(row.by, row.said, row.person, row.model, row.agreed, row.open) for row in rows] == [
        ("ana", 2, 1, 0, 0, 1),
        ("mei", 1, 0, 1, 0, 0),
    ]
    assert ledger([], {}, REASONS, horizon_days=90, until=DAY) == ()
