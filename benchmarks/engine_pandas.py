"""The twelve usage signals of the engine's benchmark in pandas, written twice: vectorised, and snapshot by snapshot."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

NAMES = (
    *("events_7d", "events_28d", "active_days_14d", "active_days_28d", "usage_change_7d", "usage_change_28d"),
    *("usage_slope_84d", "days_since_use", "active_users_28d", "active_users_change_28d", "seat_use_28d", "core_breadth_84d"),
)
KEY = ["account_id", "as_of"]
COLUMNS = ["account_id", "user_id", "occurred_at", "feature", "quantity", "known_at"]
LONGEST = 182


def vectorised(folder: Path, as_ofs: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Account-day, account-user-day and account-feature-day totals, each merged once with the calendar of all snapshots."""
    usage = _usage(folder)
    days = usage.groupby(["account_id", "day", "known_day"], observed=True, sort=False)["quantity"].sum().reset_index()
    users, features = (
        usage.loc[usage["quantity"] > 0, ["account_id", name, "day", "known_day"]].drop_duplicates()
        for name in ("user_id", "feature")
    )
    core = usage.groupby("feature", observed=True)["known_day"].min()
    del usage
    calendar = pd.DataFrame({"as_of": as_ofs}).merge(pd.DataFrame({"age": np.arange(1, LONGEST + 1)}), how="cross")
    calendar["day"] = calendar["as_of"] - pd.to_timedelta(calendar["age"], unit="D")
    days, users, features = (
        _placed(rows, calendar.loc[calendar["age"] <= window]) for rows, window in ((days, LONGEST), (users, 84), (features, 84))
    )
    found = _of_days(days).join(_of_people(users, features), how="left")
    counts = {as_of: (core < as_of).sum() for as_of in as_ofs}
    return finished(found, folder, found.index.get_level_values("as_of").map(counts))


def by_snapshot(folder: Path, as_ofs: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """A filter and a groupby for each snapshot."""
    usage = _usage(folder)
    core = usage.groupby("feature", observed=True)["known_day"].min()
    parts = []
    for as_of in as_ofs:
        first = as_of - pd.Timedelta(days=LONGEST)
        rows = usage.loc[(usage["day"] >= first) & (usage["day"] < as_of) & (usage["known_day"] < as_of)]
        rows = rows.assign(as_of=as_of, age=(as_of - rows["day"]).dt.days)
        days = rows.groupby(["account_id", "as_of", "age"], observed=True)["quantity"].sum().reset_index()
        recent = rows.loc[(rows["quantity"] > 0) & (rows["age"] <= 84)]
        found = _of_days(days).join(_of_people(recent, recent), how="left")
        parts.append(finished(found, folder, pd.Index([(core < as_of).sum()] * len(found))))
    return pd.concat(parts, ignore_index=True)


def _usage(folder: Path) -> pd.DataFrame:
    usage = pd.read_parquet(folder / "usage", columns=COLUMNS)
    for name in ("account_id", "user_id", "feature"):
        usage[name] = usage[name].astype("category")
    usage["day"] = usage["occurred_at"].dt.tz_localize(None).dt.floor("D")
    usage["known_day"] = usage["known_at"].dt.tz_localize(None).dt.floor("D")
    return usage.drop(columns=["occurred_at", "known_at"])


def _placed(rows: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    merged = rows.merge(calendar, on="day")
    return merged.loc[merged["known_day"] < merged["as_of"]]


def _of_days(rows: pd.DataFrame) -> pd.DataFrame:
    age, quantity = rows["age"], rows["quantity"]
    used = quantity > 0
    weight = 11 - 2 * ((age - 1) // 7)
    columns = {
        "events_7d": quantity.where(age <= 7, 0),
        "events_28d": quantity.where(age <= 28, 0),
        "before_21d": quantity.where(age.between(8, 28), 0),
        "before_28d": quantity.where(age.between(29, 56), 0),
        "events_84d": quantity.where(age <= 84, 0),
        "weighted": (quantity * weight).where(age <= 84, 0),
        "active_days_14d": (used & (age <= 14)).astype("int64"),
        "active_days_28d": (used & (age <= 28)).astype("int64"),
    }
    sums = rows[KEY].assign(**columns).groupby(KEY, observed=True).sum()
    return sums.assign(days_since_use=rows.loc[used].groupby(KEY, observed=True)["age"].min())


def _of_people(users: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    def different(rows: pd.DataFrame, name: str, ages: pd.Series) -> pd.Series:
        return rows.loc[ages].groupby(KEY, observed=True)[name].nunique()

    return pd.DataFrame(
        {
            "users_now": different(users, "user_id", users["age"] <= 28),
            "users_before": different(users, "user_id", users["age"].between(29, 56)),
            "features": different(features, "feature", features["age"] <= 84),
        }
    )


def finished(found: pd.DataFrame, folder: Path, core: pd.Index) -> pd.DataFrame:
    """The signals as the product says them; every account has a row in this data."""
    terms = pd.read_parquet(folder / "subscriptions.parquet", columns=["account_id", "seats"]).set_index("account_id")["seats"]
    seats = terms.reindex(found.index.get_level_values("account_id").astype(str)).to_numpy()
    users = found[["users_now", "users_before", "features"]].fillna(0).astype("float64")
    now, before = (found[name].astype("float64") for name in ("events_28d", "before_28d"))
    signals = pd.DataFrame(
        {
            "events_7d": found["events_7d"],
            "events_28d": now,
            "active_days_14d": found["active_days_14d"],
            "active_days_28d": found["active_days_28d"],
            "usage_change_7d": 3 * found["events_7d"] / found["before_21d"].replace(0, np.nan) - 1.0,
            "usage_change_28d": now / before.replace(0, np.nan) - 1.0,
            "usage_slope_84d": found["weighted"] / 286.0 * 12 / found["events_84d"].replace(0, np.nan),
            "days_since_use": found["days_since_use"].fillna(LONGEST),
            "active_users_28d": users["users_now"],
            "active_users_change_28d": users["users_now"] / users["users_before"].replace(0, np.nan) - 1.0,
            "seat_use_28d": users["users_now"] / seats,
            "core_breadth_84d": users["features"] / np.asarray(core, dtype="float64"),
        }
    )
    frame = signals.astype("float64").reset_index()
    return frame.assign(account_id=frame["account_id"].astype(str)).sort_values(["as_of", "account_id"], ignore_index=True)
