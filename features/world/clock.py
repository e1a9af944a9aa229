"""Months and days of the synthetic world. A day is a float: days since 1970-01-01 UTC, its fraction the time of day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]
Strings = npt.NDArray[np.object_]

SECONDS_A_DAY = 86_400
TAIL_MONTHS = 3


@dataclass(frozen=True)
class Clock:
    """Simulated months 0, 1, …; the log covers `first` to `last` (excluded), then a tail that only the truth looks at."""

    end: np.datetime64
    first: int
    last: int

    @property
    def months(self) -> int:
        """Number of simulated months, burn-in and tail included."""
        return self.last + TAIL_MONTHS

    def month_day(self, month: Ints | int) -> Ints:
        """The day on which a month begins; months before the burn-in are negative."""
        return (self.end + (np.asarray(month) - self.last)).astype("datetime64[D]").astype(np.int64)

    @property
    def starts(self) -> Ints:
        """First days of all simulated months, and of the one after them."""
        return self.month_day(np.arange(self.months + 1))

    @property
    def start_day(self) -> int:
        """First day of the log."""
        return int(self.month_day(self.first))

    @property
    def end_day(self) -> int:
        """First day after the log."""
        return int(self.month_day(self.last))

    def month_of(self, day: Floats | Ints) -> Ints:
        """The simulated month a day lies in; -1 before the burn-in."""
        return (np.searchsorted(self.starts, day, side="right") - 1).astype(np.int64)


def clock(end: date, burn_in_months: int, months: int) -> Clock:
    """A clock for `months` months of log up to `end`."""
    if months < 1:
        raise ValueError(f"a world of {months} months is empty; give at least 1")
    return Clock(end=np.datetime64(end, "M"), first=burn_in_months, last=burn_in_months + months)


def times(day: Floats | Ints) -> Times:
    """Days as datetime64[us] in naive UTC, to the second; NaN becomes NaT."""
    seconds = np.asarray(day, dtype=np.float64) * SECONDS_A_DAY
    missing = ~np.isfinite(seconds)
    whole = np.where(missing, 0, np.round(seconds)).astype(np.int64)
    result: Times = (whole * 1_000_000).astype("datetime64[us]")
    result[missing] = np.datetime64("NaT")
    return result
