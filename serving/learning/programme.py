"""The save programme in numbers: attempts, saves, what they cost and brought, by play, segment and cause."""

from collections.abc import Iterator, Mapping

import pandas as pd

from serving.learning.learned import Discounted, Grouping, Programme

UNKNOWN = "unknown"
GROUPS: tuple[tuple[Grouping, str], ...] = (("playbook", "playbook"), ("segment", "segment"), ("cause", "cause"))
COLUMNS = (
    *("account_id", "playbook", "segment", "cause", "csm", "arm", "assigned_at", "started_at", "finished_at"),
    *("effort_hours", "concession_percent", "outcome", "arr_saved", "arr"),
)


def programme(
    assigned: pd.DataFrame, renewals: pd.DataFrame, effects: Mapping[str, float], hour_cost: float
) -> tuple[Programme, ...]:
    """Everybody, then each play, segment and cause. `assigned` has COLUMNS, a row an assignment; missing names are `unknown`.

    `renewals` holds account_id, decided_at and outcome of every decision known; `effects` the measured effect by play, in
    shares that leave. `hour_cost` in currency units. Empty when nobody was ever assigned.
    """
    if assigned.empty:
        return ()
    rows = assigned.assign(retained=_retained(assigned, renewals), **_named(assigned))
    return tuple(_group(rows.loc[chosen], by, name, effects, hour_cost) for by, name, chosen in _groups(rows))


def discounted(assigned: pd.DataFrame) -> tuple[Discounted, ...]:
    """Of the accounts with an effort, the share that got a concession on price, by segment and by CSM. Empty without efforts."""
    begun = assigned.loc[_begun(assigned)].assign(**_named(assigned))
    found = []
    for by in ("segment", "csm"):
        given = (begun["concession_percent"].fillna(0.0) > 0).groupby([begun[by], begun["account_id"]]).any()
        for name, each in given.groupby(level=0):
            count = int(each.sum())
            found.append(Discounted(by=by, name=str(name), accounts=len(each), discounted=count, share=count / len(each)))
    return tuple(found)


def _groups(rows: pd.DataFrame) -> Iterator[tuple[Grouping, str, pd.Series]]:
    yield "all", "all", pd.Series(data=True, index=rows.index)
    for by, column in GROUPS:
        for name in sorted(set(rows[column])):
            yield by, str(name), rows[column] == name


def _group(rows: pd.DataFrame, by: Grouping, name: str, effects: Mapping[str, float], hour_cost: float) -> Programme:
    begun, finished = rows.loc[_begun(rows)], rows.loc[_finished(rows)]
    saved = finished.loc[finished["outcome"] == "saved"]
    cost = float(begun["effort_hours"].sum()) * hour_cost
    won = float(saved["arr_saved"].sum())
    seen = saved["retained"].dropna()
    days = (saved["finished_at"] - saved["assigned_at"]).dt.total_seconds() / 86_400
    return Programme(
        by=by,
        name=name,
        assigned=len(rows),
        attempted=len(begun),
        finished=len(finished),
        saved=len(saved),
        attempt_rate=_share(len(begun), len(rows)),
        success_rate=_share(len(saved), len(finished)),
        effort_hours=float(begun["effort_hours"].sum()),
        effort_cost=cost,
        arr_saved=won,
        roi=_share(won, cost),
        credited_roi=_credited(rows, effects, cost),
        renewals_seen=len(seen),
        retained_rate=_share(float(seen.sum()), len(seen)),
        days_to_save=float(days.median()) if len(days) else None,
    )


def _credited(rows: pd.DataFrame, effects: Mapping[str, float], cost: float) -> float | None:
    """ARR of the accounts meant to be treated x how much less likely the play made their leaving, / cost of the hours.

    None when a play of theirs has no measured effect: its part of the cost would bring nothing.
    """
    meant = rows.loc[rows["arm"] == "treated"]
    spared = -meant["playbook"].astype(object).map(effects).astype(float)
    if meant.empty or spared.isna().any():
        return None
    return _share(float((spared * meant["arr"].fillna(0.0)).sum()), cost)


def _retained(assigned: pd.DataFrame, renewals: pd.DataFrame) -> pd.Series:
    """Of each ended attempt, whether the account stayed at the first decision after it (1 or 0); missing while none is known."""
    ended = assigned.loc[assigned["finished_at"].notna(), ["account_id", "finished_at"]].reset_index(names="row")
    decided = renewals[["account_id", "decided_at", "outcome"]]
    ahead = pd.merge_asof(
        ended.astype({"account_id": "str"}).sort_values("finished_at"),
        decided.astype({"account_id": "str"}).rename(columns={"outcome": "decision"}).sort_values("decided_at"),
        left_on="finished_at",
        right_on="decided_at",
        by="account_id",
        direction="forward",
    ).set_index("row")
    stayed = (ahead["decision"] != "churned").astype(float).where(ahead["decision"].notna())
    return stayed.reindex(assigned.index)


def _begun(rows: pd.DataFrame) -> pd.Series:
    return (rows["arm"] == "treated") & rows["started_at"].notna()


def _finished(rows: pd.DataFrame) -> pd.Series:
    return _begun(rows) & rows["finished_at"].notna() & rows["outcome"].notna()


def _named(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        name: rows[name].astype(object).where(rows[name].notna(), UNKNOWN).astype(str) for name in ("segment", "cause", "csm")
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
