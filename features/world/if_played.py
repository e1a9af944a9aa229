"""What a choice of plays would have done: the chance that accounts leave when a play is begun, and when they are left alone.

Only what anybody did before the month of the choice acts beside it: the world's own later plays are taken away.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from features.world.clock import Bools, Floats, Ints
from features.world.company import Company
from features.world.draws import sigmoid
from features.world.plays import FITS_FROM, strengths
from features.world.states import CAUSES

LATER_MONTHS = 6  # after the month of the choice, that are looked at
ACTING_MONTHS = 4  # for which a play acts: the middle of what plays of the world do


@dataclass(frozen=True)
class IfPlayed:
    """The chance of leaving in the month of the choice or the `LATER_MONTHS` after it, one entry an account.

    `matched`: the play answers a cause that is at work.
    """

    alone: Floats
    played: Floats
    matched: Bools


def if_played(company: Company, account: Ints, month: int, playbook: list[str | None]) -> IfPlayed:
    """What a play begun in `month` does to each account, along the path that its causes really take.

    A playbook that the world does not know, or None, does nothing. `ValueError` when the world ends too early.
    """
    months = np.arange(month, month + 1 + LATER_MONTHS)
    if months[-1] >= company.clock.months:
        raise ValueError(f"month {month} needs {LATER_MONTHS} months after it, but the world has {company.clock.months}")
    books = list(company.params.plays.books)
    known = np.array([name in books for name in playbook], dtype=bool)
    book = np.array([books.index(name) if name in books else 0 for name in playbook], dtype=np.int64)
    helps = np.array([[cause in each.families for cause in CAUSES] for each in company.params.plays.books.values()])
    acting = company.states.log_odds[:, account, month].T
    matched: Bools = np.any(helps[book] & (acting >= FITS_FROM), axis=1) & known
    effect = strengths(book, matched, company.params.plays, company.params.hazard) * known
    with np.errstate(divide="ignore"):
        alone = logit(company.fate.hazard[account][:, months]) - _later_plays(company, month)[account][:, months]
    acts = (months > month) & (months <= month + ACTING_MONTHS)
    return IfPlayed(_leaving(alone), _leaving(alone + effect[:, None] * acts[None, :]), matched)


def _later_plays(company: Company, month: int) -> Floats:
    """Log-odds of what the world's team began in `month` or later, accounts x months."""
    found = np.zeros_like(company.fate.play)
    each = company.fate.assigned
    later = each.month >= month
    for ahead in range(1, company.params.plays.months_max + 1):
        under_way = later & (each.months >= ahead) & (each.month + ahead < company.clock.months)
        np.add.at(found, (each.account[under_way], each.month[under_way] + ahead), each.effect[under_way])
    return found


def _leaving(log_odds: Floats) -> Floats:
    chance: Floats = 1 - np.prod(1 - sigmoid(log_odds), axis=1)
    return chance
