"""Slices: who counts, and what is more than chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.slice_check import Slice, drops, slices_of


def part(name, risk, candidate, rival, events):
    return Slice(name, np.arange(len(risk)), events, candidate, rival)


def drawn(n=1500, seed=1):
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=n)
    return risk, (rng.random(n) < 1 / (1 + np.exp(2 - 1.5 * risk))).astype(float), rng


def test_a_level_of_every_trait_is_a_slice_and_the_unknown_are_in_none():
    table = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "arr": [1.0, 2.0, 3.0],
            "churned": [True, False, True],
            "model": [0.3, 0.2, 0.1],
            "rule_score": [0.1, 0.1, 0.1],
            "trait_region": ["north", None, "north"],
        }
    )
    found = {each.name: each for each in slices_of(table, "rule_score")}
    assert set(found) == {
        "region = north",
        "yearly value = lowest third",
        "yearly value = middle third",
        "yearly value = highest third",
    }
    assert found["region = north"].churned_accounts == 2
    assert found["region = north"].candidate.tolist() == [0.3, 0.1]


def test_a_slice_ranked_backwards_is_worse_and_its_equal_is_not(params):
    risk, events, rng = drawn()
    near = risk + 0.01 * rng.normal(size=len(risk))
    found = drops([part("bad", risk, -risk, risk, events), part("same", risk, near, risk, events)], params=params.gate)
    assert [each.name for each in found] == ["bad"]
    assert found[0].size > 0.3


def test_too_few_churned_accounts_say_nothing(params):
    risk, events, _ = drawn()
    few = np.flatnonzero(events == 1)[: params.gate.slice_min_churned - 1]
    events = np.zeros_like(events)
    events[few] = 1
    assert drops([part("few", risk, -risk, risk, events)], params=params.gate) == ()


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_a_slice_in_which_both_are_the_same_is_never_worse(seed):
    from models.params import GateParams

    risk, events, _ = drawn(300, seed)
    params = GateParams.model_construct(
        slice_min_churned=5, slice_auc_drop=0.0, slice_confidence=0.9, slice_draws=50, slice_seed=1
    )
    assert drops([part("same", risk, risk, risk, events)], params=params) == ()


def test_nothing_tested_is_nothing_worse(params):
    assert drops([], params=params.gate) == ()
    assert pytest.approx(0.05) == params.gate.slice_auc_drop
