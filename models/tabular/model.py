"""A model of a table: anchor and boosters blended and calibrated, and what each column adds to a row's log-odds."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.blending import blended
from models.boosting import booster_of, contributions_of, margins_of
from models.calibration import Platt
from models.encoding import Feature, encoded
from models.errors import UnableToScore
from models.model import Kind
from models.periods import Float32s, Floats
from models.tabular.smooth import Smooth

if TYPE_CHECKING:
    from lightgbm import Booster

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class TableModel:
    """Frozen. `boosters` is empty and `anchor_share` 1 when the anchor serves alone. `fingerprint` holds JSON values only."""

    kind: Kind
    features: tuple[Feature, ...]
    levels: dict[str, tuple[str, ...]]
    anchor: Smooth
    boosters: tuple[str, ...]
    anchor_share: float
    calibration: Platt
    fingerprint: dict[str, Any]

    @cached_property
    def loaded(self) -> tuple["Booster", ...]:
        """The boosters, parsed once."""
        return tuple(booster_of(text) for text in self.boosters)

    def members(self, frame: pd.DataFrame, rounds: int | None = None) -> tuple[Floats, Floats]:
        """Uncalibrated log-odds of (anchor, boosters), both shaped (n,); the anchor's twice when it serves alone.

        Only the first `rounds` trees when given. `UnableToScore` when the frame lacks a column.
        """
        self._require(frame)
        steady = self.anchor.margins(frame)
        if self.kind == "anchor":
            return steady, steady
        parts = [margins_of(self.loaded, self._encoded(frame.iloc[some]), rounds) for some in _some(len(frame))]
        return steady, np.concatenate(parts) if parts else np.empty(0)

    def margins(self, frame: pd.DataFrame) -> Floats:
        """Calibrated log-odds, shape (n,)."""
        return self.calibration(blended(*self.members(frame), self.anchor_share))

    def probability(self, frame: pd.DataFrame) -> Floats:
        """P(churn), calibrated, shape (n,)."""
        from scipy.special import expit

        return np.asarray(expit(self.margins(frame)), dtype=np.float64)

    def pushes(self, frame: pd.DataFrame) -> tuple[Floats, Floats]:
        """(push, base): what each column adds to the calibrated log-odds, shape (n, columns), and the rest, shape (n,).

        base + Σ push = margin. The anchor's part is exact, the trees' is TreeSHAP (Lundberg et al. 2020).
        """
        self._require(frame)
        slope, share = self.calibration.slope, self.anchor_share
        push = slope * share * self.anchor.terms(frame)
        base = np.full(len(frame), slope * share * self.anchor.intercept + self.calibration.intercept)
        if self.kind == "blend":
            for some in _some(len(frame)):
                found = contributions_of(self.loaded, self._encoded(frame.iloc[some]))
                push[some] += slope * (1.0 - share) * found[:, :-1]
                base[some] += slope * (1.0 - share) * found[:, -1]
        return push, base

    def finished(self, anchor_share: float, calibration: Platt, fingerprint: dict[str, Any]) -> "TableModel":
        """The same model with what can only be known out of fold."""
        return replace(self, anchor_share=anchor_share, calibration=calibration, fingerprint=fingerprint)

    def _encoded(self, frame: pd.DataFrame) -> Float32s:
        return encoded(frame, np.arange(len(frame)), self.features, self.levels)

    def _require(self, frame: pd.DataFrame) -> None:
        absent = [feature.name for feature in self.features if feature.name not in frame]
        if absent:
            raise UnableToScore(
                f"the model reads {', '.join(absent[:5])} ({len(absent)} columns) which the table lacks; "
                "give a table with the columns the model was trained on, or train again"
            )


def _some(rows: int) -> list[slice]:
    return [slice(at, at + ROWS_AT_ONCE) for at in range(0, rows, ROWS_AT_ONCE)]
