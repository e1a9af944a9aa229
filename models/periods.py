"""The periods a hazard speaks of, and what the contract calendar says about each of them ahead of time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.errors import UnableToTrain
from models.row_sums import row_sums

Floats = npt.NDArray[np.float64]
Float32s = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PERIOD_FEATURES = (
    "period_mid_days",
    "due",
    "days_from_period_end_to_renewal",
    "renewal_in_period",
    "notice_in_period",
    "later_renewal",
    "monthly_term",
    "auto_renew",
    "term_days",
)
FAR_DAYS = 400.0


@dataclass(frozen=True)
class Periods:
    """Rising ends in days after as_of; period k covers `[as_of + start(k), as_of + end(k))`."""

    ends: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse ends that do not rise from above 0."""
        if not self.ends or any(b <= a for a, b in zip((0, *self.ends), self.ends, strict=False)):
            raise UnableToTrain(f"label.periods {list(self.ends)} must be days that rise from above 0, for example [30, 60, 90]")

    @property
    def count(self) -> int:
        """How many periods there are."""
        return len(self.ends)

    @property
    def starts(self) -> tuple[int, ...]:
        """First day of each period after as_of."""
        return (0, *self.ends[:-1])

    @property
    def last_day(self) -> int:
        """The day after as_of behind which nothing is said."""
        return self.ends[-1]

    def within(self, horizon_days: int) -> int:
        """How many periods begin before the horizon (at least one)."""
        return max(1, sum(start < horizon_days for start in self.starts))

    def parts(self, horizon_days: int) -> Floats:
        """Which part of each period lies before the horizon: 0 to 1, shape (count,)."""
        starts, ends = np.array(self.starts, dtype=float), np.array(self.ends, dtype=float)
        return np.asarray(np.clip((horizon_days - starts) / (ends - starts), 0.0, 1.0), dtype=np.float64)

    def probability(self, hazards: Floats, horizon_days: int) -> Floats:
        """P(churn before the horizon) of hazards shaped (n, count); NaN when the horizon lies past the last period."""
        if horizon_days > self.last_day:
            return np.full(len(hazards), np.nan)
        stays = row_sums(np.log1p(-np.minimum(hazards, 1 - 1e-12)) * self.parts(horizon_days))
        return np.asarray(-np.expm1(stays), dtype=np.float64)

    def incidence(self, hazards: Floats, leaves: Floats, horizon_days: int) -> Floats:
        """P(it happens before the horizon and the account has neither left nor known it before), of hazards shaped (n, count).

        `hazards`: of an outcome, given that the account does not leave in the period; `leaves`: of leaving. NaN when the
        horizon lies past the last period. The cumulative incidence of competing risks, period by period.
        """
        if horizon_days > self.last_day:
            return np.full(len(hazards), np.nan)
        parts = self.parts(horizon_days)
        happens, stays = (1 - (1 - np.minimum(each, 1 - 1e-12)) ** parts for each in (hazards, leaves))
        stays = 1 - stays
        still = np.cumprod(stays * (1 - happens), axis=1)
        before = np.column_stack([np.ones(len(hazards)), still[:, :-1]])
        return row_sums(before * stays * happens)


@dataclass(frozen=True)
class Calendar:
    """What is known ahead of each matrix row's contract; NaN = not known. One entry a matrix row, days from as_of."""

    days_to_renewal: Floats
    term_days: Floats
    monthly_term: Floats
    auto_renew: Floats
    notice_days: Floats
    grace_days: int

    @classmethod
    def of(cls, matrix: pd.DataFrame, grace_days: int) -> "Calendar":
        """The calendar columns of a matrix; a column that is not there is not known."""

        def column(name: str) -> Floats:
            if name not in matrix:
                return np.full(len(matrix), np.nan)
            return matrix[name].to_numpy(dtype=np.float64, na_value=np.nan)

        term_days = column("term_days")
        return cls(
            days_to_renewal=column("days_to_renewal"),
            term_days=np.where(term_days > 0, term_days, np.nan),
            monthly_term=np.nan_to_num(column("monthly_term")),
            auto_renew=column("auto_renew"),
            notice_days=np.nan_to_num(column("notice_days")),
            grace_days=grace_days,
        )

    def due(self, positions: Ints, start_days: int | Floats, end_days: int | Floats) -> Bools:
        """Whether a decision may fall in the period: the account may leave any month, its renewal date is not known, or the
        window from notice to the end of grace around a term's end touches the period.
        """
        renewal, _ = self._next_renewal(positions, start_days)
        opens = renewal - self.notice_days[positions]
        return np.asarray((self.monthly_term[positions] == 1) | np.isnan(renewal) | (opens < end_days), dtype=np.bool_)

    def due_in(self, positions: Ints, periods: Periods) -> Bools:
        """`due` in every period, shape (n, count)."""
        return np.column_stack([self.due(positions, start, end) for start, end in zip(periods.starts, periods.ends, strict=True)])

    def within(self, horizon_days: int) -> Bools:
        """Whether a decision is due before the horizon, one entry a matrix row."""
        return self.due(np.arange(len(self.days_to_renewal)), 0, horizon_days)

    def features(self, positions: Ints, start_days: Floats, end_days: Floats) -> Float32s:
        """PERIOD_FEATURES of (matrix row, period) pairs, shape (n, 9)."""
        renewal, number = self._next_renewal(positions, start_days)
        exact, _ = self._next(self.days_to_renewal[positions], self.term_days[positions], start_days)
        notice, _ = self._next(
            self.days_to_renewal[positions] - self.notice_days[positions], self.term_days[positions], start_days
        )
        columns = (
            (start_days + end_days) / 2,
            self.due(positions, start_days, end_days),
            np.clip(renewal - end_days, -FAR_DAYS, FAR_DAYS),
            (exact >= start_days) & (exact < end_days),
            (notice >= start_days) & (notice < end_days),
            number >= 1,
            self.monthly_term[positions],
            self.auto_renew[positions],
            self.term_days[positions],
        )
        table = np.empty((len(positions), len(PERIOD_FEATURES)), dtype=np.float32)
        for index, values in enumerate(columns):
            table[:, index] = values
        return table

    def _next_renewal(self, positions: Ints, start_days: int | Floats) -> tuple[Floats, Floats]:
        """The first term's end whose grace is not over when the period starts, and how many terms come before it."""
        first = self.days_to_renewal[positions]
        day, number = self._next(first + self.grace_days, self.term_days[positions], start_days)
        return day - self.grace_days, number

    @staticmethod
    def _next(first: Floats, every: Floats, from_day: int | Floats) -> tuple[Floats, Floats]:
        """The first of `first, first + every, …` at or after `from_day`, and its number; infinite when none is known."""
        number = np.nan_to_num(np.maximum(np.ceil((from_day - first) / every), 0.0))
        day = first + number * np.nan_to_num(every)
        return np.where(day < from_day, np.inf, day), number
