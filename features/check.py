"""The contract check: from a source to clean tables, rejected rows with their reasons, and a report of it all."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from features.check_report import REPORT, CheckReport, TableReport
from features.clean_files import clean_files, forget
from features.cleaning.attributes import lost_values, number_attributes
from features.cleaning.availability import availability, open_for_audit
from features.cleaning.consistency import Counted, consistency
from features.cleaning.currency import Money, read_money, unconverted
from features.cleaning.fatal import missing_columns, missing_tables, without_rows
from features.cleaning.rewritten import rewritten
from features.cleaning.staging import Staged, describe, stage
from features.cleaning.state import STATE_FILE, State
from features.cleaning.summary import summarise
from features.cleaning.versions import decide
from features.cleaning.writing import write_clean, write_rejects
from features.contracts import Table
from features.errors import BadInput
from features.params import DataParams
from features.source import Finding, Loaded, RawTable, Source
from features.sql import quoted
from features.suspicion import Suspicion
from features.tables import TABLES
from features.totals.store import FOLDER

__all__ = ["CheckReport", "TableReport", "UnusableTablesError", "check"]


class UnusableTablesError(BadInput):
    """The tables lack something without which nothing can be done. `report` holds all that was found."""

    def __init__(self, report: CheckReport) -> None:
        listed = "".join(f"\n- {problem}" for problem in report.problems)
        super().__init__(f"the tables cannot be used:{listed}")
        self.report = report


def check(source: Source, params: DataParams, out: Path) -> CheckReport:
    """Check and clean every table of `source` into the folder `out`, which is made if it is not there.

    Writes the clean rows (`features.clean_files`), `rejects/<table>.parquet` and `report.json`. Every problem is found before
    any is raised: `UnusableTablesError` (a `BadInput`) when a required table or column is missing or no row of it is left.
    """
    (out / "rejects").mkdir(parents=True, exist_ok=True)
    shutil.rmtree(out / FOLDER, ignore_errors=True)
    for name in TABLES:
        forget(out, name)
        (out / "rejects" / f"{name}.parquet").unlink(missing_ok=True)
    with workspace(out, params) as connection:
        return TableChecks(connection, source.load(connection), params, out).run(source.name)


@contextmanager
def workspace(out: Path, params: DataParams) -> Iterator[DuckDBPyConnection]:
    """A connection on a scratch file beside the results, so that tables may outgrow memory."""
    with TemporaryDirectory(dir=out, prefix=".check-") as folder:
        config = {"memory_limit": f"{params.memory_gb}GB", "threads": params.threads}
        connection = duckdb.connect(f"{folder}/scratch.duckdb", config=config)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


class TableChecks:
    """One run of the check. Tables come one after the other, accounts first: the others are looked up in them."""

    def __init__(self, connection: DuckDBPyConnection, loaded: Loaded, params: DataParams, out: Path) -> None:
        self.connection = connection
        self.loaded = loaded
        self.params = params
        self.out = out
        self.problems: list[str] = []
        self.tables: list[TableReport] = []
        self.money = Money(params.reporting_currency, mixed=False)
        self.accounts_known = False
        self.present = frozenset(loaded.tables)
        self.columns: dict[str, dict[str, str]] = {}
        self.told: dict[str, tuple[Finding, ...]] = {}

    def run(self, source: str) -> CheckReport:
        """Check every table and write the report; raises as `check` does."""
        loaded = self.loaded
        self.problems += [*loaded.problems, *missing_tables(loaded, self.present)]
        for name, table in TABLES.items():
            if name in self.present:
                self.one(table)
        together, counted = consistency(self.connection, self.out, self.params, self.counted_before())
        report = CheckReport(
            source=source,
            tables=tuple(self.tables),
            absent=tuple(n for n, t in TABLES.items() if not t.required and n not in self.present),
            ignored=loaded.ignored,
            problems=tuple(self.problems),
            findings=(*self._all_findings(), *together),
            reporting_currency=self.money.reporting,
            allowed_reject_share=self.params.allowed_reject_share,
            suspicions=self._audit(),
        )
        report.write(self.out / REPORT)
        State(self.money.mixed, self.columns, self.told, counted).write(self.out / STATE_FILE)
        if report.problems:
            raise UnusableTablesError(report)
        return report

    def _audit(self) -> tuple[Suspicion, ...]:
        """Columns that may tell what nobody knew yet; none can be told without outcomes."""
        if not open_for_audit(self.connection, self.out):
            return ()
        found = [*availability(self.connection, self.out, self.params.audit), *rewritten(self.connection, self.params.audit)]
        return tuple(sorted(found, key=lambda each: (list(TABLES).index(each.table), each.column, each.kind)))

    def counted_before(self) -> Mapping[str, Counted]:
        """Of files of usage, what an earlier check counted that still holds."""
        return {}

    def one(self, table: Table) -> None:
        """Check one table that is there."""
        self.in_full(table, self.loaded.tables[table.name])

    def _all_findings(self) -> list[Finding]:
        return [*self.loaded.findings, *(each for name in TABLES for each in self.told.get(name, ()))]

    def in_full(self, table: Table, raw: RawTable) -> None:
        """Check all rows of a table and write what is clean and what is not."""
        columns = describe(self.connection, raw.relation)
        lacking = missing_columns(table, columns)
        if lacking:
            self.problems += lacking
            return
        self.columns[table.name] = columns
        staged = stage(self.connection, table, raw, accounts_known=self.accounts_known)
        decide(self.connection, staged)
        self._read_ahead(staged)
        numbers = number_attributes(self.connection, staged, self.params.category_attributes)
        lost = lost_values(self.connection, staged, numbers)
        write_clean(self.connection, staged, self.money, numbers, self.out)
        write_rejects(self.connection, staged, self.out / "rejects" / f"{table.name}.parquet")
        report, findings = summarise(self.connection, staged, clean_files(self.out, table.name))
        self.tables.append(report)
        self.told[table.name] = (*lost, *findings, *unconverted(self.connection, staged, self.money, self.params))
        self.problems += without_rows(table, report.read, report.accepted, report.reasons)
        self.forget(staged)

    def _read_ahead(self, staged: Staged) -> None:
        """What other tables are looked up in: which accounts there are, and which money the terms are in."""
        if staged.table.name == "accounts":
            self.connection.execute(f"""
                CREATE TABLE known_accounts AS
                SELECT account_id, min(known_at) AS known_at, arg_min(created_at, (known_at, created_at)) AS created_at
                FROM {staged.relation} t LEFT JOIN fate_accounts f ON f._n = t._n
                WHERE t._reason IS NULL AND NOT coalesce(f.conflict, false) GROUP BY account_id
            """)
            self.accounts_known = True
        if staged.table.name == "subscriptions":
            self.money = read_money(self.connection, staged, self.params)

    def forget(self, staged: Staged) -> None:
        """Scratch space is given back before the next table."""
        name = staged.table.name
        for each in (f"typed_{name}", f"fate_{name}", f"twins_{name}"):
            self.connection.execute(f"DROP TABLE IF EXISTS {quoted(each)}")
        drop(self.connection, staged.raw)


def drop(connection: DuckDBPyConnection, raw: RawTable) -> None:
    """Give back the space of raw rows."""
    for each in (raw.relation, raw.broken):
        if each:
            connection.execute(f"DROP TABLE IF EXISTS {quoted(each)}")
