"""Where every account stands that was saved, or that left: what is still open of it, whenever that is due."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd
from pydantic import BaseModel, ConfigDict

from features.aftermath import Loss, Saved
from serving.params import AfterParams

Who = Mapping[str, tuple[str, str | None]]
Flagged = Callable[[str, date], date | None]


class Tried(BaseModel):
    """One save attempt on an account that left all the same."""

    model_config = ConfigDict(frozen=True)

    playbook: str
    started: date
    outcome: str | None
    concession_percent: float | None


class OpenPromise(BaseModel):
    """A promise that is not kept yet; `due` is None for one without a date, which is never overdue."""

    model_config = ConfigDict(frozen=True)

    promise: str
    owner: str | None
    made: date
    due: date | None


class Rescued(BaseModel):
    """An account that was saved and is watched still.

    The recovery programme runs until `programme_until`, raised attention until `watch_until` (both days included). `reviews`:
    days after the save, and the day, of the reviews ahead. `looks`: the same of the looks of the time of watch. `promises`: those
    not kept, by due date, those without a date last.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    csm: str | None
    playbook: str
    saved_on: date
    programme_until: date
    watch_until: date
    reviews: tuple[tuple[int, date], ...]
    looks: tuple[tuple[int, date], ...]
    promises: tuple[OpenPromise, ...]

    def in_programme(self, as_of: date) -> bool:
        """Whether the recovery programme still runs on that day; else it is watched."""
        return as_of <= self.programme_until


class Departed(BaseModel):
    """An account that left, until its last win-back date: what is known of it, the day of its debrief, the dates ahead.

    `flagged`: as in `AfterDue`. `win_back`: months after the decision, and the day, of the dates ahead. `news` and `news_on`:
    what happened there since and may change its mind, the newest.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    csm: str | None
    left_on: date
    reason: str | None
    rival: str | None
    interviewed: bool
    debrief_on: date
    flagged: date | None
    tried: tuple[Tried, ...]
    win_back: tuple[tuple[int, date], ...]
    news: str | None
    news_on: date | None


def rescued(each: Saved, who: Who, params: AfterParams, as_of: date) -> Rescued | None:
    """Where a save stands; None once it is watched no more."""
    if (as_of - each.saved_on).days > params.watch_days:
        return None
    name, csm = who.get(each.account_id, (each.account_id, None))
    looks = range(params.programme_days + params.watch_every_days, params.watch_days + 1, params.watch_every_days)
    promises = [OpenPromise(promise=one.promise, owner=one.owner, made=one.made, due=one.due) for one in each.promises]
    return Rescued(
        account_id=each.account_id,
        name=name,
        csm=csm,
        playbook=each.playbook,
        saved_on=each.saved_on,
        programme_until=each.saved_on + timedelta(days=params.programme_days),
        watch_until=each.saved_on + timedelta(days=params.watch_days),
        reviews=_ahead(each.saved_on, params.review_days, as_of),
        looks=_ahead(each.saved_on, tuple(looks), as_of),
        promises=tuple(sorted(promises, key=lambda one: (one.due is None, one.due or one.made, one.promise))),
    )


def departed(each: Loss, who: Who, flagged: Flagged, params: AfterParams, as_of: date) -> Departed | None:
    """Where a loss stands; None after the last win-back date."""
    dates = win_back_dates(each.left_on, params)
    if as_of > dates[-1][1]:
        return None
    name, csm = who.get(each.account_id, (each.account_id, None))
    kind, happened = each.news[0] if each.news else (None, None)
    return Departed(
        account_id=each.account_id,
        name=name,
        csm=csm,
        left_on=each.left_on,
        reason=each.reason,
        rival=each.rival,
        interviewed=each.interviewed,
        debrief_on=each.left_on + timedelta(days=params.debrief_days),
        flagged=flagged(each.account_id, each.left_on),
        tried=tuple(Tried(**vars(attempt)) for attempt in each.attempts),
        win_back=tuple((months, day) for months, day in dates if day >= as_of),
        news=kind,
        news_on=happened,
    )


def win_back_dates(left_on: date, params: AfterParams) -> tuple[tuple[int, date], ...]:
    """Months after the decision, and the day, in their order; a day that the month lacks is its last."""
    moved = ((months, (pd.Timestamp(left_on) + pd.DateOffset(months=months)).date()) for months in params.win_back_months)
    return tuple(sorted(moved, key=lambda each: each[1]))


def _ahead(start: date, steps: tuple[int, ...], as_of: date) -> tuple[tuple[int, date], ...]:
    days = ((step, start + timedelta(days=step)) for step in steps)
    return tuple((step, day) for step, day in days if day >= as_of)
