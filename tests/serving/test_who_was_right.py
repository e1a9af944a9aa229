"""Whose view of an account came true: the person's, the model's, or that cannot be told."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.feedback import Feedback
from serving.store.records import BANDS
from serving.who_was_right import Left, Outcome, implied, judged, ledger

DAY = date(2026, 3, 2)
CUTS = (0.05, 0.15, 0.35)
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


def after(left: date | None, reason: str | None = None, followed: date = date(2027, 1, 1)) -> Outcome:
    return Outcome(None if left is None else Left(left, reason), followed)


def book(words, outcomes, min_accounts=2, until=date(2027, 1, 1)):
    return ledger(words, outcomes, REASONS, CUTS, horizon_days=90, min_accounts=min_accounts, until=until)


def test_the_ledger_has_a_row_a_person_and_a_family_and_reads_nothing_said_later():
    later = said(said_at=datetime(2027, 2, 1, tzinfo=UTC))
    words = [said(), said(by="mei", account_id="b"), cause("deny", "value"), cause("confirm", "value"), later]
    gone = after(date(2026, 4, 1), "budget")
    found = book(words, [after(None), gone, gone, after(None), after(None)])
    assert [(row.by, row.said, row.person, row.model, row.agreed, row.open) for row in found.people] == [
        ("ana", 3, 2, 0, 0, 1),
        ("mei", 1, 0, 1, 0, 0),
    ]
    assert [(row.family, row.confirmed, row.denied, row.person, row.open) for row in found.causes] == [("value", 1, 1, 1, 1)]
    assert (found.overrides.said, found.overrides.person, found.overrides.model) == (2, 1, 1)


def test_a_ledger_in_which_nobody_said_anything_is_empty():
    found = book([], [])
    assert (found.people, found.causes, found.overrides.said, found.overrides.too_few) == ((), (), 0, True)


@pytest.mark.parametrize(
    ("band", "model", "person"),
    [
        ("low", 0.4, 0.05),
        ("low", 0.01, 0.01),
        ("medium", 0.4, 0.15),
        ("high", 0.01, 0.15),
        ("critical", 0.2, 0.35),
        ("high", 0.2, 0.2),
    ],
)
def test_a_band_stands_for_the_nearest_chance_inside_it(band, model, person):
    assert implied(band, model, CUTS) == person


def test_who_is_closer_is_told_by_both_brier_scores_each_account_once():
    words = [said(account_id="a"), said(account_id="a"), said(account_id="b", model_probability=0.6)]
    found = book(words, [after(None)] * 3).overrides
    assert (found.accounts, found.left, found.too_few) == (2, 0, False)
    assert found.person_brier == pytest.approx(0.05**2)
    assert found.model_brier == pytest.approx((0.4**2 + 0.6**2) / 2)
    assert found.low < found.person_brier - found.model_brier < found.high


def test_of_too_few_accounts_nobody_is_said_to_be_closer():
    found = book([said(), said(account_id="b")], [after(None), after(None)], min_accounts=3).overrides
    assert (found.accounts, found.too_few, found.person_brier, found.low) == (2, True, None, None)
    assert found.person == 2


def test_an_account_that_was_lost_from_sight_within_the_horizon_tells_nothing():
    found = book([said()], [after(None, followed=date(2026, 5, 1))]).overrides
    assert (found.open, found.accounts) == (1, 0)


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.sampled_from(BANDS), st.booleans()), min_size=2, max_size=30))
def test_the_interval_holds_the_difference_of_the_two_scores(rows):
    words = [said(account_id=str(n), model_probability=p, risk_band=band) for n, (p, band, _) in enumerate(rows)]
    found = book(words, [after(date(2026, 4, 1) if gone else None) for _, _, gone in rows]).overrides
    assert found.accounts == len(rows)
    assert found.left == sum(gone for _, _, gone in rows)
    assert found.low - 1e-9 <= found.person_brier - found.model_brier <= found.high + 1e-9
