"""The gate against equals: a candidate that is no better than the champion seldom replaces it."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.evaluation import evaluated
from models.gate_champion import against_champion
from models.rivalry import Rivalry

WORLDS = 60


def equals(seed, settings_of, *, apart):
    """One world in which two models know the same, each with an error of its own; the verdict on the second."""
    rng = np.random.default_rng(seed)
    risk, error, other = rng.normal(size=(3, 600))
    table = pd.DataFrame(
        {
            "account_id": [f"A{number:03d}" for number in np.arange(600) % 300],
            "as_of": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(600) // 300 * 90, unit="D"),
            "arr": rng.lognormal(10, 1, 600),
            "churned": rng.random(600) < 1 / (1 + np.exp(1.9 - 1.2 * risk)),
            "model": 1 / (1 + np.exp(1.9 - 1.2 * risk - apart * error)),
            "champion": 1 / (1 + np.exp(1.9 - 1.2 * risk - apart * other)),
            "calendar": 0.1,
        }
    )
    params = settings_of(evaluation={"bootstrap": 60, "null_draws": 20})
    found = evaluated(table, pd.DataFrame(), horizon_days=90, capacity_share=0.1, params=params.evaluation)
    reasons = against_champion(Rivalry(found, age_days=0, seen=False, simpler=False), params.gate)
    return all(reason.passed for reason in reasons)


def test_of_many_equals_at_most_one_in_ten_is_promoted(settings_of):
    promoted = [equals(seed, settings_of, apart=0.25) for seed in range(WORLDS)]
    assert np.mean(promoted) <= 0.1


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_the_same_probabilities_never_replace_themselves(settings_of, seed):
    assert not equals(seed, settings_of, apart=0.0)
