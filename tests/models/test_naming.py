"""Which families are named: the likeliest that may be, a root cause before what it shows in."""

import numpy as np
import pandas as pd
import pytest

from features.signal import FAMILIES
from models.indices import Indices, Scale
from models.naming import name_drivers
from models.readings import chances


@pytest.fixture
def drivers(params):
    """`drivers({family: chance}, values={}, may_be=FAMILIES, lift={})` -> (driver_1, driver_2) of one account."""

    def named(likely, *, values=None, may_be=FAMILIES, lift=None, **changes):
        settings = params.explanation.model_copy(update={"name_from": 0.4, "also_from": 0.3, **changes})
        chance = np.array([[likely.get(family, 0.01) for family in FAMILIES]])
        push = np.array([[family in may_be for family in FAMILIES]])
        lifted = np.array([[(lift or {}).get(family, 0.0) for family in FAMILIES]])
        found = name_drivers(pd.DataFrame([values or {}], index=[0]), chance, lifted, push, settings)
        return found.first[0], found.second[0]

    return named


def test_the_likeliest_is_first_and_the_next_is_second(drivers):
    assert drivers({"support": 0.6, "competition": 0.8}) == ("competition", "support")


def test_nobody_is_named_when_none_is_likely_enough(drivers):
    assert drivers({"support": 0.39, "competition": 0.35}) == (None, None)


def test_a_second_needs_less_but_enough(drivers):
    assert drivers({"support": 0.6, "competition": 0.3}) == ("support", "competition")
    assert drivers({"support": 0.6, "competition": 0.29}) == ("support", None)


def test_a_family_that_may_not_be_named_is_not_however_likely(drivers):
    assert drivers({"support": 0.6, "competition": 0.9}, may_be=("support",)) == ("support", None)


def test_a_circumstance_stands_behind_every_cause_that_is_likely_enough(drivers):
    assert drivers({"sentiment": 0.9, "support": 0.41}) == ("support", "sentiment")
    assert drivers({"commercial": 0.9, "support": 0.41, "usage": 0.3}) == ("support", "usage")
    assert drivers({"sentiment": 0.9, "support": 0.39}) == ("sentiment", "support")


BEHIND = {"seat_use_28d": 0.3, "value_reviews_365d": 0.0}


class TestBudgetIsOftenASymptom:
    def test_budget_words_with_low_adoption_and_no_value_review_are_about_value(self, drivers):
        assert drivers({"budget": 0.7, "value": 0.15}, values=BEHIND) == ("value", None)

    def test_with_good_adoption_budget_stays(self, drivers):
        assert drivers({"budget": 0.7, "value": 0.15}, values=BEHIND | {"seat_use_28d": 0.8}) == ("budget", None)

    def test_with_a_value_review_budget_stays(self, drivers):
        assert drivers({"budget": 0.7, "value": 0.15}, values=BEHIND | {"value_reviews_365d": 1.0}) == ("budget", None)

    def test_what_is_unknown_is_no_ground(self, drivers):
        assert drivers({"budget": 0.7, "value": 0.15}, values=BEHIND | {"seat_use_28d": np.nan}) == ("budget", None)
        assert drivers({"budget": 0.7, "value": 0.15}) == ("budget", None)

    def test_value_without_any_evidence_of_its_own_does_not_take_its_place(self, drivers):
        assert drivers({"budget": 0.7, "value": 0.02}, values=BEHIND) == ("budget", None)

    def test_the_cause_is_told_with_the_chance_it_was_named_by(self, params):
        chance = np.array([[{"budget": 0.7, "value": 0.15, "usage": 0.2}.get(family, 0.01) for family in FAMILIES]])
        push = np.array([[family in ("budget", "value") for family in FAMILIES]])
        found = name_drivers(pd.DataFrame([BEHIND]), chance, 0.0, push, params.explanation)
        told = dict(zip(FAMILIES, found.chance[0].tolist(), strict=True))
        assert (told["value"], told["budget"], told["usage"]) == (0.7, 0.15, 0.2)


class TestReading:
    INDICES = Indices(
        {"bugs_90d": Scale(0.0, 1.0), "events": Scale(5.0, 1.0), "nps_last": Scale(5.0, 1.0)},
        {
            family: {"support": (("bugs_90d", 1),), "usage": (("events", -1),), "sentiment": (("nps_last", -1),)}.get(family, ())
            for family in FAMILIES
        },
        (0.0,) * 11,
        (1.0,) * 11,
        4.0,
    )
    NOTHING = np.zeros((1, 11))

    def read(self, params, family, *, push=0.0, strength=0.0, **values):
        matrix = pd.DataFrame([{"bugs_90d": 0.0, "events": 5.0, "nps_last": 5.0} | values])
        pushed, seen = self.NOTHING + push, self.NOTHING + strength
        return chances(self.INDICES, matrix, pushed, seen, params.explanation)[0, FAMILIES.index(family)]

    def test_a_sign_on_its_risky_side_makes_its_family_likelier_by_its_weight(self, params):
        reading = params.explanation.readings["support"]
        odds = [p / (1 - p) for p in (self.read(params, "support"), self.read(params, "support", bugs_90d=2.0))]
        assert np.log(odds[0]) == pytest.approx(reading.at)
        assert np.log(odds[1] / odds[0]) == pytest.approx(2 * reading.signs["bugs_90d"])

    def test_a_sign_against_a_family_makes_it_less_likely_by_its_weight(self, params):
        settings = params.explanation.readings["support"].model_copy(update={"against": {"nps_last": 0.7}})
        readings = params.explanation.readings | {"support": settings}
        changed = type(params)(**vars(params) | {"explanation": params.explanation.model_copy(update={"readings": readings})})
        odds = [p / (1 - p) for p in (self.read(changed, "support", nps_last=each) for each in (5.0, 3.0, 8.0, np.nan))]
        assert np.log(odds[1] / odds[0]) == pytest.approx(-2 * 0.7)
        assert odds[2] == odds[3] == odds[0]

    def test_a_missing_sign_and_one_on_its_safe_side_say_nothing(self, params):
        assert self.read(params, "support", bugs_90d=np.nan) == self.read(params, "support", bugs_90d=-3.0)

    def test_a_family_of_whose_signs_none_is_known_is_read_by_push_and_strength(self, params):
        plain = params.explanation.plain_reading
        found = self.read(params, "usage", push=1.0, strength=2.0)
        assert np.log(found / (1 - found)) == pytest.approx(plain.at + plain.push + 2 * plain.strength)

    def test_a_circumstance_is_half_believed(self, params):
        assert self.read(params, "sentiment", strength=2.0) == pytest.approx(
            params.explanation.circumstance_weight * self.read(params, "usage", strength=2.0)
        )
