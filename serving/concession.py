"""Concessions: what may be offered to an account at all, what an offer must carry, and who may approve it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from serving.params import ConcessionParams
from serving.store.records import Account

Kind = Literal["discount", "bridge", "terms", "service"]
Approver = Literal["csm", "cs_manager", "director", "vp_cs"]
Rule = Literal["moment", "cause", "price_driver", "bridge", "range", "approval", "ends_on"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
LOST = "graceful_exit"


class Offer(BaseModel):
    """What is offered. `percent` is off the list price (0: terms or service only); it is `tied_to` something and `ends_on` a day.

    A `bridge` rests on a fix that we owe (`delivers`, by `delivers_on`) and ends with it. `approved_by`: every name of the chain;
    `approver`: the highest role among them. `alternatives`: what else was weighed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    percent: float = Field(ge=0, le=100)
    tied_to: Line
    ends_on: date
    reason: Line
    expected: Line
    alternatives: tuple[Line, ...] = Field(min_length=1)
    by: Line
    approved_by: tuple[Line, ...] = Field(min_length=1)
    approver: Approver
    delivers: Line | None = None
    delivers_on: date | None = None


class Recorded(Offer):
    """The same as it is kept, with what was known of the account when it was made."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account_id: str
    made_at: datetime
    as_of: date
    arr: float | None
    probability: float | None
    risk_band: str | None
    drivers: tuple[str, ...]


class Refusal(BaseModel):
    """One guard rail that an offer breaks: which, and what to do instead."""

    model_config = ConfigDict(frozen=True)

    rule: Rule
    message: str


class RefusedOfferError(ValueError):
    """An offer that may not be made; `refusals` are all its reasons."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Say every refusal in one message."""
        super().__init__(" ".join(each.message for each in refusals))
        self.refusals = refusals


def no_discount(account: Account) -> Rule | None:
    """The first guard rail that keeps any discount from the account, whatever its size; None where one may be offered."""
    if _too_late(account):
        return "moment"
    if _cause(account) is not None:
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
    said: Mapping[Rule, str | None] = {
        "moment": _moment(account),
        "cause": _cause(account) if offer.percent else None,
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


def _moment(account: Account) -> str | None:
    if not _too_late(account):
        return None
    return (
        "They have committed to leave: an offer now looks desperate. Help them out well (graceful_exit) and set win-back dates."
    )


def _cause(account: Account) -> str | None:
    if account.named or any(each.kind == "confirm" for each in account.feedback):
        return None
    return (
        "The cause is not understood yet, and an offer teaches complaining. Call first; confirm a driver on the account's page."
    )


def _no_price_driver(offer: Offer, account: Account) -> str | None:
    if offer.percent == 0 or offer.kind == "bridge" or _price(account):
        return None
    return (
        f"No price driver is confirmed, so {offer.percent:g} % off answers nothing. Answer the cause; offer what is not price "
        "(shorter term, opt-out, pilot, priority queue), or a bridge tied to a dated fix that we owe."
    )


def _bridge(offer: Offer) -> str | None:
    if offer.kind != "bridge":
        return None
    if offer.delivers is None or offer.delivers_on is None:
        return "A bridge rests on a fix that we owe: give `delivers` (what) and `delivers_on` (by when)."
    if offer.ends_on != offer.delivers_on:
        return f"A bridge ends on delivery: ends_on is {offer.ends_on}, delivers_on is {offer.delivers_on}; give the same day."
    return None


def _range(offer: Offer, account: Account, params: ConcessionParams) -> str | None:
    if offer.percent == 0 or account.risk_band is None:
        return None if offer.percent == 0 else "The account has no risk band, so no size can be justified. Score it first."
    most = params.range_of(account.risk_band)[1]
    if offer.percent <= most or offer.approver == "vp_cs":
        return None
    return (
        f"{offer.percent:g} % is above the {most:g} % of a {account.risk_band} risk; offer less, or have the VP approve it as an "
        "emergency."
    )


def _approval(offer: Offer, params: ConcessionParams) -> str | None:
    roles: tuple[Approver, ...] = get_args(Approver)
    needed = approver_for(offer.percent, params)
    if roles.index(offer.approver) >= roles.index(needed):
        return None
    return f"A {offer.approver} approves up to {params.limit_of(offer.approver):g} %; {offer.percent:g} % needs a {needed}."


def _ends(offer: Offer, today: date, params: ConcessionParams) -> str | None:
    last = today + timedelta(days=params.ends_within_days)
    if today < offer.ends_on <= last:
        return None
    return f"ends_on is {offer.ends_on}; every concession ends: give a day after {today}, {last} at the latest."
