"""When we last reached out to an account: wrote or called, or met somebody."""

from datetime import date

import pandas as pd

from features.history import History

REACHED_DAYS = 90  # looked back: a response clock is never older


def last_reached(history: History, as_of: date) -> pd.Series:
    """account_id -> the day of our last message (a note is none) or of the last meeting held in 90 days, as known before `as_of`.

    An account that is absent was not reached in them; where the company gives neither table, nobody is there.
    """
    found = []
    if history.has("messages"):
        rows = history.window("messages", [as_of], REACHED_DAYS)
        found.append(rows.filter((rows.direction == "out") & (rows.channel != "note")).select("account_id", "age"))
    if history.has("meetings"):
        rows = history.window("meetings", [as_of], REACHED_DAYS)
        found.append(rows.filter(rows.status == "held").select("account_id", "age"))
    ages = [each.group_by("account_id").aggregate(age=each.age.min()).to_pandas() for each in found]
    if not ages:
        return pd.Series(dtype="datetime64[us]", index=pd.Index([], dtype="str"))
    least = pd.concat(ages, ignore_index=True).groupby("account_id")["age"].min()
    days: pd.Series = (pd.Timestamp(as_of) - pd.to_timedelta(least, unit="D")).astype("datetime64[us]")
    return days
