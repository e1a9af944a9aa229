"""On which days of the coming year decisions fall: as they were laid out, or as somebody must guess who reads the contracts."""

from dataclasses import dataclass, replace

import numpy as np

from features.world.clock import Bools, Clock, Floats, Ints
from features.world.company import Company
from features.world.dials import AHEAD_MONTHS
from features.world.draws import Rng
from features.world.terms import calendar

MIDDAY = 0.54  # between 8 and 18 h


@dataclass(frozen=True)
class Days:
    """Of some accounts, month by month of the year ahead (first axis), one entry an account and life, or one for all its lives.

    `due`: a decision falls in the month, on `day` (NaN when none); `free`: the term may be left early. `starts` are the first
    days of all months.
    """

    due: Bools
    free: Bools
    day: Floats
    starts: Ints


@dataclass(frozen=True)
class LaidOut:
    """The calendar of decisions, accounts x months of the log and the year after it."""

    due: Bools
    free: Bools
    decided: Floats
    clock: Clock

    def of(self, account: Ints, month: int) -> Days:
        """The year from a month on, of some accounts; their lives share it."""
        when = np.arange(month, month + AHEAD_MONTHS)
        place = np.ix_(account, when)
        due, free = (table[place].T[:, :, None] for table in (self.due, self.free))
        return Days(due, free, self.decided[place].T[:, :, None], self.clock.starts)


def laid_out(company: Company) -> LaidOut:
    """When decisions fall due, as they were laid out."""
    now = company.clock
    later = Clock(now.end + AHEAD_MONTHS, now.first, now.last + AHEAD_MONTHS)
    terms = replace(company.terms, month=later.month_of(company.terms.decided))
    due, free = calendar(terms, company.accounts, later)
    decided = np.full(due.shape, np.nan)
    inside = (terms.month >= 0) & (terms.month < later.months)
    decided[terms.account[inside], terms.month[inside]] = terms.decided[inside]
    return LaidOut(due, free, decided, later)


def guessed(company: Company, known: LaidOut, account: Ints, month: int, futures: int, rng: Rng) -> Days:
    """Annual terms decide on any day of their notice period that is still to come; monthly ones as they always do."""
    clock, today = known.clock, float(known.clock.starts[month])
    renews, settled_until = _renewals(company, account, today)
    notice = company.accounts.notice_days[account].astype(np.float64)
    months = month + np.arange(AHEAD_MONTHS)[:, None, None]
    due, blocked = np.zeros((2, AHEAD_MONTHS, len(account), futures), dtype=bool)
    day = np.full(due.shape, np.nan)
    for ends in (renews, renews + 365):
        left = np.clip(np.minimum(notice, ends - today), 1, None)
        luck = (rng.permutation(futures) + rng.random(futures)) / futures
        decided = ends[:, None] - np.floor(left[:, None] * luck[None, :]) - 1 + MIDDAY
        decides, over = clock.month_of(decided), clock.month_of(ends)[:, None]
        here = months == decides[None]
        due, day = due | here, np.where(here, decided[None], day)
        blocked |= (months > decides[None]) & (months <= over[None])
    blocked |= months <= clock.month_of(settled_until)[None, :, None]
    same = known.of(account, month)
    monthly = company.accounts.monthly[account][None, :, None]
    annual_free = ~due & ~blocked
    return Days(
        np.where(monthly, same.due, due), np.where(monthly, False, annual_free), np.where(monthly, same.day, day), clock.starts
    )


def _renewals(company: Company, account: Ints, today: float) -> tuple[Floats, Floats]:
    """(end of the first term of each account that is not decided yet, end of the one decided but still running, or 0)."""
    terms = company.terms
    count = len(company.accounts)
    ahead = terms.decided >= today
    first = np.full(count, np.inf)
    np.minimum.at(first, terms.account[ahead], terms.renews[ahead].astype(np.float64))
    running = ~ahead & (terms.renews >= today)
    settled = np.zeros(count)
    np.maximum.at(settled, terms.account[running], terms.renews[running].astype(np.float64))
    return first[account], settled[account]
