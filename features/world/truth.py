"""The truth that no source knows: causes and hazards by account and month, to check what the product says against."""

import numpy as np
import pandas as pd

from features.world.clock import Floats, times
from features.world.company import Company
from features.world.frame import only
from features.world.reasons import causes
from features.world.states import CAUSES


def account_months(company: Company) -> pd.DataFrame:
    """One row an account and first day of a month of the log, from the account's first such day to its last alive.

    `logit_<family>` are the log-odds at work in the month, `hazard` the chance of leaving in it, `p_churn_90d` that of
    leaving within three months along the realised path, `cause` the largest family (null below .5).
    """
    clock, fate, people = company.clock, company.fate, company.accounts
    months = np.arange(clock.first, clock.last)
    begins = clock.starts[months]
    churned = fate.churned[:, None]
    entered = people.created_day[:, None] < begins[None, :]
    account, column = np.nonzero(entered & (np.floor(np.where(np.isfinite(churned), churned, np.inf)) >= begins[None, :]))
    month = months[column]
    frame = {"account_id": people.account_id[account], "as_of": times(begins[column].astype(np.float64))}
    for cause, name in enumerate(CAUSES):
        frame[f"logit_{name}"] = company.states.log_odds[cause, account, month]
    frame["logit_interaction"] = company.states.interaction[account, month]
    frame["logit_play"] = fate.play[account, month]
    frame["health"] = company.states.health[account, month]
    frame["frailty"] = people.frailty[account]
    frame["hazard"] = fate.hazard[account, month]
    frame["p_churn_90d"] = _within(fate.hazard, account, month, 3)
    result = pd.DataFrame(frame)
    result["cause"] = pd.Series(causes(company, account, month), dtype="str")
    result["alive"] = True
    result["churned_at"] = times(fate.churned[account])
    return result.sort_values(["as_of", "account_id"], ignore_index=True)


def account_fates(company: Company) -> pd.DataFrame:
    """One row an account: its segment, when it left (null: stayed) and the largest cause at that time."""
    people, fate = company.accounts, company.fate
    labels = np.array(list(company.params.segments), dtype=object)
    cause = causes(company, np.arange(len(people)), np.maximum(fate.churn_month, 0))
    left = np.isfinite(fate.churned)
    return pd.DataFrame(
        {
            "account_id": pd.Series(people.account_id, dtype="str"),
            "segment": pd.Series(labels[people.segment], dtype="str"),
            "churned_at": times(fate.churned),
            "cause": pd.Series(only(cause, left), dtype="str"),
        }
    )


def _within(hazard: Floats, account: np.ndarray, month: np.ndarray, months: int) -> Floats:
    stays = np.ones(len(account))
    for ahead in range(months):
        stays = stays * (1 - hazard[account, month + ahead])
    return 1 - stays
