"""Periods and what the contract calendar says about them ahead of time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnableToTrain
from models.periods import PERIOD_FEATURES, Calendar, Periods

MONTHS = Periods((30, 60, 90, 120, 150, 180))


def calendar(to_renewal, term=365.0, monthly=0.0, notice=0.0, auto=1.0, grace=30):
    frame = pd.DataFrame(
        {
            "days_to_renewal": [to_renewal],
            "term_days": [term],
            "monthly_term": [monthly],
            "auto_renew": [auto],
            "notice_days": [notice],
        }
    )
    return Calendar.of(frame, grace)


def due_periods(found, periods=MONTHS):
    here = np.zeros(1, dtype=np.int64)
    return [k for k in range(periods.count) if found.due(here, periods.starts[k], periods.ends[k])[0]]


@given(
    hazards=st.lists(st.floats(0, 0.999), min_size=6, max_size=6),
    horizons=st.lists(st.integers(0, 180), min_size=2, max_size=2).map(sorted),
)
def test_probability_never_falls_with_the_horizon(hazards, horizons):
    table = np.array([hazards])
    near, far = (MONTHS.probability(table, days)[0] for days in horizons)
    assert 0 <= near <= far + 1e-12 <= 1 + 1e-12


def test_probability_is_one_minus_the_product_of_stays():
    hazards = np.array([[0.1, 0.2, 0.3, 0, 0, 0]])
    assert MONTHS.probability(hazards, 90)[0] == pytest.approx(1 - 0.9 * 0.8 * 0.7)
    assert MONTHS.probability(hazards, 45)[0] == pytest.approx(1 - 0.9 * 0.8**0.5)


def test_past_the_last_period_nothing_is_said():
    assert np.isnan(MONTHS.probability(np.full((2, 6), 0.1), 181)).all()


@pytest.mark.parametrize("ends", [(), (0, 30), (30, 30), (60, 30), (-7,)])
def test_ends_that_do_not_rise_are_refused(ends):
    with pytest.raises(UnableToTrain, match=r"label\.periods"):
        Periods(ends)


def test_a_period_is_due_when_the_window_from_notice_to_grace_touches_it():
    assert due_periods(calendar(100.0)) == [3, 4]  # [100, 130]
    assert due_periods(calendar(100.0, notice=60.0)) == [1, 2, 3, 4]  # [40, 130]
    assert due_periods(calendar(100.0, grace=0)) == [3]


def test_the_window_edges_count_like_the_periods():
    assert due_periods(calendar(90.0, grace=0)) == [3]
    assert due_periods(calendar(89.0, grace=0)) == [2]
    assert due_periods(calendar(89.0, grace=1)) == [2, 3]


def test_a_term_repeats():
    assert due_periods(calendar(10.0, term=90.0, grace=0)) == [0, 3]


def test_a_monthly_contract_may_end_in_any_period():
    assert due_periods(calendar(10.0, term=30.0, monthly=1.0)) == list(range(6))


def test_without_a_renewal_date_any_period_may_be_the_last():
    assert due_periods(calendar(np.nan)) == list(range(6))


def test_without_a_term_length_only_the_running_term_is_due():
    assert due_periods(calendar(40.0, term=np.nan, grace=0)) == [1]


def test_missing_calendar_columns_are_unknown_not_zero():
    found = Calendar.of(pd.DataFrame({"account_id": ["a"]}), 30)
    assert due_periods(found) == list(range(6))
    features = found.features(np.zeros(1, dtype=np.int64), np.array([0.0]), np.array([30.0]))
    assert np.isnan(features[0, PERIOD_FEATURES.index("auto_renew")])


def test_features_name_the_renewal_and_notice_of_the_period():
    found = calendar(100.0, notice=60.0)
    here = np.zeros(2, dtype=np.int64)
    rows = found.features(here, np.array([30.0, 90.0]), np.array([60.0, 120.0]))
    named = [dict(zip(PERIOD_FEATURES, row, strict=True)) for row in rows]
    assert [row["renewal_in_period"] for row in named] == [0, 1]
    assert [row["notice_in_period"] for row in named] == [1, 0]
    assert [row["days_from_period_end_to_renewal"] for row in named] == [40, -20]
    assert [row["later_renewal"] for row in named] == [0, 0]
    assert [row["period_mid_days"] for row in named] == [45, 105]


def test_a_renewal_after_the_first_is_marked_later():
    found = calendar(10.0, term=90.0, grace=0)
    row = found.features(np.zeros(1, dtype=np.int64), np.array([90.0]), np.array([120.0]))[0]
    assert row[PERIOD_FEATURES.index("later_renewal")] == 1
