"""Who is alive on a day, and what happened next."""

from datetime import date

import pandas as pd

from features.labels import follow_up
from features.population import population

AS_OF = date(2025, 3, 1)


def term(sid="s", start="2024-06-01", end="2025-06-01", **columns):
    return {"subscription_id": sid, "account_id": "a", "started_at": start, "renews_at": end, "arr": 1000, **columns}


def lost(decided, renews="2025-06-01", **columns):
    return {"account_id": "a", "renews_at": renews, "decided_at": decided, "outcome": "churned", **columns}


def state(history, as_of=AS_OF):
    return population(history, [as_of], grace_days=30).iloc[0]


def after(history, until, as_of=AS_OF):
    asked = pd.DataFrame({"account_id": ["a"], "as_of": [pd.Timestamp(as_of)]})
    return follow_up(history, asked, until, grace_days=30).iloc[0]


def test_an_account_with_a_running_term_is_alive(history_of):
    assert state(history_of(subscriptions=[term()])).alive


def test_an_account_stays_alive_in_the_grace_after_its_term_and_not_longer(history_of):
    history = history_of(subscriptions=[term(end="2025-02-15")])
    assert state(history).alive
    assert not state(history, date(2025, 3, 18)).alive


def test_a_known_decision_to_leave_ends_it_and_one_learned_later_does_not_yet(history_of):
    history = history_of(subscriptions=[term()], renewals=[lost("2025-02-20", known_at="2025-03-01")])
    assert state(history).alive
    assert not state(history, date(2025, 3, 2)).alive
    assert state(history, date(2025, 3, 2)).decided


def test_a_term_cancelled_before_it_began_never_lives(history_of):
    booked = term(start="2025-02-01", end="2026-02-01", known_at="2024-12-01")
    history = history_of(subscriptions=[booked], renewals=[lost("2025-01-10", "2026-02-01")])
    assert not state(history).alive


def test_a_term_that_we_learned_of_after_it_was_cancelled_never_lives(history_of):
    booked = term(start="2025-02-01", end="2026-02-01", known_at="2025-02-01")
    history = history_of(subscriptions=[booked], renewals=[lost("2025-01-10", "2026-02-01")])
    assert not state(history).alive


def test_an_account_that_came_back_is_alive_again(history_of):
    back = term("s2", "2025-02-01", "2026-02-01", known_at="2025-01-20")
    history = history_of(subscriptions=[term(end="2024-12-01"), back], renewals=[lost("2024-11-01", "2024-12-01")])
    assert state(history).alive


def test_the_next_renewal_is_the_end_of_the_terms_agreed_so_far(history_of):
    successor = term("s2", "2025-06-01", "2026-06-01", known_at="2025-02-01")
    history = history_of(subscriptions=[term(), successor])
    assert state(history, date(2025, 1, 15)).chain_end == pd.Timestamp("2025-06-01")
    assert state(history).chain_end == pd.Timestamp("2026-06-01")


def test_two_subscriptions_at_once_add_up(history_of):
    history = history_of(subscriptions=[term(), term("s2", "2024-09-01", "2025-09-01", arr=500)])
    assert state(history).arr == 1500


def test_a_churn_after_as_of_is_the_outcome(history_of):
    seen = after(history_of(subscriptions=[term()], renewals=[lost("2025-04-20")]), date(2026, 1, 1))
    assert seen.churned_at == pd.Timestamp("2025-04-20")


def test_a_churn_learned_at_or_after_until_is_not_seen(history_of):
    seen = after(history_of(subscriptions=[term()], renewals=[lost("2025-04-20", known_at="2025-05-01")]), date(2025, 5, 1))
    assert pd.isna(seen.churned_at)
    assert seen.followed_until == pd.Timestamp("2025-05-01")


def test_a_past_term_without_outcome_or_successor_is_censored_at_its_end(history_of):
    seen = after(history_of(subscriptions=[term()]), date(2026, 1, 1))
    assert pd.isna(seen.churned_at)
    assert seen.followed_until == pd.Timestamp("2025-06-01")


def test_an_account_that_had_left_before_the_snapshot_knew_is_not_followed_at_all(history_of):
    seen = after(history_of(subscriptions=[term()], renewals=[lost("2025-02-20", known_at="2025-03-05")]), date(2026, 1, 1))
    assert pd.isna(seen.churned_at)
    assert seen.followed_until == pd.Timestamp(AS_OF)


def test_the_churn_of_a_later_spell_is_not_this_spells(history_of):
    back = term("s2", "2025-12-01", "2026-06-01", known_at="2025-12-01")
    renewals = [{"account_id": "a", "renews_at": "2025-06-01", "decided_at": "2025-05-20", "outcome": "renewed"}]
    history = history_of(subscriptions=[term(), back], renewals=[*renewals, lost("2026-05-01", "2026-06-01")])
    seen = after(history, date(2027, 1, 1))
    assert pd.isna(seen.churned_at)
    assert seen.followed_until == pd.Timestamp("2025-06-01")


def interviewed(held, reason):
    return {"account_id": "a", "held_at": held, "reason": reason}


def test_the_reason_of_a_churn_is_the_one_recorded_with_its_outcome(history_of):
    history = history_of(subscriptions=[term()], renewals=[lost("2025-05-01", reason="budget")])
    assert after(history, date(2025, 6, 1)).reason == "budget"
    assert pd.isna(after(history, date(2025, 4, 1)).reason)


def test_an_exit_interview_knows_better_once_it_is_held_and_when_it_is_about_that_churn(history_of):
    history = history_of(
        subscriptions=[term()],
        renewals=[lost("2025-05-01", reason="budget")],
        exit_interviews=[interviewed("2023-02-01", "service"), interviewed("2025-06-10", "value")],
    )
    assert after(history, date(2025, 6, 1)).reason == "budget"
    assert after(history, date(2025, 7, 1)).reason == "value"


def test_an_account_that_stayed_has_no_reason(history_of):
    history = history_of(subscriptions=[term()], exit_interviews=[interviewed("2025-04-01", "value")])
    assert pd.isna(after(history, date(2025, 7, 1)).reason)
