"""The plan to keep one account: what to agree with the customer, by when, what to say, what they got, and what may be offered."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from serving.concession import Rule, allowed_percent, approver_for, no_discount
from serving.offer import Approver, Recorded
from serving.params import ConcessionParams
from serving.play import Play
from serving.practice import load_practice
from serving.remediation import Row
from serving.store.records import Account, PlannedStep
from serving.value_summary import ValueSummary
from serving.wording import Text


class MayOffer(BaseModel):
    """A discount that the guard rails allow, in per cent, and who must approve its upper end."""

    model_config = ConfigDict(frozen=True)

    percent_from: float
    percent_to: float
    approver: Approver


class Talk(BaseModel):
    """One part of the conversation: its title, what to say, and the account's own facts that belong into it."""

    model_config = ConfigDict(frozen=True)

    title: Text
    say: Text
    facts: tuple[Text, ...] = ()


class SavePlan(BaseModel):
    """Everything for one account; `playbook` is null without a play, and then only what is known besides stands here.

    `problems` are the rows of the remediation plan. `may_offer` is null where no discount belongs in the plan. `respond_by`:
    until when the call must be made.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    as_of: date
    csm: str | None
    renews_at: date | None
    playbook: str | None
    respond_by: datetime | None
    problems: tuple[Row, ...]
    steps: tuple[PlannedStep, ...]
    talk: tuple[Talk, ...]
    value: ValueSummary | None
    may_offer: MayOffer | None
    no_discount: Rule | None = Field(
        description="the guard rail that keeps a discount from this plan; null where one may be offered"
    )
    offered: tuple[Recorded, ...] = Field(default=(), description="concessions on record, newest first")


def save_plan(account: Account, play: Play | None, params: ConcessionParams, offered: tuple[Recorded, ...] = ()) -> SavePlan:
    """The plan of the account as scored; a held-out account, or one without a play, has no problems, steps or talk."""
    plan = account.plan
    allowed = allowed_percent(account, params)
    return SavePlan(
        account_id=account.account_id,
        name=account.name,
        as_of=account.as_of,
        csm=account.csm,
        renews_at=account.renews_at,
        playbook=None if plan is None else plan.playbook,
        respond_by=None if plan is None else account.respond_by,
        problems=() if plan is None else plan.problems,
        steps=() if plan is None else plan.steps,
        talk=() if plan is None else _talk(account, play, allowed is not None),
        value=None if plan is None else plan.value,
        may_offer=None
        if allowed is None
        else MayOffer(percent_from=allowed[0], percent_to=allowed[1], approver=approver_for(allowed[1], params)),
        no_discount=no_discount(account),
        offered=offered,
    )


def _talk(account: Account, play: Play | None, priced: bool) -> tuple[Talk, ...]:
    """The conversation that every play shares, with the account's facts in it; what the play adds stands before our offers."""
    added = play.talking_points if play is not None else ()
    facts = {"open": _why(account), "concerns": (*_quoted(account), *_concerns(account)), "offer": (*added, *_offers(account))}
    return tuple(
        Talk(title=point.title, say=point.say, facts=facts.get(point.takes or "", ()))
        for point in load_practice().talking_points
        if priced or not point.concession
    )


def _why(account: Account) -> tuple[Text, ...]:
    """What we see: the named drivers in their own sentences."""
    by_family = {each.family: each for each in account.drivers}
    named = [by_family[name] for name in account.named if name in by_family]
    return tuple(Text(en=each.sentence_en, es=each.sentence_es) for each in named if each.sentence_en and each.sentence_es)


def _quoted(account: Account) -> tuple[Text, ...]:
    """Their own words, each with its day."""
    plan = account.plan
    return () if plan is None or plan.value is None else tuple(each.quoted() for each in plan.value.said)


def _concerns(account: Account) -> tuple[Text, ...]:
    return () if account.plan is None else tuple(each.problem for each in account.plan.problems)


def _offers(account: Account) -> tuple[Text, ...]:
    return () if account.plan is None else tuple(each.fix for each in account.plan.problems)
