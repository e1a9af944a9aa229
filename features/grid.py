"""The days on which training looks at the company."""

from datetime import date, timedelta
from typing import Literal

import pandas as pd

from features.history import History, midnights


def as_of_grid(
    history: History, until: date, *, step: Literal["month"] | int, warm_up_days: int, history_months: int
) -> list[date]:
    """Every first of a month (or every `step` days, counted back from `until`) before `until`, from `warm_up_days` after the
    first known day of the data and at most `history_months` back. Empty when the data is shorter than that;
    `BadInput` for an `until` of no year that times are read from.
    """
    months_back = midnights([until])[0] - pd.DateOffset(months=history_months)
    first = history.first_day()
    if first is None:
        return []
    start = max(first + timedelta(days=warm_up_days), months_back.date())
    if step == "month":
        return [day.date() for day in pd.date_range(start, until, freq="MS") if day.date() < until]
    return sorted(until - timedelta(days=n) for n in range(step, (until - start).days + 1, step))
