"""How early: days from an account's first alert to the day it decided to leave."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.bootstrap import interval
from models.metrics import ratio, top_share
from models.params import EvaluationParams
from models.periods import Bools, Floats

AHEAD_DAYS = (0, 15, 30, 45, 60, 75, 90, 120, 150, 180)
RANKINGS = ("model", "rule_score", "recency", "base_rate")
COLUMNS = ("model", "metric", "days", "value", "low", "high", "churned_accounts")


def in_capacity(looks: pd.DataFrame, ranking: str, capacity_share: float) -> Bools:
    """Whether each row is within capacity on its look by a ranking's column, higher first, ties by ARR."""
    money = np.nan_to_num(looks["arr"].to_numpy(dtype=np.float64))
    look = pd.factorize(looks["as_of"])[0]
    return np.asarray(top_share(looks[ranking].to_numpy(dtype=np.float64), money, look, capacity_share) == 1, dtype=np.bool_)


def at_precision(looks: pd.DataFrame, ranking: str, precision: float, most: int) -> Bools:
    """The most rows, highest first and at most `most`, of which at least the share `precision` churned; none when none are so.

    Rows of one score are alerted together. The cut is chosen on these rows, which favours every ranking a little.
    """
    score, events = looks[ranking].to_numpy(dtype=np.float64), looks["churned"].to_numpy(dtype=np.float64)
    order = np.argsort(-score, kind="stable")
    count = np.arange(1, len(order) + 1)
    last = np.append(np.diff(score[order]) != 0, True)[: len(order)]
    good = np.flatnonzero(last & (np.cumsum(events[order]) >= precision * count) & (count <= most))
    alerted = np.zeros(len(order), dtype=bool)
    alerted[order[: good[-1] + 1 if len(good) else 0]] = True
    return alerted


def first_alerts(looks: pd.DataFrame, alerted: Mapping[str, Bools], longest_days: int) -> pd.DataFrame:
    """One row an account that left after some look: account_id, arr (at its last look), oldest, and a column a ranking.

    A ranking's column is how many days before the decision it first alerted the account, `oldest` how many days before lay the
    first look; neither counts looks more than `longest_days` before. NaN: never alerted.
    """
    ahead = looks["leaves_in_days"].to_numpy(dtype=np.float64)
    counts = ahead <= longest_days
    table = looks.loc[counts, ["account_id", "as_of", "arr"]].assign(oldest=ahead[counts])
    for name, rows in alerted.items():
        table[name] = np.where(rows, ahead, np.nan)[counts]
    by_account = table.sort_values("as_of").groupby("account_id", sort=True)
    last = by_account[["arr"]].last()
    return by_account[["oldest", *alerted]].max().join(last).reset_index()[["account_id", "arr", "oldest", *alerted]]


def measured_lead_time(alerts: pd.DataFrame, models: tuple[str, ...], params: EvaluationParams) -> pd.DataFrame:
    """COLUMNS, 95 % intervals by account. Metrics, by ARR that left:

    `lead_time_days`: half of what was alerted at all was first alerted so many days before the decision, or more;
    `alerted`: the share alerted at least `days` before it, of those that some look met so early, as long as these are
    `slice_min_churned` accounts. Empty when nobody left.
    """
    if alerts.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    money = np.nan_to_num(alerts["arr"].to_numpy(dtype=np.float64))
    drawn = np.random.default_rng(params.seed).poisson(1.0, size=(params.bootstrap, len(alerts)))
    weight = np.vstack([np.ones(len(alerts)), drawn]) * money
    oldest = alerts["oldest"].to_numpy(dtype=np.float64)
    rows: list[tuple[object, ...]] = []
    for name in models:
        first = alerts[name].to_numpy(dtype=np.float64)
        count = int(np.isfinite(first).sum())
        rows.append((name, "lead_time_days", None, *_value(_medians(first, weight)), count))
        for days in AHEAD_DAYS:
            met = oldest >= days
            if met.sum() < params.slice_min_churned:
                continue
            share = ratio(weight @ (met & (first >= days)).astype(float), weight @ met.astype(float))
            rows.append((name, "alerted", days, *_value(share), int(met.sum())))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _value(drawn: Floats) -> tuple[float, float, float]:
    """The first is the value itself, the rest are draws of it."""
    return float(drawn[0]), *interval(drawn[1:])


def _medians(first: Floats, weight: Floats) -> Floats:
    """Weighted median of the known values, largest first, for each row of weights; NaN where nothing has weight."""
    known = np.flatnonzero(np.isfinite(first))
    known = known[np.argsort(-first[known], kind="stable")]
    if len(known) == 0:
        return np.full(len(weight), np.nan)
    reached = np.cumsum(weight[:, known], axis=1)
    place = (reached >= reached[:, -1:] / 2).argmax(axis=1)
    return np.where(reached[:, -1] > 0, first[known][place], np.nan)
