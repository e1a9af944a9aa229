"""How far ahead evidence tells: learned from what came, never more than near, and left alone by a few churns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.distance import MOST_FALL, faded, fading, learned_reach, reach_of, whole_reach
from models.periods import Periods

PERIODS = Periods((30, 60, 90, 120, 150, 180))
FADE = fading(PERIODS, 90)


def rows(n, true_reach, seed=1):
    """Margins that count evidence alike in every period, what the calendar says in them, outcomes as `true_reach` has them."""
    rng = np.random.default_rng(seed)
    period, level = rng.integers(PERIODS.count, size=n), rng.normal(-2.5, 0.8, n)
    pushed = rng.normal(0.0, 1.2, n)
    truth = level + np.array(true_reach)[period] * pushed
    return level + pushed, level, (rng.random(n) < 1 / (1 + np.exp(-truth))).astype(float), period


def learned(margins, level, events, period, weight=None, churned_accounts=None):
    return learned_reach(
        margins,
        level,
        events,
        np.ones(len(events)) if weight is None else weight,
        period,
        PERIODS,
        churned_accounts=int(events.sum()) if churned_accounts is None else churned_accounts,
        needed=10,
        near_days=90,
        fall=0.6,
        fall_sd=0.5,
        slope_sd=0.25,
        level_sd=0.1,
    )


def test_thousands_of_churns_show_how_evidence_falls_with_the_distance():
    true_reach = reach_of(1.0, FADE, FADE.mean())
    found = learned(*rows(60_000, true_reach))
    np.testing.assert_allclose(np.array(found) / found[0], np.array(true_reach) / true_reach[0], atol=0.06)


def test_evidence_that_counts_alike_stays_as_it_is():
    np.testing.assert_allclose(learned(*rows(60_000, whole_reach(PERIODS))), 1.0, atol=0.06)


def test_evidence_never_counts_more_far_ahead_than_near():
    assert learned(*rows(20_000, reach_of(-1.0, FADE, FADE.mean()))) == whole_reach(PERIODS)


def test_a_slope_alone_is_left_to_the_calibration():
    np.testing.assert_allclose(learned(*rows(60_000, (0.8,) * PERIODS.count)), 1.0, atol=0.08)


def test_too_few_churns_leave_every_period_alike():
    assert learned(*rows(4_000, reach_of(1.0, FADE, FADE.mean())), churned_accounts=9) == whole_reach(PERIODS)


def test_a_few_churns_move_it_less_than_many():
    margins, level, events, period = rows(20_000, reach_of(1.0, FADE, FADE.mean()))
    few, many = (learned(margins, level, events, period, churned_accounts=count) for count in (15, int(events.sum())))
    usual = reach_of(0.6, FADE, FADE.mean())
    assert usual[0] / usual[-1] < few[0] / few[-1] < many[0] / many[-1]


@settings(deadline=None, max_examples=20)
@given(times=st.integers(2, 4))
def test_an_account_that_fills_more_rows_counts_no_more(times):
    found = rows(500, reach_of(0.8, FADE, FADE.mean()), seed=3)
    again = [np.repeat(values, times) for values in found]
    count = int(found[2].sum())
    np.testing.assert_allclose(learned(*again, churned_accounts=count), learned(*found), atol=1e-6)


@given(fall=st.floats(0, 1e6), usual=st.floats(0.05, 1.0))
def test_a_tenth_of_evidence_is_always_left_and_it_only_falls(fall, usual):
    reach = np.array(reach_of(fall, FADE, usual))
    assert (np.diff(reach) <= 1e-9).all()
    assert reach.min() >= 1.0 - MOST_FALL - 1e-9


@pytest.mark.parametrize(("reach", "expected"), [(1.0, 1.5), (0.5, -0.25), (0.0, -2.0)])
def test_what_is_faded_is_what_stands_above_the_calendar(reach, expected):
    assert faded(np.array([1.5]), np.array([-2.0]), np.array([reach]))[0] == pytest.approx(expected)
