"""Save rates by play lean on what all plays have in common."""

import numpy as np
import pytest

from serving.learning.saves import save_rates


def test_a_play_with_few_attempts_leans_on_the_others():
    others = {f"play {n}": (400, 210 + 4 * n) for n in range(6)}
    found = {each.play: each for each in save_rates({"budget": (20, 16), **others}, 20)}
    assert found["budget"].rate.mean < 0.65
    assert found["play 0"].rate.mean == pytest.approx(210 / 400, abs=0.02)
    assert found["budget"].rate.low < found["budget"].rate.lower_quartile < found["budget"].rate.high


def test_below_the_least_number_of_attempts_nothing_is_said():
    found = save_rates({"budget": (19, 10), "value_roi": (20, 10), "win_back": (0, 0)}, 20)
    assert [(each.play, each.too_few, each.rate is None) for each in found] == [
        ("budget", True, True),
        ("value_roi", False, False),
    ]
    assert save_rates({}, 20) == ()


def test_nine_in_ten_intervals_hold_the_true_rate():
    rng = np.random.default_rng(5)
    held = []
    for _ in range(40):
        true = rng.beta(12, 8, 8)
        counts = rng.integers(20, 120, 8)
        finished = {
            f"play {n}": (int(count), int(rng.binomial(count, share)))
            for n, (count, share) in enumerate(zip(counts, true, strict=True))
        }
        found = save_rates(finished, 20)
        held += [each.rate.low <= share <= each.rate.high for each, share in zip(found, true, strict=True)]
    assert 0.85 <= np.mean(held) <= 0.95
