"""Who left and why, who was saved and what was promised, as known on a day."""

from datetime import date

from features.aftermath import Attempt, Promise, Saved, losses, saves
from tests.features.conftest import ATTEMPT

TERM = {"subscription_id": "s-1", "account_id": "a", "started_at": "2024-03-01", "renews_at": "2025-03-01", "arr": 1000.0}
CHURN = {"account_id": "a", "subscription_id": "s-1", "renews_at": "2025-03-01", "decided_at": "2025-02-10", "outcome": "churned"}
CHURN |= {"reason": "budget", "known_at": "2025-02-11"}
TALK = {"account_id": "a", "held_at": "2025-02-20", "reason": "service", "competitor": "Quantaro", "text": None}
NEWS = {"account_id": "a", "kind": "leadership_change", "occurred_at": "2025-03-05", "text": None}
PROMISE = {
    "account_id": "a",
    "promise": "a fix",
    "made_at": "2025-01-20",
    "due_at": "2025-02-20",
    "kept_at": None,
    "owner": "tom",
}


def test_a_loss_is_known_from_the_day_after_it_was_learned_on(history_of):
    history = history_of(subscriptions=[TERM], renewals=[CHURN])
    assert losses(history, date(2025, 2, 11)) == ()
    (found,) = losses(history, date(2025, 2, 12))
    assert (found.account_id, found.left_on, found.reason, found.rival, found.interviewed) == (
        "a",
        date(2025, 2, 10),
        "budget",
        None,
        False,
    )


def test_an_exit_interview_near_the_decision_gives_the_reason_and_the_rival(history_of):
    history = history_of(subscriptions=[TERM], renewals=[CHURN], exit_interviews=[TALK])
    assert losses(history, date(2025, 2, 20))[0].reason == "budget"
    (found,) = losses(history, date(2025, 2, 21))
    assert (found.reason, found.rival, found.interviewed) == ("service", "Quantaro", True)
    old = history_of(subscriptions=[TERM], renewals=[CHURN], exit_interviews=[TALK | {"held_at": "2024-05-01"}])
    assert losses(old, date(2025, 3, 1))[0].interviewed is False


def test_whoever_came_back_is_no_loss(history_of):
    again = TERM | {"subscription_id": "s-2", "started_at": "2025-06-01", "renews_at": "2026-06-01", "known_at": "2025-06-01"}
    history = history_of(subscriptions=[TERM, again], renewals=[CHURN])
    assert len(losses(history, date(2025, 6, 1))) == 1
    assert losses(history, date(2025, 6, 3)) == ()


def test_a_loss_carries_what_was_tried_before_it_and_what_was_heard_since(history_of):
    late = ATTEMPT | {"intervention_id": "i-9", "assigned_at": "2025-02-12", "started_at": "2025-02-13"}
    news = [
        NEWS,
        NEWS | {"kind": "funding", "occurred_at": "2025-03-20"},
        NEWS | {"kind": "layoffs", "occurred_at": "2025-03-21"},
    ]
    before = NEWS | {"kind": "growth", "occurred_at": "2025-01-01"}
    history = history_of(subscriptions=[TERM], renewals=[CHURN], interventions=[ATTEMPT, late], company_events=[*news, before])
    (found,) = losses(history, date(2025, 4, 1))
    assert [(each.playbook, each.started, each.outcome) for each in found.attempts] == [("budget", date(2025, 1, 12), "saved")]
    assert isinstance(found.attempts[0], Attempt)
    assert found.news == (("funding", date(2025, 3, 20)), ("leadership_change", date(2025, 3, 5)))


def test_a_save_carries_the_open_promises_made_since_it_was_assigned(history_of):
    kept = PROMISE | {"promise": "kept", "kept_at": "2025-01-30"}
    old = PROMISE | {"promise": "old", "made_at": "2024-06-01"}
    history = history_of(subscriptions=[TERM], interventions=[ATTEMPT], promises=[PROMISE, kept, old])
    assert saves(history, date(2025, 2, 1)) == ()
    assert saves(history, date(2025, 2, 3)) == (
        Saved("a", date(2025, 2, 1), "budget", (Promise("a fix", date(2025, 1, 20), "tom", date(2025, 2, 20)),)),
    )


def test_a_lost_attempt_a_held_out_account_and_one_that_left_later_are_no_saves(history_of):
    lost = ATTEMPT | {"outcome": "lost"}
    held = ATTEMPT | {"arm": "holdout"}
    for rows in ([lost], [held]):
        assert saves(history_of(subscriptions=[TERM], interventions=rows), date(2025, 2, 5)) == ()
    assert saves(history_of(subscriptions=[TERM], renewals=[CHURN], interventions=[ATTEMPT]), date(2025, 3, 5)) == ()


def test_a_company_that_records_nothing_of_it_has_none(history_of):
    assert (losses(history_of(), date(2025, 4, 1)), saves(history_of(), date(2025, 4, 1))) == ((), ())
