"""From assignments and what came after them to trials: the assignments whose outcome is known."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd


@dataclass(frozen=True)
class Trials:
    """`table`: assignment rows with `play` and `left` (bool), those whose outcome is known. `not_over` of the others have a
    window that is not over or an outcome nobody recorded; `unfit` are of accounts that were not customers then.
    """

    table: pd.DataFrame
    not_over: int
    unfit: int


def trials_of(assigned: pd.DataFrame, followed: pd.DataFrame, *, window_days: int, until: date) -> Trials:
    """The trials among `assigned`; `followed` has churned_at and followed_until of each row, in the same order.

    An account that left early in a window that is not over waits too: it would else count more than one that stayed.
    """
    ends = assigned["assigned_at"] + timedelta(days=window_days)
    churned, seen = (followed[name].set_axis(assigned.index) for name in ("churned_at", "followed_until"))
    there = seen > assigned["assigned_at"]
    left = churned < ends
    over = (ends <= pd.Timestamp(until)) & (left | (seen >= ends))
    table = assigned.assign(play=assigned["playbook"].astype(str), left=left)[there & over].reset_index(drop=True)
    return Trials(table, not_over=int((there & ~over).sum()), unfit=int((~there).sum()))
