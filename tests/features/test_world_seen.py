"""What can be read from the tables of the world: less than all that is so, more than the calendar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.world.company import found
from features.world.days import guessed, laid_out
from features.world.filtering import _systematic
from features.world.watching import watched
from tests.features.worlds import CHANCES, left, order, ranking, small


@pytest.fixture(scope="module")
def world():
    return order(300, 18, 4, particles=32)


def test_who_reads_the_tables_ranks_below_the_truth_and_above_chance(world):
    truth = left(world, 90)
    seen = truth[["account_id", "as_of", "left"]].merge(world.truth["seen_chances"], on=["account_id", "as_of"])
    assert len(seen) == len(truth)
    assert 0.75 < ranking(seen["p_churn_90d"], seen["left"]) < ranking(truth["p_churn_90d"], truth["left"])
    assert seen["p_churn_90d"].sum() == pytest.approx(seen["left"].sum(), rel=0.35)


def test_among_monthly_contracts_the_tables_tell_who_leaves(world):
    terms = world.tables["subscriptions"]
    monthly = terms.loc[terms["billing"] == "monthly", "account_id"].unique()
    truth = left(world, 90)
    seen = truth[["account_id", "as_of", "left"]].merge(world.truth["seen_chances"], on=["account_id", "as_of"])
    assert ranking(*(seen.loc[seen["account_id"].isin(monthly), name] for name in ("p_churn_90d", "left"))) > 0.65


def test_the_chances_rise_with_the_horizon_and_are_chances(world):
    found_ = world.truth["seen_chances"]
    pd.testing.assert_frame_equal(found_[["account_id", "as_of"]], world.truth["chances"][["account_id", "as_of"]])
    assert found_[CHANCES].apply(lambda column: column.between(0, 1)).all(axis=None)
    assert (found_[CHANCES].diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)


def test_the_same_seed_reads_the_same():
    one, again = (order(20, 6, 3, particles=8, futures=4).truth["seen_chances"] for _ in range(2))
    pd.testing.assert_frame_equal(one, again)


@pytest.fixture(scope="module")
def company():
    return found(60, 10, 5, small(), ("Rivalio",))


def test_a_guessed_decision_falls_in_what_is_left_of_the_notice_period(company):
    known, month = laid_out(company), company.clock.first + 3
    account = np.flatnonzero(~company.accounts.monthly & (company.accounts.entry < month - 1))
    days = guessed(company, known, account, month, 16, np.random.default_rng(1))
    today, notice = known.clock.starts[month], company.accounts.notice_days[account]
    renews = np.array(
        [company.terms.renews[(company.terms.account == a) & (company.terms.decided >= today)].min() for a in account]
    )
    first = np.nanmin(days.day, axis=0, initial=np.inf)
    soon = np.flatnonzero(renews - today < 200)
    assert len(soon) > 5
    assert (first[soon] >= today).all()
    assert (first[soon] >= (renews - notice)[soon, None]).all()
    assert (first[soon] < renews[soon, None]).all()
    assert not (days.due & days.free).any()


def test_rows_known_after_their_month_are_not_seen_in_it(world, company):

    own = order(60, 10, 5, futures=0).tables
    late = own["tickets"].assign(known_at=own["tickets"]["known_at"] + pd.Timedelta(days=40))
    assert watched(company, own).bugs.sum() > 0
    assert watched(company, own | {"tickets": late}).bugs.sum() == 0


@given(st.integers(0, 1000), st.integers(2, 20))
@settings(max_examples=20, deadline=None)
def test_lives_are_drawn_as_often_as_they_weigh(seed, size):
    rng = np.random.default_rng(seed)
    share = rng.dirichlet(np.ones(size), 3)
    picked = _systematic(share, 400, rng)
    counts = np.stack([np.bincount(row, minlength=size) for row in picked])
    assert np.abs(counts - 400 * share).max() <= 1 + 1e-9
