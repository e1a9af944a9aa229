"""A play turned into dated steps: what to do first, by when, by whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from features.languages import Language
from serving.matching import Suggestion
from serving.play import Action, Play
from serving.practice import MilestoneName, Phase, load_practice

FRIDAY = 4
FAR_DAYS = 3660  # beyond every plan


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: the day it is due, the role that owns it, what to do, its phase, and `action` (play.id) to name it by.

    `already_done` says that the account's facts show it as done.
    """

    due: date
    owner_role: str
    text: str
    phase: Phase
    action: str
    already_done: bool


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """What is reached by a day."""

    due: date
    name: MilestoneName
    title: str
    text: str


def plan_for(
    suggestion: Suggestion,
    plays: Mapping[str, Play],
    *,
    as_of: date,
    language: Language,
    holidays: Collection[date],
) -> tuple[Step, ...]:
    """The steps of the suggested play and its modifiers, by day; never empty.

    Without a price driver no step offers a concession; executives have no step where the effort is one conversation or none.
    Unless the play goes on past the renewal, nothing after the first day is due after one still ahead (in the days of grace
    every step is left), and in an emergency only the steps of the first week are left. A tech-touch account gets the
    automated variant, without modifiers.
    """
    names = (suggestion.playbook,) if suggestion.tech_touch else (suggestion.playbook, *suggestion.modifiers)
    steps = [
        Step(
            due=business_day(as_of, action.day, holidays),
            owner_role=action.owner,
            text=action.text.in_language(language),
            phase=action.phase,
            action=f"{name}.{action.id}",
            already_done=f"{name}.{action.id}" in suggestion.already_done,
        )
        for name in names
        for action in _actions(plays[name], suggestion)
    ]
    last = last_day(plays[suggestion.playbook], _renewal(suggestion, as_of), as_of)
    kept = [step for step in steps if step.phase == "first_24h" or step.due <= last]
    return tuple(sorted(kept, key=lambda step: step.due))


def last_day(play: Play, renewal: date | None, as_of: date) -> date:
    """The day of a renewal still ahead, after which no step or milestone of the play makes sense; else the end of time."""
    return date.max if renewal is None or renewal < as_of or play.outlives_renewal else renewal


def milestones_for(
    play: Play, *, as_of: date, renewal: date | None, language: Language, holidays: Collection[date]
) -> tuple[Milestone, ...]:
    """The play's milestones up to the renewal with their dates, in order."""
    dated = tuple(
        Milestone(
            due=business_day(as_of, milestone.day, holidays),
            name=name,
            title=milestone.title.in_language(language),
            text=play.milestones[name].in_language(language),
        )
        for name, milestone in load_practice().milestones.items()
    )
    return tuple(milestone for milestone in dated if milestone.due <= last_day(play, renewal, as_of))


def talking_points_for(play: Play, suggestion: Suggestion, language: Language) -> tuple[str, ...]:
    """What to say, in order: the conversation every play shares, then the play's own points; terms only with a price driver."""
    shared = [p.say for p in load_practice().talking_points if suggestion.price_driver or not p.concession]
    return tuple(text.in_language(language) for text in (*shared, *play.talking_points))


def first_step(steps: Sequence[Step]) -> Step:
    """The earliest step that is still to be done; the earliest of all when everything is done."""
    return next((step for step in steps if not step.already_done), steps[0])


def business_day(start: date, offset: int, holidays: Collection[date]) -> date:
    """The business day `offset` business days after `start`; 0 is `start` itself, or the next business day after it."""
    day = start
    while not _is_business_day(day, holidays):
        day += timedelta(days=1)
    for _ in range(offset):
        day += timedelta(days=1)
        while not _is_business_day(day, holidays):
            day += timedelta(days=1)
    return day


def _renewal(suggestion: Suggestion, as_of: date) -> date | None:
    """The day of the renewal; None where it is unknown or too far away to matter."""
    days = suggestion.renewal_in_days
    return as_of + timedelta(days=days) if days is not None and abs(days) < FAR_DAYS else None


def _is_business_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() <= FRIDAY and day not in holidays


def _actions(play: Play, suggestion: Suggestion) -> list[Action]:
    chosen = play.tech_touch if suggestion.tech_touch else play.actions
    spared = () if suggestion.executives else load_practice().executive_roles
    short = suggestion.emergency and not play.outlives_renewal
    return [
        action
        for action in chosen
        if (suggestion.price_driver or not action.concession)
        and action.owner not in spared
        and not (short and action.phase not in {"first_24h", "first_week"})
    ]
