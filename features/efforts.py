"""Save attempts as known at a day: the newest one on each account, running or over."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from features.assignments import assignments
from features.history import History


@dataclass(frozen=True)
class Effort:
    """One save attempt on an account: its play, its first day, its last day (None while it runs) and how it ended."""

    playbook: str
    started: date
    finished: date | None
    outcome: str | None


def newest_efforts(history: History, as_of: date) -> dict[str, Effort]:
    """The attempt on each account that started last, as known before `as_of`; empty where the company records none.

    Held-out accounts and attempts that were assigned but never begun have none.
    """
    rows = assignments(history, as_of)
    begun = rows.loc[(rows["arm"] == "treated") & (rows["started_at"] < pd.Timestamp(as_of))]
    newest = begun.sort_values(["started_at", "intervention_id"]).drop_duplicates("account_id", keep="last")
    columns = [newest[name] for name in ("account_id", "playbook", "started_at", "finished_at", "outcome")]
    return {
        str(account): Effort(str(playbook), started.date(), _day(finished), None if pd.isna(outcome) else str(outcome))
        for account, playbook, started, finished, outcome in zip(*columns, strict=True)
    }


def _day(moment: pd.Timestamp) -> date | None:
    return None if pd.isna(moment) else moment.date()
