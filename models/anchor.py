"""The anchor: a ridge logistic hazard on signed family indices and their signals. Riskier evidence never lowers it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.calendar_hazard import CalendarHazard, calendar_blocks, solved
from models.distance import fading, reach_of
from models.encoding import Feature
from models.indices import Indices
from models.logistic import Design
from models.params import TrainingParams
from models.periods import Calendar, Floats, Ints, Periods
from models.row_sums import row_sums
from models.rows import HazardRows, Outcomes


@dataclass(frozen=True)
class Anchor:
    """Coefficients on the evidence of `indices` (never below 0), and the level they move: what the calendar says beside them.

    `reach`: by which factor evidence counts in each period; it falls with the distance, never below 0.
    """

    indices: Indices
    level: CalendarHazard
    evidence: tuple[float, ...]
    reach: tuple[float, ...]

    def moved(self, matrix: pd.DataFrame) -> Floats:
        """By how much evidence moves the level of every matrix row and period, shape (n, periods)."""
        return np.asarray(row_sums(self.family_terms(matrix))[:, None] * np.array(self.reach), dtype=np.float64)

    def family_terms(self, matrix: pd.DataFrame, positions: Ints | None = None) -> Floats:
        """What each family adds to the log-odds before `reach`, shape (n, 11)."""
        parts = self.indices.evidence(matrix, positions) * np.array(self.evidence)
        families = self.indices.families
        return np.column_stack([row_sums(parts[:, families == number]) for number in range(len(FAMILIES))])


def fit_anchor(
    matrix: pd.DataFrame,
    features: tuple[Feature, ...],
    rows: HazardRows,
    outcomes: Outcomes,
    calendar: Calendar,
    periods: Periods,
    params: TrainingParams,
) -> Anchor:
    """Fit on the rows; the penalty grows with how many rows one churned account fills, so that repeats are no evidence.

    A family counts by its index, on both sides, with a light penalty; a signal's risky side by itself with a heavier one.
    """
    indices = Indices.learn(matrix, rows.position, features, params.z_clip)
    by_calendar = calendar_blocks(calendar, periods, rows)

    def made(some: slice) -> Floats:
        block = indices.evidence(matrix.iloc[rows.position[some]], spare=by_calendar.width)
        block[:, -by_calendar.width :] = by_calendar.make(some)
        return block

    count = len(indices.families)
    design = Design(rows.count, count + by_calendar.width, made)
    penalty = [params.anchor_l2] * len(FAMILIES) + [params.anchor_signal_l2] * (count - len(FAMILIES))
    solution = solved(design, rows, outcomes, penalty, params.anchor_l2)
    pushed = np.concatenate([block[:, :count] @ np.array(solution[:count]) for _, block in design])
    reach, rest = _reach(pushed, calendar, rows, outcomes, periods, params)
    return Anchor(indices, CalendarHazard(rest[-1], tuple(rest[:-1])), tuple(solution[:count]), reach)


def _reach(
    pushed: Floats, calendar: Calendar, rows: HazardRows, outcomes: Outcomes, periods: Periods, params: TrainingParams
) -> tuple[tuple[float, ...], list[float]]:
    """How much evidence counts in each period (1 on average over the churns), and the calendar learned again beside it."""
    fade = fading(periods, params.near_days)
    usual = float(fade[rows.period[rows.event]].mean())
    design = calendar_blocks(calendar, periods, rows, before=pushed * (fade - usual)[rows.period])
    solution = solved(design, rows, outcomes, [params.anchor_l2], params.anchor_l2, offset=pushed)
    return reach_of(solution[0], fade, usual), solution[1:]
