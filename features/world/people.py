"""The customers' people: who holds which role, when a champion leaves and when the next one comes."""

from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population
from features.world.clock import Clock, Floats, Ints, Strings
from features.world.draws import Rng, lag
from features.world.params import WorldParams
from features.world.states import States

FIRST_CHAMPION, DECISION_MAKER, ADMIN, BILLING, SPONSOR, FIRST_USER, NEXT_CHAMPION = 0, 1, 2, 3, 4, 10, 50


@dataclass(frozen=True)
class Staff:
    """One array entry a person in a role; `ended` is inf while they stay. `champion` (accounts x months) is -1 when vacant."""

    account: Ints
    number: Ints
    role: Strings
    started: Floats
    ended: Floats
    champion: Ints


def employ(rng: Rng, people: Population, states: States, clock: Clock) -> Staff:
    """Everybody who ever holds a role, as if no account ever left."""
    created = people.created_day.astype(np.float64)
    accounts = np.arange(len(people))
    parts = [_fixed(accounts, created, number, role) for number, role in ((DECISION_MAKER, "decision_maker"), (ADMIN, "admin"))]
    some = accounts[rng.random(len(people)) < 0.5]
    parts.append(_fixed(some, created, BILLING, "billing"))
    known = accounts[people.relationships >= 3]
    parts.append(_fixed(known, created, SPONSOR, "executive_sponsor"))
    parts.append(_users(rng, people))
    champions, vacant = _champions(rng, people, states, clock)
    parts.append(champions)
    account, number, role, started, ended = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Staff(account, number, role, started, ended, vacant)


def contact_rows(rng: Rng, staff: Staff, people: Population, churned: Floats, params: WorldParams) -> dict[str, object]:
    """The columns of `contacts`: nobody comes or goes any more once the account has left."""
    kept = staff.started < churned[staff.account]
    account, started, ended = staff.account[kept], staff.started[kept], staff.ended[kept]
    return {
        "contact_id": contact_ids(account, staff.number[kept]),
        "account_id": people.account_id[account],
        "role": staff.role[kept],
        "started_at": started,
        "ended_at": np.where(ended < churned[account], ended, np.nan),
        "known_at": started + lag(rng, len(started), params.records),
    }


def contact_ids(account: Ints, number: Ints) -> Strings:
    """The identifier of each person."""
    rows = zip(account.tolist(), number.tolist(), strict=True)
    return np.array([f"C-{each:06d}-{who:02d}" for each, who in rows], dtype=object)


def speaker(rng: Rng, staff: Staff, people: Population, account: Ints, month: Ints, champion_share: float) -> Ints:
    """The number of the person who speaks for an account in a month: the champion if there is one, or another."""
    champion = staff.champion[account, month]
    others = rng.integers(0, 1 << 20, len(account)) % (1 + people.relationships[account])
    other = np.where(others == 0, ADMIN, FIRST_USER + others - 1)
    return np.where((champion >= 0) & (rng.random(len(account)) < champion_share), champion, other)


Part = tuple[Ints, Ints, Strings, Floats, Floats]


def _fixed(accounts: Ints, created: Floats, number: int, role: str) -> Part:
    size = len(accounts)
    return accounts, np.full(size, number), np.full(size, role, object), created[accounts], np.full(size, np.inf)


def _users(rng: Rng, people: Population) -> Part:
    """End users: the first `relationships` stay; a few more come and go and mean nothing."""
    extra = rng.poisson(0.8, len(people))
    count = people.relationships + extra
    account = np.repeat(np.arange(len(people)), count)
    rank = np.arange(len(account)) - np.repeat(np.cumsum(count) - count, count)
    started = people.created_day[account] + np.where(rank < people.relationships[account], 0.0, rng.uniform(5, 700, len(account)))
    passing = rank >= people.relationships[account]
    ended = np.where(passing & (rng.random(len(account)) < 0.6), started + rng.uniform(60, 500, len(account)), np.inf)
    return account, FIRST_USER + rank, np.full(len(account), "end_user", object), np.floor(started), np.floor(ended)


def _champions(rng: Rng, people: Population, states: States, clock: Clock) -> tuple[Part, Ints]:
    account, month = np.nonzero(states.exits)
    starts = clock.starts
    left = starts[month] + rng.integers(2, 26, len(account)).astype(np.float64)
    quick = states.quick[account, month] == 1
    wait = np.where(quick, rng.integers(20, 61, len(account)), rng.integers(120, 241, len(account)))
    came = left + wait
    first = np.r_[True, account[1:] != account[:-1]] if len(account) else np.zeros(0, bool)
    index = np.arange(len(account))
    rank = index - np.maximum.accumulate(np.where(first, index, 0)) if len(account) else index
    ends = np.full(len(people), np.inf)
    ends[account[first]] = left[first]
    following = np.where(np.r_[~first[1:], False], np.r_[left[1:], np.inf], np.inf) if len(account) else came
    holder = np.zeros((len(people), clock.months), np.int64)
    for who, gone, back, order in zip(account, month, clock.month_of(came), rank, strict=True):
        holder[who, gone:back] = -1
        holder[who, back:] = NEXT_CHAMPION + order
    everyone = np.arange(len(people))
    numbers = np.r_[np.full(len(people), FIRST_CHAMPION), NEXT_CHAMPION + rank]
    role = np.full(len(numbers), "champion", dtype=object)
    started = np.r_[people.created_day.astype(np.float64), came]
    return (np.r_[everyone, account], numbers, role, started, np.r_[ends, following]), holder
