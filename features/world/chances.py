"""The true chance of leaving, from all that is so on the first of a month: no prediction made then can rank better.

Monte Carlo over `world.futures` lives of each account by the world's own rules, plays included; in each life the chance of
leaving is multiplied out, not drawn. The state is that at the end of the month before: what sets in later is luck. The days on
which decisions will fall, and notices (which the world makes of what was decided), count as part of the state.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.world.clock import Bools, Clock, Floats, Ints, times
from features.world.company import Company
from features.world.dials import AHEAD_MONTHS
from features.world.draws import stream
from features.world.hazard import DEPARTS_BY, DEPARTS_FROM
from features.world.knowing import Heard, heard, said_by
from features.world.leaving import EARLIEST_DAYS, LATEST_DAYS, RISKY, WAVERING, notice_share
from features.world.lives import begin, chance, live_on
from features.world.terms import calendar

HORIZONS = (30, 90, 180, 365)
ACCOUNTS_AT_ONCE = 500
COLUMNS = ("account_id", "as_of", *(f"p_churn_{days}d" for days in HORIZONS))


@dataclass(frozen=True)
class Ahead:
    """The calendar of decisions, accounts x months of the log and the year after: `due`, `free` to leave early, day decided."""

    due: Bools
    free: Bools
    decided: Floats
    starts: Ints


def chances(company: Company, notices: pd.DataFrame, futures: int) -> pd.DataFrame:
    """COLUMNS: one row an account and first of a month of the log on which it was there, in the order of `account_months`."""
    ahead = look_ahead(company)
    parts = [_month(company, notices, ahead, month, futures) for month in range(company.clock.first, company.clock.last)]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table.sort_values(["as_of", "account_id"], ignore_index=True)


def look_ahead(company: Company) -> Ahead:
    """When decisions fall due, as they were laid out."""
    now = company.clock
    later = Clock(now.end + AHEAD_MONTHS, now.first, now.last + AHEAD_MONTHS)
    terms = replace(company.terms, month=later.month_of(company.terms.decided))
    due, free = calendar(terms, company.accounts, later)
    decided = np.full(due.shape, np.nan)
    inside = (terms.month >= 0) & (terms.month < later.months)
    decided[terms.account[inside], terms.month[inside]] = terms.decided[inside]
    return Ahead(due, free, decided, later.starts)


def there(company: Company, month: int) -> Ints:
    """The accounts that were customers on the first of the month."""
    begins, churned = company.clock.starts[month], company.fate.churned
    stays = np.floor(np.where(np.isfinite(churned), churned, np.inf)) >= begins
    return np.flatnonzero((company.accounts.created_day < begins) & stays)


def _month(company: Company, notices: pd.DataFrame, ahead: Ahead, month: int, futures: int) -> pd.DataFrame:
    account, today = there(company, month), int(company.clock.starts[month])
    parts = []
    for at in range(0, len(account), ACCOUNTS_AT_ONCE):
        some = account[at : at + ACCOUNTS_AT_ONCE]
        parts.append(_leaving(company, ahead, some, month, futures, heard(company, notices, some, today)))
    found = np.concatenate(parts) if parts else np.zeros((0, len(HORIZONS)))
    columns: dict[str, object] = {
        "account_id": pd.Series(company.accounts.account_id[account], dtype="str"),
        "as_of": times(np.full(len(account), float(today))),
    }
    columns |= {name: found[:, number] for number, name in enumerate(COLUMNS[2:])}
    return pd.DataFrame(columns)


def _leaving(company: Company, ahead: Ahead, account: Ints, month: int, futures: int, notice: Heard) -> Floats:
    """P(leaving within each horizon), shape (accounts, horizons).

    Two sorts of lives are kept apart: those in which the open notice is still to be explained by a decision, and the others.
    """
    lives = begin(company, account, month, futures, AHEAD_MONTHS)
    rng = stream(company.seed, f"futures {month}")  # anew for each part of the accounts: the same luck meets all
    today = float(ahead.starts[month])
    share, speaks = notice_share(company.params), ~np.isnan(notice.given)[:, None]
    waiting = np.where(speaks, 1.0, 0.0) * np.ones((1, futures))
    easy = 1.0 - waiting
    spared = notice.spared.copy()
    gone, left = np.zeros((len(account), len(HORIZONS))), np.zeros(len(account))
    for number in range(AHEAD_MONTHS):
        now = month + number
        due, day = ahead.due[account, now], ahead.decided[account, now]
        p = chance(_intercept(company, ahead, account, now), live_on(lives, rng))
        day = np.where(due, day, (ahead.starts[now] + ahead.starts[now + 1]) / 2)
        said = np.where(np.isnan(notice.given), share * said_by(day - today), 0.0)[:, None]
        fits = (due & (day - notice.given >= EARLIEST_DAYS) & (day - notice.given <= LATEST_DAYS))[:, None]
        withdraws = WAVERING * (p > RISKY) * np.nan_to_num(notice.still_open(today, day))[:, None]
        easy_p = np.where((spared & due)[:, None], 0.0, p)
        leaves = easy * easy_p * (1 - said) + waiting * p * fits
        stays = easy * (1 - easy_p) * (1 - WAVERING * said * ((p > RISKY) & due[:, None]))
        easy, waiting = stays + waiting * (1 - p) * fits * withdraws, waiting * (1 - p)
        spared &= ~due
        mass = leaves.mean(axis=1)
        gone += mass[:, None] * _by(ahead, now, today, due, day)
        left += mass
    whole = left + easy.mean(axis=1)
    unexplained = (whole <= 0) | notice.early
    known: Floats = gone / np.where(whole > 0, whole, 1)[:, None]
    return np.where(unexplained[:, None], _soon(notice.given, today), known)


def _intercept(company: Company, ahead: Ahead, account: Ints, month: int) -> Floats:
    base = company.fate.intercepts
    at_term = np.where(company.accounts.monthly[account], base.monthly, base.annual)
    early = np.where(ahead.free[account, month], base.early, -np.inf)
    return np.where(ahead.due[account, month], at_term, early)


def _by(ahead: Ahead, month: int, today: float, due: Bools, day: Floats) -> Floats:
    """The share of those leaving in the month that leave before each horizon, shape (accounts, horizons)."""
    ends = today + np.array(HORIZONS, dtype=np.float64)
    length = ahead.starts[month + 1] - ahead.starts[month]
    anywhere: Floats = np.clip(((ends - ahead.starts[month]) / length - DEPARTS_FROM) / (DEPARTS_BY - DEPARTS_FROM), 0, 1)
    at_term: Floats = (day[:, None] < ends[None, :]).astype(np.float64)
    shares: Floats = np.where(due[:, None], at_term, anywhere[None, :])
    return shares


def _soon(given: Floats, today: float) -> Floats:
    """After a notice that no decision in sight explains, the term is left early, on any day that fits it."""
    begins = np.maximum(today, given + EARLIEST_DAYS)[:, None]
    ends = np.maximum(given[:, None] + LATEST_DAYS, begins + 1)
    shares: Floats = np.clip((today + np.array(HORIZONS, dtype=np.float64)[None, :] - begins) / (ends - begins), 0, 1)
    return shares
