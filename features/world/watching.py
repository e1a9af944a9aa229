"""What the tables show of each account in each month, counted for somebody who knows how the world works but not what it hides.

Rows count in the month in which they happened if they were known by its end; later ones are lost to this reader. Words are read
without error: a template is told by its longest piece without a slot.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.languages import LANGUAGES
from features.world.clock import SECONDS_A_DAY, Bools, Floats, Ints
from features.world.company import Company
from features.world.states import CAUSES
from features.world.tickets import KIND_OF
from features.world.writing import lexicon

SLOT = re.compile(r"\{\w+\}")
SOON_DAYS = 90  # a successor that came by then came soon


@dataclass(frozen=True)
class Watched:
    """Arrays of accounts x months; `said` has the causes, and last nothing at all, as first axis.

    `answers` and `replies` are (number, sum of the logarithm of the hours); `came` is 1 when a successor came soon, 2 when late.
    `exposure` is the part of the month in which the account was a customer.
    """

    exposure: Floats
    use: Floats
    bugs: Floats
    asks: Floats
    answers: tuple[Floats, Floats]
    incoming: Floats
    replies: tuple[Floats, Floats]
    said: Floats
    held: Floats
    absent: Floats
    exits: Bools
    came: Ints
    played: Bools


class _Counter:
    """Counts rows of tables by account and month."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.names = pd.Index(company.accounts.account_id)
        self.shape = (len(company.accounts), company.clock.months)

    def __call__(self, frame: pd.DataFrame, time: str, weight: Floats | None = None) -> Floats:
        account, month, kept = self.places(frame, time)
        found = np.zeros(self.shape)
        np.add.at(found, (account[kept], month[kept]), 1.0 if weight is None else weight[kept])
        return found

    def places(self, frame: pd.DataFrame, time: str) -> tuple[Ints, Ints, Bools]:
        at, known = _days(frame[time]), _days(frame["known_at"])
        month = self.company.clock.month_of(np.nan_to_num(at, nan=-1e9))
        ends = self.company.clock.starts[np.minimum(month + 1, self.company.clock.months)]
        kept = np.isfinite(at) & (month >= 0) & (month < self.company.clock.months) & (known < ends)
        return self.names.get_indexer(pd.Index(frame["account_id"])).astype(np.int64), month, kept


def watched(company: Company, tables: dict[str, pd.DataFrame]) -> Watched:
    """Read the tables of the world."""
    count, presence = _Counter(company), company.presence
    exposure = np.zeros(count.shape)
    exposure[presence.account, presence.month] = (presence.high - presence.low) / 30.4
    tickets, messages, meetings = tables["tickets"], tables["messages"], tables["meetings"]
    bug = (tickets["kind"] == KIND_OF[0]).to_numpy(dtype=bool)
    incoming = messages[messages["direction"] == "in"]
    meetings = meetings[meetings["kind"] != "onboarding"]
    away = meetings["status"].isin(["missed", "declined", "rescheduled"]) | (meetings["cancelled_by"] == "customer")
    champions = tables["contacts"].query("role == 'champion'")
    return Watched(
        exposure=exposure,
        use=count(tables["usage"], "occurred_at", tables["usage"]["quantity"].to_numpy(dtype=np.float64) - 1.5),
        bugs=count(tickets[bug], "opened_at"),
        asks=count(tickets[~bug], "opened_at"),
        answers=_logs(count, tickets, "opened_at", _hours(tickets, "opened_at", "first_response_at")),
        incoming=count(incoming, "sent_at"),
        replies=_logs(count, incoming, "sent_at", incoming["reply_hours"].to_numpy(dtype=np.float64)),
        said=_said(count, messages, meetings),
        held=count(meetings[meetings["status"] == "held"], "scheduled_for"),
        absent=count(meetings[away], "scheduled_for"),
        exits=count(champions, "ended_at") > 0,
        came=_came(count, champions),
        played=count(tables["interventions"], "assigned_at") > 0,
    )


def _logs(count: _Counter, frame: pd.DataFrame, time: str, hours: Floats) -> tuple[Floats, Floats]:
    there = np.isfinite(hours) & (hours > 0)
    return count(frame[there], time), count(frame[there], time, np.log(hours[there]))


def _hours(frame: pd.DataFrame, start: str, end: str) -> Floats:
    hours: Floats = 24 * (_days(frame[end]) - _days(frame[start]))
    return hours


def _said(count: _Counter, messages: pd.DataFrame, meetings: pd.DataFrame) -> Floats:
    """(causes + 1, accounts, months): whose words were about which cause; the last counts those about none."""
    incoming, notes = messages[messages["direction"] == "in"], messages[messages["channel"] == "note"]
    written = meetings[meetings["notes"].notna()].rename(columns={"notes": "text"})
    parts = ((incoming, "sent_at", "mail"), (notes, "sent_at", "note"), (written, "scheduled_for", "note"))
    said = np.zeros((len(CAUSES) + 1, *count.shape))
    for frame, time, kind in parts:
        if frame.empty:
            continue
        text = pa.array(frame["text"].to_numpy(dtype=object), pa.string())
        about = [_tells(text, f"{kind}.{cause}") for cause in CAUSES]
        for number, hits in enumerate([*about, ~np.any(about, axis=0)]):
            said[number] += count(frame[hits], time)
    return said


def _tells(text: pa.Array, subject: str) -> Bools:
    pieces = [max(SLOT.split(line), key=len) for language in LANGUAGES for line in lexicon(language)[subject]]
    found = pc.match_substring_regex(text, "|".join(re.escape(piece) for piece in pieces))
    return np.asarray(pc.fill_null(found, False), dtype=bool)


def _came(count: _Counter, champions: pd.DataFrame) -> Ints:
    """When the next champion came: soon or late after the last one left."""
    ordered = champions.sort_values(["account_id", "started_at"], kind="stable")
    before = ordered.groupby("account_id")["ended_at"].shift()
    next_one = before.notna().to_numpy(dtype=bool)
    waited = _days(ordered["started_at"]) - _days(before)
    came = np.zeros(count.shape, dtype=np.int64)
    account, month, _ = count.places(ordered, "started_at")
    chosen = next_one & (month >= 0)
    came[account[chosen], month[chosen]] = np.where(waited[chosen] <= SOON_DAYS, 1, 2)
    return came


def _days(column: pd.Series) -> Floats:
    stamps = column.to_numpy(dtype="datetime64[us]")
    days = stamps.astype(np.int64) / (SECONDS_A_DAY * 1_000_000)
    return np.where(np.isnat(stamps), np.nan, days)
