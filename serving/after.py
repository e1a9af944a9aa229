"""What is due after a save or a loss: promises, reviews, raised attention, win-back dates, debriefs; who does it this week."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from features.aftermath import Loss, Saved
from serving.after_standing import Departed, Flagged, Rescued, Tried, Who, departed, rescued, win_back_dates
from serving.params import AfterParams

Kind = Literal["promise", "review", "touch", "watch", "debrief", "win_back", "early"]
KINDS: tuple[Kind, ...] = ("promise", "review", "touch", "watch", "debrief", "win_back", "early")


def nothing_after() -> None:
    """The port of a company that has not asked yet."""


class AfterDue(BaseModel):
    """One thing to do for one account. `since`: the day it was saved, or decided to leave.

    `step`: days since the save of a review, months of a win-back date. `promise` and `owner` of a promise. Of a loss: `reason`
    and `rival` as far as known, whether an exit interview was held, and what speaks for talking ahead of the dates (`news`).
    `flagged`: the first day of the year before the loss on which the model held a high or critical risk; null: it never did.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    name: str
    csm: str | None
    kind: Kind
    due: date
    since: date
    step: int | None = None
    promise: str | None = None
    owner: str | None = None
    reason: str | None = None
    rival: str | None = None
    interviewed: bool | None = None
    flagged: date | None = None
    tried: tuple[Tried, ...] = ()
    news: str | None = None


class After(BaseModel):
    """Everything due before `until`, promises overdue at `as_of` included, by CSM (those without one last), day and kind.

    `saved` and `lost`: where each account stands, whenever something of it is due; the newest save or loss first.
    """

    model_config = ConfigDict(frozen=True)

    as_of: date
    until: date
    rows: tuple[AfterDue, ...]
    saved: tuple[Rescued, ...] = ()
    lost: tuple[Departed, ...] = ()

    def of(self, csm: str | None) -> "After":
        """What belongs to one CSM; all of it for None."""
        if csm is None:
            return self
        rows, saved, lost = (tuple(each for each in part if each.csm == csm) for part in (self.rows, self.saved, self.lost))
        return After(as_of=self.as_of, until=self.until, rows=rows, saved=saved, lost=lost)

    def csms(self) -> tuple[str, ...]:
        """Everybody to whom something belongs, by name."""
        return tuple(sorted({each.csm for part in (self.rows, self.saved, self.lost) for each in part if each.csm}))


def after(
    saved: Iterable[Saved],
    lost: Iterable[Loss],
    who: Who,
    flagged: Flagged,
    params: AfterParams,
    *,
    as_of: date,
    days: int,
) -> After:
    """The list; `who` has each account's name and CSM, `flagged` asks when one that left on a day was first held at risk."""
    until = as_of + timedelta(days=days)
    saves, losses = tuple(saved), tuple(lost)
    rows = [row for each in saves for row in _of_save(each, who, params, as_of, until)]
    rows += [row for each in losses for row in _of_loss(each, who, flagged, params, as_of, until)]
    kept = [found for each in saves if (found := rescued(each, who, params, as_of)) is not None]
    gone = [left for each in losses if (left := departed(each, who, flagged, params, as_of)) is not None]
    order = sorted(rows, key=lambda row: (row.csm is None, row.csm or "", row.due, KINDS.index(row.kind), row.account_id))
    return After(
        as_of=as_of,
        until=until,
        rows=tuple(order),
        saved=tuple(sorted(kept, key=lambda each: (-each.saved_on.toordinal(), each.account_id))),
        lost=tuple(sorted(gone, key=lambda each: (-each.left_on.toordinal(), each.account_id))),
    )


def _of_save(each: Saved, who: Who, params: AfterParams, as_of: date, until: date) -> Iterator[AfterDue]:
    """Promises as long as the account is watched; reviews and weekly contacts in the programme; then a look every so often."""
    age, ends = (as_of - each.saved_on).days, (until - each.saved_on).days
    if age > params.watch_days:
        return
    name, csm = who.get(each.account_id, (each.account_id, None))

    def row(kind: Kind, due: date, step: int | None = None) -> AfterDue:
        return AfterDue(account_id=each.account_id, name=name, csm=csm, kind=kind, due=due, since=each.saved_on, step=step)

    for promise in each.promises:
        if promise.due is not None and promise.due < until:
            yield row("promise", promise.due).model_copy(update={"promise": promise.promise, "owner": promise.owner})
    reviews = [step for step in params.review_days if age <= step < ends]
    yield from (row("review", each.saved_on + timedelta(days=step), step) for step in reviews)
    if age < params.programme_days and not reviews:
        yield row("touch", until - timedelta(days=1))
    watched = range(params.programme_days + params.watch_every_days, params.watch_days + 1, params.watch_every_days)
    yield from (row("watch", each.saved_on + timedelta(days=step), step) for step in watched if age <= step < ends)


def _of_loss(each: Loss, who: Who, flagged: Flagged, params: AfterParams, as_of: date, until: date) -> Iterator[AfterDue]:
    name, csm = who.get(each.account_id, (each.account_id, None))

    def row(kind: Kind, due: date, step: int | None = None) -> AfterDue:
        return AfterDue(
            account_id=each.account_id,
            name=name,
            csm=csm,
            kind=kind,
            due=due,
            since=each.left_on,
            step=step,
            reason=each.reason,
            rival=each.rival,
            interviewed=each.interviewed,
        )

    debrief = each.left_on + timedelta(days=params.debrief_days)
    if each.left_on <= as_of <= debrief < until:
        tried = tuple(Tried(**vars(attempt)) for attempt in each.attempts)
        yield row("debrief", debrief).model_copy(update={"flagged": flagged(each.account_id, each.left_on), "tried": tried})
    dates = win_back_dates(each.left_on, params)
    yield from (row("win_back", day, months) for months, day in dates if as_of <= day < until)
    if as_of < dates[-1][1]:
        fresh = [(kind, day) for kind, day in each.news if day >= as_of - (until - as_of)]
        yield from (row("early", until - timedelta(days=1)).model_copy(update={"news": kind}) for kind, _ in fresh[:1])


AfterPort = Callable[[], After | None]
