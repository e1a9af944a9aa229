"""Hazard rows: purged, censored, sampled, weighted back exactly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from models.errors import UnableToTrain
from models.params import RowsParams
from models.periods import Calendar, Periods
from models.rows import DAY, Outcomes, hazard_rows

PERIODS = Periods((30, 60, 90))
EVERY = RowsParams(not_due_share=1.0, max_rows=1_000_000, seed=1)
LONG_AGO = -(2**62)


def day(text):
    return pd.Timestamp(text).as_unit("us")


def tables(churned=None, known=None, followed="2020-12-31", to_renewal=45.0, accounts=1, monthly=0.0):
    matrix = pd.DataFrame(
        {
            "account_id": [f"a{n}" for n in range(accounts)],
            "as_of": [day("2020-01-01")] * accounts,
            "days_to_renewal": [to_renewal] * accounts,
            "term_days": [365.0] * accounts,
            "monthly_term": [monthly] * accounts,
        }
    )
    follow = matrix[["account_id", "as_of"]].assign(
        churned_at=pd.Series([day(churned) if churned else pd.NaT] * accounts, dtype="datetime64[us]"),
        outcome_known_at=pd.Series([day(known) if known else pd.NaT] * accounts, dtype="datetime64[us]"),
        followed_until=pd.Series([day(followed)] * accounts, dtype="datetime64[us]"),
    )
    return matrix, follow


def rows_of(matrix, follow, cut="2020-12-31", params=EVERY, periods=PERIODS, grace=0):
    outcomes = Outcomes.of(matrix, follow)
    micros = day(cut).value // 1000 if day(cut).unit == "ns" else int(day(cut).to_datetime64().astype("int64"))
    calendar = Calendar.of(matrix, grace)
    return outcomes, hazard_rows(outcomes, calendar, periods, since=LONG_AGO, before=micros, cut=micros, params=params)


def seen(rows):
    return list(zip(rows.period.tolist(), rows.event.tolist(), strict=True))


def test_an_account_that_stays_gives_one_row_a_period():
    _, rows = rows_of(*tables())
    assert seen(rows) == [(0, False), (1, False), (2, False)]


def test_after_the_churn_there_are_no_rows():
    _, rows = rows_of(*tables(churned="2020-02-10", known="2020-02-12"))
    assert seen(rows) == [(0, False), (1, True)]


def test_a_churn_on_the_first_day_of_a_period_belongs_to_it():
    _, rows = rows_of(*tables(churned="2020-01-31", known="2020-02-02"))
    assert seen(rows) == [(0, False), (1, True)]


def test_a_churn_learned_at_the_cut_is_no_event_and_no_stay():
    _, rows = rows_of(*tables(churned="2020-02-10", known="2020-03-15", followed="2020-02-10"), cut="2020-03-15")
    assert seen(rows) == [(0, False)]


def test_a_period_that_is_not_over_at_the_cut_makes_no_row():
    _, rows = rows_of(*tables(), cut="2020-02-29")  # period 1 ends 2020-03-01
    assert seen(rows) == [(0, False)]
    _, rows = rows_of(*tables(), cut="2020-03-01")
    assert seen(rows) == [(0, False), (1, False)]


def test_an_account_lost_from_sight_is_censored():
    _, rows = rows_of(*tables(followed="2020-02-15"))
    assert seen(rows) == [(0, False)]


def test_a_later_churn_shows_that_the_account_was_there_before():
    _, rows = rows_of(*tables(churned="2020-03-15", known="2020-03-20", followed="2020-01-05"))
    assert seen(rows) == [(0, False), (1, False), (2, True)]


def test_an_account_that_churned_before_as_of_makes_no_row():
    _, rows = rows_of(*tables(churned="2019-12-15", known="2020-01-20", followed="2020-01-01"))
    assert rows.count == 0


def test_tables_of_other_rows_are_refused():
    matrix, follow = tables(accounts=3)
    with pytest.raises(UnableToTrain, match="not row for row"):
        Outcomes.of(matrix, follow.iloc[[1, 0, 2]])
    with pytest.raises(UnableToTrain, match=r"2 rows.*3 rows"):
        Outcomes.of(matrix, follow.iloc[:2])


def strata(outcomes, rows, chosen):
    frame = pd.DataFrame({"as_of": outcomes.as_of[rows.position], "period": rows.period, "weight": rows.weight})[chosen]
    return frame.groupby(["as_of", "period"])["weight"].sum()


@hypothesis_settings(max_examples=25, deadline=None)
@given(share=st.floats(0.01, 1.0), seed=st.integers(0, 10_000), most=st.sampled_from([1000, 2500, 1_000_000]))
def test_weights_sum_exactly_to_what_they_stand_for(share, seed, most, company):
    outcomes, whole = rows_of(company.matrix, company.follow_up, cut="2021-12-01", grace=30)
    params = RowsParams(not_due_share=share, max_rows=most, seed=seed)
    _, some = rows_of(company.matrix, company.follow_up, cut="2021-12-01", params=params, grace=30)
    calendar = Calendar.of(company.matrix, 30)

    def due(rows):
        starts, ends = rows.days(PERIODS)
        return calendar.due(rows.position, starts, ends)

    for wanted in (True, False):
        expected = strata(outcomes, whole, ~whole.event & (due(whole) == wanted))
        found = strata(outcomes, some, ~some.event & (due(some) == wanted))
        assert found.index.equals(expected.index)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert some.event.sum() == whole.event.sum()
    assert (some.weight[some.event] == 1).all()


def test_sampling_leaves_due_periods_alone_and_thins_the_others(company):
    params = RowsParams(not_due_share=0.1, max_rows=1_000_000, seed=1)
    _, whole = rows_of(company.matrix, company.follow_up, cut="2021-12-01", grace=30)
    _, some = rows_of(company.matrix, company.follow_up, cut="2021-12-01", params=params, grace=30)
    assert some.count < 0.75 * whole.count
    assert set(np.unique(some.weight[some.weight < 1.5])) == {1.0}


def test_max_rows_is_kept_up_to_one_row_a_stratum(company):
    params = RowsParams(not_due_share=1.0, max_rows=3000, seed=1)
    _, some = rows_of(company.matrix, company.follow_up, cut="2021-12-01", params=params, grace=30)
    assert some.count <= 3000 + 2 * 24 * PERIODS.count


def test_what_is_kept_depends_on_the_seed_and_on_nothing_else(company):
    def kept(seed):
        params = RowsParams(not_due_share=0.3, max_rows=1_000_000, seed=seed)
        rows = rows_of(company.matrix, company.follow_up, cut="2021-12-01", params=params, grace=30)[1]
        return set(zip(rows.position.tolist(), rows.period.tolist(), strict=True))

    assert kept(1) == kept(1)
    assert kept(1) != kept(2)


def test_no_training_row_reaches_past_the_cut(company):
    cut = pd.Timestamp("2021-03-10")
    outcomes, rows = rows_of(company.matrix, company.follow_up, cut="2021-03-10", grace=30)
    micros = int(cut.to_datetime64().astype("datetime64[us]").astype("int64"))
    _, ends = rows.days(PERIODS)
    assert (outcomes.as_of[rows.position] + ends.astype(int) * DAY <= micros).all()
    assert (outcomes.known[rows.position[rows.event]] < micros).all()
    assert rows.event.any()
