"""How the synthetic world throws its dice: one stream a subject, so that a change in one leaves the others as they were."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from scipy.special import expit

from features.world.clock import Bools, Floats, Ints
from features.world.params import RecordParams

Rng = np.random.Generator


def stream(seed: int, subject: str) -> Rng:
    """The generator of one subject; the same for the same seed on every machine."""
    return np.random.default_rng([seed, crc32(subject.encode())])


def lag(rng: Rng, size: int, records: RecordParams, *, late: bool = True) -> Floats:
    """Days between an event and our knowing it: some hours, and for a share of rows up to `late_days_max` days more."""
    days = rng.exponential(records.lag_hours / 24, size) + 1 / 1440
    if late:
        days = days + (rng.random(size) < records.late_share) * rng.uniform(1, records.late_days_max, size)
    return days


def pick(rng: Rng, weights: Floats) -> Ints:
    """One column number for each row of `weights` (rows x choices, not all 0), in proportion."""
    edges = np.cumsum(weights, axis=1)
    drawn: Ints = (rng.random(len(weights))[:, None] * edges[:, -1:] >= edges).sum(axis=1).astype(np.int64)
    return drawn


def pick_one(rng: Rng, size: int, weights: tuple[float, ...]) -> Ints:
    """`size` draws from one distribution; weights need not add up to 1."""
    edges = np.cumsum(weights)
    drawn: Ints = np.searchsorted(edges, rng.random(size) * edges[-1], side="right").astype(np.int64)
    return drawn


def sigmoid(x: Floats) -> Floats:
    """The logistic function."""
    result: Floats = expit(x)
    return result


def office_time(rng: Rng, day: Ints) -> Floats:
    """A moment between 8 and 19 h of each day."""
    return day + rng.uniform(8 / 24, 19 / 24, len(day))


@dataclass(frozen=True)
class Presence:
    """The account-months of the log in which an account is a customer: from day `low` to day `high` (excluded)."""

    account: Ints
    month: Ints
    low: Floats
    high: Floats

    def take(self, rows: Bools | Ints) -> "Presence":
        """Some of the account-months."""
        return Presence(self.account[rows], self.month[rows], self.low[rows], self.high[rows])


@dataclass(frozen=True)
class Events:
    """Moments in the life of accounts."""

    account: Ints
    month: Ints
    at: Floats

    def __len__(self) -> int:
        """Number of events."""
        return len(self.at)

    def take(self, rows: Bools | Ints) -> "Events":
        """Some of the events."""
        return Events(self.account[rows], self.month[rows], self.at[rows])


def scatter(rng: Rng, presence: Presence, rate: Floats) -> Events:
    """Poisson events at `rate` a month, one rate an account-month, on working days in office hours, inside the presence."""
    counts = rng.poisson(rate * (presence.high - presence.low) / 30.4)
    rows = np.repeat(np.arange(len(counts)), counts)
    return moments(rng, presence.take(rows))


def moments(rng: Rng, presence: Presence) -> Events:
    """One moment in each account-month."""
    low, high = presence.low, presence.high
    anywhere = low + rng.random(len(low)) * (high - low)
    day = np.floor(anywhere).astype(np.int64)
    weekday = (day + 3) % 7
    day = np.where(weekday >= 5, day - (weekday - 4), day)
    at = office_time(rng, day)
    return Events(presence.account, presence.month, np.where((at >= low) & (at < high), at, anywhere))
