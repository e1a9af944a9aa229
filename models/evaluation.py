"""How good a recipe was out of time, beside its baselines, on the same rows, with account-cluster intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.bootstrap import Draws, Worth, draws_of, interval
from models.calibration import logistic_slope
from models.metrics import InCohort, auc, average_precision, bin_edges, calibration_error, calibration_error_by_chance, log_losses
from models.params import EvaluationParams
from models.periods import Floats
from models.slices import COLUMNS, measured_slices

MODELS = ("model", "champion", "boosting", "anchor", "rule_score", "recency", "best_column", "calendar", "base_rate")
SHOWN = {
    "auc": "AUC",
    "auc_in_cohort": "AUC in cohort",
    "average_precision": "average precision",
    "log_loss": "log-loss",
    "observed_expected": "observed / expected",
    "precision_at_capacity": "precision in capacity",
    "arr_recall_at_capacity": "ARR in capacity",
}
KEYS = ("account_id", "as_of", "origin", "due", "arr", "churned")
FEW_CHURNED = 50
NO_SLICES = pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True)
class Evaluation:
    """Pooled over the rolling origins.

    `metrics`: model, metric, value, low, high (95 %, by account), n, churned_accounts. `predictions`: KEYS and one column of
    probabilities a model. `calibration`: predicted and observed by tenth of the model's risk. `origins`: one row an origin.
    `draws`: the bootstrap behind the intervals. `slices`: the same metrics by group of accounts (`models.slices.COLUMNS`).
    All are empty when no origin could be tested.
    """

    horizon_days: int
    metrics: pd.DataFrame
    predictions: pd.DataFrame
    calibration: pd.DataFrame
    origins: pd.DataFrame
    draws: Draws
    slices: pd.DataFrame

    @property
    def churned_accounts(self) -> int:
        """Accounts that churned in the tested windows."""
        if self.predictions.empty:
            return 0
        return int(self.predictions.loc[self.predictions["churned"], "account_id"].nunique())

    def value(self, model: str, metric: str) -> float:
        """One value; NaN when that model or metric was not measured."""
        return self._found(model, metric)[0]

    def bounds(self, model: str, metric: str) -> tuple[float, float]:
        """The 95 % interval of one value; NaN when there is none."""
        return self._found(model, metric)[1:]

    def cell(self, model: str, metric: str) -> str:
        """One value with its interval, for a terminal; a dash when it was not measured."""
        return _cell(*self._found(model, metric))

    def _found(self, model: str, metric: str) -> tuple[float, float, float]:
        here = (self.metrics["model"] == model) & (self.metrics["metric"] == metric)
        if not here.any():
            return float("nan"), float("nan"), float("nan")
        value, low, high = self.metrics.loc[here, ["value", "low", "high"]].to_numpy(dtype=np.float64)[0].tolist()
        return value, low, high

    def as_text(self) -> str:
        """The comparison as a table for a terminal."""
        if self.predictions.empty:
            return "no origin could be tested: history is too short or holds too few churned accounts"
        lines = [f"{'':<12}" + "".join(f"{name:>23}" for name in SHOWN.values())]
        for model in [name for name in MODELS if name in set(self.metrics["model"])]:
            cells = [_cell(*self._found(model, metric)) for metric in SHOWN]
            lines.append(f"{model:<12}" + "".join(f"{cell:>23}" for cell in cells))
        head = (
            f"P(churn in {self.horizon_days} d), {len(self.predictions)} rows at {len(self.origins)} origins, "
            f"{self.churned_accounts} churned accounts; in brackets: 95 % by account"
        )
        if self.churned_accounts < FEW_CHURNED:
            head += f" (fewer than {FEW_CHURNED} churned: true intervals are wider)"
        slope = _cell(*self._found("model", "calibration_slope"))
        error, chance = self.value("model", "calibration_error"), self.value("model", "calibration_error_by_chance")
        tail = f"calibration slope {slope}; calibration error {error:.4f}, up to {chance:.4f} is chance"
        return "\n".join([head, *lines, tail])


def evaluated(
    predictions: pd.DataFrame,
    origins: pd.DataFrame,
    *,
    horizon_days: int,
    capacity_share: float,
    params: EvaluationParams,
    worth: Worth | None = None,
    sliced: bool = True,
) -> Evaluation:
    """Measure every model column of the predictions; none of them may be missing in some rows only.

    With `worth`, the money that an account within capacity brings is measured too; unless `sliced`, there are no `slices`.
    """
    if predictions.empty:
        nothing = pd.DataFrame(columns=["model", "metric", "value", "low", "high", "n", "churned_accounts"])
        return Evaluation(horizon_days, nothing, predictions, _bins(predictions, 1), origins, Draws({}, {}), NO_SLICES)
    models = tuple(name for name in MODELS if name in predictions)
    draws = draws_of(predictions, models, capacity_share=capacity_share, draws=params.bootstrap, seed=params.seed, worth=worth)
    rows = [row for model in models for row in _measured(predictions, model, draws, params)]
    churned = int(predictions.loc[predictions["churned"].astype(bool), "account_id"].nunique())
    metrics = pd.DataFrame(rows, columns=["model", "metric", "value", "low", "high"])
    metrics = metrics.assign(n=len(predictions), churned_accounts=churned)
    slices = measured_slices(predictions, capacity_share=capacity_share, params=params) if sliced else NO_SLICES
    return Evaluation(horizon_days, metrics, predictions, _bins(predictions, params.calibration_bins), origins, draws, slices)


def _measured(
    predictions: pd.DataFrame, model: str, draws: Draws, params: EvaluationParams
) -> list[tuple[str, str, float, float, float]]:
    p = predictions[model].to_numpy(dtype=np.float64)
    events = predictions["churned"].to_numpy(dtype=np.float64)
    cohort = predictions["calendar"].to_numpy(dtype=np.float64)
    exact = {
        "auc": auc(events, p),
        "auc_in_cohort": float(InCohort(p, cohort).auc(events, np.ones((1, len(events))))[0]),
        "average_precision": average_precision(events, p),
        "log_loss": float(log_losses(events, p).mean()),
        "brier": float(((events - p) ** 2).mean()),
        "observed_expected": float(events.sum() / p.sum()) if p.sum() > 0 else float("nan"),
        "precision_at_capacity": draws.exact[(model, "precision_at_capacity")],
        "arr_recall_at_capacity": draws.exact[(model, "arr_recall_at_capacity")],
    }
    rows = [(model, name, value, *interval(draws.values.get((model, name)))) for name, value in exact.items()]
    more = [name for name in ("lift_at_capacity", "value_at_capacity") if (model, name) in draws.exact]
    rows += [(model, name, draws.exact[(model, name)], *interval(draws.values[(model, name)])) for name in more]
    rows += [(model, f"{loss}_skill", *draws.skill(model, "base_rate", loss)) for loss in ("log_loss", "brier")]
    rows.append((model, "calibration_slope", *_slope(predictions, events, p)))
    error = calibration_error(events, p, params.calibration_bins)
    chance = calibration_error_by_chance(p, params.calibration_bins, params.null_draws, params.seed)
    nothing = (float("nan"), float("nan"))
    return [*rows, (model, "calibration_error", error, *nothing), (model, "calibration_error_by_chance", chance, *nothing)]


def _slope(predictions: pd.DataFrame, events: Floats, p: Floats) -> tuple[float, float, float]:
    clipped = np.clip(p, 1e-9, 1 - 1e-9)
    codes = pd.factorize(predictions["account_id"])[0].astype(float)
    slope, error = logistic_slope(np.log(clipped / (1 - clipped)), events, codes)
    return slope, slope - 1.96 * error, slope + 1.96 * error


def _bins(predictions: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Predicted and observed share by bin of equal size of the model's probability, lowest first."""
    names = ["bin", "n", "predicted", "observed", "churned"]
    if predictions.empty:
        return pd.DataFrame(columns=names)
    ordered = predictions.sort_values(["model", "account_id", "as_of"])
    starts = bin_edges(len(ordered), bins)
    number = np.searchsorted(starts, np.arange(len(ordered)), side="right")
    grouped = ordered.groupby(number)
    table = pd.DataFrame(
        {
            "n": grouped.size(),
            "predicted": grouped["model"].mean(),
            "observed": grouped["churned"].mean(),
            "churned": grouped["churned"].sum(),
        }
    )
    return table.rename_axis("bin").reset_index()[names]


def _cell(value: float, low: float, high: float) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"
