"""Where to invest: bands, tiers, lost causes, expected value, and who is held out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from serving.params import LearningParams, TriageParams
from serving.triage import (
    effort_tier,
    executive_time,
    expected_value,
    lost_cause,
    lower_for_runway,
    respond_by,
    runway,
    save_band,
    save_factors,
    tech_touch,
    triage_account,
    value_class,
)

SECTIONS = yaml.safe_load(Path("params.yaml").read_text())
PARAMS = TriageParams.model_validate(SECTIONS["triage"])
SOUND = dict.fromkeys(("problem", "relationship", "alternative", "budget", "people"), "sound")


@pytest.mark.parametrize(
    ("value", "band", "tier"),
    [
        ("high", "high", "full"),
        ("high", "medium", "full"),
        ("high", "low", "light"),
        ("medium", "high", "standard"),
        ("medium", "medium", "standard"),
        ("medium", "low", "light"),
        ("low", "high", "light"),
        ("low", "medium", "light"),
        ("low", "low", "none"),
    ],
)
def test_the_tier_follows_value_and_chance(value, band, tier):
    assert effort_tier(value, band) == tier


@pytest.mark.parametrize(
    ("arr", "strategic", "value"),
    [
        (50_000.0, False, "high"),
        (49_999.99, False, "medium"),
        (10_000.0, False, "medium"),
        (9_999.99, False, "low"),
        (500.0, True, "high"),
        (None, False, "medium"),
        (float("nan"), False, "medium"),
    ],
)
def test_the_value_class_is_cut_at_50_and_10_thousand(arr, strategic, value):
    assert value_class(arr, strategic=strategic, params=PARAMS) == value


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, None), (-5.0, "emergency"), (29.0, "emergency"), (30.0, "quick_wins"), (89.0, "quick_wins"), (90.0, "full_plan")],
)
def test_the_runway_is_cut_at_30_and_90_days(days, expected):
    assert runway(days, PARAMS) == expected


@pytest.mark.parametrize(("band", "lower"), [("high", "medium"), ("medium", "low"), ("low", "low")])
def test_in_an_emergency_the_chance_is_one_band_lower_unless_the_problems_are_minor(band, lower):
    assert lower_for_runway(band, 29.0, minor=False, params=PARAMS) == lower
    assert lower_for_runway(band, 29.0, minor=True, params=PARAMS) == band
    assert lower_for_runway(band, 30.0, minor=False, params=PARAMS) == band


def test_the_chance_falls_with_what_is_strained():
    one = {**SOUND, "problem": "strained"}
    four = {**SOUND, "problem": "strained", "relationship": "strained", "budget": "strained", "people": "strained"}
    broken = {**SOUND, "alternative": "broken"}
    assert [save_band(factors, 200.0, PARAMS) for factors in (SOUND, one, four, broken)] == ["high", "medium", "low", "low"]


def test_one_strained_factor_is_not_minor_in_an_emergency():
    assert save_band({**SOUND, "budget": "strained"}, 10.0, PARAMS) == "low"
    assert save_band(SOUND, 10.0, PARAMS) == "high"


def test_unknown_signals_strain_nothing():
    assert save_factors({"nps_last": None, "events_28d": None}, PARAMS) == SOUND


def test_a_signed_rival_is_a_lost_cause_and_a_compared_one_is_not():
    assert lost_cause(save_factors({"rival_signed": 1.0, "competitive_hits_90d": 1.0}, PARAMS), PARAMS) == "alternative"
    assert lost_cause(save_factors({"competitive_hits_90d": 1.0}, PARAMS), PARAMS) is None


def test_a_champion_exit_strains_the_relationship_only_without_three_others():
    gone = {"champion_left_days": 10.0}
    assert save_factors({**gone, "active_contacts_90d": 2.0}, PARAMS)["relationship"] == "strained"
    assert save_factors({**gone, "active_contacts_90d": 3.0}, PARAMS)["relationship"] == "sound"


def test_expected_value_is_the_arr_saved_less_the_hours():
    assert expected_value(0.5, 100_000.0, 0.40, "full", PARAMS) == pytest.approx(0.5 * 0.40 * 100_000 - 60 * 75)
    assert expected_value(0.5, 5_000.0, 0.17, "none", PARAMS) == pytest.approx(0.5 * 0.17 * 5_000 - 75)
    assert expected_value(None, 5_000.0, 0.17, "none", PARAMS) is None
    assert expected_value(0.5, None, 0.17, "none", PARAMS) is None


@given(
    p=st.floats(0, 1),
    arr=st.floats(0, 1e7),
    more=st.floats(0, 1e6),
    band=st.sampled_from(["high", "medium", "low"]),
    tier=st.sampled_from(["full", "standard", "light", "none"]),
)
def test_more_arr_at_stake_is_never_worth_less(p, arr, more, band, tier):
    assert expected_value(p, arr + more, PARAMS.save_probability[band], tier, PARAMS) >= expected_value(
        p, arr, PARAMS.save_probability[band], tier, PARAMS
    )


@pytest.mark.parametrize(("band", "day"), [("critical", 2), ("high", 2), ("medium", 3), ("low", 3), (None, 3)])
def test_critical_and_high_are_answered_in_24_hours_and_the_others_in_48(band, day):
    assert respond_by(datetime(2025, 3, 1, tzinfo=UTC), band, PARAMS) == datetime(2025, 3, day, tzinfo=UTC)


def _executive(tier="full", band="medium", risk="medium", arr=60_000.0, strategic=False, ground=False):
    return executive_time(
        tier=tier,
        save_band=band,
        risk_band=risk,
        arr=arr,
        strategic=strategic,
        executive_ground=ground,
        params=PARAMS,
    )


def test_executive_time_needs_the_full_tier_and_a_ground():
    assert _executive()
    assert not _executive(tier="light")
    assert not _executive(arr=40_000.0)
    assert _executive(arr=40_000.0, strategic=True)
    assert _executive(arr=None, ground=True)


def test_executive_time_is_spared_where_the_csm_is_likely_to_succeed_alone():
    assert not _executive(band="high")
    assert _executive(band="high", risk="critical")
    assert _executive(band="high", ground=True)


def test_a_person_is_paid_for_only_where_the_tier_allows():
    assert tech_touch(900.0, "light", PARAMS)
    assert not tech_touch(900.0, "full", PARAMS)
    assert not tech_touch(1_000.0, "light", PARAMS)
    assert not tech_touch(None, "light", PARAMS)


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"budget_hits_90d": 3.0}, False),
        ({"layoffs_180d": 1.0}, True),
        ({"late_invoices_180d": 2.0}, True),
        ({"competitive_hits_90d": 1.0, "budget_hits_90d": 1.0}, True),
        ({"competitive_hits_90d": 1.0}, False),
        ({"seat_use_28d": 0.2, "budget_hits_90d": 1.0}, True),
        ({"layoffs_180d": 1.0, "rival_signed": 1.0}, False),
    ],
)
def test_a_price_driver_needs_evidence_and_ends_when_they_have_left(signals, expected):
    assert _triage(signals).price_driver is expected


def _triage(signals):
    return triage_account(
        signals=signals,
        arr=20_000.0,
        strategic=False,
        days_to_renewal=150.0,
        p_churn=0.4,
        risk_band="critical",
        params=PARAMS,
    )


def test_the_verdict_carries_its_numbers():
    verdict = _triage({"budget_hits_90d": 1.0})
    assert (verdict.save_band, verdict.save_probability, verdict.effort_hours) == ("medium", 0.40, 25)
    assert verdict.expected_value == pytest.approx(0.4 * 0.40 * 20_000 - 25 * 75)
    assert verdict.respond_within_hours == 24


def test_the_shipped_parameters_hold_nobody_out():
    assert LearningParams.model_validate(SECTIONS["learning"]).holdout_share == 0


def test_a_misspelt_parameter_is_refused():
    with pytest.raises(ValidationError, match="hour_costs"):
        TriageParams.model_validate({**SECTIONS["triage"], "hour_costs": 80})
