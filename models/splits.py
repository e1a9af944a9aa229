"""Rolling origins, forward in time with the labels purged, and folds that keep a group together."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd

from models.periods import Bools, Ints
from models.rows import DAY, Outcomes


@dataclass(frozen=True)
class Origin:
    """One replay: learn what was known before `cut`, then look at the snapshots in `[cut, until)`. Microseconds since 1970.

    `snapshots` are as_of far enough apart that their outcome windows do not overlap, and matured before the end of history.
    """

    cut: int
    until: int
    snapshots: tuple[int, ...]

    @property
    def date(self) -> str:
        """The cut as a date."""
        return str(pd.Timestamp(self.cut, unit="us").date())


def rolling_origins(as_of: Ints, *, until: int, horizon_days: int, step_days: int, count: int) -> tuple[Origin, ...]:
    """At most `count` origins on the grid of as_of, oldest first, at least max(step, horizon) days apart.

    The last one is the latest whose whole block had matured by `until`; empty when history is shorter than one block.
    """
    grid = np.unique(as_of[as_of < until])
    block = max(step_days, horizon_days) * DAY
    origins: list[Origin] = []
    end = until
    for _ in range(count):
        possible = grid[grid <= end - block]
        if len(possible) == 0:
            break
        cut = int(possible[-1])
        ends_before = origins[0].cut if origins else until
        origins.insert(0, Origin(cut, ends_before, _snapshots(grid, cut, ends_before, until, horizon_days)))
        end = cut
    return tuple(origins)


def warm_up(as_of: Ints, origins: tuple[Origin, ...], *, horizon_days: int, step_days: int) -> tuple[Origin, ...]:
    """The origin one block before the first, with no snapshots: what it shows of trees, share and calibration serves the first.

    Empty when there is no origin, or no as_of so long before it.
    """
    if not origins:
        return ()
    first = origins[0].cut
    possible = np.unique(as_of[as_of <= first - max(step_days, horizon_days) * DAY])
    return (Origin(int(possible[-1]), first, ()),) if len(possible) else ()


def _snapshots(grid: Ints, cut: int, ends_before: int, until: int, horizon_days: int) -> tuple[int, ...]:
    """The cut itself and later as_of before the next origin, each a horizon after the one before and matured."""
    chosen: list[int] = []
    for as_of in grid[(grid >= cut) & (grid < ends_before) & (grid + horizon_days * DAY <= until)]:
        if not chosen or as_of >= chosen[-1] + horizon_days * DAY:
            chosen.append(int(as_of))
    return tuple(chosen)


def labelled(outcomes: Outcomes, horizon_days: int, cut: int) -> tuple[Ints, Bools]:
    """(positions, churned within the horizon) of the matrix rows whose window is over and whose outcome is known at the cut."""
    event, stayed = outcomes.within(0, horizon_days, cut)
    positions = np.flatnonzero(event | stayed)
    return positions, event[positions]


def grouped_folds(groups: Sequence[str], folds: int, seed: int) -> list[tuple[Ints, Ints]]:
    """(train, test) positions of `folds` folds; a group lies in one fold whole; sizes are level, order is by seeded hash."""
    codes, names = pd.factorize(np.asarray(groups, dtype=object))
    if not 2 <= folds <= len(names):
        raise ValueError(f"{folds} folds of {len(names)} groups: give 2 to {len(names)} folds")
    sizes = np.bincount(codes)
    hashed = [blake2b(f"{seed}:{name}".encode(), digest_size=8).digest() for name in names]
    load, fold_of = np.zeros(folds, dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for group in sorted(range(len(names)), key=lambda index: hashed[index]):
        fold = int(np.argmin(load))
        fold_of[group] = fold
        load[fold] += sizes[group]
    fold_of_row = fold_of[codes]
    return [(np.flatnonzero(fold_of_row != fold), np.flatnonzero(fold_of_row == fold)) for fold in range(folds)]
