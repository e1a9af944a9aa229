"""What every model card shows alike, taken from an evaluation and from pushes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from models.evaluation import Evaluation
from models.gains import gains
from models.hygiene import Hygiene
from models.periods import Floats, Ints
from models.split_gap import SplitGap
from pipelines.pushes import Pushes
from serving.card import Bin, Cell, Controls, Curve, Swarm

SIGNALS = 12
DOTS = 160


def cells_of(metrics: pd.DataFrame) -> dict[str, dict[str, Cell]]:
    """Ranking -> metric -> value with its interval; empty when nothing was measured."""
    cells: dict[str, dict[str, Cell]] = {}
    for row in metrics.dropna(subset=["metric"]).to_dict("records"):
        cells.setdefault(str(row["model"]), {})[str(row["metric"])] = cell_of(row["value"], row["low"], row["high"])
    return cells


def cell_of(value: float, low: float, high: float) -> Cell:
    """A value with its interval; None for what is NaN."""
    return Cell(*(None if pd.isna(each) else float(each) for each in (value, low, high)))


def controls_of(hygiene: Hygiene, gap: SplitGap | None) -> Controls:
    """The negative controls; None for what could not be measured."""
    permuted = cell_of(hygiene.permuted_auc, hygiene.permuted_low, hygiene.permuted_high)
    if gap is None:
        return Controls(permuted, None, None, None, None, 0)
    found = asdict(gap)
    return Controls(
        permuted, found["random_auc"], found["random_average_precision"], found["auc"], found["average_precision"], found["rows"]
    )


def bins_of(found: Evaluation) -> tuple[Bin, ...]:
    """Expected and observed by tenth of risk, the lowest first; none where nothing was tested."""
    return tuple(
        Bin(float(row["predicted"]), float(row["observed"]), int(row["n"]), int(row["churned"]))
        for row in found.calibration.to_dict("records")
    )


def gains_of(found: Evaluation, rankings: Sequence[str]) -> tuple[Curve, ...]:
    """One curve a ranking that was measured; none where nobody left or nothing was tested."""
    rows = found.predictions
    if rows.empty or not rows["churned"].any():
        return ()
    events = rows["churned"].to_numpy(dtype=np.float64)
    there = [name for name in rankings if name in rows]
    return tuple(Curve(name, tuple(gains(events, rows[name].to_numpy(dtype=np.float64)))) for name in there)


def swarm_of(pushes: Pushes, families: Mapping[str, str]) -> tuple[Swarm, ...]:
    """The signals with the largest mean push, each on some rows, evenly spaced, and its family (empty where it has none)."""
    order = np.argsort(-np.abs(pushes.values).mean(axis=0), kind="stable")[:SIGNALS]
    some = np.arange(len(pushes.values))[:: max(1, -(-len(pushes.values) // DOTS))]
    return tuple(
        Swarm(
            pushes.names[column],
            families.get(pushes.names[column], ""),
            tuple(zip(_rounded(pushes.values[some, column]), _places(pushes.data[:, column], some), strict=True)),
        )
        for column in order.tolist()
        if np.abs(pushes.values[:, column]).max() > 0
    )


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 4) for value in values]


def _places(values: Floats, some: Ints) -> list[float | None]:
    """Where each value stands among all, 0 to 1; None where it is not known."""
    known = np.sort(values[~np.isnan(values)])
    middle = (np.searchsorted(known, values[some], "left") + np.searchsorted(known, values[some], "right")) / 2
    return [
        None if np.isnan(value) else round(float(place) / len(known), 2)
        for value, place in zip(values[some], middle, strict=True)
    ]
