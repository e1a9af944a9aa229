"""Planned contacts. They are known two weeks ahead; the withdrawn miss and cancel them; value reviews are rare for some."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.world.clock import Bools, Floats, Ints, Strings
from features.world.company import Company
from features.world.draws import Events, Presence, Rng, pick, scatter
from features.world.frame import only, table
from features.world.states import ENGAGEMENT, ONBOARDING, STAKEHOLDERS, SUPPORT, VALUE
from features.world.voices import lines, subjects, voices

HELD, MISSED, CANCELLED, DECLINED, RESCHEDULED = range(5)
STATUSES = np.array(["held", "missed", "cancelled", "declined", "rescheduled"], dtype=object)
AHEAD_DAYS = 14.0


@dataclass(frozen=True)
class Series:
    """How often a month one kind of meeting is planned with a small account, and how much more often with larger ones."""

    kind: str
    rate: float
    by_segment: float


KINDS = (
    Series("check_in", 0.18, 0.22),
    Series("qbr", 0.10, 0.10),
    Series("training", 0.07, 0.02),
    Series("value_review", 0.07, 0.03),
    Series("executive", 0.01, 0.03),
    Series("office_hours", 0.05, 0.01),
    Series("webinar", 0.06, 0.00),
)


def meetings(company: Company) -> pd.DataFrame:
    """The table `meetings`; those planned for later than the end of the log or of the account are there too."""
    rng = company.rng("meetings")
    planned = _planned_presence(company)
    parts = [(series.kind, scatter(rng, planned, _rate(company, planned, series))) for series in KINDS]
    parts.append(("onboarding", scatter(rng, planned, _guided(company, planned))))
    kind = np.concatenate([np.full(len(events), name, dtype=object) for name, events in parts])
    events = Events(*(np.concatenate([getattr(part, field) for _, part in parts]) for field in ("account", "month", "at")))
    at = np.round(events.at * 48) / 48
    known = at - AHEAD_DAYS + rng.uniform(-5, 5, len(at))
    people, churned = company.accounts, company.fate.churned
    known = np.maximum(known, people.created_day[events.account] + 0.4)
    known = np.minimum(known, at)
    kept = (at >= company.clock.start_day) & (known < churned[events.account])
    order = np.flatnonzero(kept)[np.argsort(at[kept], kind="stable")]
    chosen = Events(events.account[order], events.month[order], at[order])
    return _table(rng, company, chosen, kind[order], known[order])


def _planned_presence(company: Company) -> Presence:
    """The presence, and what would have been its next month: plans are made by those who do not know yet."""
    presence, clock = company.presence, company.clock
    last = np.r_[presence.account[1:] != presence.account[:-1], True]
    tail = presence.take(last)
    high = tail.high + AHEAD_DAYS + 5
    full = Presence(tail.account, tail.month, tail.high, np.minimum(high, clock.starts[-1]))
    month = np.minimum(clock.month_of(full.low), clock.months - 1)
    pairs = [(presence.account, full.account), (presence.month, month)]
    account, month = (np.concatenate(pair) for pair in pairs)
    return Presence(account, month, np.r_[presence.low, full.low], np.r_[presence.high, full.high])


def _rate(company: Company, planned: Presence, series: Series) -> Floats:
    rate = series.rate + series.by_segment * company.accounts.segment[planned.account].astype(np.float64)
    if series.kind == "value_review":
        rate = rate * (1 - 0.85 * np.minimum(company.level(VALUE, planned), 1))
    if series.kind in {"training", "office_hours", "webinar"}:
        rate = rate * (1 - 0.5 * np.minimum(company.level(ENGAGEMENT, planned), 1))
    return rate


def _guided(company: Company, planned: Presence) -> Floats:
    age = planned.month - company.accounts.entry[planned.account]
    return np.where((age >= 0) & (age < 3), 1.2, 0.0)


def _table(rng: Rng, company: Company, events: Events, kind: Strings, known: Floats) -> pd.DataFrame:
    level = np.minimum(company.states.level[:, events.account, events.month], 1.3)
    absent = absence(level)
    absent = absent + np.where(kind == "onboarding", 0.45 * level[ONBOARDING], 0)
    ours = 0.03 + 0.10 * level[SUPPORT]
    gone = events.at >= company.fate.churned[events.account]
    status, by_us = _status(rng, absent, ours, gone)
    held = status == HELD
    invited = Events(events.account, np.maximum(company.clock.month_of(known), 0), events.at)
    contact, by = voices(rng, company, invited, 0.6)
    noted = held & (rng.random(len(events)) < 0.75) & (kind != "webinar")
    notes = lines(rng, company, subjects(rng, company, events, "note"), by)
    present = 1 + rng.poisson(np.maximum(0.2, 1.0 + 0.8 * company.accounts.segment[events.account] - 0.8 * level[ENGAGEMENT]))
    columns: dict[str, object] = {
        "account_id": company.accounts.account_id[events.account],
        "contact_id": contact,
        "kind": kind,
        "scheduled_for": events.at,
        "status": STATUSES[status],
        "cancelled_by": only(np.where(by_us, "us", "customer"), status == CANCELLED),
        "attendees": np.where(held, present, 0).astype(np.float64),
        "notes": only(notes, noted),
        "known_at": known,
    }
    return table("meetings", columns, company.clock)


def absence(level: Floats) -> Floats:
    """Chance that the customer stays away from a meeting, at levels shaped (causes, …)."""
    level = np.minimum(level, 1.3)
    result: Floats = 0.10 + 0.45 * level[ENGAGEMENT] + 0.15 * level[STAKEHOLDERS]
    return result


def _status(rng: Rng, absent: Floats, ours: Floats, gone: Bools) -> tuple[Ints, Bools]:
    luck = rng.random(len(absent))
    by_us = (luck < ours) & ~gone
    theirs = ~by_us & ((luck < ours + absent) | gone)
    how = pick(rng, np.tile(np.array([0.0, 0.4, 0.35, 0.1, 0.15]), (len(absent), 1)))
    status = np.where(by_us, CANCELLED, np.where(theirs, how, HELD))
    return np.where(gone, CANCELLED, status), by_us
