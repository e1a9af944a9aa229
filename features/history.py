"""What was known, and when. This is the only time filter of the product: every signal sees rows through it."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Self

import ibis
import pandas as pd
from ibis.backends.duckdb import Backend

from features.clean_files import clean_files
from features.contracts import FIRST_YEAR, LAST_YEAR, Column, Table
from features.engines.on_duckdb import OnDuckDB
from features.errors import BadInput
from features.signal import View
from features.tables import TABLES
from features.texts import TEXTS
from features.totals.bits import Layout, Window, expanded, seen
from features.totals.facts import NAMED
from features.totals.store import DayTotals, Progress

ROWS_A_GB = 10_000_000  # rows x as_ofs of a log that are aggregated at once, for each GB of memory there may be used
SUMMED_A_GB = 40_000_000  # the same where nothing has to be remembered of the rows but sums
DECLARED: dict[str, Table] = {**TABLES, TEXTS.name: TEXTS}
BEHAVIOUR = ("tickets", "surveys", "meetings", "messages", "invoices")


class History:
    """Clean tables of one company, seen as of any day.

    A row counts at `as_of` when `known_at < as_of` and no newer version of it was known by then; a column that becomes true
    later reads as missing until its own date. `as_of` is a midnight in UTC, so that whole days decide.
    """

    def __init__(
        self, engine: OnDuckDB, tables: Mapping[str, ibis.Table], totals: Mapping[str, DayTotals], memory_gb: float
    ) -> None:
        self.engine = engine
        self._memory_gb = memory_gb
        self._tables = dict(tables)
        self._totals = dict(totals)
        self._first_days_of: dict[str, pd.DataFrame] = {}
        self._first_told_of: dict[tuple[str, str], pd.Timestamp] = {}

    @classmethod
    def open(
        cls, folder: Path, *, memory_gb: float = 1.0, threads: int = 2, engine: Callable[[Backend], OnDuckDB] = OnDuckDB
    ) -> Self:
        """The history in a folder of clean tables, as `features.check` leaves it; account-day totals are kept there too.

        `engine`: what answers questions, on a connection to DuckDB of so much memory and so many threads.
        """
        con = ibis.duckdb.connect(memory_limit=f"{memory_gb}GB", threads=threads, temp_directory=str(folder / ".spill"))
        con.raw_sql("SET enable_progress_bar = false")
        opened = engine(con)
        found = {name: files for name in DECLARED if (files := clean_files(folder, name))}
        tables = {name: opened.read(files) for name, files in found.items()}
        counted = [name for name in found if "quantity" in tables[name].columns]
        known = _accounts_known(tables)
        totals = {name: DayTotals(opened, DECLARED[name], found[name], folder, known) for name in counted}
        return cls(opened, tables, totals, memory_gb)

    def has(self, table: str) -> bool:
        """Whether the company gave this table at all."""
        return table in self._tables

    def raw(self, table: str) -> ibis.Table:
        """Every clean row, whatever its date: for labels and reports only, never for a signal."""
        return self._tables[table]

    def known(self, table: str, as_ofs: Sequence[date]) -> ibis.Table:
        """Every row x as_of known before it, of whatever age; adds `as_of`, `age` (0 or less: lies ahead)."""
        declared, rows = DECLARED[table], self._tables[table]
        calendar = ibis.memtable(pd.DataFrame({"as_of": midnights(as_ofs)}))
        joined = rows.join(calendar, _visible(rows, calendar))
        age = joined.as_of.date().delta(joined[declared.time].date(), unit="day")
        return _masked(joined.mutate(age=age), declared)

    def window(self, table: str, as_ofs: Sequence[date], days: int) -> ibis.Table:
        """The rows x as_of that lie in `[as_of - days, as_of)` and were known before as_of; adds `as_of`, `age` (1 … days)."""
        declared, rows = DECLARED[table], self._tables[table]
        rows = rows.mutate(day=rows[declared.time].date())
        calendar = calendar_map(as_ofs, days)
        joined = rows.join(calendar, [rows.day == calendar.day, *_visible(rows, calendar)])
        return _masked(joined, declared)

    def totals(self, table: str, as_ofs: Sequence[date], days: int, grain: tuple[str, ...]) -> ibis.Table:
        """Account-day totals x as_of in the window: `n` rows and their `quantity`, split by `grain`, with `as_of` and `age`.

        Totals keep the day on which their rows were learned, so that an old as_of never sees a late row: a day may come in
        several rows, and what is computed of them must not depend on how. They are made once and kept beside the tables.
        """
        first, last = _span(as_ofs, days)
        totals, lag = self._totals[table].read(grain, first, last), self._totals[table].lag(first, last)
        if lag is not None and lag >= 0:
            calendar = calendar_map(as_ofs, days, from_age=lag + 1)
            return totals.join(calendar, totals.day == calendar.day)
        calendar = calendar_map(as_ofs, days)
        learned = [totals.known_day < calendar.as_of.date()]
        learned.append(totals.superseded_day.isnull() | (totals.superseded_day >= calendar.as_of.date()))
        return totals.join(calendar, [totals.day == calendar.day, *learned])

    def seen(self, view: View, as_ofs: Sequence[date], windows: Sequence[Window]) -> ibis.Table:
        """account_id, the view's grain, as_of, seen: in which of the windows each had a row that was known at as_of.

        Bit `w` of `seen` tells of window `w`; seen in none: no row. What `totals` would say, without a row a day and as_of.
        """
        first, last = _span(as_ofs, view.window_days or 0)
        totals, layout = self._totals[view.table], Layout.of(as_ofs, windows)
        found = seen(totals.read(view.grain, first, last), view.grain, layout, totals.lag(first, last))
        return expanded(self.engine.keep("seen", found), layout)

    def single_days(self, view: View, as_ofs: Sequence[date]) -> bool:
        """Whether each day of an account comes in one row of the totals that a view by day aggregates."""
        return not view.grain and self._totals[view.table].single_days(*_span(as_ofs, view.reach_days or 0))

    def make_totals(self, views: Sequence[View], progress: Progress) -> None:
        """Make the account-day totals that the views read, so that no question has to wait for them."""
        for table, totals in self._totals.items():
            totals.make(sorted({view.grain for view in views if view.by_day and view.table == table}), progress)

    def parts(self, view: View, as_ofs: Sequence[date], *, remembers: bool) -> int:
        """In how many parts of the accounts a view by day is best aggregated, to stay within memory; 1 in Spark.

        `remembers`: whether different values are counted, so that all of them are held until the end.
        """
        if not self.engine.in_parts:
            return 1
        rows = self._totals[view.table].rows(view.grain, as_ofs, view.window_days or 0)
        return math.ceil(rows / ((ROWS_A_GB if remembers or view.grain else SUMMED_A_GB) * self._memory_gb))

    def view(self, view: View, as_ofs: Sequence[date]) -> ibis.Table:
        """The rows that the signals of `view` aggregate."""
        if view.by_day:
            return self.totals(view.table, as_ofs, view.window_days or 0, view.grain)
        if view.window_days is None:
            return self.known(view.table, as_ofs)
        return self.window(view.table, as_ofs, view.window_days)

    def rows(self, view: View, as_ofs: Sequence[date]) -> ibis.Table:
        """The single rows under a view, also where the view itself holds totals: what evidence is picked from."""
        if view.window_days is None:
            return self.known(view.table, as_ofs)
        rows = self.window(view.table, as_ofs, view.window_days)
        return rows.mutate(n=ibis.literal(1)) if view.by_day else rows

    def first_days(self, table: str, as_ofs: Sequence[date]) -> dict[pd.Timestamp, pd.Timestamp]:
        """For each as_of the first day of the table as known then; an as_of before the first known row is absent."""
        if table not in self._first_days_of:  # no as_of changes them
            frame = self._first_days(table).order_by("known").to_pandas()
            known = pd.to_datetime(frame["known"]).astype("datetime64[us]")
            self._first_days_of[table] = pd.DataFrame({"known": known, "first": pd.to_datetime(frame["first"]).cummin()})
        found = pd.merge_asof(
            pd.DataFrame({"as_of": sorted(midnights(as_ofs))}),
            self._first_days_of[table],
            left_on="as_of",
            right_on="known",
            allow_exact_matches=False,
        ).dropna()
        return dict(zip(found["as_of"], found["first"], strict=True))

    def first_days_by_account(self, table: str, as_ofs: Sequence[date]) -> pd.DataFrame:
        """account_id, as_of, first: the first day of the account's own rows, as known then; absent when it has none."""
        if table in self._totals:
            days = self._totals[table].firsts().rename(known="known_day")
        else:
            declared, rows = DECLARED[table], self._tables[table]
            known = rows.known_at.date().name("known")
            days = rows.group_by(["account_id", known]).aggregate(first=rows[declared.time].date().min())
        calendar = ibis.memtable(pd.DataFrame({"as_of": midnights(as_ofs)}))
        joined = days.join(calendar, [days.known < calendar.as_of.date()])
        found: pd.DataFrame = joined.group_by(["account_id", "as_of"]).aggregate(first=joined["first"].min()).to_pandas()
        return found.assign(first=pd.to_datetime(found["first"]))

    def first_day(self) -> date | None:
        """The first day on which behaviour was learned: of usage where there is any, else of tickets, meetings and the like.

        Accounts, contracts and people may be years older than the source that tells of them. None without any such row.
        """
        told = [name for name in ("usage", *BEHAVIOUR) if name in self._tables] or list(self._tables)
        some = told[:1] if told[0] == "usage" else told
        firsts = [self._first_heard(name) for name in some]
        return min((pd.Timestamp(first).date() for first in firsts if not pd.isna(first)), default=None)

    def first_known(self, table: str, column: str) -> pd.Series:
        """When each value of the column was first learned of: to be compared with an as_of, never used as it is."""
        if table in self._totals and column == NAMED:
            return self._totals[table].first_named()
        rows = self._heard(table)
        firsts: pd.DataFrame = rows.group_by(column).aggregate(known=rows.heard_at.min()).to_pandas()
        return firsts.set_index(column)["known"]

    def first_told(self, table: str, column: str) -> pd.Timestamp:
        """When any row's value of the column was first learned; NaT when none ever was. To be compared with an as_of."""
        if (table, column) not in self._first_told_of:
            self._first_told_of[table, column] = self._find_first_told(table, column)
        return self._first_told_of[table, column]

    def _find_first_told(self, table: str, column: str) -> pd.Timestamp:
        if table in self._totals and f"{column}_known_at" not in self._tables[table].columns:
            return self._totals[table].first_told(column)
        heard = self._heard(table)
        rows = heard.filter(heard[column].notnull())  # noqa: PD004 - an ibis column
        learned = _learned(rows, DECLARED[table].column(column))
        first = ibis.greatest(rows.heard_at, learned).min(where=learned.notnull())  # noqa: PD004 - an ibis column
        return pd.Timestamp(first.to_pandas())

    def _first_days(self, table: str) -> ibis.Table:
        """known, first: the first day of the rows that were heard of on each day."""
        if table not in self._totals:
            rows = self._heard(table)
            return rows.group_by(known=rows.heard_at.date()).aggregate(first=rows[DECLARED[table].time].date().min())
        firsts = self._totals[table].firsts().join(_accounts_known(self._tables), "account_id")
        heard = ibis.greatest(firsts.known_day, firsts.account_known_at.date())
        return firsts.group_by(known=heard).aggregate(first=firsts["first"].min())

    def _first_heard(self, table: str) -> pd.Timestamp:
        if table in self._totals:
            return pd.Timestamp(self._first_days(table).known.min().to_pandas())
        return pd.Timestamp(self._heard(table).heard_at.min().to_pandas())

    def _heard(self, table: str) -> ibis.Table:
        """The rows with `heard_at`: when each says something of the company, which is not before its account is known.

        An account that is learned of later must not move, for the others and for days before, what the company knew: a row of
        an account nobody knows yet is one that the check would refuse.
        """
        rows = self._tables[table]
        if table == "accounts":
            return rows.mutate(heard_at=rows.known_at)
        joined = rows.join(_accounts_known(self._tables), "account_id")
        return joined.mutate(heard_at=ibis.greatest(joined.known_at, joined.account_known_at))


def _accounts_known(tables: Mapping[str, ibis.Table]) -> ibis.Table:
    """account_id, account_known_at: when each account was first known."""
    accounts = tables["accounts"]
    return accounts.group_by("account_id").aggregate(account_known_at=accounts.known_at.min())


def calendar_map(as_ofs: Sequence[date], days: int, *, from_age: int = 1) -> ibis.Table:
    """as_of, day, age for every day of every window: the small side of an equi-join (1,080 rows for 12 as_ofs x 90 days).

    Days younger than `from_age` are left out: what happened on them was not known yet.
    """
    stamps = midnights(as_ofs)
    frame = pd.DataFrame({"as_of": stamps}).merge(pd.DataFrame({"age": range(from_age, days + 1)}), how="cross")
    frame["day"] = (frame["as_of"] - pd.to_timedelta(frame["age"], unit="D")).dt.date
    return ibis.memtable(frame, schema={"as_of": "timestamp(6)", "age": "int64", "day": "date"})


def _span(as_ofs: Sequence[date], days: int) -> tuple[date, date]:
    """The first and the last day of the windows of so many days before each as_of."""
    return min(as_ofs) - timedelta(days=days), max(as_ofs) - timedelta(days=1)


def midnights(as_ofs: Sequence[date]) -> pd.Series:
    """The days as timestamps, sorted, each once; `BadInput` for one of a year that no time is read from."""
    for day in (day for day in as_ofs if not FIRST_YEAR <= day.year <= LAST_YEAR):
        raise BadInput(
            f"nothing is known as of {day}: times are read from {FIRST_YEAR} to {LAST_YEAR}. Give a day of those years."
        )
    return pd.Series(pd.to_datetime(sorted(set(as_ofs)))).astype("datetime64[us]")


def _visible(rows: ibis.Table, calendar: ibis.Table) -> list[ibis.Value]:
    newest = rows.superseded_at.isnull() | (rows.superseded_at >= calendar.as_of)
    return [rows.known_at < calendar.as_of, newest]


def _learned(rows: ibis.Table, column: Column) -> ibis.Value:
    """When each value of the column was learned: null where a late one is not known yet."""
    own = f"{column.name}_known_at"
    if own not in rows.columns:
        return rows.known_at
    return rows[own] if column.late else rows[own].fill_null(rows.known_at)


def _masked(joined: ibis.Table, declared: Table) -> ibis.Table:
    """Columns that have knowledge dates of their own, and those dates, read as missing until then."""
    dated = [column for column in declared.columns if f"{column.name}_known_at" in joined.columns]
    seen = {column.name: _learned(joined, column) < joined.as_of for column in dated}
    masked = {name: ibis.ifelse(seen[name], joined[name], ibis.null(joined[name].type())) for name in seen}
    dates = {f"{n}_known_at": ibis.ifelse(seen[n], joined[f"{n}_known_at"], ibis.null("timestamp(6)")) for n in seen}
    return joined.mutate(**masked, **dates)
