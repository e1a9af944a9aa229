"""Effects from simulated accounts whose true effect is known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.learning.effects import adjusted, differences, measured_effects
from serving.params import LearningParams

PARAMS = LearningParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["learning"])
TRUE = {"budget": -0.02, "champion_exit": -0.08, "competitive": 0.0, "value_roi": -0.05}


def simulated(seed, *, accounts=600, holdout=0.3, effects=TRUE, signal=0.3, level=0.15):
    """Accounts whose own risk is around `level`, known with a score; a play adds its effect."""
    rng = np.random.default_rng(seed)
    parts = []
    for play, effect in effects.items():
        risk = np.clip(level + signal * rng.uniform(-0.5, 0.5, accounts), 0.0, 1.0)
        held = rng.random(accounts) < holdout
        left = rng.random(accounts) < np.clip(risk + effect * ~held, 0, 1)
        arm = np.where(held, "holdout", "treated")
        parts.append(pd.DataFrame({"play": play, "arm": arm, "left": left, "score": risk}))
    return pd.concat(parts, ignore_index=True)


def test_effects_are_recovered_on_average_and_their_intervals_hold_nine_times_in_ten():
    """Of plays that differ as plays do: an interval that leans on the others need not hold for one that is unlike them all."""
    off, held = [], []
    for seed in range(60):
        true = dict(zip("abcdef", np.random.default_rng(seed).normal(-0.04, 0.02, 6), strict=True))
        for each in measured_effects(simulated(seed, effects=true, accounts=400, signal=0.2, level=0.25), {}, PARAMS):
            off.append(each.effect.mean - true[each.play])
            held.append(each.effect.low <= true[each.play] <= each.effect.high)
    assert abs(np.mean(off)) < 0.01
    assert 0.85 <= np.mean(held) <= 0.95


def test_a_score_known_before_takes_noise_away_and_leaves_the_effect():
    trials = simulated(5, signal=0.9, level=0.5)
    with_score, without = differences(trials, 0), differences(trials.assign(score=np.nan), 0)
    for play in TRUE:
        assert with_score[play].error < 0.95 * without[play].error
        assert with_score[play].value == pytest.approx(without[play].value, abs=2 * without[play].error)


def test_a_missing_score_counts_as_the_plays_mean_and_no_score_at_all_changes_nothing():
    trials = simulated(2)
    left = trials["left"].astype(float)
    assert adjusted(trials.assign(score=np.nan)).tolist() == left.tolist()
    some = adjusted(trials.assign(score=trials["score"].where(trials.index % 2 == 0)))
    assert np.allclose(some[1::2], left[1::2])
    assert not np.allclose(some[::2], left[::2])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 100), st.floats(-5, 5))
def test_what_scale_the_score_has_does_not_matter(seed, scale, shift):
    trials = simulated(seed, accounts=80)
    other = trials.assign(score=trials["score"] * scale + shift)
    assert np.allclose(adjusted(trials), adjusted(other), atol=1e-6)


def test_of_too_few_accounts_in_an_arm_nothing_is_said_but_they_are_counted():
    few = simulated(1, accounts=30, effects={"budget": -0.1})
    found = {
        each.play: each for each in measured_effects(pd.concat([few, simulated(2, effects={"value_roi": -0.05})]), {}, PARAMS)
    }
    assert found["budget"].too_few
    assert found["budget"].treated + found["budget"].holdout == 30
    assert (found["budget"].effect, found["budget"].prevented, found["budget"].alone, found["budget"].untreated) == (None,) * 4
    assert not found["value_roi"].too_few


def test_without_holdouts_no_effect_is_claimed():
    found = measured_effects(simulated(1, holdout=0.0), {"budget": 0.09}, PARAMS)
    assert [each.too_few for each in found] == [True] * 4
    assert found[0].naive is None


def test_without_any_outcome_there_is_no_effect_to_tell():
    empty = pd.DataFrame({"play": pd.Series(dtype=str), "arm": pd.Series(dtype=str), "left": pd.Series(dtype=bool), "score": []})
    assert measured_effects(empty, {}, PARAMS) == ()


def test_an_arm_in_which_nobody_left_is_not_taken_for_certain():
    trials = simulated(4, accounts=120, holdout=0.2, level=0.1)
    quiet = trials["play"].eq("budget") & trials["arm"].eq("holdout")
    error = differences(trials.assign(left=trials["left"] & ~quiet), PARAMS.variance_accounts)["budget"].error
    assert error > 0.03


def test_the_naive_figure_stands_beside_its_bias():
    found = next(each for each in measured_effects(simulated(8), {"budget": 0.09}, PARAMS) if each.play == "budget")
    assert found.naive.difference == 0.09
    assert found.naive.bias.mean == pytest.approx(0.09 - found.effect.mean)
    assert (found.naive.bias.low, found.naive.bias.high) == pytest.approx((0.09 - found.effect.high, 0.09 - found.effect.low))
    assert found.naive.bias.low < found.naive.bias.lower_quartile < found.naive.bias.high


def test_the_chance_of_a_save_is_the_share_of_would_be_leavers_that_is_kept():
    found = measured_effects(simulated(3, accounts=40_000, effects={"champion_exit": -0.08}), {}, PARAMS)[0]
    assert found.untreated == pytest.approx(0.15, abs=0.01)
    assert found.prevented.mean == pytest.approx(0.08 / 0.15, abs=0.06)
    assert 0 <= found.prevented.low <= found.prevented.lower_quartile <= found.prevented.mean <= found.prevented.high <= 1


def test_a_play_that_does_harm_saves_nobody():
    found = measured_effects(simulated(3, accounts=4_000, effects={"competitive": 0.1}), {}, PARAMS)[0]
    assert (found.prevented.mean, found.prevented.lower_quartile, found.prevented.high) == (0, 0, 0)
