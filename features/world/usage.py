"""Day totals of use by account, user and feature. A fall in adoption shows in rows, active users and breadth.

Business health and the season move use as well: the first raises churn by another way, the second means nothing.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from features.world.clock import Bools, Floats, Ints
from features.world.company import Company
from features.world.draws import Presence, Rng, lag, moments
from features.world.frame import table
from features.world.states import BUDGET, COMPETITION, ENGAGEMENT, ONBOARDING, USAGE, VALUE

USERS_MAX = 400
SEASON_SWING = 0.16
BY_HEALTH, LUCK = 0.18, 0.18  # of log use: by standard deviation of business health, and what nothing explains


def usage(company: Company) -> pd.DataFrame:
    """The table `usage`, in order of time, with the exports of those who have left (known after they decided)."""
    rng = company.rng("usage")
    presence = company.presence
    fallen = fall(company.states.level[:, presence.account, presence.month])
    counts = rng.poisson(_expected(company, presence, rng))
    rows = np.repeat(np.arange(len(counts)), counts)
    feature = _features(company, rng, rows, fallen)
    user = _users(company, rng, rows, fallen)
    events = moments(rng, presence.take(rows))
    account, user, at, feature = _with_offboarding(company, rng, (events.account, user, events.at, feature))
    return _table(company, rng, *_day_totals(account, user, at, feature, company))


def expected_use(company: Company, account: Ints, month: Ints, level: Floats) -> Floats:
    """Moments of use a full month at levels shaped (causes, …), but for business health (BY_HEALTH) and luck (LUCK)."""
    people = company.accounts
    phase = people.industry[account] / len(company.params.industries)
    season = 1 + SEASON_SWING * np.sin(2 * np.pi * ((month % 12) / 12 + phase))
    age = month - people.entry[account]
    young = np.minimum(1, 0.45 + 0.2 * age)
    held_back = 1 - 0.55 * np.minimum(level[ONBOARDING], 1) * np.exp(-np.maximum(age - 6, 0) / 6)
    rate = people.usage_rows[account] * season * young * held_back * (1 - 0.8 * fall(level))
    result: Floats = rate * (1 - 0.15 * np.minimum(level[VALUE], 1)) * (1 - 0.15 * np.minimum(level[ENGAGEMENT], 1))
    return result


def fall(level: Floats) -> Floats:
    """How far adoption has fallen: 0 not at all, below 1."""
    result: Floats = 1 - np.exp(-1.6 * level[USAGE])
    return result


def _expected(company: Company, presence: Presence, rng: Rng) -> Floats:
    level = company.states.level[:, presence.account, presence.month]
    rate = expected_use(company, presence.account, presence.month, level)
    rate = rate * np.exp(BY_HEALTH * company.health() + rng.normal(0, LUCK, len(rate)))
    expected: Floats = rate * (presence.high - presence.low) / 30.4
    return expected


def _features(company: Company, rng: Rng, rows: Ints, fallen: Floats) -> Ints:
    presence, people = company.presence, company.accounts
    breadth = np.maximum(1, np.round(people.breadth[presence.account] * (1 - 0.6 * fallen)))
    rank = np.floor(breadth[rows] * rng.random(len(rows)) ** 1.3).astype(np.int64)
    feature = people.feature_order[presence.account[rows], rank]
    exports = company.params.features.index(company.params.export_feature)
    taken_out = rng.random(len(rows)) < 0.2 * np.minimum(company.level(COMPETITION), 1.2)[rows]
    return np.where(taken_out, exports, feature)


def _users(company: Company, rng: Rng, rows: Ints, fallen: Floats) -> Ints:
    presence, people = company.presence, company.accounts
    unused = 0.65 * fallen + 0.15 * np.minimum(company.level(BUDGET), 1)
    active = people.seats * people.penetration
    active = np.clip(np.round(active[presence.account] * np.maximum(0.1, 1 - unused)), 1, USERS_MAX)
    return np.floor(active[rows] * rng.random(len(rows)) ** 1.5).astype(np.int64)


Rows = tuple[Ints, Ints, Floats, Ints]


def _with_offboarding(company: Company, rng: Rng, rows: Rows) -> Rows:
    """A trap: those who have decided to leave export all they have in the three weeks after."""
    churned = company.fate.churned
    leaving = np.flatnonzero(np.isfinite(churned) & (rng.random(len(churned)) < company.params.records.offboarding_share))
    account = np.repeat(leaving, rng.integers(15, 60, len(leaving)))
    at = np.floor(churned[account]) + 1 + rng.uniform(0.3, 21, len(account))
    user = rng.integers(0, 3, len(account))
    feature = np.full(len(account), company.params.features.index(company.params.export_feature))
    flood = (account, user, at, feature)
    return tuple(np.concatenate(pair) for pair in zip(rows, flood, strict=True))  # type: ignore[return-value]  # 4 stay 4


def _day_totals(account: Ints, user: Ints, at: Floats, feature: Ints, company: Company) -> tuple[Ints, Ints, Floats, Ints, Ints]:
    """One row an account, user, day and feature; the moment is the first one's."""
    day = np.floor(at).astype(np.int64) - company.clock.start_day
    key = ((day * len(company.accounts) + account) * USERS_MAX + user) * len(company.params.features) + feature
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
    times_used = np.diff(np.r_[first, len(key)])
    chosen = order[first]
    return account[chosen], user[chosen], at[chosen], feature[chosen], times_used


def _table(company: Company, rng: Rng, account: Ints, user: Ints, at: Floats, feature: Ints, times_used: Ints) -> pd.DataFrame:
    known = at + lag(rng, len(at), company.params.records) / np.where(rng.random(len(at)) < 0.9, 8, 1)
    kept: Bools = known < company.clock.end_day
    account, user, at, feature, known = account[kept], user[kept], at[kept], feature[kept], known[kept]
    names = pa.array(company.accounts.account_id)
    suffixes = pa.array([f"{number:03d}" for number in range(USERS_MAX)])
    columns: dict[str, object] = {
        "account_id": names.take(pa.array(account)),
        "user_id": pa.compute.binary_join_element_wise(names.take(pa.array(account)), suffixes.take(pa.array(user)), "-U"),
        "occurred_at": at,
        "feature": pa.array(company.params.features).take(pa.array(feature)),
        "quantity": times_used[kept] + rng.poisson(1.5, len(at)),
        "known_at": known,
    }
    return table("usage", columns, company.clock, unique=False)
