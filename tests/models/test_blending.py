"""The anchor's share of the score: what out-of-time churns say, and how far a few of them may move it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.blending import blended, learned_share


def rows(n, seed=1):
    """True log-odds of n rows and whether each churned."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(-2.5, 1.2, n)
    return truth, (rng.random(n) < 1 / (1 + np.exp(-truth))).astype(float), rng.normal(-2.5, 1.2, n)


def share(anchor, boosted, events, weight=None, churned_accounts=None):
    return learned_share(
        anchor,
        boosted,
        events,
        np.ones(len(events)) if weight is None else weight,
        churned_accounts=int(events.sum()) if churned_accounts is None else churned_accounts,
        needed=10,
        slope_sd=0.25,
        level_sd=0.1,
        usual=0.5,
        usual_sd=0.25,
    )


def test_thousands_of_churns_choose_the_better_of_the_two():
    truth, events, noise = rows(20_000)
    assert share(noise, truth, events) <= 0.1
    assert share(truth, noise, events) >= 0.9


def test_two_that_know_different_halves_are_both_kept():
    truth, events, noise = rows(20_000)
    assert 0.4 <= share(truth + noise, truth - noise, events) <= 0.6


def test_a_dozen_churns_leave_it_near_the_half():
    truth, events, noise = rows(150, seed=4)
    assert events.sum() < 25
    assert 0.1 <= share(noise, truth, events) < 0.5
    assert share(truth, noise, events) > 0.5


def test_too_few_churns_leave_it_where_it_was():
    truth, events, noise = rows(5_000)
    assert share(noise, truth, events, churned_accounts=9) == 0.5


def test_two_that_say_the_same_leave_it_where_it_was():
    truth, events, _ = rows(2_000)
    assert share(truth, truth, events) == 0.5


@settings(deadline=None)
@given(times=st.integers(2, 5))
def test_an_account_that_fills_more_rows_counts_no_more(times):
    truth, events, noise = rows(300, seed=7)
    again = [np.repeat(values, times) for values in (noise, truth + 0.5 * noise, events)]
    assert share(*again, churned_accounts=int(events.sum())) == share(noise, truth + 0.5 * noise, events)


@pytest.mark.parametrize("anchor_share", [0.0, 0.3, 1.0])
def test_the_blend_is_the_weighted_mean_of_log_odds(anchor_share):
    found = blended(np.array([1.0, -2.0]), np.array([3.0, 0.0]), anchor_share)
    np.testing.assert_allclose(found, [3.0 - 2.0 * anchor_share, -2.0 * anchor_share])
