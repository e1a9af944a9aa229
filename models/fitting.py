"""One fit: rows in, an uncalibrated model out. Training, replays and benchmarks all come through here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import Signal
from models.anchor import fit_anchor
from models.boosting import Examples, fit_boosters, fit_until_it_stops
from models.calendar_hazard import CalendarHazard
from models.calibration import Platt
from models.distance import whole_reach
from models.encoding import Feature, encoded, features_of, levels_of
from models.errors import UnableToTrain
from models.model import Kind, Model, fill_period, period_columns
from models.params import RowsParams, TrainingParams
from models.periods import PERIOD_FEATURES, Calendar, Floats, Ints, Periods
from models.rows import NEVER, HazardRows, Outcomes, hazard_rows
from models.telling import telling

ALWAYS = int(np.iinfo(np.int64).min)
ROWS_AT_ONCE = 100_000
UNCALIBRATED = Platt(1.0, 0.0, 0, "not calibrated yet")
PERIOD_COLUMNS = tuple(Feature(name, "commercial", 0, category=False, unit="number") for name in PERIOD_FEATURES)


@dataclass(frozen=True)
class Material:
    """Everything training looks at, read once: the matrix and, entry by entry beside it, outcomes, reasons, contract calendar."""

    matrix: pd.DataFrame
    outcomes: Outcomes
    calendar: Calendar
    periods: Periods
    features: tuple[Feature, ...]
    reason: pd.Series

    @classmethod
    def of(
        cls,
        matrix: pd.DataFrame,
        follow_up: pd.DataFrame,
        catalogue: tuple[Signal, ...],
        *,
        periods: tuple[int, ...],
        grace_days: int,
    ) -> "Material":
        """Check and read; `UnableToTrain` for an empty matrix, a follow-up of other rows, or a signal without column."""
        if matrix.empty:
            raise UnableToTrain("the matrix has no rows: no account was alive at any as_of before the given date")
        return cls(
            matrix=matrix,
            outcomes=Outcomes.of(matrix, follow_up),
            calendar=Calendar.of(matrix, grace_days),
            periods=Periods(periods),
            features=features_of(matrix, catalogue),
            reason=follow_up["reason"] if "reason" in follow_up else pd.Series([None] * len(matrix), dtype=object),
        )

    def rows(self, params: RowsParams, *, before: int, cut: int, since: int = ALWAYS) -> HazardRows:
        """Hazard rows of as_of in `[since, before)`, outcomes known before `cut`."""
        return hazard_rows(self.outcomes, self.calendar, self.periods, since=since, before=before, cut=cut, params=params)

    @property
    def columns(self) -> tuple[Feature, ...]:
        """What the boosters read: the signals, then the calendar of the period."""
        return (*self.features, *PERIOD_COLUMNS)

    def examples(self, rows: HazardRows, levels: dict[str, tuple[str, ...]], level: CalendarHazard) -> Examples:
        """What the boosters learn from, one row a hazard row: what moves an account away from the level of its calendar."""
        table = encoded(self.matrix, rows.position, self.features, levels, spare=len(PERIOD_FEATURES))
        fill_period(table, self.calendar, self.periods, rows.position, rows.period)
        start = level.margins(self.calendar, self.periods, rows.position, rows.period)
        return Examples(table, rows.event, rows.weight, start)


def kind_for(churned_accounts: int, params: TrainingParams) -> Kind:
    """The anchor alone below `anchor_only_below_churned` churned accounts."""
    return "anchor" if churned_accounts < params.anchor_only_below_churned else "blend"


def anchor_alone(params: TrainingParams) -> TrainingParams:
    """The same settings for an anchor that serves alone, however many churn."""
    return params.model_copy(update={"anchor_only_below_churned": NEVER})


def check_learnable(rows: HazardRows, outcomes: Outcomes, params: TrainingParams) -> int:
    """How many accounts churned in the rows; `UnableToTrain` when they are too few or nobody stayed."""
    churned = rows.churned_accounts(outcomes)
    if rows.count == 0:
        raise UnableToTrain("no outcome is known yet: no period of any account is over; wait or move --until forward")
    if churned < params.min_churned:
        raise UnableToTrain(
            f"{churned} accounts churned in the training window, at least {params.min_churned} are needed "
            "(training.min_churned); give a longer history"
        )
    if bool(rows.event.all()):
        raise UnableToTrain("every training row is a churn: accounts that stayed are missing from the data")
    return churned


def fit(
    material: Material, rows: HazardRows, params: TrainingParams, *, kind: Kind, share: float, rounds: int, seeds: int
) -> Model:
    """An anchor of this share of the score, and for a blend `seeds` boosters of `rounds` trees beside it."""
    rows = rows.faded(material.outcomes, params.half_life_months)
    levels, level = _levels(material, rows, params), _level(material, rows, params)
    boosters: tuple[str, ...] = ()
    if kind == "blend":
        boosters = fit_boosters(material.examples(rows, levels, level), material.columns, params, rounds=rounds, seeds=seeds)
    return _model(material, rows, params, kind, share, levels, level, boosters)


def fit_until(
    material: Material, rows: HazardRows, later: HazardRows, params: TrainingParams, *, share: float, least: int = 1
) -> tuple[Model, int]:
    """A blend of one booster trained until the later rows' log-loss stops falling, and the best number of trees.

    The first `least` of its trees are there whatever the later rows say.
    """
    rows = rows.faded(material.outcomes, params.half_life_months)
    levels, level = _levels(material, rows, params), _level(material, rows, params)
    learn, check = (material.examples(each, levels, level) for each in (rows, later))
    text, best = fit_until_it_stops(learn, check, material.columns, params, least=least)
    return _model(material, rows, params, "blend", share, levels, level, (text,)), best


def pair_scores(
    model: Model, material: Material, positions: Ints, period: Ints, rounds: int | None = None
) -> tuple[Floats, Floats]:
    """Uncalibrated log-odds of (matrix row, period) pairs: (anchor, boosters). The anchor's twice when it serves alone."""
    unique, inverse = np.unique(positions, return_inverse=True)
    steady = model.anchor.family_terms(material.matrix, unique).sum(axis=1)[inverse]
    steady = steady * np.array(model.anchor.reach)[period] + model.anchor.level.margins(
        material.calendar, material.periods, positions, period
    )
    if model.kind == "anchor":
        return steady, steady
    parts = []
    for at in range(0, len(positions), ROWS_AT_ONCE):
        some = positions[at : at + ROWS_AT_ONCE]
        still = encoded(material.matrix.iloc[some], np.arange(len(some)), material.features, model.levels)
        moving = period_columns(material.calendar, material.periods, some, period[at : at + ROWS_AT_ONCE])
        parts.append(model.moved(still, moving[None], rounds)[0])
    moved = np.concatenate(parts) if parts else np.empty(0)
    return steady, moved + model.level.margins(material.calendar, material.periods, positions, period)


def _levels(material: Material, rows: HazardRows, params: TrainingParams) -> dict[str, tuple[str, ...]]:
    return levels_of(material.matrix, np.unique(rows.position), material.features, params.category_levels)


def _level(material: Material, rows: HazardRows, params: TrainingParams) -> CalendarHazard:
    return CalendarHazard.learn(rows, material.outcomes, material.calendar, material.periods, params)


def _model(
    material: Material,
    rows: HazardRows,
    params: TrainingParams,
    kind: Kind,
    share: float,
    levels: dict[str, tuple[str, ...]],
    level: CalendarHazard,
    boosters: tuple[str, ...],
) -> Model:
    matrix, outcomes, calendar, periods = material.matrix, material.outcomes, material.calendar, material.periods
    anchor = fit_anchor(matrix, material.features, rows, outcomes, calendar, periods, params)
    return Model(
        kind=kind,
        features=material.features,
        levels=levels,
        periods=periods,
        grace_days=calendar.grace_days,
        anchor=anchor,
        level=level,
        boosters=boosters,
        anchor_share=share,
        reach=whole_reach(material.periods),
        calibration=UNCALIBRATED,
        push_scale=1.0,
        fingerprint={},
        telling=telling(anchor.indices, matrix, rows, outcomes, level, calendar, periods, needed=params.telling_min_churned),
    )
