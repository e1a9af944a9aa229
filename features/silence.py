"""Where nothing has come for longer than is usual for the account: a source that fell silent, told from a quiet one."""

from datetime import date

import pandas as pd

from features.history import BEHAVIOUR, History

COLUMNS = ("account_id", "table", "last_at")


def silences(history: History, as_of: date, *, least_days: int, times: float, rows: int, looked_back_days: int) -> pd.DataFrame:
    """COLUMNS: each account and table from which nothing came for `least_days`, and for `times` the account's mean gap.

    The gap is that between days with a row in the `looked_back_days` before `as_of`; with fewer than `rows` such days nothing
    is usual, and nothing is said.
    """
    found = [_silent(history, name, as_of, looked_back_days) for name in BEHAVIOUR if history.has(name)]
    told = (
        pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["account_id", "table", "first", "last", "days"])
    )
    if told.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    since = (pd.Timestamp(as_of) - told["last"]).dt.days
    gap = (told["last"] - told["first"]).dt.days / (told["days"] - 1).clip(lower=1)
    silent = (told["days"] >= rows) & (since >= least_days) & (since >= times * gap)
    chosen: pd.DataFrame = told.loc[silent].rename(columns={"last": "last_at"})[list(COLUMNS)]
    return chosen.sort_values(["account_id", "table"], ignore_index=True)


def _silent(history: History, name: str, as_of: date, days: int) -> pd.DataFrame:
    """account_id, table, first, last, days: the days with a row of each account."""
    rows = history.window(name, [as_of], days)
    seen = rows.select("account_id", "age").distinct()
    counted = seen.group_by("account_id").aggregate(newest=seen.age.min(), oldest=seen.age.max(), days=seen.count()).to_pandas()
    stamp = pd.Timestamp(as_of)
    last, first = (stamp - pd.to_timedelta(counted[each], unit="D") for each in ("newest", "oldest"))
    kept: pd.DataFrame = counted[["account_id", "days"]]
    return kept.assign(table=name, first=first, last=last)
