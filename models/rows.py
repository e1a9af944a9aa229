"""Hazard rows: one row for each (account, as_of, period) whose outcome was known before the cut.

A row is an event when the account churned in the period, and none when it is known to have stayed to the period's end;
anything else is censored and makes no row. Rows are positions in the matrix, never copies of it.
"""

from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.errors import UnableToTrain
from models.params import RowsParams
from models.periods import Bools, Calendar, Floats, Ints, Periods

DAY = 86_400_000_000
DAYS_A_MONTH = 365.25 / 12
KEY = ["account_id", "as_of"]
NEVER = np.iinfo(np.int64).max
Hashes = npt.NDArray[np.uint64]


def positions_of(matrix: pd.DataFrame, table: pd.DataFrame) -> Ints:
    """Which matrix row each row of a table with account_id and as_of is of; -1 for one that is not there."""
    place = pd.MultiIndex.from_frame(matrix[KEY])
    return np.asarray(place.get_indexer(pd.MultiIndex.from_frame(table[KEY])), dtype=np.int64)


@dataclass(frozen=True)
class Outcomes:
    """The follow-up of each matrix row, in microseconds since 1970; NEVER where nothing happened."""

    account: Ints
    as_of: Ints
    churned: Ints
    known: Ints
    followed: Ints
    account_hash: Hashes

    @classmethod
    def of(cls, matrix: pd.DataFrame, follow_up: pd.DataFrame) -> "Outcomes":
        """Read both tables; they must have the same rows in the same order."""
        same = len(matrix) == len(follow_up) and (
            np.array_equal(matrix["account_id"].to_numpy(), follow_up["account_id"].to_numpy())
            and np.array_equal(_micros(matrix["as_of"]), _micros(follow_up["as_of"]))
        )
        if not same:
            raise UnableToTrain(
                f"the follow-up ({len(follow_up)} rows) is not row for row that of the matrix ({len(matrix)} rows); "
                "make both from the same snapshots"
            )
        codes, accounts = pd.factorize(matrix["account_id"])
        hashes = np.array([_text_hash(str(account)) for account in accounts], dtype=np.uint64)
        return cls(
            account=codes.astype(np.int64),
            as_of=_micros(matrix["as_of"]),
            churned=_micros(follow_up["churned_at"]),
            known=_micros(follow_up["outcome_known_at"]),
            followed=np.where(follow_up["followed_until"].isna(), 0, _micros(follow_up["followed_until"])),
            account_hash=hashes[codes] if len(accounts) else np.empty(0, dtype=np.uint64),
        )

    def within(self, start_days: int, end_days: int, cut: int) -> tuple[Bools, Bools]:
        """(event, stayed) of every matrix row in `[as_of + start, as_of + end)`, as known before the cut (microseconds)."""
        return self.between(np.arange(len(self.as_of)), start_days, end_days, cut)

    def between(self, rows: Ints, start_days: Ints | int, end_days: Ints | int, cut: int) -> tuple[Bools, Bools]:
        """The same of these matrix rows, each in days of its own."""
        starts, ends = (self.as_of[rows] + days * DAY for days in (start_days, end_days))
        churned, over = self.churned[rows], ends <= cut
        event = over & (churned >= starts) & (churned < ends) & (self.known[rows] < cut)
        stayed = over & (churned >= ends) & ((self.followed[rows] >= ends) | (churned < NEVER))
        return event, stayed


@dataclass(frozen=True)
class HazardRows:
    """Rows as columns of equal length: matrix position, period index, event, weight."""

    position: Ints
    period: Ints
    event: Bools
    weight: Floats

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.position)

    def churned_accounts(self, outcomes: Outcomes) -> int:
        """Accounts with at least one event."""
        return len(np.unique(outcomes.account[self.position[self.event]]))

    def faded(self, outcomes: Outcomes, half_life_months: float | None) -> "HazardRows":
        """The same rows, each with half the weight for every so many months that it is older than the newest; None: as they are.

        The weights sum to what they did.
        """
        if half_life_months is None or not self.count:
            return self
        as_of = outcomes.as_of[self.position]
        months = (as_of.max() - as_of) / (DAY * DAYS_A_MONTH)
        weight = self.weight * 0.5 ** (months / half_life_months)
        return replace(self, weight=weight * (self.weight.sum() / weight.sum()))

    def days(self, periods: Periods) -> tuple[Floats, Floats]:
        """(start, end) of each row's period, in days after as_of."""
        return np.array(periods.starts, dtype=float)[self.period], np.array(periods.ends, dtype=float)[self.period]


def hazard_rows(
    outcomes: Outcomes, calendar: Calendar, periods: Periods, *, since: int, before: int, cut: int, params: RowsParams
) -> HazardRows:
    """The rows of as_of in `[since, before)` whose period ended and whose outcome was known before `cut` (microseconds).

    Every event is kept. Of the others, periods without a decision due are kept at `not_due_share`; when more than
    `max_rows` are left, due and not due shrink alike. Within each (as_of, period) the weights of what was kept sum to the
    count of what there was.
    """
    wanted = (outcomes.as_of >= since) & (outcomes.as_of < before)
    found = [_of_period(outcomes, calendar, periods, k, wanted, cut) for k in range(periods.count)]
    events = sum(len(event) for event, _, _ in found)
    due, rest = sum(len(d) for _, d, _ in found), sum(len(r) for _, _, r in found)
    room = max(params.max_rows - events, 1) / max(due + params.not_due_share * rest, 1)
    shrink = min(room, 1.0)
    parts: list[tuple[Ints, int, bool, Floats]] = []
    for k, (event, due_rows, not_due) in enumerate(found):
        parts.append((event, k, True, np.ones(len(event))))
        for rows, share in ((due_rows, shrink), (not_due, shrink * params.not_due_share)):
            kept, weight = _sampled(outcomes, rows, k, share, params.seed)
            parts.append((kept, k, False, weight))
    position = np.concatenate([rows for rows, _, _, _ in parts])
    period = np.concatenate([np.full(len(rows), k) for rows, k, _, _ in parts])
    event_flag = np.concatenate([np.full(len(rows), flag) for rows, _, flag, _ in parts])
    weight = np.concatenate([weight for _, _, _, weight in parts])
    order = np.lexsort((period, position))
    return HazardRows(position[order], period[order], event_flag[order], weight[order])


def _of_period(
    outcomes: Outcomes, calendar: Calendar, periods: Periods, k: int, wanted: Bools, cut: int
) -> tuple[Ints, Ints, Ints]:
    """Positions of (events, due and stayed, not due and stayed) in period k."""
    start, end = periods.starts[k], periods.ends[k]
    event, stayed = outcomes.within(start, end, cut)
    positions = np.flatnonzero(stayed & wanted)
    due = calendar.due(positions, start, end)
    return np.flatnonzero(event & wanted), positions[due], positions[~due]


def _sampled(outcomes: Outcomes, positions: Ints, k: int, share: float, seed: int) -> tuple[Ints, Floats]:
    """Of each as_of the `share` (rounded up) with the lowest hash, each weighted by the count it stands for."""
    if share >= 1.0 or len(positions) == 0:
        return positions, np.ones(len(positions))
    as_of = outcomes.as_of[positions]
    order = np.lexsort((_mixed(outcomes, positions, k, seed), as_of))
    _, first, count = np.unique(as_of[order], return_index=True, return_counts=True)
    rank = np.arange(len(positions)) - np.repeat(first, count)
    keep = np.maximum(np.ceil(count * share - 1e-9), 1.0)
    chosen = rank < np.repeat(keep, count)
    return positions[order][chosen], np.repeat(count / keep, count)[chosen]


def _mixed(outcomes: Outcomes, positions: Ints, k: int, seed: int) -> Hashes:
    """A hash of (account, as_of, period, seed): the same on every machine."""
    salt = _text_hash(f"{k}:{seed}")
    with np.errstate(over="ignore"):
        days = (outcomes.as_of[positions] // DAY).astype(np.uint64)
        value = outcomes.account_hash[positions] ^ (days * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(salt)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(value ^ (value >> np.uint64(31)), dtype=np.uint64)


def _text_hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _micros(column: pd.Series) -> Ints:
    values = pd.to_datetime(column).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(values), NEVER, values.astype(np.int64))
