"""Concessions: what may be offered to an account at all, and who may approve it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from features.languages import LANGUAGES, Language
from serving.offer import Approver, Offer
from serving.params import ConcessionParams
from serving.practice import load_practice
from serving.store.records import Account
from serving.web import numerals
from serving.web.words import Words
from serving.wording import Text

Rule = Literal["moment", "cause", "price_driver", "bridge", "range", "approval", "ends_on"]
LOST = "graceful_exit"


class Refusal(BaseModel):
    """One guard rail that an offer breaks: which, and what to do instead, in both languages."""

    model_config = ConfigDict(frozen=True)

    rule: Rule
    message: Text


class RefusedOfferError(ValueError):
    """An offer that may not be made; `refusals` are all its reasons."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Say every refusal in one message."""
        super().__init__(" ".join(each.message.en for each in refusals))
        self.refusals = refusals

    def said(self, language: Language) -> str:
        """Every refusal, one a line."""
        return "\n".join(f"- {each.message.in_language(language)}" for each in self.refusals)


def no_discount(account: Account) -> Rule | None:
    """The first guard rail that keeps any discount from the account, whatever its size; None where one may be offered."""
    if _too_late(account):
        return "moment"
    if not _understood(account):
        return "cause"
    return None if _price(account) else "price_driver"


def allowed_percent(account: Account, params: ConcessionParams) -> tuple[float, float] | None:
    """From and up to how many per cent a discount may go by the account's risk; None where none may be offered at all."""
    if no_discount(account) is not None or account.risk_band is None:
        return None
    return params.range_of(account.risk_band)


def approver_for(percent: float, params: ConcessionParams) -> Approver:
    """The lowest role that may approve so much; beyond every limit the last one."""
    roles: tuple[Approver, ...] = get_args(Approver)
    return next((role for role in roles if percent <= params.limit_of(role)), roles[-1])


def refusals(offer: Offer, account: Account, today: date, params: ConcessionParams) -> tuple[Refusal, ...]:
    """Every guard rail that the offer breaks; empty when it may be made."""
    said: Mapping[Rule, Text | None] = {
        "moment": _text("moment") if _too_late(account) else None,
        "cause": _text("cause") if offer.percent and not _understood(account) else None,
        "price_driver": _no_price_driver(offer, account),
        "bridge": _bridge(offer),
        "range": _range(offer, account, params),
        "approval": _approval(offer, params),
        "ends_on": _ends(offer, today, params),
    }
    return tuple(Refusal(rule=rule, message=message) for rule, message in said.items() if message is not None)


def checked(offer: Offer, account: Account, today: date, params: ConcessionParams) -> Offer:
    """The offer, if it may be made; `RefusedOfferError` with every reason otherwise."""
    found = refusals(offer, account, today, params)
    if found:
        raise RefusedOfferError(found)
    return offer


def _price(account: Account) -> bool:
    return account.plan is not None and account.plan.price_driver is True


def _too_late(account: Account) -> bool:
    return account.status == "decided" or (account.plan is not None and account.plan.playbook == LOST)


def _understood(account: Account) -> bool:
    return bool(account.named) or any(each.kind == "confirm" for each in account.feedback)


def _no_price_driver(offer: Offer, account: Account) -> Text | None:
    if offer.percent == 0 or offer.kind == "bridge" or _price(account):
        return None
    return _text("price_driver", percent=offer.percent)


def _bridge(offer: Offer) -> Text | None:
    if offer.kind != "bridge":
        return None
    if offer.delivers is None or offer.delivers_on is None:
        return _text("bridge")
    return None if offer.ends_on == offer.delivers_on else _text("bridge_ends", ends=offer.ends_on, delivers=offer.delivers_on)


def _range(offer: Offer, account: Account, params: ConcessionParams) -> Text | None:
    if offer.percent == 0:
        return None
    if account.risk_band is None:
        return _text("no_band")
    most = params.range_of(account.risk_band)[1]
    if offer.percent <= most or offer.approver == "vp_cs":
        return None
    return _text("range", percent=offer.percent, most=most, role="vp_cs")


def _approval(offer: Offer, params: ConcessionParams) -> Text | None:
    roles: tuple[Approver, ...] = get_args(Approver)
    needed = approver_for(offer.percent, params)
    if roles.index(offer.approver) >= roles.index(needed):
        return None
    return _text("approval", approver=offer.approver, most=params.limit_of(offer.approver), percent=offer.percent, role=needed)


def _ends(offer: Offer, today: date, params: ConcessionParams) -> Text | None:
    last = today + timedelta(days=params.ends_within_days)
    return None if today < offer.ends_on <= last else _text("ends_on", ends=offer.ends_on, today=today, last=last)


def _text(key: str, **filled: float | date | Approver) -> Text:
    """A refusal in both languages, with numbers (per cent), days and roles as each writes them."""
    said = {language: Words(language).say(f"refusal.{key}", **_filled(filled, language)) for language in LANGUAGES}
    return Text(**said)


def _filled(values: Mapping[str, float | date | Approver], language: Language) -> dict[str, str]:
    return {
        name: numerals.short_date(value, language)
        if isinstance(value, date)
        else load_practice().roles[value].in_language(language)
        if isinstance(value, str)
        else numerals.percent(value / 100, language)
        for name, value in values.items()
    }
