"""What a dashboard would say of a play: treated accounts against accounts that nobody treated. Shown only beside its bias."""

from datetime import timedelta

import pandas as pd


def naive_differences(trials: pd.DataFrame, others: pd.DataFrame) -> dict[str, float]:
    """By play the share that left of the treated, less that of accounts nobody treated in the same months; {} without either.

    `trials` has play, arm, month and left; `others` month and left of accounts that were there and not treated.
    """
    treated = trials.loc[trials["arm"] == "treated"]
    untreated = treated["month"].map(others.groupby("month")["left"].mean())
    known = treated.assign(untreated=untreated).dropna(subset="untreated")
    both = known.groupby("play")[["left", "untreated"]].mean()
    return {str(play): float(left - untreated) for play, left, untreated in both.itertuples()}


def nobody_treated(there: pd.DataFrame, assigned: pd.DataFrame, window_days: int) -> pd.Series:
    """Whether nobody was meant to treat the account within `window_days` before or after the day; one a row of `there`.

    `there` has account_id and as_of, `assigned` account_id, assigned_at and arm.
    """
    treated = assigned.loc[assigned["arm"] == "treated", ["account_id", "assigned_at"]].sort_values("assigned_at")
    asked = there[["account_id", "as_of"]].assign(row=range(len(there))).sort_values("as_of")
    near = pd.merge_asof(
        asked.astype({"account_id": "str"}),
        treated.astype({"account_id": "str"}),
        left_on="as_of",
        right_on="assigned_at",
        by="account_id",
        direction="nearest",
        tolerance=timedelta(days=window_days),
    )
    return near.sort_values("row")["assigned_at"].isna().set_axis(there.index)
