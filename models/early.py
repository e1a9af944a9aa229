"""Leaving early, in the middle of a term: the part of churn that comes in periods in which no decision is due."""

import numpy as np
import pandas as pd

from models.evaluation import evaluated
from models.fitting import Material
from models.params import DecisionParams, EvaluationParams
from models.periods import Bools, Calendar, Floats, Ints, Periods
from models.rows import DAY
from models.second_outcomes import Measured

EARLY, BY_MODEL, BY_CALENDAR = "early", "early_model", "early_calendar"


def early_probability(periods: Periods, calendar: Calendar, hazards: Floats, horizon_days: int) -> Floats:
    """P(leaves before the horizon in a period in which no decision is due), of churn hazards shaped (matrix rows, count).

    0 for an account that may leave any month: its every period is a decision. NaN past the last period.
    """
    return _incidence(periods, calendar.due_in(np.arange(len(hazards)), periods), hazards, horizon_days)


def early_columns(
    material: Material, positions: Ints, churned: Bools, hazards: dict[str, Floats], horizon_days: int
) -> dict[str, Floats | Bools]:
    """Of matrix rows, entry by entry: whether each left early, and what the hazards of `model` and `calendar` said of it."""
    outcomes, periods = material.outcomes, material.periods
    day = (outcomes.churned[positions] - outcomes.as_of[positions]) / DAY
    number = np.clip(np.searchsorted(np.array(periods.ends), day, side="right"), 0, periods.count - 1)
    due = material.calendar.due_in(positions, periods)
    found: dict[str, Floats | Bools] = {EARLY: churned & ~due[np.arange(len(positions)), number]}
    for name, column in (("model", BY_MODEL), ("calendar", BY_CALENDAR)):
        found[column] = _incidence(periods, due, hazards[name], horizon_days)
    return found


def _incidence(periods: Periods, due: Bools, hazards: Floats, horizon_days: int) -> Floats:
    """P(leaving where no decision is due); leaving where one is competes with it."""
    return periods.incidence(np.where(due, 0.0, hazards), np.where(due, hazards, 0.0), horizon_days)


def early_measured(
    predictions: pd.DataFrame, origins: pd.DataFrame, *, horizon_days: int, decision: DecisionParams, params: EvaluationParams
) -> Measured | None:
    """How right the model was about leaving early, at the rolling origins; None where nobody was tested."""
    if predictions.empty:
        return None
    asked = predictions.loc[predictions[BY_CALENDAR] > 0]
    if asked.empty:
        return None
    keys = ["account_id", "as_of", "origin", "due", "arr", "leaves_in_days"]
    table = asked[keys].assign(
        churned=asked[EARLY].astype(bool),
        model=asked[BY_MODEL],
        calendar=asked[BY_CALENDAR],
    )
    found = evaluated(
        table.reset_index(drop=True),
        origins,
        horizon_days=horizon_days,
        capacity_share=decision.capacity_share,
        params=params,
        sliced=False,
    )
    return Measured.of(found, "model")
