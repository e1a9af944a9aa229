"""What each CSM works on: the efforts that save most for their hours, as far as a quarter's hours go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from serving.params import TriageParams
from serving.store.records import Listed, Plan
from serving.wording import Text

NOBODY = ""  # the name under which accounts without a CSM are listed


class Work(BaseModel):
    """One account to work on: what is expected of it, the first step still to be done, and until when to wait, if at all.

    `value` is what the effort is worth in currency units (`serving.worth`; null: p or ARR unknown), `value_an_hour` that by
    hours of effort.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    csm: str | None
    probability: float | None
    arr: float | None
    renews_at: date | None
    drivers: tuple[str, ...]
    playbook: str
    hours: float
    value: float | None
    value_an_hour: float | None
    respond_by: datetime | None
    first_step: Text | None
    first_due: date | None
    wait: str | None
    wait_until: date | None


class CsmQueue(BaseModel):
    """The queue of one CSM (null: of accounts without one), for a quarter of `hours`.

    `running`: efforts under way, whose hours are taken first. `begin`: what to begin, the most expected value an hour first,
    as far as the hours left go. `spare`: what to do with hours that are left then: efforts that save less than their hours cost,
    though more than they stir up. `later`: worth their effort, but beyond the hours. `rest`: left alone for a while.
    `not_worth`: how many accounts have a play that is expected to stir up more than it keeps, or whose worth is unknown.
    """

    model_config = ConfigDict(frozen=True)

    csm: str | None
    hours: float
    running: tuple[Work, ...]
    begin: tuple[Work, ...]
    spare: tuple[Work, ...]
    later: tuple[Work, ...]
    rest: tuple[Work, ...]
    not_worth: int


@dataclass(frozen=True)
class _Sorted:
    running: tuple[Work, ...]
    rest: tuple[Work, ...]
    worth: tuple[Work, ...]
    spare: tuple[Work, ...]
    not_worth: int


def queues(rows: Iterable[tuple[Listed, Plan]], params: TriageParams, hours: float | None = None) -> tuple[CsmQueue, ...]:
    """One queue a CSM, by name, those without one last; `hours` of a quarter stands for `triage.csm_hours`."""
    effort = {str(tier): each for tier, each in params.effort_hours.items()}
    by_csm: dict[str, list[Work]] = {}
    for listed, plan in rows:
        by_csm.setdefault(listed.csm or NOBODY, []).append(_work(listed, plan, effort))
    names = sorted(by_csm, key=lambda name: (name == NOBODY, name))
    return tuple(_queue(name or None, by_csm[name], params.csm_hours if hours is None else hours, params) for name in names)


def _queue(csm: str | None, works: list[Work], hours: float, params: TriageParams) -> CsmQueue:
    found = _sorted(works, params.hour_cost)
    left = hours - sum(each.hours for each in found.running)
    begin, later, left = _within(left, found.worth)
    spare, _, _ = _within(left, found.spare)
    return CsmQueue(
        csm=csm,
        hours=hours,
        running=found.running,
        begin=begin,
        spare=spare,
        later=later,
        rest=found.rest,
        not_worth=found.not_worth,
    )


def _within(hours: float, works: Iterable[Work]) -> tuple[tuple[Work, ...], tuple[Work, ...], float]:
    """Those that fit into the hours, in order (a smaller one may take the place of one too large), the others, the hours left."""
    fitting: list[Work] = []
    others: list[Work] = []
    for each in works:
        fits = each.hours <= hours
        (fitting if fits else others).append(each)
        hours -= each.hours if fits else 0.0
    return tuple(fitting), tuple(others), hours


def _sorted(works: Iterable[Work], hour_cost: float) -> _Sorted:
    ordered = sorted(works, key=lambda each: (-(each.value_an_hour or 0.0), each.account_id))
    free = [each for each in ordered if each.wait is None]
    worth = tuple(each for each in free if each.value is not None and each.value > 0)
    spare = tuple(each for each in free if each.value is not None and -each.hours * hour_cost < each.value <= 0)
    return _Sorted(
        running=tuple(each for each in ordered if each.wait == "running"),
        rest=tuple(each for each in ordered if each.wait == "tired"),
        worth=worth,
        spare=spare,
        not_worth=len(free) - len(worth) - len(spare),
    )


def _work(listed: Listed, plan: Plan, effort: Mapping[str, float]) -> Work:
    hours = effort[str(listed.effort_tier)]
    step = plan.first_step()
    return Work(
        account_id=listed.account_id,
        name=listed.name,
        csm=listed.csm,
        probability=listed.probability,
        arr=listed.arr,
        renews_at=listed.renews_at,
        drivers=listed.named,
        playbook=plan.playbook,
        hours=hours,
        value=plan.worth,
        value_an_hour=None if plan.worth is None else plan.worth / hours,
        respond_by=listed.respond_by,
        first_step=None if step is None else step.text,
        first_due=None if step is None else step.due,
        wait=plan.wait,
        wait_until=plan.wait_until,
    )
