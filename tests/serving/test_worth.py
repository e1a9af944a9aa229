"""What an effort is worth: the play must answer a cause, and its chance of a save is believed as far as it is known."""

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.learning.learned import Estimate
from serving.worth import fit_of, save_chance, worth_of
from tests.serving.conftest import triage_params

PARAMS = triage_params()
CHANCE = st.floats(0, 1)
COST = PARAMS.effort_hours["standard"] * PARAMS.hour_cost


def estimate(mean: float, low: float, high: float) -> Estimate:
    return Estimate(mean=mean, lower_quartile=mean, low=low, high=high)


@pytest.mark.parametrize(
    ("families", "fit"), [(["value"], 0.4), (["value", "usage"], 0.7), (["budget"], 0.0), ([], 0.7), (["value", "budget"], 0.4)]
)
def test_a_play_fits_when_one_of_its_families_is_at_work_and_one_without_families_when_any_is(families, fit):
    assert fit_of(families, {"value": 0.4, "usage": 0.5}) == pytest.approx(fit)


def test_where_nothing_is_known_of_causes_nothing_fits():
    assert fit_of(["value"], {}) == fit_of([], {}) == 0.0


def test_until_a_play_was_measured_the_tables_chance_stands():
    assert save_chance(0.4, None, PARAMS) == 0.4


def test_a_play_measured_on_few_accounts_stays_near_the_table_and_one_on_many_near_what_was_measured():
    few, many = (save_chance(0.4, estimate(0.1, 0.1 - width, 0.1 + width), PARAMS) for width in (1.0, 0.02))
    assert 0.25 < few < 0.4
    assert many == pytest.approx(0.1, abs=0.01)


def test_a_measurement_cut_off_at_nothing_is_as_unsure_as_its_other_side():
    assert save_chance(0.4, estimate(0.0, 0.0, 0.33), PARAMS) == pytest.approx(
        save_chance(0.4, estimate(0.0, -0.33, 0.33), PARAMS)
    )


@given(CHANCE, CHANCE, CHANCE)
def test_a_chance_stays_a_chance_and_is_never_above_both_its_sources(table, mean, width):
    found = save_chance(table, estimate(mean, max(mean - width, 0), min(mean + width, 1)), PARAMS)
    assert 0 <= found <= max(table, mean) + 1e-12


def test_worth_is_what_is_kept_less_what_is_woken_less_the_hours():
    found = worth_of(p_ahead=0.5, arr=40_000, fit=0.6, chance=0.4, tier="standard", params=PARAMS)
    assert found.worth == pytest.approx(0.5 * (0.6 * 0.4 - 0.4 * PARAMS.mismatch_harm) * 40_000 - COST)
    assert found.fit == 0.6


def test_a_play_that_answers_nothing_is_worth_less_than_its_hours():
    assert worth_of(p_ahead=0.5, arr=40_000, fit=0.0, chance=0.7, tier="standard", params=PARAMS).worth < -COST


@pytest.mark.parametrize(("p_ahead", "arr"), [(None, 1.0), (0.1, None)])
def test_where_the_risk_or_the_value_is_unknown_so_is_the_worth(p_ahead, arr):
    assert worth_of(p_ahead=p_ahead, arr=arr, fit=0.5, chance=0.4, tier="light", params=PARAMS).worth is None


@given(CHANCE, st.floats(0, 1e6), CHANCE, CHANCE)
def test_the_likelier_the_play_fits_the_more_it_is_worth(p_ahead, arr, fit, chance):
    def worth(of: float) -> float:
        return worth_of(p_ahead=p_ahead, arr=arr, fit=of, chance=chance, tier="standard", params=PARAMS).worth

    assert worth(1.0) >= worth(fit) - 1e-6 >= worth(0.0) - 2e-6
    assert math.isfinite(worth(fit))


def test_the_order_of_the_families_changes_no_bit_of_the_fit():
    chances = {"usage": 0.1, "value": 0.37, "budget": 0.73, "support": 0.011}
    assert len({fit_of(order, chances) for order in permutations(chances)}) == 1
