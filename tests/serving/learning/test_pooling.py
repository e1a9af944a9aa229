"""Partial pooling: one play alone stays as it is, noisy ones lean on the others, and intervals keep their word."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.learning.pooling import pooled

few = st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(0.005, 0.2)), min_size=1, max_size=8)


def test_one_play_alone_keeps_its_estimate_and_its_interval():
    found = pooled([-0.04], [0.02])[0].estimate()
    assert found.mean == pytest.approx(-0.04)
    assert (found.low, found.high) == pytest.approx((-0.04 - 1.645 * 0.02, -0.04 + 1.645 * 0.02), abs=1e-4)
    assert found.lower_quartile == pytest.approx(-0.04 - 0.6745 * 0.02, abs=1e-4)


def test_nothing_is_known_of_no_play():
    assert pooled([], []) == []


def test_a_play_known_poorly_leans_on_the_others_more_than_one_known_well():
    sure, unsure = pooled([-0.02, -0.02, -0.2, -0.2], [0.01, 0.01, 0.01, 0.2])[2:]
    assert sure.mean == pytest.approx(-0.2, abs=0.01)
    assert unsure.mean > -0.16


@given(few)
def test_the_order_of_mean_and_quantiles_holds_and_no_estimate_is_pushed_away_from_all_others(plays):
    values, errors = zip(*plays, strict=True)
    for play in pooled(values, errors):
        found = play.estimate()
        assert found.low < found.lower_quartile < found.high
        assert min(values) - 1e-9 <= found.mean <= max(values) + 1e-9


def test_ninety_in_a_hundred_intervals_hold_the_truth_whether_plays_differ_or_not():
    rng = np.random.default_rng(7)
    for spread in (0.0, 0.01, 0.05):
        held = []
        for _ in range(150):
            true = rng.normal(-0.03, spread, 8)
            error = rng.uniform(0.02, 0.06, 8)
            found = [each.estimate() for each in pooled(rng.normal(true, error), error)]
            held += [each.low <= t <= each.high for each, t in zip(found, true, strict=True)]
        assert 0.87 <= np.mean(held) <= 0.98, spread


def test_pooling_comes_nearer_to_the_truth_than_each_play_alone():
    rng = np.random.default_rng(3)
    alone, together = [], []
    for _ in range(100):
        true = rng.normal(-0.03, 0.015, 8)
        seen = rng.normal(true, 0.06)
        alone.append((seen - true) ** 2)
        together.append((np.array([each.mean for each in pooled(seen, np.full(8, 0.06))]) - true) ** 2)
    assert np.mean(together) < 0.6 * np.mean(alone)


@settings(max_examples=20)
@given(st.floats(-1, 0))
def test_an_error_of_none_is_refused(error):
    with pytest.raises(ValueError, match="must be above 0"):
        pooled([0.1], [error])
