"""Account-cluster bootstrap: accounts, not rows, are drawn, and every model is measured on the same draws."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.metrics import InCohort, Ranking, log_losses, ratio, top_share
from models.periods import Floats

AT_ONCE_CELLS = 2_000_000
DRAWN = (
    "auc",
    "auc_in_cohort",
    "average_precision",
    "log_loss",
    "brier",
    "observed_expected",
    "precision_at_capacity",
    "lift_at_capacity",
    "arr_recall_at_capacity",
)


@dataclass(frozen=True)
class Worth:
    """What working on an account brings: the share of its yearly value saved if it was leaving, less the cost of the work."""

    saved_share: float
    cost: float


@dataclass(frozen=True)
class Draws:
    """`values`: (model, metric) -> one value a draw, draws aligned over models. `exact`: the metrics of the rows as they are."""

    values: dict[tuple[str, str], Floats]
    exact: dict[tuple[str, str], float]

    def better(self, model: str, rival: str, metric: str) -> float:
        """Share of draws in which the model is better than the rival (log_loss: lower is better), ties half; NaN if unknown."""
        gap = self.gap(model, rival, metric)
        if gap is None:
            return float("nan")
        gap = -gap if metric in ("log_loss", "brier") else gap
        return float((gap > 0).mean() + 0.5 * (gap == 0).mean())

    def above(self, model: str, metric: str, value: float) -> float:
        """Share of draws in which a metric is above the value; NaN if unknown."""
        found = self.values.get((model, metric), np.empty(0))
        found = found[~np.isnan(found)]
        return float((found > value).mean()) if len(found) else float("nan")

    def skill(self, model: str, rival: str, metric: str) -> tuple[float, float, float]:
        """1 - loss of the model / loss of the rival, with its 95 % interval: 0 is no better, 1 is perfect; NaN if unknown."""
        if (model, metric) not in self.values or (rival, metric) not in self.values:
            return float("nan"), float("nan"), float("nan")
        exact = 1 - ratio(np.array([self.exact[(model, metric)]]), np.array([self.exact[(rival, metric)]]))
        return float(exact[0]), *interval(1 - ratio(self.values[(model, metric)], self.values[(rival, metric)]))

    def gap(self, model: str, rival: str, metric: str) -> Floats | None:
        """Model minus rival, one value a draw, undefined draws left out; None when either is unknown."""
        if (model, metric) not in self.values or (rival, metric) not in self.values:
            return None
        gap = self.values[(model, metric)] - self.values[(rival, metric)]
        gap = gap[~np.isnan(gap)]
        return gap if len(gap) else None

    def relative(self, model: str, rival: str, metric: str) -> Floats | None:
        """Model over rival minus 1, one value a draw, undefined draws left out; None when either is unknown."""
        if (model, metric) not in self.values or (rival, metric) not in self.values:
            return None
        share = ratio(self.values[(model, metric)], self.values[(rival, metric)]) - 1.0
        share = share[~np.isnan(share)]
        return share if len(share) else None


def draws_of(
    predictions: pd.DataFrame,
    models: tuple[str, ...],
    *,
    capacity_share: float,
    draws: int,
    seed: int,
    worth: Worth | None = None,
) -> Draws:
    """Poisson weights by account, `draws` times; empty without rows. Who is within capacity is decided once, not by draw.

    With `worth` there is `value_at_capacity` too: what an account worked on brings on average, in money.
    """
    if predictions.empty:
        return Draws({}, {})
    events = predictions["churned"].to_numpy(dtype=np.float64)
    arr = np.nan_to_num(predictions["arr"].to_numpy(dtype=np.float64))
    codes, accounts = pd.factorize(predictions["account_id"])
    snapshot = pd.factorize(predictions["as_of"])[0]
    cohort = predictions["calendar"].to_numpy(dtype=np.float64)
    measured: dict[str, _Model] = {}
    for name in models:
        p = predictions[name].to_numpy(dtype=np.float64)
        measured[name] = _Model(
            p,
            Ranking(p),
            InCohort(p, cohort),
            np.column_stack([log_losses(events, p), (events - p) ** 2, p]),
            top_share(p, arr, snapshot, capacity_share),
            top_share(p * arr, p, snapshot, capacity_share),
            worth,
        )
    rng = np.random.default_rng(seed)
    chunk = max(1, AT_ONCE_CELLS // len(predictions))
    drawn = (*DRAWN, "value_at_capacity") if worth else DRAWN
    found: dict[tuple[str, str], list[Floats]] = {(name, metric): [] for name in models for metric in drawn}
    for begin in range(0, draws, chunk):
        weight = rng.poisson(1.0, size=(min(chunk, draws - begin), len(accounts))).astype(np.float64)[:, codes]
        for name, each in measured.items():
            for metric, values in each.measure(weight, events, arr).items():
                found[(name, metric)].append(values)
    ones = np.ones((1, len(predictions)))
    exact = {
        (name, metric): float(value[0])
        for name, each in measured.items()
        for metric, value in each.measure(ones, events, arr).items()
    }
    return Draws({key: np.concatenate(values) for key, values in found.items()}, exact)


def interval(values: Floats | None) -> tuple[float, float]:
    """The middle 95 % of the draws; NaN when there are none."""
    known = values[~np.isnan(values)] if values is not None else np.empty(0)
    if len(known) == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


@dataclass(frozen=True)
class _Model:
    p: Floats
    ranking: Ranking
    in_cohort: InCohort
    sums: Floats
    first_by_risk: Floats
    first_by_money: Floats
    worth: Worth | None

    def measure(self, weight: Floats, events: Floats, arr: Floats) -> dict[str, Floats]:
        total = weight.sum(axis=1)
        loss, brier, expected = (weight @ self.sums).T
        auc, average_precision = self.ranking.both(events, weight)
        return {
            "auc": auc,
            "auc_in_cohort": self.in_cohort.auc(events, weight),
            "average_precision": average_precision,
            "log_loss": ratio(loss, total),
            "brier": ratio(brier, total),
            "observed_expected": ratio(weight @ events, expected),
            **self.capacity(weight, events, arr),
        }

    def capacity(self, weight: Floats, events: Floats, arr: Floats) -> dict[str, Floats]:
        """Share of those worked on who churn, over that of all, share of churned ARR worked on, and what an account brings."""
        precision = ratio(weight @ (events * self.first_by_risk), weight @ self.first_by_risk)
        worked, value = self.first_by_money, {}
        if self.worth:
            brings = worked * (events * arr * self.worth.saved_share - self.worth.cost)
            value = {"value_at_capacity": ratio(weight @ brings, weight @ worked)}
        return {
            "precision_at_capacity": precision,
            "lift_at_capacity": ratio(precision * weight.sum(axis=1), weight @ events),
            "arr_recall_at_capacity": ratio(weight @ (events * arr * worked), weight @ (events * arr)),
            **value,
        }
