"""What period and contract calendar alone say of leaving: the level that evidence moves up or down."""

from dataclasses import dataclass

import numpy as np

from models.logistic import ROWS_AT_ONCE, Design, bounded_logistic
from models.params import TrainingParams
from models.periods import PERIOD_FEATURES, Calendar, Floats, Ints, Periods
from models.row_sums import row_sums
from models.rows import HazardRows, Outcomes

CALENDAR_SHARE_OF_L2 = 0.1
RENEWAL_EDGES = (-30.0, -15.0, 0.0, 15.0, 30.0, 60.0, 90.0)  # days from the period's end to the renewal
SMALLEST = 1e-9  # a coefficient below is rounding


@dataclass(frozen=True)
class CalendarHazard:
    """Log-odds of leaving in a period: `intercept`, and one coefficient a column of `calendar_design`."""

    intercept: float
    coefficients: tuple[float, ...]

    @classmethod
    def learn(
        cls, rows: HazardRows, outcomes: Outcomes, calendar: Calendar, periods: Periods, params: TrainingParams
    ) -> "CalendarHazard":
        """The hazard of these rows without any evidence."""
        found = solved(calendar_blocks(calendar, periods, rows), rows, outcomes, [], params.anchor_l2)
        return cls(found[-1], tuple(found[:-1]))

    def margins(self, calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Floats:
        """Log-odds of (matrix row, period) pairs, shape (n,)."""
        found = np.empty(len(positions))
        for at in range(0, len(positions), ROWS_AT_ONCE):
            some = slice(at, at + ROWS_AT_ONCE)
            design = calendar_design(calendar, periods, positions[some], period[some])
            found[some] = self.intercept + row_sums(design * np.array(self.coefficients))
        return found

    def by_period(self, calendar: Calendar, periods: Periods, rows: int) -> Floats:
        """Log-odds of every one of the first `rows` matrix rows and every period, shape (rows, periods)."""
        everyone = np.arange(rows)
        return np.column_stack([self.margins(calendar, periods, everyone, np.full(rows, k)) for k in range(periods.count)])


def calendar_design(calendar: Calendar, periods: Periods, positions: Ints, period: Ints) -> Floats:
    """Period dummies (the first left out), where a longer term's renewal lies (RENEWAL_EDGES), and what the contract says."""
    starts, ends = np.array(periods.starts, dtype=float)[period], np.array(periods.ends, dtype=float)[period]
    named = dict(zip(PERIOD_FEATURES, calendar.features(positions, starts, ends).astype(np.float64).T, strict=True))
    known = np.nan_to_num(named["auto_renew"])
    covariates = (
        named["due"],
        named["monthly_term"],
        named["due"] * named["monthly_term"],
        named["renewal_in_period"],
        named["renewal_in_period"] * known,
        named["notice_in_period"],
        named["later_renewal"],
        known,
        np.isnan(named["auto_renew"]).astype(float),
        named["monthly_term"] * (period == 0),
    )
    dummies = [(period == k).astype(float) for k in range(1, periods.count)]
    place = np.digitize(named["days_from_period_end_to_renewal"], RENEWAL_EDGES)
    longer = named["monthly_term"] != 1
    near = [((place == bucket) & longer).astype(float) for bucket in range(len(RENEWAL_EDGES))]
    return np.column_stack([*dummies, *near, *covariates])


def calendar_blocks(calendar: Calendar, periods: Periods, rows: HazardRows, before: Floats | None = None) -> Design:
    """The calendar's columns of hazard rows, ones last; and, of shape (n,), a column `before` them."""
    first = np.empty((rows.count, 0)) if before is None else before[:, None]

    def made(some: slice) -> Floats:
        return with_ones(first[some], calendar_design(calendar, periods, rows.position[some], rows.period[some]))

    return Design(rows.count, made(slice(0, 0)).shape[1], made)


def with_ones(*columns: Floats) -> Floats:
    """The columns side by side, and ones last."""
    return np.hstack([*columns, np.ones((len(columns[-1]), 1))])


def solved(
    design: Design,
    rows: HazardRows,
    outcomes: Outcomes,
    penalty: list[float],
    calendar_l2: float,
    offset: Floats | None = None,
) -> list[float]:
    """Coefficients of evidence (one a penalty, never below 0), of the calendar, and the intercept last; ones end the design."""
    repeats = max(1.0, float(rows.event.sum()) / max(1, rows.churned_accounts(outcomes)))
    others = design.width - len(penalty) - 1
    l2 = repeats * np.array([*penalty, *[calendar_l2 * CALENDAR_SHARE_OF_L2] * others, 1e-6 / repeats])
    lower = np.array([0.0] * len(penalty) + [-np.inf] * (others + 1))
    found = bounded_logistic(design, rows.event.astype(float), rows.weight, l2, lower, offset)
    return [float(f"{value:.9g}") if abs(value) > SMALLEST else 0.0 for value in found]
