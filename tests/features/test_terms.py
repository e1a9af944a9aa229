"""What is a chain of terms, and what ends it."""

import pandas as pd

from features.terms import chains, churns


def terms(*rows):
    columns = ["account_id", "subscription_id", "started_at", "renews_at", "known_at"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns[2:]})


def renewals(*rows):
    columns = ["account_id", "subscription_id", "renews_at", "decided_at", "outcome"]
    frame = pd.DataFrame(rows, columns=columns).assign(reason=None)
    frame = frame.assign(renews_at=pd.to_datetime(frame["renews_at"]), decided_at=pd.to_datetime(frame["decided_at"]))
    return frame.assign(outcome_known_at=frame["decided_at"], known_at=frame["decided_at"])


def churned_on(some_terms, some_renewals):
    return [str(day.date()) for day in churns(some_terms, some_renewals, ["account_id"])["decided_at"]]


ONE_YEAR = ("a", "s1", "2025-01-01", "2026-01-01", "2025-01-01")


def test_terms_that_follow_each_other_are_one_chain_and_a_gap_begins_another():
    some = terms(
        ONE_YEAR, ("a", "s2", "2026-01-15", "2027-01-01", "2026-01-01"), ("a", "s3", "2027-06-01", "2028-06-01", "2027-06-01")
    )
    strung = chains(some, ["account_id"], grace_days=30)
    assert strung["chain"].tolist() == [0, 0, 1]
    assert strung["chain_end"].dt.year.tolist() == [2027, 2027, 2028]


def test_a_churned_outcome_is_a_churn_at_its_decision():
    assert churned_on(terms(ONE_YEAR), renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"))) == ["2025-11-20"]


def test_a_contracted_outcome_is_no_churn():
    assert churned_on(terms(ONE_YEAR), renewals(("a", "s1", "2026-01-01", "2025-11-20", "contracted"))) == []


def test_losing_one_of_two_running_subscriptions_is_no_churn():
    other = ("a", "s2", "2025-06-01", "2026-06-01", "2025-06-01")
    assert churned_on(terms(ONE_YEAR, other), renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"))) == []


def test_losing_the_last_of_two_is_a_churn():
    other = ("a", "s2", "2025-06-01", "2026-06-01", "2025-06-01")
    lost = renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"), ("a", "s2", "2026-06-01", "2026-05-01", "churned"))
    assert churned_on(terms(ONE_YEAR, other), lost) == ["2026-05-01"]


def test_cancelling_both_on_one_day_is_a_churn():
    other = ("a", "s2", "2025-06-01", "2026-06-01", "2025-06-01")
    lost = renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"), ("a", "s2", "2026-06-01", "2025-11-20", "churned"))
    assert set(churned_on(terms(ONE_YEAR, other), lost)) == {"2025-11-20"}


def test_a_later_term_that_was_agreed_by_then_is_no_churn():
    later = ("a", "s2", "2026-02-01", "2027-02-01", "2025-10-01")
    assert churned_on(terms(ONE_YEAR, later), renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"))) == []


def test_a_term_agreed_after_the_churn_is_a_new_spell_and_the_churn_stands():
    again = ("a", "s2", "2026-08-01", "2027-08-01", "2026-07-20")
    assert churned_on(terms(ONE_YEAR, again), renewals(("a", "s1", "2026-01-01", "2025-11-20", "churned"))) == ["2025-11-20"]


def test_an_outcome_without_subscription_id_belongs_to_the_term_that_ends_that_day():
    assert churned_on(terms(ONE_YEAR), renewals(("a", None, "2026-01-01", "2025-11-20", "churned"))) == ["2025-11-20"]


def test_nothing_lost_is_an_empty_table():
    assert churned_on(terms(ONE_YEAR), renewals()) == []
