"""How the whole portfolio went: revenue kept and lost over a year, and what is at risk at the renewals ahead."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from serving.learning.learned import Portfolio, RenewalQuarter

MONTHS = 12
UNKNOWN = "unknown"
Due = tuple[date | None, float | None, float | None]


def portfolio(
    then: pd.DataFrame, now: pd.DataFrame, *, since: date, until: date, scored_on: date | None, due: Iterable[Due]
) -> Portfolio:
    """The year from `since` to `until`. `then` and `now`: account_id and arr of the accounts under contract on those days.

    An account without a known value on either day counts in the share that left alone. `due`: day of the renewal, ARR and
    ARR at risk of each account on the newest scored day.
    """
    both = then.merge(now, on="account_id", how="left", suffixes=("_then", "_now"), indicator=True)
    stays = both["_merge"] == "both"
    valued = both.loc[both["arr_then"].notna() & (both["arr_now"].notna() | ~stays)]
    before, after = valued["arr_then"], valued["arr_now"].fillna(0.0)
    whole = float(before.sum())
    lost = float((~stays).mean()) if len(both) else None
    return Portfolio(
        since=since,
        until=until,
        accounts=len(now),
        arr=float(now["arr"].sum()),
        nrr=float(after.sum()) / whole if whole > 0 else None,
        grr=float(after.clip(upper=before).sum()) / whole if whole > 0 else None,
        logo_churn=lost,
        logo_churn_month=None if lost is None else 1 - (1 - lost) ** (1 / MONTHS),
        scored_on=scored_on,
        at_risk=_by_quarter(due),
    )


def _by_quarter(due: Iterable[Due]) -> tuple[RenewalQuarter, ...]:
    """In order of time, `unknown` last; an unknown value or risk counts as none."""
    rows = pd.DataFrame([(_quarter(day), arr or 0.0, risk or 0.0) for day, arr, risk in due], columns=["quarter", "arr", "risk"])
    found = rows.groupby("quarter").agg(accounts=("arr", "size"), arr=("arr", "sum"), risk=("risk", "sum"))
    return tuple(
        RenewalQuarter(quarter=str(quarter), accounts=int(count), arr=float(arr), arr_at_risk=float(risk))
        for quarter, count, arr, risk in found.itertuples()
    )


def _quarter(day: date | None) -> str:
    return UNKNOWN if day is None else f"{day.year}-Q{(day.month + 2) // 3}"
