"""Which play fits an account. The knowledge is in the plays' triggers; here their signs are weighed against each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from serving.condition import Fact
from serving.play import Play, Sign
from serving.practice import load_practice
from serving.triage import Triage
from serving.wording import Text


class Driver(NamedTuple):
    """What one family adds to the risk: `push` in log-odds, `strength` of its evidence (0 = none)."""

    family: str
    push: float
    strength: float


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """What the rules may know of an account at as_of, and only that; None (or an absent signal) means unknown.

    `p_churn` is the probability at the decision horizon, `arr` in currency units a year, `drivers` the strongest first,
    `signals` values by the signals' names, `status` and `health` (0-100) those of its assessment.
    """

    account_id: str
    p_churn: float | None
    risk_band: str | None
    arr: float | None
    strategic: bool
    days_to_renewal: float | None
    tenure_days: float | None
    drivers: tuple[Driver, ...]
    signals: Mapping[str, float | None]
    status: str
    triage: Triage
    health: float | None = None

    def facts(self) -> dict[str, Fact]:
        """Everything a condition may ask for: the signals, and over them the facts of the account and its triage."""
        known: dict[str, Fact] = {
            "p_churn": self.p_churn,
            "risk_band": self.risk_band,
            "arr": self.arr,
            "strategic": float(self.strategic),
            "days_to_renewal": self.days_to_renewal,
            "tenure_days": self.tenure_days,
            "status": self.status,
            "save_band": self.triage.save_band,
            "effort_tier": self.triage.tier,
            "lost_cause": self.triage.lost_cause,
            "executive_time": float(self.triage.executive_time),
            "price_driver": float(self.triage.price_driver),
            "health": self.health,
        }
        return {**self.signals, **{name: value for name, value in known.items() if value is not None}}


FACT_NAMES = frozenset(
    (
        "p_churn",
        "risk_band",
        "arr",
        "strategic",
        "days_to_renewal",
        "tenure_days",
        "status",
        "save_band",
        "effort_tier",
        "lost_cause",
        "executive_time",
        "price_driver",
        "health",
    )
)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The play for an account, with its reasons (the weightiest first) and the second best play, None if none comes near.

    `already_done` names the actions that the facts show as done. `emergency` means that the renewal is too near for more than
    the first week's actions; `tech_touch` that the automated variant is meant; `executives` that the effort allows their steps.
    `renewal_in_days` is None where it is unknown, below 0 in the days of grace.
    """

    playbook: str
    modifiers: tuple[str, ...]
    reasons: tuple[Text, ...]
    runner_up: str | None
    price_driver: bool
    already_done: frozenset[str]
    emergency: bool
    tech_touch: bool
    renewal_in_days: float | None
    executives: bool


@dataclass(frozen=True)
class _Fit:
    play: Play
    signs: tuple[Sign, ...] = ()
    pushed: Mapping[str, float] = field(default_factory=dict)

    @property
    def points(self) -> float:
        return sum(sign.points for sign in self.signs) + sum(self.pushed.values())

    @property
    def enough(self) -> bool:
        return self.points >= self.play.triggers.least


def suggest(account: AccountView, plays: Mapping[str, Play]) -> Suggestion:
    """The play whose signs weigh most, the modifiers that apply, and why; the fallback play when no play has enough signs."""
    facts = account.facts()
    clear = clear_drivers(account.drivers)
    fits = [_fit(play, facts, clear) for _, play in sorted(plays.items())]
    ranked = sorted((fit for fit in fits if fit.enough and fit.play.kind == "play"), key=lambda fit: -fit.points)
    modifiers = [fit for fit in fits if fit.enough and fit.play.kind == "modifier"]
    chosen = ranked[0] if ranked else _fallback(plays)
    reasons = [reason for fit in (chosen, *modifiers) for reason in _reasons(fit, facts)]
    return Suggestion(
        playbook=chosen.play.id,
        modifiers=tuple(fit.play.id for fit in modifiers),
        reasons=(*reasons, *_circumstances(account, chosen.play)),
        runner_up=ranked[1].play.id if len(ranked) > 1 else None,
        price_driver=account.triage.price_driver,
        already_done=_already_done([chosen, *modifiers], facts),
        emergency=account.triage.runway == "emergency",
        tech_touch=account.triage.tech_touch,
        renewal_in_days=account.days_to_renewal,
        executives=account.triage.tier in {"full", "standard"},
    )


def clear_drivers(drivers: Sequence[Driver]) -> dict[str, float]:
    """The families that push the risk up on clear evidence, each relative to the strongest (0 to 1); empty when none does."""
    least = load_practice().clear_driver_from
    pushing = {d.family: d.push for d in drivers if 0 < d.push < math.inf and d.strength >= least}
    strongest = max(pushing.values(), default=0.0)
    return {family: push / strongest for family, push in pushing.items()}


def _fit(play: Play, facts: Mapping[str, Fact], clear: Mapping[str, float]) -> _Fit:
    held = sorted((sign for sign in play.triggers.signs if sign.holds(facts)), key=lambda sign: -abs(sign.points))
    pushed = {family: points * clear[family] for family, points in play.triggers.families.items() if family in clear}
    return _Fit(play, tuple(held), pushed)


def _fallback(plays: Mapping[str, Play]) -> _Fit:
    for play in plays.values():
        if play.fallback is not None:
            return _Fit(play)
    raise ValueError("no play has a fallback; pass the plays that load_plays returned")


def _reasons(fit: _Fit, facts: Mapping[str, Fact]) -> list[Text]:
    if not fit.enough and fit.play.fallback is not None:
        return [fit.play.fallback]
    numbers = {name: value for name, value in facts.items() if isinstance(value, int | float)}
    reasons = [sign.reason.filled(numbers) for sign in fit.signs]
    if fit.pushed:
        reasons.append(_driver_reason(max(fit.pushed, key=lambda family: (fit.pushed[family], family))))
    return reasons


def _driver_reason(family: str) -> Text:
    practice = load_practice()
    label, sentence = practice.families[family], practice.driver_reason
    return Text(en=sentence.en.replace("{family}", label.en), es=sentence.es.replace("{family}", label.es))


def _circumstances(account: AccountView, play: Play) -> tuple[Text, ...]:
    practice, runway = load_practice(), account.triage.runway
    reasons: list[Text] = []
    if runway in {"emergency", "quick_wins"} and account.days_to_renewal is not None and not play.outlives_renewal:
        reasons.append(practice.runway_reasons[runway].filled({"days_to_renewal": account.days_to_renewal}))
    if not account.triage.price_driver and not play.outlives_renewal:
        reasons.append(practice.no_price_driver)
    return tuple(reasons)


def _already_done(fits: Sequence[_Fit], facts: Mapping[str, Fact]) -> frozenset[str]:
    return frozenset(
        f"{fit.play.id}.{action.id}"
        for fit in fits
        for action in (*fit.play.actions, *fit.play.tech_touch)
        if action.done_when and all(condition.holds(facts) for condition in action.done_when)
    )
