"""What people confirm and deny moves how likely a family is: by shrinkage, and never a probability."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.signal import FAMILIES
from models.confirmations import prior_shift, shifted

COUNTS = st.dictionaries(st.sampled_from(FAMILIES), st.tuples(st.integers(0, 300), st.integers(0, 300)))


def test_of_nothing_said_nothing_moves():
    assert prior_shift({}, 50) == {}
    chance = np.full((2, len(FAMILIES)), 0.4)
    assert shifted(chance, {}) is chance


def test_a_family_denied_more_than_the_others_loses_and_one_confirmed_more_gains():
    found = prior_shift({"usage": (2, 18), "budget": (18, 2)}, 50)
    assert found["usage"] == pytest.approx(20 / 70 * math.log(3 / 19))
    assert found["budget"] == pytest.approx(-found["usage"])


def test_half_of_the_difference_counts_at_so_many_words():
    few, many = (prior_shift({"usage": (0, n), "budget": (n, 0)}, n)["budget"] for n in (10, 50))
    assert few == pytest.approx(math.log(11) / 2)
    assert many == pytest.approx(math.log(51) / 2)


def test_where_all_are_denied_alike_nothing_moves():
    assert prior_shift({"usage": (1, 9)}, 50) == {"usage": 0.0}


@given(COUNTS, st.floats(0.001, 0.999))
def test_chances_stay_chances_in_the_order_of_each_family(said, chance):
    prior = prior_shift(said, 50)
    low, high = (shifted(np.full((1, len(FAMILIES)), each), prior) for each in (chance / 2, chance))
    assert ((low > 0) & (high < 1) & (low < high)).all()
    unheard = [place for place, family in enumerate(FAMILIES) if family not in said]
    assert (high[0, unheard] == chance).all()
