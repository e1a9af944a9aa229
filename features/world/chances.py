"""The true chance of leaving, from all that is so on the first of a month: no prediction made then can rank better.

Monte Carlo over `world.futures` lives of each account by the world's own rules, plays included; in each life the chance of
leaving is multiplied out, not drawn. The state is that at the end of the month before: what sets in later is luck. The days on
which decisions will fall, and notices (which the world makes of what was decided), count as part of the state.
"""

import numpy as np
import pandas as pd

from features.world.clock import Bools, Floats, Ints, times
from features.world.company import Company
from features.world.days import Days, LaidOut, laid_out
from features.world.dials import AHEAD_MONTHS
from features.world.draws import sigmoid, stream
from features.world.hazard import DEPARTS_BY, DEPARTS_FROM
from features.world.knowing import Heard, heard, said_by
from features.world.leaving import EARLIEST_DAYS, LATEST_DAYS, RISKY, WAVERING, notice_share
from features.world.lives import Lives, begin, live_on

HORIZONS = (30, 90, 180, 365)
ACCOUNTS_AT_ONCE = 500
COLUMNS = ("account_id", "as_of", *(f"p_churn_{days}d" for days in HORIZONS))


def chances(company: Company, notices: pd.DataFrame, futures: int) -> pd.DataFrame:
    """COLUMNS: one row an account and first of a month of the log on which it was there, in the order of `account_months`."""
    known = laid_out(company)
    parts = [_month(company, notices, known, month, futures) for month in range(company.clock.first, company.clock.last)]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table.sort_values(["as_of", "account_id"], ignore_index=True)


def there(company: Company, month: int) -> Ints:
    """The accounts that were customers on the first of the month."""
    begins, churned = company.clock.starts[month], company.fate.churned
    stays = np.floor(np.where(np.isfinite(churned), churned, np.inf)) >= begins
    return np.flatnonzero((company.accounts.created_day < begins) & stays)


def _month(company: Company, notices: pd.DataFrame, known: LaidOut, month: int, futures: int) -> pd.DataFrame:
    account, today = there(company, month), int(company.clock.starts[month])
    parts = []
    for at in range(0, len(account), ACCOUNTS_AT_ONCE):
        some = account[at : at + ACCOUNTS_AT_ONCE]
        lives = begin(company, some, month, futures, AHEAD_MONTHS)
        parts.append(leaving(lives, known.of(some, month), heard(company, notices, some, today)))
    found = np.concatenate(parts) if parts else np.zeros((0, len(HORIZONS)))
    return as_table(company, account, today, found)


def as_table(company: Company, account: Ints, today: int, found: Floats) -> pd.DataFrame:
    """COLUMNS of the accounts on one day."""
    columns: dict[str, object] = {
        "account_id": pd.Series(company.accounts.account_id[account], dtype="str"),
        "as_of": times(np.full(len(account), float(today))),
    }
    columns |= {name: found[:, number] for number, name in enumerate(COLUMNS[2:])}
    return pd.DataFrame(columns)


def leaving(lives: Lives, days: Days, notice: Heard) -> Floats:
    """P(leaving within each horizon), shape (accounts, horizons); the lives are lived for a year.

    Two sorts are kept apart: those in which the open notice is still to be explained by a decision, and the others.
    """
    company, month = lives.company, lives.month
    starts, today = days.starts, float(days.starts[month])
    rng = stream(company.seed, f"futures {month}")  # anew for each part of the accounts: the same luck meets all
    share, given = notice_share(company.params), notice.given[:, None]
    silent = np.isnan(given)
    waiting = np.where(silent, 0.0, 1.0) * np.ones((1, lives.shock.shape[1]))
    easy = 1.0 - waiting
    spared = np.broadcast_to(notice.spared[:, None], waiting.shape)
    gone, left = np.zeros((len(lives.account), len(HORIZONS))), np.zeros(len(lives.account))
    for number in range(AHEAD_MONTHS):
        now = month + number
        due, free, day = days.due[number], days.free[number], days.day[number]
        p = sigmoid(_intercept(company, lives.account, due, free) + live_on(lives, rng))
        day = np.where(due, day, (starts[now] + starts[now + 1]) / 2)
        said = np.where(silent, share * said_by(day - today), 0.0)
        fits = due & (day - given >= EARLIEST_DAYS) & (day - given <= LATEST_DAYS)
        withdraws = WAVERING * (p > RISKY) * np.nan_to_num(notice.still_open(today, day))
        easy_p = np.where(spared & due, 0.0, p)
        leaves = easy * easy_p * (1 - said) + waiting * p * fits
        stays = easy * (1 - easy_p) * (1 - WAVERING * said * ((p > RISKY) & due))
        easy, waiting = stays + waiting * (1 - p) * fits * withdraws, waiting * (1 - p)
        spared = spared & ~due
        for place, horizon in enumerate(HORIZONS):
            gone[:, place] += (leaves * _by(starts, now, today + horizon, due, day)).mean(axis=1)
        left += leaves.mean(axis=1)
    whole = left + easy.mean(axis=1)
    unexplained = (whole <= 0) | notice.early
    known: Floats = gone / np.where(whole > 0, whole, 1)[:, None]
    return np.where(unexplained[:, None], _soon(notice.given, today), known)


def _intercept(company: Company, account: Ints, due: Bools, free: Bools) -> Floats:
    base = company.fate.intercepts
    at_term = np.where(company.accounts.monthly[account], base.monthly, base.annual)[:, None]
    return np.where(due, at_term, np.where(free, base.early, -np.inf))


def _by(starts: Ints, month: int, ends: float, due: Bools, day: Floats) -> Floats:
    """The share of those leaving in the month that leave before the day `ends`, in the shape of `due`."""
    length = starts[month + 1] - starts[month]
    anywhere = float(np.clip(((ends - starts[month]) / length - DEPARTS_FROM) / (DEPARTS_BY - DEPARTS_FROM), 0, 1))
    shares: Floats = np.where(due, (day < ends).astype(np.float64), anywhere)
    return shares


def _soon(given: Floats, today: float) -> Floats:
    """After a notice that no decision in sight explains, the term is left early, on any day that fits it."""
    begins = np.maximum(today, given + EARLIEST_DAYS)[:, None]
    ends = np.maximum(given[:, None] + LATEST_DAYS, begins + 1)
    shares: Floats = np.clip((today + np.array(HORIZONS, dtype=np.float64)[None, :] - begins) / (ends - begins), 0, 1)
    return shares
