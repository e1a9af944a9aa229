"""The play of an account as the page shows it: dated steps with owners, and what helps to carry them out."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from serving.plan import Milestone, milestones_for
from serving.play import Play
from serving.practice import PHASES, load_practice
from serving.remediation import Row
from serving.store.records import Account, Plan, PlannedStep
from serving.value_summary import Said
from serving.web import numerals
from serving.web.guide import Guide
from serving.web.words import Words


@dataclass(frozen=True)
class StepLine:
    """One step as it is shown: day, owner (role, and the person where known), text; `iso` is the day for machines."""

    due: str
    iso: str
    owner: str
    text: str
    done: bool


@dataclass(frozen=True)
class Background:
    """What the play's file says beside the steps."""

    scenario: str
    look_into: tuple[str, ...]
    talking_points: tuple[str, ...]
    success: tuple[str, ...]
    do_not: tuple[str, ...]
    milestones: tuple[StepLine, ...]
    reported: str | None
    source: str | None
    measured: str


@dataclass(frozen=True)
class Agreed:
    """One row of the remediation plan: the problem, and the other columns under their names."""

    problem: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Quoted:
    """Words of theirs: the day (and for machines), where, the sentence, the need that it names, what answers it."""

    at: str
    iso: str
    where: str
    words: str
    need: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class PlanPart:
    """The play: its name, what is added to it, why it was chosen, and the steps by phase (title, steps).

    `first` is the first step still to be done, None when all are. `background` is None for a play that is not ours. `agreed` are
    the rows to agree with the customer, `said` their own words; `wins`, `open` and `unknown` are what it got, what still answers
    its need, what our data cannot say.
    """

    name: str
    also: tuple[str, ...]
    reasons: tuple[str, ...]
    phases: tuple[tuple[str, tuple[StepLine, ...]], ...]
    first: StepLine | None
    background: Background | None
    agreed: tuple[Agreed, ...] = ()
    wins: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unknown: str = ""
    said: tuple[Quoted, ...] = ()


def plan_part(account: Account, guide: Guide, words: Words) -> PlanPart | None:
    """The plan of `account`; None when no play is suggested."""
    plan = account.plan
    if plan is None:
        return None
    first = plan.first_step()
    play = guide.plays.get(plan.playbook)
    return PlanPart(
        name=guide.play_name(plan.playbook, words) or plan.playbook,
        also=tuple(guide.play_name(name, words) or name for name in plan.modifiers),
        reasons=plan.reasons.get(words.language, ()),
        phases=_phases(plan, account.csm, words),
        first=None if first is None else _line(first, account.csm, words),
        background=None if play is None else _background(play, account, guide, words),
        agreed=tuple(_agreed(row, words) for row in plan.problems),
        **_value(plan, words),
    )


def _agreed(row: Row, words: Words) -> Agreed:
    names = [words.pick(text) for text in load_practice().remediation_columns]
    owner, due = role_name(row.owner, words), numerals.short_date(row.due, words.language)
    cells = (words.pick(row.cause), words.pick(row.fix), owner, due, words.pick(row.metric))
    return Agreed(words.pick(row.problem), tuple(zip(names[1:], cells, strict=True)))


def _value(plan: Plan, words: Words) -> dict[str, Any]:
    if plan.value is None:
        return {}
    unknown = "; ".join(words.pick(each) for each in plan.value.unknown)
    return {
        "said": tuple(_quoted(each, words) for each in plan.value.said),
        "wins": tuple(words.pick(each) for each in plan.value.wins),
        "open": tuple(words.pick(each) for each in plan.value.open),
        "unknown": words.say("save_plan.unknown", what=unknown) if unknown else "",
    }


def _quoted(each: Said, words: Words) -> Quoted:
    return Quoted(
        at=numerals.short_date(each.at, words.language),
        iso=each.at.isoformat(),
        where=words.known(f"tables.{each.table}", each.table),
        words=each.words,
        need=words.pick(each.need),
        answers=tuple(words.pick(answer) for answer in each.answers),
    )


def role_name(role: str, words: Words) -> str:
    """The title of a role; the role itself where it is none of ours."""
    roles = load_practice().roles
    return words.pick(roles[role]) if role in roles else role


def _phases(plan: Plan, csm: str | None, words: Words) -> tuple[tuple[str, tuple[StepLine, ...]], ...]:
    titles = load_practice().phases
    ordered = sorted(plan.steps, key=lambda step: PHASES.index(step.phase))
    return tuple(
        (words.pick(titles[phase].title), tuple(_line(step, csm, words) for step in steps))
        for phase, steps in groupby(ordered, lambda step: step.phase)
    )


def _line(step: PlannedStep, csm: str | None, words: Words) -> StepLine:
    role = role_name(step.owner, words)
    return StepLine(
        due=numerals.short_date(step.due, words.language),
        iso=step.due.isoformat(),
        owner=f"{role} ({csm})" if step.owner == "csm" and csm else role,
        text=words.pick(step.text),
        done=step.done,
    )


def _background(play: Play, account: Account, guide: Guide, words: Words) -> Background:
    effect = play.reported_effect
    dated = milestones_for(play, as_of=account.as_of, renewal=account.renews_at, language=words.language, holidays=guide.holidays)
    return Background(
        scenario=words.pick(play.scenario),
        look_into=tuple(words.pick(text) for text in play.look_into),
        talking_points=_talking_points(account, play, words),
        success=tuple(words.pick(text) for text in play.success),
        do_not=tuple(words.pick(text) for text in play.do_not),
        milestones=tuple(_milestone(each, words) for each in dated),
        reported=None if effect is None else words.pick(effect.text),
        source=None if effect is None else effect.source,
        measured=words.pick(play.measured_effect_text(guide.learned())),
    )


def _talking_points(account: Account, play: Play, words: Words) -> tuple[str, ...]:
    """What to say in any such conversation, their own words where concerns are given back, then what this play adds.

    Concessions are the plan's business, not the script's.
    """
    value = None if account.plan is None else account.plan.value
    quoted = [] if value is None else [words.pick(each.quoted()) for each in value.said]
    common = [point for point in load_practice().talking_points if not point.concession]
    return (
        *(
            " ".join((f"{words.pick(point.title)}: {words.pick(point.say)}", *(quoted if point.takes == "concerns" else ())))
            for point in common
        ),
        *(words.pick(text) for text in play.talking_points),
    )


def _milestone(milestone: Milestone, words: Words) -> StepLine:
    due = numerals.short_date(milestone.due, words.language)
    return StepLine(due=due, iso=milestone.due.isoformat(), owner="", text=f"{milestone.title}: {milestone.text}", done=False)
