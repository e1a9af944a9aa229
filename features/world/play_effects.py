"""What each play truly does: the chance that its account leaves within a window, treated and held out.

Both chances go along the path that the account's causes really took, which no play changes: a play moves the hazard alone,
from the month after its assignment on. Only the play's own effect is turned on and off; earlier ones stay as they are.
"""

import numpy as np
import pandas as pd
from scipy.special import logit

from features.world.clock import SECONDS_A_DAY, Floats, Ints
from features.world.company import Company
from features.world.days import LaidOut, laid_out
from features.world.draws import sigmoid
from features.world.hazard import DEPARTS_BY, DEPARTS_FROM
from features.world.plays import strengths

SHORTEST_MONTH = 28


def true_effects(company: Company, interventions: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """intervention_id, treated, holdout: P(leaving in `[assigned_at, assigned_at + window_days)` | still there at its start).

    `interventions` is the table of this company, with times in naive UTC; one row each of its rows, in their order.
    """
    number = interventions["intervention_id"].str.removeprefix("P-").astype(np.int64).to_numpy()
    at = _days(interventions["assigned_at"])
    assigned, known = company.fate.assigned, laid_out(company)
    account, month = assigned.account[number], assigned.month[number]
    works = strengths(assigned.book[number], assigned.matched[number], company.params.plays, company.params.hazard)
    given = assigned.effect[number]
    chances = {}
    for arm, effect in (("treated", works), ("holdout", np.zeros(len(number)))):
        stays, left = np.ones(len(number)), np.zeros(len(number))
        for ahead in range(int(np.ceil(window_days / SHORTEST_MONTH)) + 1):
            acts = (ahead >= 1) & (assigned.months[number] >= ahead)
            hazard = _hazard(company, account, month + ahead, acts * (effect - given))
            before, inside = _parts(known, account, month + ahead, at, at + window_days)
            there = 1 - hazard * before
            left += stays * hazard * inside / there
            stays *= (1 - hazard) / there
        chances[arm] = left
    return pd.DataFrame({"intervention_id": interventions["intervention_id"].to_numpy(), **chances})


def _hazard(company: Company, account: Ints, month: Ints, moved: Floats) -> Floats:
    """The chance of leaving in the month of those still there, with so much more on its log-odds; 0 after the simulated time."""
    last = company.clock.months - 1
    as_it_was = company.fate.hazard[account, np.minimum(month, last)]
    with np.errstate(divide="ignore"):
        found: Floats = np.where(month <= last, sigmoid(logit(as_it_was) + moved), 0.0)
    return found


def _parts(known: LaidOut, account: Ints, month: Ints, begins: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Of those who leave in the month, the share that does before the window begins, and the share that does inside it."""
    start, after = known.clock.starts[month].astype(np.float64), known.clock.starts[month + 1].astype(np.float64)
    due, day = known.due[account, month], known.decided[account, month]

    def by(moment: Floats) -> Floats:
        anywhere = np.clip(((moment - start) / (after - start) - DEPARTS_FROM) / (DEPARTS_BY - DEPARTS_FROM), 0, 1)
        share: Floats = np.where(due, day < moment, anywhere)
        return share

    return by(begins), by(ends) - by(begins)


def _days(moments: "pd.Series[pd.Timestamp]") -> Floats:
    """Moments as the world counts them: days, with fractions."""
    return moments.to_numpy().astype("datetime64[us]").astype(np.int64) / (SECONDS_A_DAY * 1e6)
