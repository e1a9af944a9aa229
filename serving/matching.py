"""What is suggested for an account: the play that answers its likeliest cause, why, and a second one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.choosing import Choice, Driver, choose, held
from serving.condition import Fact
from serving.play import Play
from serving.practice import load_practice
from serving.triage import Triage
from serving.wording import Text


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """What the rules may know of an account at as_of, and only that; None (or an absent signal) means unknown.

    `p_churn` is the probability at the decision horizon, `arr` in currency units a year, `drivers` in the order in which they
    count (the named ones as the page has them, then the likeliest), `signals` values by the signals' names, `status` and
    `health` (0-100) those of its assessment.
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
    """The play for an account, with its reasons (the weightiest first) and the play to try next, None if no other fits.

    `already_done` names the actions that the facts show as done. `emergency` means that the renewal is too near for more than
    the first week's actions; `tech_touch` that the automated variant is meant; `executives` that the effort allows their steps.
    `renewal_in_days` is None where it is unknown, below 0 in the days of grace. `answers`: the families whose trouble the play
    answers, the cause it was chosen for among them: a sign may tell that value lies behind words of budget.
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
    answers: frozenset[str]


def suggest(account: AccountView, plays: Mapping[str, Play]) -> Suggestion:
    """The play that answers the likeliest cause, the modifiers that apply, and why; the fallback play when nothing fits."""
    facts = account.facts()
    chosen, following = choose(account.drivers, plays, facts)
    every = [held(play, facts) for _, play in sorted(plays.items()) if play.kind == "modifier"]
    modifiers = [fit for fit in every if fit.enough]
    reasons = [reason for fit in (chosen, *modifiers) for reason in _reasons(fit, facts)]
    return Suggestion(
        playbook=chosen.play.id,
        modifiers=tuple(fit.play.id for fit in modifiers),
        reasons=(*reasons, *_circumstances(account, chosen.play)),
        runner_up=None if following is None else following.play.id,
        price_driver=account.triage.price_driver,
        already_done=_already_done([chosen, *modifiers], facts),
        emergency=account.triage.runway == "emergency",
        tech_touch=account.triage.tech_touch,
        renewal_in_days=account.days_to_renewal,
        executives=account.triage.tier in {"full", "standard"},
        answers=frozenset(chosen.play.triggers.families) | ({chosen.driver.family} if chosen.driver else set()),
    )


def _reasons(chosen: Choice, facts: Mapping[str, Fact]) -> list[Text]:
    numbers = {name: value for name, value in facts.items() if isinstance(value, int | float)}
    reasons = [sign.reason.filled(numbers) for sign in chosen.signs]
    if chosen.driver is not None:
        reasons.append(_driver_reason(chosen.driver))
    if not reasons and chosen.play.fallback is not None:
        reasons.append(chosen.play.fallback)
    return reasons


def _driver_reason(driver: Driver) -> Text:
    practice = load_practice()
    label, said = practice.families[driver.family], practice.named_reason if driver.named else practice.likely_reason
    of_family = Text(en=said.en.replace("{family}", label.en), es=said.es.replace("{family}", label.es))
    return of_family.filled({"chance": driver.chance})


def _circumstances(account: AccountView, play: Play) -> tuple[Text, ...]:
    practice, runway = load_practice(), account.triage.runway
    reasons: list[Text] = []
    if runway in {"emergency", "quick_wins"} and account.days_to_renewal is not None and not play.outlives_renewal:
        reasons.append(practice.runway_reasons[runway].filled({"days_to_renewal": account.days_to_renewal}))
    if not account.triage.price_driver and not play.outlives_renewal:
        reasons.append(practice.no_price_driver)
    return tuple(reasons)


def _already_done(fits: Sequence[Choice], facts: Mapping[str, Fact]) -> frozenset[str]:
    return frozenset(
        f"{fit.play.id}.{action.id}"
        for fit in fits
        for action in (*fit.play.actions, *fit.play.tech_touch)
        if action.done_when and all(condition.holds(facts) for condition in action.done_when)
    )
