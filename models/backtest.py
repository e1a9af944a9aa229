"""A replay of history: each month scored by the model that would have been champion then, against what happened after."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.assessment import BANDS
from models.health import rule_score
from models.lead_time import COLUMNS, first_alerts, in_capacity, measured_lead_time
from models.metrics import auc, average_precision, log_losses, top_share
from models.model import Model
from models.params import DecisionParams, EvaluationParams, HealthParams
from models.periods import Floats

QUEUE_COLUMNS = (
    *("as_of", "rank", "account_id", "p_churn", "arr", "arr_at_risk", "arr_in_time", "risk_band", "rule_score"),
    *("days_since_use", "flagged", "matured", "churned_at", "lead_days", "leaves_in_days", "model_until"),
)


MONTH_COLUMNS = (
    *("as_of", "model_until", "accounts", "matured", "expected_all", "expected", "observed", "auc", "average_precision"),
    *("log_loss", "churned_arr", "flagged_arr", "flagged_arr_by_probability", "flagged_arr_by_rule_score"),
    *("flagged_arr_by_recency", "worked", "worked_left", "worked_left_by_probability", "worked_left_by_rule_score"),
    "worked_left_by_recency",
)
RANKINGS = {"queue": "arr_in_time", "probability": "p_churn", "rule_score": "rule_score", "recency": "days_since_use"}


@dataclass(frozen=True)
class Month:
    """One month of the replay: the matrix of its accounts, what came after, the champion then (None: no model had passed).

    `until`: outcomes are those known before it.
    """

    frame: pd.DataFrame
    follow_up: pd.DataFrame
    arr: Floats
    champion: Model | None
    until: pd.Timestamp


def queue_of(month: Month, decision: DecisionParams, health: HealthParams) -> pd.DataFrame:
    """Every account of the month in the order a team would have worked, by `arr_in_time`; QUEUE_COLUMNS.

    `arr_at_risk` is P(leaving within the horizon) x ARR, `arr_in_time` the same without what leaves within `too_late_days`.
    `flagged` marks the accounts within capacity. `matured` says that the horizon is over and its outcome known: while it is
    not over, a churn that came early does not count before those that stay can. `lead_days` counts from the flag to the
    decision of those that churned within the horizon, `leaves_in_days` of all whose churn is known, however late it came. Without
    champion: no rows.
    """
    if month.champion is None or month.frame.empty:
        return pd.DataFrame({name: [] for name in QUEUE_COLUMNS})
    model, frame, after = month.champion, month.frame, month.follow_up
    horizon = min(decision.horizon_days, model.periods.last_day)
    p = model.churn_probability(frame, horizon)
    money = np.nan_to_num(month.arr)
    late = decision.too_late_days
    in_time = p - model.churn_probability(frame, late) if 0 < late < horizon else p
    ends = frame["as_of"] + pd.Timedelta(days=horizon)
    churned = after["churned_at"].where(after["churned_at"] < ends)
    unused = frame["days_since_use"] if "days_since_use" in frame else pd.Series(np.nan, index=frame.index)
    queue = pd.DataFrame(
        {
            "as_of": frame["as_of"],
            "account_id": frame["account_id"],
            "p_churn": p,
            "arr": month.arr,
            "arr_at_risk": p * money,
            "arr_in_time": in_time * money,
            "risk_band": [BANDS[band] for band in np.digitize(p, decision.band_cuts)],
            "rule_score": rule_score(frame, model.features, health),
            "days_since_use": unused,
            "matured": (ends <= month.until) & ((after["followed_until"] >= ends) | churned.notna()),
            "churned_at": churned,
            "lead_days": (churned - frame["as_of"]).dt.days,
            "leaves_in_days": (after["churned_at"] - frame["as_of"]).dt.days,
            "model_until": str(model.fingerprint["until"]),
        }
    )
    queue = queue.sort_values(["arr_in_time", "account_id"], ascending=[False, True], ignore_index=True)
    flagged = np.arange(len(queue)) < np.ceil(len(queue) * decision.capacity_share)
    return queue.assign(rank=np.arange(1, len(queue) + 1), flagged=flagged)[list(QUEUE_COLUMNS)]


def months_of(queue: pd.DataFrame, capacity_share: float) -> pd.DataFrame:
    """One row a replayed month: what was expected, what happened, and the churned ARR that was flagged; MONTH_COLUMNS.

    `expected` and `observed` churns, auc and average_precision (NaN with one class only) and log_loss are of the matured
    accounts, `expected_all` of all. The churned ARR was flagged within the same capacity, a share of all accounts of the month,
    by the queue, by the probability, by the rule score and by recency. `worked` are the matured accounts that a team would
    have worked on, `worked_left` those of them that left, by each ranking's own choice. An empty queue gives no rows.
    """
    rows = [_month(group, capacity_share) for _, group in queue.groupby("as_of", sort=True)]
    return pd.DataFrame(rows, columns=list(MONTH_COLUMNS))


def _month(group: pd.DataFrame, capacity_share: float) -> dict[str, object]:
    whole = {
        "as_of": group["as_of"].iloc[0],
        "model_until": group["model_until"].iloc[0],
        "accounts": len(group),
        "matured": int(group["matured"].sum()),
        "expected_all": float(group["p_churn"].sum()),
    }
    done = group.loc[group["matured"].astype(bool)]
    churned: Floats = done["churned_at"].notna().to_numpy().astype(np.float64)
    p = done["p_churn"].to_numpy(dtype=float)
    money = np.nan_to_num(group["arr"].to_numpy(dtype=float))
    lost = money * (group["matured"].astype(bool) & group["churned_at"].notna()).to_numpy()
    one_group = np.zeros(len(group), dtype=np.int64)
    left_at_all = (group["matured"].astype(bool) & group["churned_at"].notna()).to_numpy().astype(np.float64)

    def caught(score: Floats) -> float:
        return float(lost[top_share(score, money, one_group, capacity_share) == 1].sum())

    def left(ranking: str) -> int:
        return int((top_share(_score(group, ranking), money, one_group, capacity_share) * left_at_all).sum())

    return whole | {
        "expected": float(p.sum()),
        "observed": int(churned.sum()),
        "auc": auc(churned, p) if len(done) else np.nan,
        "average_precision": average_precision(churned, p) if len(done) else np.nan,
        "log_loss": float(log_losses(churned, p).mean()) if len(done) else np.nan,
        "churned_arr": float(lost.sum()),
        "flagged_arr": float(lost[group["flagged"].to_numpy(dtype=bool)].sum()),
        "flagged_arr_by_probability": caught(group["p_churn"].to_numpy(dtype=float)),
        "flagged_arr_by_rule_score": caught(np.nan_to_num(group["rule_score"].to_numpy(dtype=float), nan=-1.0)),
        "flagged_arr_by_recency": caught(np.nan_to_num(group["days_since_use"].to_numpy(dtype=float), nan=-1.0)),
        "worked": int((group["flagged"] & group["matured"]).astype(bool).sum()),
        "worked_left": int((group["flagged"].to_numpy(dtype=bool) * left_at_all).sum()),
        **{f"worked_left_by_{name}": left(name) for name in ("probability", "rule_score", "recency")},
    }


def _score(queue: pd.DataFrame, ranking: str) -> Floats:
    """What a ranking goes by, higher first; what is not known comes last."""
    return np.asarray(np.nan_to_num(queue[RANKINGS[ranking]].to_numpy(dtype=np.float64), nan=-1.0), dtype=np.float64)


def earliness(queue: pd.DataFrame, decision: DecisionParams, params: EvaluationParams) -> pd.DataFrame:
    """How early each ranking had the accounts that left within capacity, by ARR (`models.lead_time.COLUMNS`, 95 % by account).

    Looks up to `alert_days` before a decision are asked: an alert half a year ahead is no miss because the horizon of the
    probability is shorter. An empty queue gives no rows.
    """
    if queue.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    looks = queue[["account_id", "as_of", "arr", "leaves_in_days"]].assign(**{name: _score(queue, name) for name in RANKINGS})
    alerted = {name: in_capacity(looks, name, decision.capacity_share) for name in RANKINGS}
    alerts = first_alerts(looks, alerted, params.alert_days)
    return measured_lead_time(alerts, tuple(RANKINGS), params)


def totals(months: pd.DataFrame, queue: pd.DataFrame) -> dict[str, float]:
    """The replay in a few numbers: observed / expected, share of churned ARR flagged and precision by ranking, median lead.

    `median_lead_days`: half of the flagged ARR that left was first flagged so many days before the decision, or more.
    """
    sums = months[["expected", "observed", "churned_arr"]].sum() if len(months) else pd.Series(dtype=float)
    flagged: Sequence[str] = [name for name in months.columns if name.startswith("flagged_arr")]
    found = {name: float(months[name].sum() / sums["churned_arr"]) if sums.get("churned_arr", 0) else np.nan for name in flagged}
    return {
        "months": float(len(months)),
        "expected": float(sums.get("expected", 0.0)),
        "observed": float(sums.get("observed", 0.0)),
        "observed_expected": float(sums["observed"] / sums["expected"]) if sums.get("expected", 0) else np.nan,
        **found,
        **{
            name.replace("worked_left", "precision"): _share(months, name)
            for name in months.columns
            if name.startswith("worked_left")
        },
        "median_lead_days": _median_lead(queue),
    }


def _share(months: pd.DataFrame, name: str) -> float:
    """Of the accounts worked on, the share that left."""
    worked = float(months["worked"].sum())
    return float(months[name].sum() / worked) if worked else float("nan")


def _median_lead(queue: pd.DataFrame) -> float:
    """Days from an account's first flag to its decision, the median weighted by ARR; NaN when nobody flagged left."""
    if queue.empty:
        return float("nan")
    caught = queue.loc[queue["flagged"].astype(bool) & queue["matured"].astype(bool) & queue["churned_at"].notna()]
    first = caught.sort_values("as_of").drop_duplicates(["account_id", "churned_at"])
    first = first.sort_values("lead_days", ascending=False)
    weight = np.nan_to_num(first["arr"].to_numpy(dtype=float))
    if not weight.sum() > 0:
        return float("nan")
    return float(first["lead_days"].iloc[int(np.searchsorted(weight.cumsum(), weight.sum() / 2))])
