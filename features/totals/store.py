"""The account-day totals of one table: `totals/<table>/<grain>/<file>.parquet` beside its clean files, one for each.

A file's totals are made when they are first asked for and hold as long as that file does: new rows are new files, so that
what was totalled before is not totalled again. Rows learned on different days are different totals of one day, and so is a
row that a newer version replaces: an old as_of never sees what came later.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import ibis
import pandas as pd
import pyarrow.parquet as pq

from features.contracts import Table
from features.engines.on_duckdb import OnDuckDB
from features.sql import literal, quoted
from features.totals.facts import LARGEST_WHOLE, Facts, replace

Progress = Callable[[str, int, int], None]
FOLDER = "totals"
KEY = ("account_id", "day", "known_day", "superseded_day")
EXACT = "decimal(38, 9)"  # of use: sums of decimals do not depend on the order of the rows; holds what tables.py allows
SAMPLE_ROWS = 100_000  # of the first file: its accounts tell how far a grain shrinks the rows
PAYS_FROM = 0.6  # totals that are more than this share of the rows cost more to make and read than the rows themselves


class DayTotals:
    """Totals of the clean `files` of `declared`, which has a quantity, kept in `folder`.

    `accounts`: account_id, account_known_at (when the account itself was first known).
    """

    def __init__(self, engine: OnDuckDB, declared: Table, files: Sequence[Path], folder: Path, accounts: ibis.Table) -> None:
        self._engine = engine
        self._con = engine.con
        self._accounts = accounts
        self._declared = declared
        self._files = files
        self._folder = folder / FOLDER / declared.name
        self._shrinks: dict[tuple[str, ...], bool] = {}

    def read(self, grain: tuple[str, ...], first: date, last: date, progress: Progress | None = None) -> ibis.Table:
        """account_id, day, known_day, superseded_day, `grain`, n (rows) and quantity (exact) of the days `first` to `last`.

        A day may be in several rows: those learned on different days are kept apart, and a grain that hardly shrinks the log
        comes as the rows themselves. Nothing in those days: no rows.
        """
        asked = self._asked(first, last)
        make = self._totals if self.shrinks(grain) else self._rows
        parts = []
        for number, (file, facts) in enumerate(asked):
            if progress is not None:
                progress(f"totals of {self._declared.name}", number, len(asked))
            parts.append((make(file, facts, grain), facts.whole is not None))
        if progress is not None:
            progress(f"totals of {self._declared.name}", len(asked), len(asked))
        found = [self._joined([part for part, whole in parts if whole is each], whole=each) for each in (True, False)]
        both = [part for part in found if part is not None]
        rows = ibis.union(*both) if len(both) > 1 else both[0]
        return rows.filter(rows.day.between(first, last))

    def lag(self, first: date, last: date) -> int | None:
        """Days from each row's day to its day of knowledge, where they are the same for all rows of the days; else None.

        Then no row is superseded, and a window knows by a row's age alone whether it was known.
        """
        lags = {facts.lag for _, facts in self._asked(first, last)}
        return lags.pop() if len(lags) == 1 else None

    def single_days(self, first: date, last: date) -> bool:
        """Whether each day of an account comes in one row where nothing divides it: all learned alike, each day in one file."""
        asked = [facts for _, facts in self._asked(first, last)]
        if any(facts.lag is None for facts in asked):
            return False
        spans = sorted((facts.first_day, facts.last_day) for facts in asked if facts.first_day and facts.last_day)
        return all(before[1] < after[0] for before, after in pairwise(spans))

    def rows(self, grain: tuple[str, ...], as_ofs: Sequence[date], days: int) -> int:
        """About how many rows `read` gives for the windows of so many days before each as_of, counted once a window."""
        held = 0.0
        for file, facts in self._facts:
            share = sum(facts.share(as_of, days) for as_of in as_ofs)
            if share and self.shrinks(grain):
                held += share * pq.read_metadata(self._totals(file, facts, grain)).num_rows
            else:
                held += share * facts.rows
        return round(held)

    def make(self, grains: Sequence[tuple[str, ...]], progress: Progress) -> None:
        """Make the totals of every file at every grain that shrinks it, so that no question waits for them."""
        for grain in grains:
            self.read(grain, date.min, date.max, progress)

    def shrinks(self, grain: tuple[str, ...]) -> bool:
        """Whether totals at this grain are kept; the days of each account always are. Decided once, on the first file."""
        if grain and grain not in self._shrinks:
            mark = self._folder / _name(grain) / "kept_as_rows"
            if not mark.exists() and not any(mark.parent.glob("*.parquet")) and self._share(grain) > PAYS_FROM:
                mark.parent.mkdir(parents=True, exist_ok=True)
                mark.touch()
            self._shrinks[grain] = not mark.exists()
        return self._shrinks.get(grain, True)

    def firsts(self) -> ibis.Table:
        """account_id, known_day, first: the first day of the rows that were learned on each day, as far as it matters.

        A later known_day is left out where none of its rows is earlier than one known before.
        """
        files = [self._firsts(file, facts) for file, facts in self._facts]
        return self._con.read_parquet([str(file) for file in files])

    def first_told(self, column: str) -> pd.Timestamp:
        """When any row with a value in the column was first heard of; NaT when none was."""
        found = [facts.told[column] for _, facts in self._facts if column in facts.told]
        return pd.Timestamp(pd.Series(found, dtype="datetime64[us]").min())

    def first_named(self) -> pd.Series:
        """Feature -> when it was first heard of."""
        found: dict[str, str] = {}
        for _, facts in self._facts:
            for name, known in facts.names.items():
                found[name] = min(found.get(name, known), known)
        return pd.Series({name: pd.Timestamp(known) for name, known in found.items()}, dtype="datetime64[us]")

    def _asked(self, first: date, last: date) -> list[tuple[Path, Facts]]:
        return [(file, facts) for file, facts in self._facts if facts.within(first, last)] or self._facts[:1]

    @cached_property
    def _facts(self) -> list[tuple[Path, Facts]]:
        self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for file in self._files:
            kept = self._folder / f"{file.stem}.json"
            facts = Facts.read(kept)
            if facts is None or not facts.hold(file):
                facts = Facts.of(self._con, file, self._declared, self._accounts)
                for stale in self._folder.glob(f"*/{file.stem}.parquet"):
                    stale.unlink()
                facts.write(kept)
            found.append((file, facts))
        return found

    @cached_property
    def _whole(self) -> bool:
        """Whether all quantities add up as integers of 64 bits."""
        return all(f.whole is not None for _, f in self._facts) and sum(f.whole or 0 for _, f in self._facts) < LARGEST_WHOLE

    def _share(self, grain: tuple[str, ...]) -> float:
        file, facts = self._facts[0]
        sample = self._con.read_parquet(str(file)).limit(SAMPLE_ROWS)
        totals = day_totals(sample, self._declared, grain, facts)
        return float(totals.count().to_pandas()) / max(1, min(SAMPLE_ROWS, facts.rows))

    def _totals(self, file: Path, facts: Facts, grain: tuple[str, ...]) -> Path:
        """The file of the totals, made unless it is there."""
        kept = self._folder / _name(grain) / f"{file.stem}.parquet"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            totals = self._con.compile(day_totals(self._con.read_parquet(str(file)), self._declared, grain, facts))
            exact = "BIGINT" if facts.whole is not None else "DECIMAL(38, 9)"
            order = ", ".join(quoted(name) for name in ("account_id", *grain, *KEY[1:]))
            types = {"quantity": exact, "n": "BIGINT", "known_day": "DATE", "superseded_day": "DATE"}  # the same in every file
            typed = ", ".join(f"CAST({name} AS {of}) AS {name}" for name, of in types.items())
            query = f"SELECT * REPLACE ({typed}) FROM ({totals}) ORDER BY {order}"
            options = "(FORMAT parquet, COMPRESSION zstd)"
            replace(kept, lambda draft: self._con.raw_sql(f"COPY ({query}) TO {literal(str(draft))} {options}"))
        return kept

    def _firsts(self, file: Path, facts: Facts) -> Path:
        kept = self._folder / "firsts" / f"{file.stem}.parquet"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            totals = self._con.read_parquet(str(self._totals(file, facts, ())))
            by = ["account_id"] if facts.lag is not None else ["account_id", "known_day"]
            firsts = totals.group_by(by).aggregate(first=totals.day.min(), learned=totals.known_day.min())
            firsts = firsts.select("account_id", "first", known_day=firsts.learned).order_by("account_id", "known_day")
            replace(kept, lambda draft: firsts.to_parquet(str(draft), compression="zstd"))
        return kept

    def _rows(self, file: Path, _facts: Facts, _grain: tuple[str, ...]) -> Path:
        return file

    def _joined(self, files: Sequence[Path], *, whole: bool) -> ibis.Table | None:
        """The totals in files that keep their quantities in one way, with them as all are read."""
        if not files:
            return None
        rows = self._engine.read(files)
        if "day" not in rows.columns:
            rows = single(rows, self._declared, whole=whole)
        return rows if whole and self._whole else rows.mutate(quantity=rows.quantity.cast(EXACT))


def day_totals(rows: ibis.Table, declared: Table, grain: tuple[str, ...], facts: Facts) -> ibis.Table:
    """Totals of clean rows by account, day, day of knowledge, day of being replaced, and grain."""
    keyed = single(rows, declared, whole=facts.whole is not None)
    if facts.lag is None:
        return keyed.group_by([*KEY, *grain]).aggregate(n=keyed.n.sum(), quantity=keyed.quantity.sum())
    days = keyed.group_by(["account_id", "day", *grain]).aggregate(n=keyed.count(), quantity=keyed.quantity.sum())
    known = (days.day + ibis.interval(days=facts.lag)).cast("date")
    return days.select("account_id", "day", *grain, "n", "quantity", known_day=known, superseded_day=ibis.null("date"))


def single(rows: ibis.Table, declared: Table, *, whole: bool) -> ibis.Table:
    """Each clean row as a total of itself."""
    return rows.mutate(
        day=rows[declared.time].date(),
        known_day=rows.known_at.date(),
        superseded_day=rows.superseded_at.date(),
        n=ibis.literal(1, type="int64"),
        quantity=rows.quantity.cast("int64") if whole else _exact(rows.quantity),
    )


def _exact(quantity: ibis.Value) -> ibis.Value:
    """The whole and the rest apart: multiplied by 10^9 at once, a large quantity has more digits than a double keeps."""
    whole = quantity.floor().cast("int64")
    return (whole.cast("decimal(27, 9)") + (quantity - whole).cast("decimal(10, 9)")).cast(EXACT)


def _name(grain: tuple[str, ...]) -> str:
    return "-".join(("day", *grain))
