"""Which assignments have an outcome, and who counts as untreated."""

from datetime import date

import pandas as pd

from serving.learning.naive import naive_differences, nobody_treated
from serving.learning.trials import trials_of

UNTIL = date(2025, 7, 1)


def day(text):
    return pd.Timestamp(text)


def one(assigned, churned, seen):
    rows = pd.DataFrame({"playbook": ["budget"], "arm": ["treated"], "assigned_at": [day(assigned)]})
    followed = pd.DataFrame({"churned_at": [day(churned)], "followed_until": [day(seen)]})
    return trials_of(rows, followed, window_days=180, until=UNTIL)


def test_leaving_inside_the_window_counts_and_leaving_on_its_end_does_not():
    assert one("2025-01-01 10:00", "2025-06-30 09:59", "2025-06-30 09:59").table["left"].tolist() == [True]
    assert one("2025-01-01 10:00", "2025-06-30 10:00", "2025-06-30 10:00").table["left"].tolist() == [False]


def test_an_account_that_left_early_waits_for_the_end_of_its_window_like_one_that_stays():
    for churned in ("2025-03-01", None):
        found = one("2025-02-01", churned, churned or "2025-07-01")
        assert (len(found.table), found.not_over, found.unfit) == (0, 1, 0)


def test_an_outcome_that_nobody_recorded_is_not_known():
    found = one("2024-10-01", None, "2024-12-31")
    assert (len(found.table), found.not_over, found.unfit) == (0, 1, 0)


def test_an_account_that_was_no_customer_is_no_trial():
    found = one("2024-10-01", None, "2024-10-01")
    assert (len(found.table), found.not_over, found.unfit) == (0, 0, 1)


def test_an_account_treated_before_or_after_within_the_window_is_not_untreated():
    there = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "b"],
            "as_of": [day("2024-01-01"), day("2024-06-01"), day("2025-06-01"), day("2024-06-01")],
        }
    )
    assigned = pd.DataFrame(
        {"account_id": ["a", "b"], "assigned_at": [day("2024-04-01"), day("2024-06-02")], "arm": ["treated", "holdout"]}
    )
    assert nobody_treated(there, assigned, 180).tolist() == [False, False, True, True]


def test_the_naive_figure_compares_the_treated_with_the_untreated_of_the_same_months():
    months = [day("2024-01-01"), day("2024-02-01")]
    trials = pd.DataFrame(
        {"play": "budget", "arm": ["treated", "treated", "holdout"], "month": [*months, months[0]], "left": [True, False, True]}
    )
    others = pd.DataFrame({"month": [months[0], months[0], months[1]], "left": [True, False, False]})
    assert naive_differences(trials, others) == {"budget": 0.5 - 0.25}
    assert naive_differences(trials, others.iloc[:0]) == {}
