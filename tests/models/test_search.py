"""Other settings than the preset: tried before the origins, kept only when better where neither looked; and rows that fade."""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import models.search
from models.errors import UnableToTrain
from models.fitting import Material
from models.rows import DAY, NEVER, HazardRows
from models.search import SPACE, Losses, gained, searched
from models.training import microseconds

QUICK = {"max_rounds": 8, "patience_rounds": 4}
UNTIL = "2022-01-01"


PERIODS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


@pytest.fixture(scope="module")
def material(world_of):
    made = world_of(accounts=350, months=30, seed=5)
    return Material.of(made.matrix, made.follow_up, made.catalogue, periods=PERIODS, grace_days=30)


@pytest.fixture(scope="module")
def search(settings_of):
    """`search(material, **training)`: what was found, and the preset."""

    def of(material, until=UNTIL, **training):
        params = settings_of(training={"max_rounds": 25, "patience_rounds": 6, **training})
        asked = {"until": microseconds(pd.Timestamp(until)), "horizon_days": 90, "step_days": 90, "progress": lambda *_: None}
        return searched(material, params.rows, params.training, **asked), params.training

    return of


def test_without_trials_nothing_is_searched_and_nothing_said(search, material):
    found, preset = search(material, search_trials=0)
    assert (found.training, found.note) == (preset, "")


def test_settings_that_lose_less_where_neither_looked_take_the_place_of_the_preset(search, material, monkeypatch):
    def slower_is_better(*given, until, rounds=None):
        accounts = np.arange(50)
        return Losses(accounts, given[2].learning_rate * (1.0 + accounts % 3), 50.0, 10)

    monkeypatch.setattr(models.search, "losses", slower_is_better)
    found, preset = search(material, search_trials=12, **QUICK)
    assert found.kept
    assert found.training.learning_rate < preset.learning_rate
    assert found.gain == pytest.approx((preset.learning_rate - found.training.learning_rate) * np.mean(1.0 + np.arange(50) % 3))
    assert "12 settings" in found.note
    assert f"learning_rate {found.training.learning_rate:.3g}" in found.note
    assert found.training.model_dump(exclude=set(SPACE)) == preset.model_dump(exclude=set(SPACE))


def test_the_preset_stays_where_the_gain_is_within_the_noise(search, material):
    found, preset = search(material, search_trials=2)
    assert found.training == preset
    assert not found.kept
    assert "preset" in found.note


def test_the_same_input_finds_the_same(search, material):
    assert search(material, search_trials=3, **QUICK)[0] == search(material, search_trials=3, **QUICK)[0]


def test_what_is_learned_at_or_after_the_first_origin_of_the_gate_changes_nothing(search, material):
    cut = microseconds(pd.Timestamp(UNTIL))
    outcomes = material.outcomes
    later = outcomes.known >= cut
    other = replace(outcomes, churned=np.where(later, NEVER, outcomes.churned), known=np.where(later, NEVER, outcomes.known))
    assert later.any()
    assert search(material, search_trials=3, **QUICK)[0] == search(replace(material, outcomes=other), search_trials=3, **QUICK)[0]


def test_a_history_without_room_before_the_origins_keeps_the_preset_and_says_so(search, material):
    found, preset = search(material, until="2020-06-01", search_trials=3)
    assert found.training == preset
    assert "no room" in found.note


def test_a_missing_extra_is_named_with_the_way_out(search, material, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UnableToTrain, match=r"tenure\[search\].*search_trials to 0"):
        search(material, search_trials=1)


def test_the_noise_of_a_gain_is_that_of_accounts_not_of_rows():
    account = np.repeat(np.arange(4), 50)
    first = Losses(account, np.repeat([1.0, 2.0, 1.0, 2.0], 50), 200.0, 1)
    second = Losses(account, np.repeat([0.5, 2.5, 0.5, 1.5], 50), 200.0, 1)
    gain, error = gained(first, second)
    assert gain == pytest.approx(0.25)
    assert error == pytest.approx(np.sqrt(4) * np.std([25, -25, 25, 25], ddof=1) / 200)


class TestFading:
    OUTCOMES = type("O", (), {"as_of": np.array([0, 365.25 / 12 * 12 * DAY, 365.25 / 12 * 24 * DAY], dtype=np.int64)})()
    ROWS = HazardRows(np.array([0, 1, 2]), np.zeros(3, dtype=np.int64), np.array([True, False, False]), np.array([1.0, 4.0, 1.0]))

    def test_a_row_a_half_life_older_weighs_half_and_the_sum_stays(self):
        found = self.ROWS.faded(self.OUTCOMES, 12.0).weight
        assert found[0] * 4 == pytest.approx(found[2], rel=1e-6)
        assert found[1] / 4 * 2 == pytest.approx(found[2], rel=1e-6)
        assert found.sum() == pytest.approx(6.0)

    def test_without_a_half_life_rows_stay_as_they_are(self):
        assert self.ROWS.faded(self.OUTCOMES, None) is self.ROWS

    def test_no_rows_fade_to_no_rows(self):
        none = HazardRows(*(np.array([], dtype=kind) for kind in (np.int64, np.int64, bool, float)))
        assert none.faded(self.OUTCOMES, 12.0).count == 0
