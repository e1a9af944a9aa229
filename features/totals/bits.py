"""In which windows something was seen: a bit for each as_of and window, instead of a row for each as_of.

A log hardly shrinks by user and day. But a signal that counts different users asks only whether each was seen on any day of
a window. A day lies in the same windows for all accounts: so a day is a number of bits, and what a user was seen in is the
numbers of its days or-ed together. One pass over the rows is enough, however many as_ofs are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import pandas as pd

BITS = 62  # of one number
ALL = -1  # every bit is set


@dataclass(frozen=True)
class Window:
    """`ages`: days before as_of, 1 = yesterday; `used`: only rows whose quantity is above 0 count."""

    ages: frozenset[int]
    used: bool


@dataclass(frozen=True)
class Layout:
    """Which bit stands for what: as_of `n` of a chunk and window `w` are bit `n * len(windows) + w` of the chunk's number."""

    chunks: tuple[tuple[date, ...], ...]
    windows: tuple[Window, ...]

    @classmethod
    def of(cls, as_ofs: Sequence[date], windows: Sequence[Window]) -> "Layout":
        """As many as_ofs a number as there is room for; `windows` are 1 to 62."""
        ordered, size = sorted(set(as_ofs)), BITS // len(windows)
        return cls(tuple(tuple(ordered[at : at + size]) for at in range(0, len(ordered), size)), tuple(windows))

    def bit(self, place: int, window: int) -> int:
        """The number in which only that bit is set."""
        return 1 << (place * len(self.windows) + window)

    def as_ofs_after(self, day: date, chunk: Sequence[date]) -> int:
        """The number with the bits of all windows of those as_ofs of a chunk that lie after a day."""
        windows = range(len(self.windows))
        return sum(self.bit(place, which) for place, as_of in enumerate(chunk) if as_of > day for which in windows)


def seen(rows: ibis.Table, grain: tuple[str, ...], layout: Layout, lag: int | None) -> ibis.Table:
    """account_id, `grain`, bits_0 … of each that had a row in any of the windows, as known at its as_of.

    `rows`: totals (features.totals.store). `lag`: days from each row's day to its day of knowledge where they are the same for
    all rows and none is superseded; None where not.
    """
    if lag is not None and lag >= 0:
        joined = _in_windows(rows, layout, from_age=lag + 1)
        masks: list[ibis.Value] = [ibis.literal(ALL)] * len(layout.chunks)
    else:
        joined, masks = _as_known(_in_windows(rows, layout, from_age=1), layout)
    bits = {}
    for number, known in enumerate(masks):
        told = ibis.ifelse(joined.quantity > 0, joined[f"used_{number}"], joined[f"any_{number}"])
        bits[f"bits_{number}"] = (told & known).bit_or()
    return joined.group_by(["account_id", *grain]).aggregate(**bits)


def expanded(bits: ibis.Table, layout: Layout) -> ibis.Table:
    """account_id, the grain, as_of, seen: bit `w` of `seen` tells of window `w`. Seen in none: no row."""
    parts = []
    for number, chunk in enumerate(layout.chunks):
        stamps = pd.to_datetime(pd.Series(chunk)).astype("datetime64[us]")
        shifts = [place * len(layout.windows) for place in range(len(chunk))]
        frame = pd.DataFrame({"as_of": stamps, "shift": shifts})
        rows = bits.cross_join(ibis.memtable(frame, schema={"as_of": "timestamp(6)", "shift": "int64"}))
        told = rows.mutate(seen=(rows[f"bits_{number}"] >> rows["shift"]) & ((1 << len(layout.windows)) - 1))
        parts.append(told.filter(told.seen != 0).drop("shift", *(f"bits_{n}" for n in range(len(layout.chunks)))))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _in_windows(rows: ibis.Table, layout: Layout, *, from_age: int) -> ibis.Table:
    """The rows of days that lie in any window, with the bits of their day: `used_0` … of a row with use, `any_0` … of others."""
    found: dict[tuple[str, date], int] = {}
    for number, chunk in enumerate(layout.chunks):
        for place, as_of in enumerate(chunk):
            for which, window in enumerate(layout.windows):
                days = [as_of - timedelta(days=age) for age in window.ages if age >= from_age]
                for name in ("used",) if window.used else ("used", "any"):
                    for day in days:
                        at = (f"{name}_{number}", day)
                        found[at] = found.get(at, 0) | layout.bit(place, which)
    names = [f"{name}_{number}" for number in range(len(layout.chunks)) for name in ("used", "any")]
    days = sorted({day for _, day in found})
    frame = pd.DataFrame({"day": days} | {name: [found.get((name, day), 0) for day in days] for name in names}, dtype=object)
    calendar = ibis.memtable(frame, schema={"day": "date"} | dict.fromkeys(names, "int64"))
    return rows.join(calendar, rows.day == calendar.day)


def _as_known(rows: ibis.Table, layout: Layout) -> tuple[ibis.Table, list[ibis.Value]]:
    """The rows known at any as_of, and for each number the bits of the as_ofs at which they were known and not yet replaced."""
    first, last = layout.chunks[0][0], layout.chunks[-1][-1]
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    bits = {f"after_{n}": [layout.as_ofs_after(day, chunk) for day in days] for n, chunk in enumerate(layout.chunks)}
    frame = pd.DataFrame({"on": days} | bits, dtype=object)  # of one as_of alone there is nothing to tell
    after = ibis.memtable(frame, schema={"on": "date"} | dict.fromkeys(bits, "int64"))
    learned, replaced = after.rename("learned_{name}"), after.rename("replaced_{name}")
    there = rows.filter(rows.known_day < last, rows.superseded_day.isnull() | (rows.superseded_day >= first))
    joined = there.left_join(learned, there.known_day == learned.learned_on)
    joined = joined.left_join(replaced, joined.superseded_day == replaced.replaced_on)
    masks = [joined[f"learned_{key}"].fill_null(ALL) & ~joined[f"replaced_{key}"].fill_null(0) for key in bits]
    return joined, masks
