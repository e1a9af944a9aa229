"""What is known of one clean file before its rows are read: which days it holds, and whether its amounts are whole."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import ibis
from ibis.backends.duckdb import Backend

from features.contracts import Table

DAYS = ("first_day", "last_day", "first_known", "last_known")
NAMED = "feature"
LARGEST_WHOLE = 2**49  # whole quantities add up in 64 bits, and as doubles, while their sum over everything stays below


@dataclass(frozen=True)
class Facts:
    """`first_day`, `last_day`: of the table's time; `first_known`, `last_known`: days of knowledge; None of an empty file.

    `lag`: days from each row's day to its day of knowledge, when they are the same for all rows and none is superseded.
    `whole`: the sum of the quantities when each is a whole number. `told`: column -> since when (ISO) any row has had a
    value of it; `names`: feature -> since when there is a row of it; a row counts from when its account is known, too.
    `size`, `changed`: of the file these are facts of.
    """

    rows: int
    first_day: date | None
    last_day: date | None
    first_known: date | None
    last_known: date | None
    lag: int | None
    whole: int | None
    told: dict[str, str]
    names: dict[str, str]
    size: int
    changed: int

    def hold(self, file: Path) -> bool:
        """Whether the file is still the one these are facts of."""
        stat = file.stat()
        return (stat.st_size, stat.st_mtime_ns) == (self.size, self.changed)

    def within(self, first: date, last: date) -> bool:
        """Whether any row of the days `first` to `last` may be in the file that was known by the day after `last`."""
        if self.first_day is None or self.last_day is None or self.first_known is None:
            return False
        return self.first_day <= last and self.last_day >= first and self.first_known <= last

    def share(self, as_of: date, days: int) -> float:
        """The share of the file's days that lie in the window of so many days before as_of."""
        if self.first_day is None or self.last_day is None:
            return 0.0
        first, last = max(self.first_day, as_of - timedelta(days=days)), min(self.last_day, as_of - timedelta(days=1))
        return max(0, (last - first).days + 1) / ((self.last_day - self.first_day).days + 1)

    def write(self, path: Path) -> None:
        """As JSON, whole or not at all."""
        replace(path, lambda draft: draft.write_text(json.dumps(asdict(self), default=str), encoding="utf-8"))

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """What `write` wrote; None when it was not."""
        if not path.exists():
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
        days = {name: found[name] and date.fromisoformat(found[name]) for name in DAYS}
        return cls(**(found | days))

    @classmethod
    def of(cls, con: Backend, file: Path, declared: Table, accounts: ibis.Table) -> Self:
        """The facts of a clean file of a table that has quantities; `accounts`: account_id and its first known_at."""
        rows = con.read_parquet(str(file))
        day, known = rows[declared.time].date(), rows.known_at.date()
        found = rows.aggregate(
            rows=rows.count(),
            first_day=day.min(),
            last_day=day.max(),
            first_known=known.min(),
            last_known=known.max(),
            least_lag=known.delta(day, unit="day").min(),
            most_lag=known.delta(day, unit="day").max(),
            superseded=rows.superseded_at.count(),
            whole=(rows.quantity == rows.quantity.floor()).all(),
            total=rows.quantity.sum(),
        ).to_pyarrow()
        told: dict[str, Any] = found.to_pylist()[0]
        same = told["least_lag"] == told["most_lag"] and not told["superseded"] and told["rows"]
        whole = told["whole"] and told["total"] < LARGEST_WHOLE
        stat, heard = file.stat(), _heard(rows, accounts, told["first_known"])
        return cls(
            rows=told["rows"],
            lag=told["least_lag"] if same else None,
            whole=int(told["total"]) if whole else None,
            size=stat.st_size,
            changed=stat.st_mtime_ns,
            told=_since(heard, [c.name for c in declared.columns if c.name in rows.columns]),
            names=_named_since(heard),
            **{name: told[name] for name in DAYS},
        )


def _heard(rows: ibis.Table, accounts: ibis.Table, first_known: date | None) -> ibis.Table:
    """The rows, known from when each says something of the company: not before its account is known."""
    late = accounts.filter(accounts.account_known_at.date() >= first_known) if first_known else accounts.limit(0)
    if not late.count().to_pandas():
        return rows
    early = rows.join(late, "account_id")
    if not early.filter(early.known_at < early.account_known_at).count().to_pandas():
        return rows
    all_rows = rows.join(accounts, "account_id")
    return all_rows.mutate(known_at=ibis.greatest(all_rows.known_at, all_rows.account_known_at))


def _since(rows: ibis.Table, columns: list[str]) -> dict[str, str]:
    given = {name: rows.known_at.min(where=rows[name].notnull()) for name in columns}
    found = rows.aggregate(**given).to_pyarrow().to_pylist()[0]
    return {name: known.isoformat() for name, known in found.items() if known}


def _named_since(rows: ibis.Table) -> dict[str, str]:
    found = rows.group_by(NAMED).aggregate(known=rows.known_at.min()).to_pyarrow().to_pylist()
    return {each[NAMED]: each["known"].isoformat() for each in found}


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name and move it into place, so that nobody reads a half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    write(draft)
    draft.replace(path)
