"""The save programme and the portfolio, from a handful of rows."""

from datetime import date

import pandas as pd
import pytest

from serving.learning.portfolio import portfolio
from serving.learning.programme import discounted, programme

ROW = {
    "playbook": "budget",
    "segment": "10000-50000",
    "cause": "budget",
    "csm": "ana",
    "arm": "treated",
    "assigned_at": "2025-01-01",
    "started_at": "2025-01-03",
    "finished_at": "2025-02-01",
    "effort_hours": 10.0,
    "concession_percent": 0.0,
    "outcome": "saved",
    "arr_saved": 20_000.0,
    "arr": 20_000.0,
}
ROWS = [
    {"account_id": "saved"},
    {"account_id": "given away", "concession_percent": 15.0, "segment": None, "csm": None},
    {"account_id": "lost", "outcome": "lost", "arr_saved": 0.0},
    {"account_id": "running", "finished_at": None, "outcome": None, "arr_saved": None},
    {
        "account_id": "never begun",
        "started_at": None,
        "finished_at": None,
        "outcome": None,
        "effort_hours": None,
        "arr_saved": None,
    },
    {
        "account_id": "held out",
        "arm": "holdout",
        "started_at": None,
        "finished_at": None,
        "outcome": None,
        "effort_hours": None,
        "arr_saved": None,
    },
]


def assigned():
    frame = pd.DataFrame([{**ROW, **row} for row in ROWS])
    return frame.assign(**{name: frame[name].astype("datetime64[us]") for name in ("assigned_at", "started_at", "finished_at")})


def decisions(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "decided_at", "outcome"])
    return frame.assign(decided_at=frame["decided_at"].astype("datetime64[us]"))


def group(effects, renewals, by="all", name="all"):
    return next(each for each in programme(assigned(), renewals, effects, 75) if (each.by, each.name) == (by, name))


def test_attempts_saves_and_their_price():
    whole = group({}, decisions())
    assert (whole.assigned, whole.attempted, whole.finished, whole.saved) == (6, 4, 3, 2)
    assert (whole.attempt_rate, whole.success_rate) == (4 / 6, 2 / 3)
    assert (whole.effort_hours, whole.effort_cost, whole.roi) == (40, 3_000, 40_000 / 3_000)
    assert whole.days_to_save == 31


def test_only_what_the_holdout_credits_to_the_plays_counts_as_won_by_them():
    assert group({"budget": -0.1}, decisions()).credited_roi == pytest.approx(0.1 * 5 * 20_000 / 3_000)
    assert group({}, decisions()).credited_roi is None


def test_the_next_decision_after_a_save_says_whether_it_held():
    renewals = decisions(
        ("saved", "2025-01-15", "renewed"), ("saved", "2025-06-01", "churned"), ("given away", "2025-03-01", "renewed")
    )
    whole = group({}, renewals)
    assert (whole.renewals_seen, whole.retained_rate) == (2, 0.5)
    assert group({}, decisions()).retained_rate is None


def test_every_play_segment_and_cause_has_its_group_and_what_is_not_known_is_called_so():
    found = {(each.by, each.name): each.assigned for each in programme(assigned(), decisions(), {}, 75)}
    assert found == {
        ("all", "all"): 6,
        ("playbook", "budget"): 6,
        ("segment", "10000-50000"): 5,
        ("segment", "unknown"): 1,
        ("cause", "budget"): 6,
    }


def test_discounts_are_counted_by_account_segment_and_csm():
    found = {(each.by, each.name): (each.accounts, each.discounted) for each in discounted(assigned())}
    assert found == {
        ("segment", "10000-50000"): (3, 0),
        ("segment", "unknown"): (1, 1),
        ("csm", "ana"): (3, 0),
        ("csm", "unknown"): (1, 1),
    }


def test_a_company_without_assignments_has_no_programme():
    assert programme(assigned().iloc[:0], decisions(), {}, 75) == ()
    assert discounted(assigned().iloc[:0]) == ()


def a_year(then, now, due=()):
    frames = (pd.DataFrame(rows, columns=["account_id", "arr"]).astype({"arr": float}) for rows in (then, now))
    return portfolio(*frames, since=date(2024, 7, 1), until=date(2025, 7, 1), scored_on=None, due=due)


def test_net_retention_counts_growth_and_gross_retention_does_not():
    found = a_year([("grew", 100), ("shrank", 100), ("left", 100)], [("grew", 150), ("shrank", 60), ("new", 500)])
    assert (found.nrr, found.grr) == pytest.approx((210 / 300, 160 / 300))
    assert found.logo_churn == pytest.approx(1 / 3)
    assert (1 - found.logo_churn_month) ** 12 == pytest.approx(2 / 3)
    assert (found.accounts, found.arr) == (3, 710)


def test_an_account_without_a_value_counts_as_a_customer_alone():
    found = a_year([("known", 100), ("unknown", None)], [("known", 100), ("unknown", None)])
    assert (found.nrr, found.logo_churn) == (1, 0)


def test_a_young_company_has_no_year_to_look_back_on():
    found = a_year([], [("new", 100)])
    assert (found.nrr, found.grr, found.logo_churn, found.logo_churn_month) == (None,) * 4


def test_what_is_at_risk_stands_by_renewal_quarter_in_order_of_time():
    due = [(date(2026, 1, 31), 10.0, 1.0), (None, 5.0, None), (date(2025, 12, 31), None, None), (date(2026, 3, 31), 20.0, 2.0)]
    found = [(each.quarter, each.accounts, each.arr, each.arr_at_risk) for each in a_year([], [], due).at_risk]
    assert found == [("2025-Q4", 1, 0, 0), ("2026-Q1", 2, 30, 3), ("unknown", 1, 5, 0)]
