"""A model: hazards by period from signals at as_of, calibrated. Text and JSON only; loading runs no code of the folder."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.anchor import Anchor
from models.blending import blended
from models.boosting import booster_of, margins_of
from models.calendar_hazard import CalendarHazard
from models.calibration import Platt
from models.distance import Reach, faded
from models.encoding import Feature, encoded, require
from models.periods import PERIOD_FEATURES, Calendar, Float32s, Floats, Ints, Periods
from models.reasons import ReasonHead
from models.tree_pushes import PushTables
from models.tree_tables import TreeTables

if TYPE_CHECKING:
    from lightgbm import Booster

    from models.contraction import Contraction

Kind = Literal["anchor", "blend"]
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Model:
    """Frozen. `boosters` is empty when the anchor serves alone; `push_scale` is the usual size of a family's push.

    `level`: what the calendar alone says, from where the boosters start.
    `anchor_share` is the anchor's weight in the score, 1 when it serves alone. `reach`: by which factor what the score adds to
    the calendar counts in each period, as seen out of time. `fingerprint` says what it was trained on: JSON values only.
    `reasons` shifts which driver is named first; None: the reasons that leavers gave were too few, or no help.
    `telling`: by family the chance that what is seen of it goes with leaving (`models.telling`).
    `contraction`: the second outcome, learned beside it; None where too few accounts ever renewed for less.
    """

    kind: Kind
    features: tuple[Feature, ...]
    levels: dict[str, tuple[str, ...]]
    periods: Periods
    grace_days: int
    anchor: Anchor
    level: CalendarHazard
    boosters: tuple[str, ...]
    anchor_share: float
    reach: Reach
    calibration: Platt
    push_scale: float
    fingerprint: dict[str, Any]
    telling: tuple[float, ...]
    reasons: ReasonHead | None = None
    contraction: "Contraction | None" = None

    @property
    def signal_names(self) -> tuple[str, ...]:
        """The columns of the matrix the model reads besides the contract calendar."""
        return tuple(feature.name for feature in self.features)

    @cached_property
    def loaded(self) -> tuple["Booster", ...]:
        """The boosters, parsed once."""
        return tuple(booster_of(text) for text in self.boosters)

    def margins(self, matrix: pd.DataFrame) -> Floats:
        """Calibrated hazard log-odds, shape (rows, periods)."""
        return self.calibration(self.scores(matrix))

    def hazards(self, matrix: pd.DataFrame) -> Floats:
        """P(churn in the period, given that it is reached), calibrated, shape (rows, periods)."""
        from scipy.special import expit

        return np.asarray(expit(self.margins(matrix)), dtype=np.float64)

    def churn_probability(self, matrix: pd.DataFrame, horizon_days: int) -> Floats:
        """P(churn within the horizon), shape (rows,); rises with the horizon; NaN past the last period."""
        return self.periods.probability(self.hazards(matrix), horizon_days)

    def scores(self, matrix: pd.DataFrame) -> Floats:
        """Hazard log-odds before calibration, shape (rows, periods): the weighted logit average of anchor and boosters, faded."""
        require(matrix, self.features)
        parts = [self._scores(matrix.iloc[at : at + ROWS_AT_ONCE]) for at in range(0, len(matrix), ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty((0, self.periods.count))

    @cached_property
    def tables(self) -> TreeTables | None:
        """The boosters as tables; None when their trees are too large for it."""
        return TreeTables.of(self.loaded)

    @cached_property
    def family_pushes(self) -> PushTables | None:
        """What each family adds to the boosters' log-odds, in FAMILIES order, and last the calendar; None as for `tables`."""
        if self.tables is None:
            return None
        families = [FAMILIES.index(feature.family) for feature in self.features]
        return PushTables.of(self.tables, [*families, *[len(FAMILIES)] * len(PERIOD_FEATURES)])

    def boosted(self, matrix: pd.DataFrame, calendar: Calendar) -> Floats:
        """By how much the boosters move the level of every matrix row and period, shape (rows, periods)."""
        everyone = np.arange(len(matrix))
        still = encoded(matrix, everyone, self.features, self.levels)
        periods = [np.full(len(matrix), k) for k in range(self.periods.count)]
        moving = [period_columns(calendar, self.periods, everyone, each) for each in periods]
        return self.moved(still, np.stack(moving)).T

    def moved(self, still: Float32s, moving: Float32s, rounds: int | None = None) -> Floats:
        """By how much the boosters move the level, shape (k, n), to the bit what LightGBM says.

        `still`: the encoded signals, (n, columns); `moving`: PERIOD_FEATURES, (k, n, 9).
        """
        if self.tables is not None:
            return self.tables.margins(still, moving, rounds)
        return np.stack([margins_of(self.loaded, np.hstack([still, each]), rounds) for each in moving])

    def table(self, matrix: pd.DataFrame, calendar: Calendar, period: Ints) -> Float32s:
        """What the boosters read for one period a matrix row."""
        everyone = np.arange(len(matrix))
        table = encoded(matrix, everyone, self.features, self.levels, spare=len(PERIOD_FEATURES))
        fill_period(table, calendar, self.periods, everyone, period)
        return table

    def level_margins(self, calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> tuple[Floats, Floats]:
        """What the calendar alone says in the anchor and in the boosters, log-odds of (matrix row, period) pairs.

        The anchor's twice when it serves alone.
        """
        mine = self.anchor.level.margins(calendar, periods, positions, period)
        return mine, mine if self.kind == "anchor" else self.level.margins(calendar, periods, positions, period)

    def level_of_score(self, calendar: Calendar, positions: Ints, period: Ints) -> Floats:
        """What the calendar alone says in the score."""
        return blended(*self.level_margins(calendar, self.periods, positions, period), self.anchor_share)

    def calibrated(self, calibration: Platt, push_scale: float, fingerprint: dict[str, Any]) -> "Model":
        """The same model with what can only be known after fitting."""
        return replace(self, calibration=calibration, push_scale=push_scale, fingerprint=fingerprint)

    def to_dir(self, folder: Path) -> tuple[Path, ...]:
        """Write `model.json`, one text a booster, and `contraction`; returns the files. The same model gives the same bytes."""
        from models.storage import to_dir

        return to_dir(self, folder)

    @staticmethod
    def from_dir(folder: Path) -> "Model":
        """Read what `to_dir` wrote; `UnableToScore` says what is wrong with the folder."""
        from models.storage import from_dir

        return from_dir(folder)

    def _scores(self, matrix: pd.DataFrame) -> Floats:
        calendar = Calendar.of(matrix, self.grace_days)
        level = self.anchor.level.by_period(calendar, self.periods, len(matrix))
        score = self.anchor.moved(matrix) + level
        if self.kind == "blend":
            of_boosters = self.level.by_period(calendar, self.periods, len(matrix))
            score = blended(score, of_boosters + self.boosted(matrix, calendar), self.anchor_share)
            level = blended(level, of_boosters, self.anchor_share)
        return faded(score, level, np.array(self.reach))


def fill_period(table: Float32s, calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> None:
    """Write the period's calendar into the last columns of an encoded table."""
    table[:, -len(PERIOD_FEATURES) :] = period_columns(calendar, periods, positions, period)


def period_columns(calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Float32s:
    """PERIOD_FEATURES of (matrix row, period) pairs, shape (n, 9)."""
    starts, ends = np.array(periods.starts, dtype=float)[period], np.array(periods.ends, dtype=float)[period]
    return calendar.features(positions, starts, ends)
