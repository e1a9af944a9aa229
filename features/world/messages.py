"""Mails, calls and notes. Those who withdraw write less and answer later; what troubles an account is named now and then."""

import numpy as np
import pandas as pd

from features.world.clock import Floats
from features.world.company import Company
from features.world.draws import Events, Rng, lag, pick_one, scatter
from features.world.frame import table
from features.world.states import ENGAGEMENT, STAKEHOLDERS, SUPPORT
from features.world.voices import lines, subjects, voices

Columns = dict[str, object]
REPLY_HOURS, REPLY_SPREAD = 7, 0.7  # typical, and spread of its logarithm


def messages(company: Company) -> pd.DataFrame:
    """The table `messages`."""
    rng = company.rng("messages")
    parts = [_incoming(rng, company), _outgoing(rng, company), _notes(rng, company)]
    columns = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
    order = np.argsort(columns["sent_at"], kind="stable")
    return table("messages", {name: values[order] for name, values in columns.items()}, company.clock)


def _incoming(rng: Rng, company: Company) -> Columns:
    presence = company.presence
    level = company.states.level[:, presence.account, presence.month]
    events = scatter(rng, presence, incoming_rate(_segment(company), level))
    channel = np.array(["email", "call", "chat"], dtype=object)[pick_one(rng, len(events), (0.75, 0.13, 0.12))]
    contact, by = voices(rng, company, events, 0.55)
    said = lines(rng, company, subjects(rng, company, events, "mail"), by, mail=channel == "email")
    slow = slowness(company.states.level[:, events.account, events.month])
    hours = np.where(rng.random(len(events)) < 0.7, _hours(rng, REPLY_HOURS, slow), np.nan)
    return _columns(rng, company, events, contact, "in", channel, said, hours)


def incoming_rate(segment: Floats, level: Floats) -> Floats:
    """Messages of the customer a month, at levels shaped (causes, …)."""
    withdrawn = np.minimum(level[ENGAGEMENT], 1.2)
    size = 0.8 + 0.25 * segment
    result: Floats = size * (1 - 0.5 * withdrawn)
    return result


def slowness(level: Floats) -> Floats:
    """By how much the logarithm of the customer's hours to a reply grows, at levels shaped (causes, …)."""
    level = np.minimum(level, 1.3)
    result: Floats = 1.3 * level[ENGAGEMENT] + 0.4 * level[STAKEHOLDERS]
    return result


def _outgoing(rng: Rng, company: Company) -> Columns:
    size = 0.9 + 0.2 * _segment(company)
    events = scatter(rng, company.presence, size)
    channel = np.array(["email", "call"], dtype=object)[pick_one(rng, len(events), (0.85, 0.15))]
    contact, by = voices(rng, company, events, 0.6)
    said = lines(rng, company, np.full(len(events), "out.neutral", dtype=object), by)
    hours = np.where(rng.random(len(events)) < 0.5, _hours(rng, 5, 0.8 * _level(company, SUPPORT, events)), np.nan)
    return _columns(rng, company, events, contact, "out", channel, said, hours)


def _notes(rng: Rng, company: Company) -> Columns:
    events = scatter(rng, company.presence, 0.35 + 0.2 * _segment(company))
    contact, by = voices(rng, company, events, 0.6)
    said = lines(rng, company, subjects(rng, company, events, "note"), by)
    channel = np.full(len(events), "note", dtype=object)
    return _columns(rng, company, events, contact, "out", channel, said, np.full(len(events), np.nan))


def _segment(company: Company) -> Floats:
    return company.accounts.segment[company.presence.account].astype(np.float64)


def _level(company: Company, cause: int, events: Events) -> Floats:
    level: Floats = np.minimum(company.states.level[cause, events.account, events.month], 1.3)
    return level


def _hours(rng: Rng, typical: float, slower: Floats) -> Floats:
    hours: Floats = np.round(typical * np.exp(slower + rng.normal(0, REPLY_SPREAD, len(slower))), 1)
    return hours


def _columns(
    rng: Rng, company: Company, events: Events, contact: object, direction: str, channel: object, said: object, hours: Floats
) -> Columns:
    return {
        "account_id": company.accounts.account_id[events.account],
        "contact_id": contact,
        "sent_at": events.at,
        "direction": np.full(len(events), direction, dtype=object),
        "channel": channel,
        "text": said,
        "reply_hours": hours,
        "known_at": events.at + lag(rng, len(events), company.params.records),
    }
