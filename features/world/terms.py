"""Contract terms of every account, from the one that runs when the log begins: when each begins, ends and is decided."""

from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population
from features.world.clock import Bools, Clock, Floats, Ints
from features.world.draws import Rng


@dataclass(frozen=True)
class Terms:
    """One array entry a term, sorted by account and number. `decided` is the moment of the decision about what follows it."""

    account: Ints
    number: Ints
    started: Ints
    renews: Ints
    decided: Floats
    month: Ints

    def __len__(self) -> int:
        """Number of terms."""
        return len(self.account)


def lay_out(rng: Rng, people: Population, clock: Clock) -> Terms:
    """Every term that could run in the log or in the tail, whoever leaves."""
    length = np.where(people.monthly, 1, 12)
    last = clock.months + 12
    count = np.maximum(0, (last - people.entry) // length + 1)
    account = np.repeat(np.arange(len(people)), count)
    number = np.arange(len(account)) - np.repeat(np.cumsum(count) - count, count)
    offset = people.created_day - clock.month_day(people.entry)
    begins = people.entry[account] + number * length[account]
    started = clock.month_day(begins) + offset[account]
    renews = clock.month_day(begins + length[account]) + offset[account]
    lead = np.where(people.monthly[account], rng.random(len(people))[account], rng.random(len(account)))
    decided = renews - (np.floor(lead * people.notice_days[account]) + 1) + _hour(rng, people)[account]
    kept = renews > clock.start_day
    return Terms(
        account=account[kept],
        number=number[kept],
        started=started[kept],
        renews=renews[kept],
        decided=decided[kept],
        month=clock.month_of(decided)[kept],
    )


def calendar(terms: Terms, people: Population, clock: Clock) -> tuple[Bools, Bools]:
    """Accounts x months: a decision falls due; and an annual term may be left early (not between decision and renewal)."""
    due = np.zeros((len(people), clock.months), dtype=bool)
    inside = (terms.month >= 0) & (terms.month < clock.months)
    due[terms.account[inside], terms.month[inside]] = True
    months = np.arange(clock.months)[None, :]
    free = (months > people.entry[:, None]) & ~people.monthly[:, None]
    settled = np.zeros((len(people), clock.months + 1), dtype=np.int64)
    np.add.at(settled, (terms.account, np.clip(terms.month, 0, clock.months)), 1)
    np.add.at(settled, (terms.account, np.clip(clock.month_of(terms.renews) + 1, 0, clock.months)), -1)
    return due, free & ~due & (np.cumsum(settled, axis=1)[:, :-1] == 0)


def _hour(rng: Rng, people: Population) -> Floats:
    return rng.uniform(8 / 24, 18 / 24, len(people))
