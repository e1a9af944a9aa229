"""Whether what is seen of a family goes with leaving: it does where that was planted, seldom where outcomes mean nothing."""

from dataclasses import replace

import numpy as np
import pytest

from features.signal import FAMILIES
from models.fitting import Material, fit
from models.telling import _above_zero, telling
from models.training import microseconds

PERIODS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)
ACTING = ("usage", "support", "stakeholders", "competition", "value")


@pytest.fixture(scope="module")
def learned(world_of, settings_of):
    """(material, hazard rows, model) of a small company, the anchor alone."""
    made, params = world_of(accounts=200, seed=9), settings_of()
    material = Material.of(made.matrix, made.follow_up, made.catalogue, periods=PERIODS, grace_days=30)
    cut = microseconds(made.until)
    rows = material.rows(params.rows, before=cut, cut=cut)
    return material, rows, fit(material, rows, params.training, kind="anchor", share=1.0, rounds=1, seeds=1)


def told(learned, rows, needed=10):
    material, _, model = learned
    looked_at = (material.matrix, rows, material.outcomes, model.level, material.calendar, material.periods)
    return telling(model.anchor.indices, *looked_at, needed=needed)


def test_what_was_planted_tells_and_a_family_without_signals_does_not(learned):
    _, rows, model = learned
    found = dict(zip(FAMILIES, told(learned, rows), strict=True))
    assert found == dict(zip(FAMILIES, model.telling, strict=True))
    assert sum(found[family] > 0.95 for family in ACTING) >= len(ACTING) - 1
    assert found["budget"] == found["onboarding"] == 0


def test_of_outcomes_that_mean_nothing_families_seldom_tell(learned):
    _, rows, _ = learned
    dealt = [replace(rows, event=rows.event[np.random.default_rng(seed).permutation(rows.count)]) for seed in range(40)]
    often = np.mean([np.array(told(learned, each)) > 0.95 for each in dealt], axis=0)
    assert often.max() <= 0.15


def test_of_few_churned_accounts_the_past_cannot_say_and_what_is_known_is_taken_to_tell(learned):
    material, rows, _ = learned
    churned = rows.churned_accounts(material.outcomes)
    few = dict(zip(FAMILIES, told(learned, rows, needed=churned + 1), strict=True))
    assert {few[family] for family in ACTING} == {1.0}
    assert few["budget"] == few["onboarding"] == 0
    assert told(learned, rows, needed=churned) == told(learned, rows)


class TestPooling:
    def test_slopes_alike_share_what_they_know(self):
        alone = _above_zero(np.array([0.2]), np.array([[0.04]]))
        together = _above_zero(np.full(9, 0.2), np.eye(9) * 0.04)
        assert alone == pytest.approx(0.841, abs=1e-3)
        assert together == pytest.approx(np.full(9, 0.9987), abs=1e-4)

    def test_one_that_is_well_known_to_go_the_other_way_is_not_carried_by_the_rest(self):
        found = _above_zero(np.array([0.3, 0.3, 0.3, -0.3]), np.eye(4) * 0.001)
        assert (found[:3] > 0.99).all()
        assert found[3] < 0.01

    def test_one_that_nothing_is_known_of_leans_on_the_rest(self):
        found = _above_zero(np.array([0.2, 0.2, 0.2, 0.05]), np.diag([0.001, 0.001, 0.001, 1.0]))
        assert found == pytest.approx(np.full(4, found[0]))
        assert found[0] > 0.99

    def test_slopes_that_move_together_are_less_sure(self):
        apart, tied = (_above_zero(np.full(4, 0.2), np.eye(4) * 0.04 + each * (1 - np.eye(4))) for each in (0.0, 0.03))
        assert (tied < apart).all()
