"""The contract check: from a source to clean tables, rejected rows with their reasons, and a report of it all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from features.check_report import CheckReport, TableReport
from features.clean_files import clean_files, forget
from features.cleaning.attributes import lost_values, number_attributes
from features.cleaning.availability import availability, open_for_audit
from features.cleaning.consistency import consistency
from features.cleaning.currency import Money, read_money, unconverted
from features.cleaning.fatal import missing_columns, missing_tables, without_rows
from features.cleaning.rewritten import rewritten
from features.cleaning.staging import Staged, describe, stage
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
    with _workspace(out, params) as connection:
        report = _Check(connection, source.load(connection), params, out).run(source.name)
    report.write(out / "report.json")
    if report.problems:
        raise UnusableTablesError(report)
    return report


@contextmanager
def _workspace(out: Path, params: DataParams) -> Iterator[DuckDBPyConnection]:
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


class _Check:
    """One run of the check. Tables come one after the other, accounts first: the others are looked up in them."""

    def __init__(self, connection: DuckDBPyConnection, loaded: Loaded, params: DataParams, out: Path) -> None:
        self.connection = connection
        self.loaded = loaded
        self.params = params
        self.out = out
        self.problems: list[str] = []
        self.findings: list[Finding] = list(loaded.findings)
        self.tables: list[TableReport] = []
        self.money = Money(params.reporting_currency, mixed=False)
        self.accounts_known = False

    def run(self, source: str) -> CheckReport:
        loaded = self.loaded
        self.problems += [*loaded.problems, *missing_tables(loaded)]
        for name, table in TABLES.items():
            if name in loaded.tables:
                self._table(table, loaded.tables[name])
        self.findings += consistency(self.connection, self.out, self.params)
        return CheckReport(
            source=source,
            tables=tuple(self.tables),
            absent=tuple(n for n, t in TABLES.items() if not t.required and n not in loaded.tables),
            ignored=loaded.ignored,
            problems=tuple(self.problems),
            findings=tuple(self.findings),
            reporting_currency=self.money.reporting,
            allowed_reject_share=self.params.allowed_reject_share,
            suspicions=self._audit(),
        )

    def _audit(self) -> tuple[Suspicion, ...]:
        """Columns that may tell what nobody knew yet; none can be told without outcomes."""
        if not open_for_audit(self.connection, self.out):
            return ()
        found = [*availability(self.connection, self.out, self.params.audit), *rewritten(self.connection, self.params.audit)]
        return tuple(sorted(found, key=lambda each: (list(TABLES).index(each.table), each.column, each.kind)))

    def _table(self, table: Table, raw: RawTable) -> None:
        lacking = missing_columns(table, describe(self.connection, raw.relation))
        if lacking:
            self.problems += lacking
            return
        staged = stage(self.connection, table, raw, accounts_known=self.accounts_known)
        decide(self.connection, staged)
        self._read_ahead(staged)
        numbers = number_attributes(self.connection, staged, self.params.category_attributes)
        self.findings += lost_values(self.connection, staged, numbers)
        write_clean(self.connection, staged, self.money, numbers, self.out)
        write_rejects(self.connection, staged, self.out / "rejects" / f"{table.name}.parquet")
        report, findings = summarise(self.connection, staged, clean_files(self.out, table.name))
        self.tables.append(report)
        self.findings += [*findings, *unconverted(self.connection, staged, self.money, self.params)]
        self.problems += without_rows(table, report.read, report.accepted, report.reasons)
        self._forget(staged)

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

    def _forget(self, staged: Staged) -> None:
        """Scratch space is given back before the next table."""
        name = staged.table.name
        dropped = [f"typed_{name}", f"fate_{name}", f"twins_{name}", staged.raw.relation]
        for each in [*dropped, *([staged.raw.broken] if staged.raw.broken else [])]:
            self.connection.execute(f"DROP TABLE IF EXISTS {quoted(each)}")
