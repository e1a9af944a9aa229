"""Where to invest: chance of a save, tier of effort, time to answer and the value expected from the effort."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeGuard

from serving.condition import Facts, Rule
from serving.params import EffortTier, SaveBand, SaveFactor, TriageParams

ValueClass = Literal["high", "medium", "low"]
Runway = Literal["emergency", "quick_wins", "full_plan"]
FactorState = Literal["sound", "strained", "broken"]
Signals = Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Triage:
    """The verdict on one account. `expected_value` is in currency units, None when p or ARR is unknown.

    `factors` says what the save band rests on; `lost_cause` names the broken factor that makes an attempt useless, else None.
    """

    save_band: SaveBand
    save_probability: float
    factors: Mapping[SaveFactor, FactorState]
    value_class: ValueClass
    tier: EffortTier
    runway: Runway | None
    lost_cause: SaveFactor | None
    executive_time: bool
    price_driver: bool
    tech_touch: bool
    effort_hours: float
    expected_value: float | None
    respond_within_hours: int


def triage_account(
    *,
    signals: Signals,
    arr: float | None,
    strategic: bool,
    days_to_renewal: float | None,
    p_churn: float | None,
    risk_band: str | None,
    params: TriageParams,
    executive_ground: bool = False,
) -> Triage:
    """The whole triage of one account; `executive_ground`: a person recorded one of the grounds that no signal shows."""
    factors = save_factors(signals, params)
    band = save_band(factors, days_to_renewal, params)
    tier = effort_tier(value_class(arr, strategic=strategic, params=params), band)
    lost = lost_cause(factors, params)
    return Triage(
        save_band=band,
        save_probability=params.save_probability[band],
        factors=factors,
        value_class=value_class(arr, strategic=strategic, params=params),
        tier=tier,
        runway=runway(days_to_renewal, params),
        lost_cause=lost,
        executive_time=executive_time(
            tier=tier,
            save_band=band,
            risk_band=risk_band,
            arr=arr,
            strategic=strategic,
            executive_ground=executive_ground,
            params=params,
        ),
        price_driver=lost is None and any(rule.holds(signals) for rule in params.price_driver),
        tech_touch=tech_touch(arr, tier, params),
        effort_hours=params.effort_hours[tier],
        expected_value=expected_value(p_churn, arr, params.save_probability[band], tier, params),
        respond_within_hours=respond_within_hours(risk_band, params),
    )


def save_factors(signals: Signals, params: TriageParams) -> dict[SaveFactor, FactorState]:
    """Problem, relationship, alternative, budget and people, each sound, strained or broken; unknown signals count as sound."""
    return {name: _state(signals, rules.strained, rules.broken) for name, rules in params.save_factors.items()}


def save_band(factors: Mapping[SaveFactor, FactorState], days_to_renewal: float | None, params: TriageParams) -> SaveBand:
    """High when nothing is strained, low when a factor is broken or too many are strained, else medium; then the runway rule."""
    strained = sum(state == "strained" for state in factors.values())
    broken = any(state == "broken" for state in factors.values())
    band: SaveBand = "low" if broken or strained >= params.low_from_strained else "medium" if strained else "high"
    minor = not broken and strained <= params.minor_up_to_strained
    return lower_for_runway(band, days_to_renewal, minor=minor, params=params)


def lower_for_runway(band: SaveBand, days_to_renewal: float | None, *, minor: bool, params: TriageParams) -> SaveBand:
    """One band lower in an emergency, unless the problems are minor; an unknown renewal date changes nothing."""
    if minor or runway(days_to_renewal, params) != "emergency":
        return band
    return "medium" if band == "high" else "low"


def runway(days_to_renewal: float | None, params: TriageParams) -> Runway | None:
    """What the time left allows: a full plan, quick wins, or an emergency's patches; None when the date is unknown."""
    if not _known(days_to_renewal):
        return None
    if days_to_renewal < params.emergency_below_days:
        return "emergency"
    return "quick_wins" if days_to_renewal < params.quick_wins_below_days else "full_plan"


def value_class(arr: float | None, *, strategic: bool, params: TriageParams) -> ValueClass:
    """High, medium or low by yearly value; an unknown value counts as medium: neither everything nor nothing is spent on it."""
    if strategic:
        return "high"
    if not _known(arr):
        return "medium"
    if arr >= params.high_value_from_arr:
        return "high"
    return "medium" if arr >= params.medium_value_from_arr else "low"


def effort_tier(value: ValueClass, band: SaveBand) -> EffortTier:
    """The tier of effort: by value, and cut to one conversation or none where the chance is low."""
    if band == "low":
        return "none" if value == "low" else "light"
    tiers: dict[ValueClass, EffortTier] = {"high": "full", "medium": "standard", "low": "light"}
    return tiers[value]


def lost_cause(factors: Mapping[SaveFactor, FactorState], params: TriageParams) -> SaveFactor | None:
    """The broken factor that makes it a lost cause (the first in the parameters' order); None when there is hope."""
    return next((name for name in params.lost_if_broken if factors.get(name) == "broken"), None)


def executive_time(
    *,
    tier: EffortTier,
    save_band: SaveBand,
    risk_band: str | None,
    arr: float | None,
    strategic: bool,
    executive_ground: bool,
    params: TriageParams,
) -> bool:
    """Whether executive time is warranted: tier full, a ground for it, and not a save the CSM makes alone (sparingly)."""
    ground = strategic or executive_ground or (_known(arr) and arr >= params.executive_from_arr)
    needed = executive_ground or save_band != "high" or risk_band in params.executive_risk_bands
    return tier == "full" and ground and needed


def tech_touch(arr: float | None, tier: EffortTier, params: TriageParams) -> bool:
    """Whether the automated variant is meant: low yearly value, and no tier that pays for a person."""
    return _known(arr) and arr < params.tech_touch_below_arr and tier in {"light", "none"}


def expected_value(
    p_churn: float | None, arr: float | None, save_probability: float, tier: EffortTier, params: TriageParams
) -> float | None:
    """Churn probability x save probability x ARR - effort hours x hour cost, in currency units; None when p or ARR is unknown."""
    if not _known(p_churn) or not _known(arr):
        return None
    return p_churn * save_probability * arr - params.effort_hours[tier] * params.hour_cost


def called_for(
    verdict: Triage, *, facts: Facts, risk_band: str | None, p_ahead: float | None, arr: float | None, params: TriageParams
) -> bool:
    """Whether the account calls for a play: its risk is not low, a single red flag stands, or the effort pays.

    `p_ahead` is the probability over the longest horizon scored: a play months before a renewal is worth what it saves then.
    Below `sleeping_below` nobody is woken, whatever the arithmetic says of a large account: an effort there mostly reminds
    the customer that it could leave.
    """
    if risk_band != "low" or flagged(facts, params):
        return True
    if p_ahead is not None and p_ahead < params.sleeping_below:
        return False
    value = expected_value(p_ahead, arr, verdict.save_probability, verdict.tier, params)
    return value is not None and value > 0


def flagged(facts: Facts, params: TriageParams) -> bool:
    """Whether one of the red flags stands that are enough alone."""
    return any(rule.holds(facts) for rule in params.alone_is_enough)


def respond_within_hours(risk_band: str | None, params: TriageParams) -> int:
    """Hours from as_of until the call must be made."""
    return params.fast_response_hours if risk_band in params.fast_response_bands else params.response_hours


def respond_by(as_of: datetime, risk_band: str | None, params: TriageParams) -> datetime:
    """The moment by which the call must be made, in the zone of `as_of`."""
    return as_of + timedelta(hours=respond_within_hours(risk_band, params))


def _state(signals: Signals, strained: Sequence[Rule], broken: Sequence[Rule]) -> FactorState:
    if any(rule.holds(signals) for rule in broken):
        return "broken"
    return "strained" if any(rule.holds(signals) for rule in strained) else "sound"


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and not math.isnan(value)
