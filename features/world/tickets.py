"""Support tickets: incidents bring bugs, slow answers and low marks; a rival brings questions about leaving with the data."""

import numpy as np
import pandas as pd

from features.world.clock import Bools, Floats, Ints, Strings
from features.world.company import Company
from features.world.draws import Events, Rng, lag, moments, pick, scatter
from features.world.frame import table
from features.world.states import BUDGET, COMPETITION, ENGAGEMENT, ONBOARDING, SUPPORT
from features.world.voices import lines, voices

SUBJECTS = ("bug", "feature_request", "how_to", "billing", "other", "angry", "rival_request", "tight", "cancel")
KIND_OF = np.array(["bug", "feature_request", "how_to", "billing", "other", "bug", "feature_request", "billing", "billing"])
SEVERITIES = np.array(["low", "normal", "high", "urgent"], dtype=object)
ANGRY, RIVAL, TIGHT, CANCEL = 5, 6, 7, 8
USUAL = (0.16, 0.16, 0.38, 0.16, 0.12, 0.01, 0.006, 0.008, 0.0)
REPORTED = 0.9  # of incidents
ANSWER_HOURS, ANSWER_SPREAD = 4, 0.8  # typical, and spread of its logarithm


def tickets(company: Company) -> pd.DataFrame:
    """The table `tickets`; a trap among them: tickets to close the account, from those who have decided already."""
    rng = company.rng("tickets")
    ordinary = _ordinary(rng, company)
    broken = _incidents(rng, company)
    leaving = _leaving(rng, company)
    subject = np.r_[_subjects(rng, company, ordinary), _complaints(rng, broken), np.full(len(leaving), CANCEL)]
    events = _join(ordinary, broken, leaving)
    order = np.argsort(events.at, kind="stable")
    return _table(rng, company, events.take(order), subject[order])


def _ordinary(rng: Rng, company: Company) -> Events:
    rates = np.array([segment.tickets_month for segment in company.params.segments.values()])
    rate = rates[company.accounts.segment[company.presence.account]]
    presence = company.presence
    return scatter(rng, presence, ordinary_rate(rate, company.states.level[:, presence.account, presence.month]))


def ordinary_rate(usual: Floats, level: Floats) -> Floats:
    """Tickets a month besides incidents, at levels shaped (causes, …), of accounts that usually write `usual`."""
    rate = usual * (1 - 0.4 * np.minimum(level[ENGAGEMENT], 1)) * (1 + 0.6 * np.minimum(level[ONBOARDING], 1))
    result: Floats = rate + 0.25 * np.minimum(level[COMPETITION], 1.2)
    return result


def _incidents(rng: Rng, company: Company) -> Events:
    presence = company.presence
    counts = rng.binomial(company.states.incidents[presence.account, presence.month], REPORTED)
    part = np.minimum((presence.high - presence.low) / 28, 1)
    counts = np.round(counts * part).astype(np.int64)
    return moments(rng, presence.take(np.repeat(np.arange(len(counts)), counts)))


def _leaving(rng: Rng, company: Company) -> Events:
    churned = company.fate.churned
    who = np.flatnonzero(np.isfinite(churned) & (rng.random(len(churned)) < company.params.records.offboarding_share))
    at = churned[who] + rng.uniform(0.2, 25, len(who))
    return Events(who, np.minimum(company.clock.month_of(at), company.clock.months - 1), at)


def _subjects(rng: Rng, company: Company, events: Events) -> Ints:
    level = company.states.level[:, events.account, events.month]
    weights = np.tile(np.array(USUAL), (len(events), 1))
    weights[:, RIVAL] += 0.6 * np.minimum(level[COMPETITION], 1.2)
    weights[:, TIGHT] += 0.5 * np.minimum(level[BUDGET], 1.2)
    weights[:, 2] += 0.4 * np.minimum(level[ONBOARDING], 1.2)
    return pick(rng, weights)


def _complaints(rng: Rng, events: Events) -> Ints:
    return np.where(rng.random(len(events)) < 0.55, ANGRY, 0)


def _join(*parts: Events) -> Events:
    return Events(
        np.concatenate([part.account for part in parts]),
        np.concatenate([part.month for part in parts]),
        np.concatenate([part.at for part in parts]),
    )


def _table(rng: Rng, company: Company, events: Events, subject: Ints) -> pd.DataFrame:
    size = len(events)
    trouble = np.minimum(company.states.level[SUPPORT, events.account, events.month], 1.4) * (subject != CANCEL)
    contact, by = voices(rng, company, events, 0.2)
    names = np.array([f"ticket.{name}" for name in SUBJECTS], dtype=object)[subject]
    answered = events.at + _hours(rng, ANSWER_HOURS, 1.0 * trouble) / 24
    solved = answered + _hours(rng, 26, 0.9 * trouble) / 24
    severity = _severity(rng, subject, trouble)
    columns: dict[str, object] = {
        "ticket_id": [f"T-{number:07d}" for number in range(size)],
        "account_id": company.accounts.account_id[events.account],
        "contact_id": contact,
        "opened_at": events.at,
        "first_response_at": np.where(rng.random(size) < 0.96, answered, np.nan),
        "resolved_at": np.where(rng.random(size) < 0.94 - 0.12 * trouble, solved, np.nan),
        "reopened": rng.poisson(0.04 + 0.35 * trouble).astype(np.float64),
        "escalated": rng.random(size) < 0.02 + 0.2 * trouble + 0.06 * (severity >= 2),
        "severity": SEVERITIES[severity],
        "kind": KIND_OF[subject].astype(object),
        "topic": _topics(rng, company, events),
        "csat": _marks(rng, trouble),
        "text": lines(rng, company, names, by, mail=rng.random(size) < 0.25),
        "known_at": events.at + lag(rng, size, company.params.records),
    }
    return table("tickets", columns, company.clock)


def _severity(rng: Rng, subject: Ints, trouble: Floats) -> Ints:
    serious: Bools = (subject == ANGRY) | (subject == 0)
    score = rng.normal(0, 0.7, len(subject)) + 0.8 + 0.7 * serious + 0.4 * trouble + 0.5 * (subject == ANGRY)
    severity: Ints = np.clip(np.round(score), 0, 3).astype(np.int64)
    return severity


def _marks(rng: Rng, trouble: Floats) -> Floats:
    score = np.clip(np.round(4.3 - 1.5 * trouble + rng.normal(0, 0.8, len(trouble))), 1, 5)
    marks: Floats = np.where(rng.random(len(trouble)) < 0.4, score, np.nan)
    return marks


def _topics(rng: Rng, company: Company, events: Events) -> Strings:
    features = np.array(company.params.features, dtype=object)
    again = rng.random(len(events)) < 0.3
    usual = company.accounts.feature_order[events.account, 0]
    return features[np.where(again, usual, rng.integers(0, len(features), len(events)))]


def _hours(rng: Rng, typical: float, slower: Floats) -> Floats:
    hours: Floats = typical * np.exp(slower + rng.normal(0, ANSWER_SPREAD, len(slower)))
    return hours
