"""What a notice tells on the first of a month: one that lies open nearly settles the decision; silence speaks for staying."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.world.clock import SECONDS_A_DAY, Bools, Floats, Ints
from features.world.company import Company
from features.world.leaving import EARLIEST_DAYS, LATEST_DAYS, WITHDRAWN_BY, WITHDRAWN_FROM


@dataclass(frozen=True)
class Heard:
    """One entry an account: `given`, the day of the notice to leave that lies open (NaN: none), whether it is one of a term
    left early, and whether the decision ahead is known to spare the account (withdrawn, or merely to pay less).
    """

    given: Floats
    early: Bools
    spared: Bools

    def still_open(self, today: float, decided: Floats) -> Floats:
        """P(a notice that will be withdrawn lies open today), of decisions on the days `decided`, shape (accounts, lives)."""
        given = self.given[:, None]
        share = (today - given) / np.maximum(decided - given, 1e-9)
        return 1 - np.clip((share - WITHDRAWN_FROM) / (WITHDRAWN_BY - WITHDRAWN_FROM), 0, 1)


def heard(company: Company, notices: pd.DataFrame, account: Ints, today: int) -> Heard:
    """What these accounts had said by the day, as far as it was known and the decision it speaks of had not been taken."""
    given, known, back = (_days(notices[name]) for name in ("given_at", "known_at", "withdrawn_at"))
    names = pd.Index(company.accounts.account_id)
    who = names.get_indexer(pd.Index(notices["account_id"]))
    kind = notices["kind"].to_numpy(dtype=object)
    recent = np.flatnonzero((known < today) & (given < today) & (today - given < LATEST_DAYS))
    recent = recent[~_settled(company, who[recent], given[recent], today)]
    count = len(company.accounts)
    open_since, early, spared = np.full(count, np.nan), np.zeros(count, bool), np.zeros(count, bool)
    withdrawn = back < today
    for row in recent:
        if withdrawn[row] or kind[row] == "downgrade":
            spared[who[row]] = True
        else:
            open_since[who[row]] = given[row]
            early[who[row]] = kind[row] == "cancellation" and not company.accounts.monthly[who[row]]
    return Heard(open_since[account], early[account], spared[account])


def said_by(days_to_decision: Floats) -> Floats:
    """P(a notice of a decision so many days ahead has been given), of those that are given."""
    return np.clip((LATEST_DAYS - days_to_decision) / (LATEST_DAYS - EARLIEST_DAYS), 0, 1)


def _settled(company: Company, who: Ints, given: Floats, today: int) -> Bools:
    """Whether a decision that the notice may speak of was taken before today."""
    terms = company.terms
    settled = np.zeros(len(who), dtype=bool)
    past = terms.decided < today
    for row in range(len(who)):
        mine = past & (terms.account == who[row])
        settled[row] = bool((terms.decided[mine] - given[row] >= EARLIEST_DAYS - 1).any())
    return settled


def _days(column: pd.Series) -> Floats:
    """Days since 1970, NaN where there is no time."""
    stamps = column.to_numpy(dtype="datetime64[us]")
    days = stamps.astype(np.int64) / (SECONDS_A_DAY * 1_000_000)
    return np.where(np.isnat(stamps), np.nan, days)
