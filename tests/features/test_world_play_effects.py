"""What plays truly do in the world: the chance of leaving, treated and held out."""

import numpy as np
import pytest

from features.world.company import found
from features.world.contracts import sign
from features.world.generate import interventions_and_truth
from features.world.play_effects import true_effects
from tests.features.worlds import small

WINDOW = 180


def a_world(seed, **sections):
    company = found(1500, 30, seed, small(**sections), ("Rivalio",))
    return company, interventions_and_truth(company, sign(company))[0]


@pytest.fixture(scope="module")
def worlds():
    return [a_world(seed) for seed in range(40, 48)]


def arms(worlds):
    """(chance by the truth of the arm the account was in, whether it left within the window) of windows that are over."""
    for company, rows in worlds:
        effects = true_effects(company, rows, WINDOW)
        account = company.fate.assigned.account[rows["intervention_id"].str.removeprefix("P-").astype(int).to_numpy()]
        at = rows["assigned_at"].to_numpy().astype("datetime64[us]").astype(np.int64) / 86_400e6
        over = at + WINDOW <= company.clock.end_day
        left = company.fate.churned[account] < at + WINDOW
        for arm in ("treated", "holdout"):
            chosen = over & (rows["arm"] == arm).to_numpy()
            yield arm, effects[arm].to_numpy()[chosen], left[chosen]


def test_as_many_leave_in_each_arm_as_the_truth_foretells(worlds):
    for wanted in ("treated", "holdout"):
        found = [(chance, left) for arm, chance, left in arms(worlds) if arm == wanted]
        chance, left = (np.concatenate(each) for each in zip(*found, strict=True))
        error = np.sqrt((chance * (1 - chance)).sum())
        assert abs(left.sum() - chance.sum()) < 2.5 * error


def test_a_play_that_fits_keeps_accounts_and_one_that_does_not_wakes_them(worlds):
    for company, rows in worlds[:2]:
        effects = true_effects(company, rows, WINDOW)
        matched = company.fate.assigned.matched[rows["intervention_id"].str.removeprefix("P-").astype(int).to_numpy()]
        change = (effects["treated"] - effects["holdout"]).to_numpy()
        assert (change[matched] <= 0).all()
        assert (change[~matched] >= 0).all()
        assert change[matched].mean() < -0.02


def test_where_plays_do_nothing_both_arms_leave_alike():
    company, rows = a_world(7, hazard={"effect": 0.0})
    effects = true_effects(company, rows, WINDOW)
    assert np.allclose(effects["treated"], effects["holdout"])


def test_in_no_time_nobody_leaves(worlds):
    company, rows = worlds[0]
    assert true_effects(company, rows, 0)[["treated", "holdout"]].to_numpy().max() == 0
