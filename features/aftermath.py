"""What a loss or a save leaves behind, as known on a day: who left and why, who was saved, what was promised and tried."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from features.assignments import assignments
from features.history import History
from features.labels import INTERVIEW_DAYS
from features.terms import churns

GOOD_NEWS = ("leadership_change", "funding", "growth", "acquisition")  # of a company that left: reasons to talk before the dates


@dataclass(frozen=True)
class Attempt:
    """One save attempt that was begun: its play, its first day, how it ended (None: not known), concession in per cent."""

    playbook: str
    started: date
    outcome: str | None
    concession_percent: float | None


@dataclass(frozen=True)
class Loss:
    """An account that left and has not come back. `reason` and `rival` as told in an exit interview, else as recorded.

    `interviewed`: an exit interview was held. `news`: kind and day of what may change its mind, newest first.
    """

    account_id: str
    left_on: date
    reason: str | None
    rival: str | None
    interviewed: bool
    attempts: tuple[Attempt, ...]
    news: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Promise:
    """A promise that is not kept yet; without a date it is never overdue."""

    promise: str
    made: date
    owner: str | None
    due: date | None


@dataclass(frozen=True)
class Saved:
    """An account whose newest save attempt to end was a save, still a customer, with the promises made since it was assigned."""

    account_id: str
    saved_on: date
    playbook: str
    promises: tuple[Promise, ...]


def losses(history: History, as_of: date) -> tuple[Loss, ...]:
    """Everybody who left before `as_of` and has no term since, by account."""
    terms = history.known("subscriptions", [as_of]).to_pandas()
    found = churns(terms, history.known("renewals", [as_of]).to_pandas(), ["account_id"])
    newest = found.drop_duplicates("account_id", keep="last")
    begun = terms.groupby("account_id")["started_at"].max().reindex(newest["account_id"]).to_numpy()
    gone = newest.loc[~(begun > newest["decided_at"].to_numpy())]
    talks, tried, news = _interviews(history, as_of), _attempts(history, as_of), _news(history, as_of)
    return tuple(
        _loss(str(account), decided.date(), _word(reason), talks, tried, news)
        for account, decided, reason in gone[["account_id", "decided_at", "reason"]].itertuples(index=False)
    )


def saves(history: History, as_of: date) -> tuple[Saved, ...]:
    """Everybody saved before `as_of` who has not left since, by account."""
    gone = {each.account_id for each in losses(history, as_of)}
    rows = assignments(history, as_of)
    ended = rows.loc[(rows["arm"] == "treated") & rows["outcome"].notna() & (rows["finished_at"] < pd.Timestamp(as_of))]
    newest = ended.sort_values(["finished_at", "intervention_id"]).drop_duplicates("account_id", keep="last")
    kept = newest.loc[(newest["outcome"] == "saved") & ~newest["account_id"].isin(gone)].sort_values("account_id")
    promises = _promises(history, as_of)
    columns = ["account_id", "finished_at", "playbook", "assigned_at"]
    return tuple(
        Saved(
            str(account),
            finished.date(),
            str(playbook),
            tuple(each for each in promises.get(str(account), ()) if each.made >= assigned.date()),
        )
        for account, finished, playbook, assigned in kept[columns].itertuples(index=False)
    )


def _loss(
    account: str,
    left_on: date,
    recorded: str | None,
    talks: dict[str, list[tuple[date, str, str | None]]],
    tried: dict[str, tuple[Attempt, ...]],
    news: dict[str, list[tuple[str, date]]],
) -> Loss:
    near = [talk for talk in talks.get(account, []) if abs((talk[0] - left_on).days) <= INTERVIEW_DAYS]
    told = min(near, key=lambda talk: abs((talk[0] - left_on).days), default=None)
    return Loss(
        account_id=account,
        left_on=left_on,
        reason=recorded if told is None else told[1],
        rival=None if told is None else told[2],
        interviewed=told is not None,
        attempts=tuple(each for each in tried.get(account, ()) if each.started <= left_on),
        news=tuple(sorted((each for each in news.get(account, []) if each[1] > left_on), key=lambda each: each[1], reverse=True)),
    )


def _interviews(history: History, as_of: date) -> dict[str, list[tuple[date, str, str | None]]]:
    if not history.has("exit_interviews"):
        return {}
    held = history.known("exit_interviews", [as_of]).select("account_id", "held_at", "reason", "competitor").to_pandas()
    found: dict[str, list[tuple[date, str, str | None]]] = {}
    for account, at, reason, rival in held.sort_values(["account_id", "held_at"]).itertuples(index=False):
        found.setdefault(str(account), []).append((at.date(), str(reason), _word(rival)))
    return found


def _attempts(history: History, as_of: date) -> dict[str, tuple[Attempt, ...]]:
    rows = assignments(history, as_of)
    begun = rows.loc[(rows["arm"] == "treated") & (rows["started_at"] < pd.Timestamp(as_of))].sort_values("started_at")
    found: dict[str, tuple[Attempt, ...]] = {}
    columns = ["account_id", "playbook", "started_at", "outcome", "concession_percent"]
    for account, playbook, started, outcome, percent in begun[columns].itertuples(index=False):
        given = None if pd.isna(percent) else float(percent)
        found[str(account)] = (*found.get(str(account), ()), Attempt(str(playbook), started.date(), _word(outcome), given))
    return found


def _news(history: History, as_of: date) -> dict[str, list[tuple[str, date]]]:
    if not history.has("company_events"):
        return {}
    rows = history.known("company_events", [as_of])
    seen = rows.filter(rows.kind.isin(GOOD_NEWS) & (rows.occurred_at < rows.as_of)).select("account_id", "kind", "occurred_at")
    found: dict[str, list[tuple[str, date]]] = {}
    for account, kind, at in seen.to_pandas().itertuples(index=False):
        found.setdefault(str(account), []).append((str(kind), at.date()))
    return found


def _promises(history: History, as_of: date) -> dict[str, tuple[Promise, ...]]:
    if not history.has("promises"):
        return {}
    rows = history.known("promises", [as_of]).select("account_id", "promise", "made_at", "due_at", "kept_at", "owner").to_pandas()
    open_ones = rows.loc[rows["kept_at"].isna()].sort_values(["account_id", "due_at", "promise", "made_at"])
    found: dict[str, tuple[Promise, ...]] = {}
    columns = ["account_id", "promise", "made_at", "due_at", "owner"]
    for account, promise, made, due, owner in open_ones[columns].itertuples(index=False):
        kept = Promise(str(promise), made.date(), _word(owner), None if pd.isna(due) else due.date())
        found[str(account)] = (*found.get(str(account), ()), kept)
    return found


def _word(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
