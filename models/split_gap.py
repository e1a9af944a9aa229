"""A negative control: what a random split of rows would have claimed of the same recipe on the same rows."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.blending import blended
from models.fitting import Material, fit, pair_scores
from models.metrics import auc, average_precision
from models.model import Kind
from models.params import TrainingParams
from models.periods import Floats
from models.rows import HazardRows, positions_of


@dataclass(frozen=True)
class SplitGap:
    """AUC and average precision of the same rows: as a random split has them, and as they were forward in time."""

    rows: int
    churned: int
    random_auc: float
    auc: float
    random_average_precision: float
    average_precision: float

    @classmethod
    def of(cls, events: Floats, claimed: Floats, honest: Floats) -> "SplitGap":
        """Both measured on the same outcomes (0, 1)."""
        return cls(
            rows=len(events),
            churned=int(events.sum()),
            random_auc=auc(events, claimed),
            auc=auc(events, honest),
            random_average_precision=average_precision(events, claimed),
            average_precision=average_precision(events, honest),
        )

    @property
    def claims_more(self) -> bool:
        """Whether the random split flatters, by its AUC."""
        return self.random_auc > self.auc

    def sentence(self) -> str:
        """The warning, for a terminal."""
        return (
            f"a random split of rows would have claimed AUC {self.random_auc:.3f} and average precision "
            f"{self.random_average_precision:.3f} where forward in time they are {self.auc:.3f} and {self.average_precision:.3f} "
            f"(same recipe, same {self.rows} rows): it shows the model other days of the accounts it is tested on"
        )


def split_gap(
    material: Material,
    rows: HazardRows,
    predictions: pd.DataFrame,
    *,
    kind: Kind,
    share: float,
    trees: int,
    horizon_days: int,
    params: TrainingParams,
) -> SplitGap | None:
    """Hold out a random half of the tested rows, learn from every other row whenever it was, and test on that half.

    One fit. None when nothing was tested, or the half has one class only.
    """
    if predictions.empty:
        return None
    half = predictions.iloc[np.flatnonzero(np.random.default_rng(params.seed).random(len(predictions)) < 0.5)]
    events = half["churned"].to_numpy(dtype=np.float64)
    held_out = positions_of(material.matrix, half)
    kept = ~np.isin(rows.position, held_out)
    left = replace(rows, position=rows.position[kept], period=rows.period[kept], event=rows.event[kept], weight=rows.weight[kept])
    if events.sum() in (0, len(events)) or not left.event.any():
        return None
    model = fit(material, left, params, kind=kind, share=share, rounds=trees, seeds=1)
    count = material.periods.within(horizon_days)
    positions, period = np.repeat(held_out, count), np.tile(np.arange(count), len(held_out))
    margins = blended(*pair_scores(model, material, positions, period), share).reshape(-1, count)
    return SplitGap.of(events, _any(margins), half["model"].to_numpy(dtype=np.float64))


def _any(margins: Floats) -> Floats:
    """P(any of the periods) of their log-odds; periods count whole, which ranks alike."""
    return np.asarray(-np.expm1(-np.logaddexp(0.0, margins).sum(axis=1)), dtype=np.float64)
