"""The contract check of a place that gained rows since the last one: what was found of the earlier rows is not found again.

Accounts and terms are always checked whole: every other table is looked up in them. Of the others, a table of which nothing
changed is carried over, and new rows are checked by themselves and added, wherever that provably gives what a check of the
whole would give; a table for which it does not is checked in full, and that is said.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from duckdb import DuckDBPyConnection

from features.check import TableChecks, drop, workspace
from features.check_report import REPORT, CheckReport
from features.clean_files import clean_files
from features.cleaning.appending import (
    add,
    add_rejects,
    both_findings,
    both_reports,
    carry_file,
    outgrown,
    touched,
    waited_for,
)
from features.cleaning.consistency import Counted
from features.cleaning.currency import AMOUNTS
from features.cleaning.staging import Staged, describe, stage
from features.cleaning.state import STATE_FILE, State
from features.cleaning.summary import summarise
from features.cleaning.versions import decide
from features.cleaning.writing import write_clean, write_rejects
from features.contracts import Table
from features.growth import Growing, Growth, carry
from features.params import DataParams
from features.source import RawTable
from features.sql import literals
from features.tables import TABLES

WHOLE = ("accounts", "subscriptions")
Say = Callable[[str], None]


def check_grown(source: Growing, params: DataParams, out: Path, growth: Growth, say: Say) -> CheckReport:
    """As `features.check.check` into the empty folder `out`, from what is new; `say` hears of tables read in full."""
    (out / "rejects").mkdir(parents=True, exist_ok=True)
    with workspace(out, params) as connection:
        return _GrownChecks(connection, source, params, out, growth, say).run(source.name)


class _GrownChecks(TableChecks):
    def __init__(
        self, connection: DuckDBPyConnection, source: Growing, params: DataParams, out: Path, growth: Growth, say: Say
    ) -> None:
        carried = {*growth.same, *growth.added} - set(WHOLE)
        super().__init__(connection, source.load(connection, set(TABLES) - carried), params, out)
        self.present = frozenset({*self.loaded.tables, *carried})
        self.source, self.growth, self.say = source, growth, say
        self.before = CheckReport.from_json(growth.base / REPORT)
        self.state = State.read(growth.base / STATE_FILE)
        self.other_accounts = ""

    def one(self, table: Table) -> None:
        if table.name in self.loaded.tables:
            self.in_full(table, self.loaded.tables[table.name])
            if table.name == "accounts" and self.accounts_known:
                self.other_accounts = self._compare_accounts()
            return
        why = self._carried(table)
        if why:
            self.say(f"{table.name} in full: {why}")
            self.in_full(table, self.source.load(self.connection, {table.name}).tables[table.name])

    def counted_before(self) -> Mapping[str, Counted]:
        """What was counted of the files that are still the same, unless an account known before has another first term now."""
        if self.other_accounts or "accounts" not in self.columns:
            return {}
        terms = [clean_files(folder, "subscriptions") for folder in (self.growth.base, self.out)]
        if not all(terms):
            return {}
        before, now = (
            f"""(SELECT account_id, min(started_at) FROM read_parquet([{literals(map(str, files))}])
            WHERE superseded_at IS NULL AND account_id NOT IN (FROM new_accounts) GROUP BY account_id)"""
            for files in terms
        )
        moved = f"SELECT 1 FROM (({before} EXCEPT {now}) UNION ALL ({now} EXCEPT {before}))"
        if self.connection.execute(f"{moved} LIMIT 1").fetchone():
            return {}
        kept = {file.name: file for file in clean_files(self.growth.base, "usage")}
        same = {file.name for file in clean_files(self.out, "usage") if file.name in kept and file.samefile(kept[file.name])}
        return {name: counted for name, counted in self.state.counted.items() if name in same}

    def _compare_accounts(self) -> str:
        """Make `new_accounts`, those that were not known before; why earlier rows may mean something else now, or nothing."""
        files = literals(map(str, clean_files(self.growth.base, "accounts")))
        self.connection.execute(f"""
            CREATE TABLE old_accounts AS
            SELECT account_id, min(known_at) AS known_at, arg_min(created_at, (known_at, created_at)) AS created_at
            FROM read_parquet([{files}]) GROUP BY account_id""")
        self.connection.execute("""
            CREATE TABLE new_accounts AS SELECT account_id FROM known_accounts ANTI JOIN old_accounts USING (account_id)""")
        moved = self.connection.execute("SELECT count(*) FROM (FROM old_accounts EXCEPT FROM known_accounts)").fetchall()[0][0]
        return f"what was first known of {moved:,} accounts has changed" if moved else ""

    def _carried(self, table: Table) -> str:
        """Take over what was found of the table, and add its new rows; why that cannot be done, or nothing."""
        name, base = table.name, self.growth.base
        if not self.accounts_known:
            return "there are no accounts to look its rows up in"
        if self.other_accounts:
            return self.other_accounts
        if name in AMOUNTS and (self.money.mixed or self.state.mixed):
            return "amounts are in several currencies"
        if waited_for(self.connection, base / "rejects" / f"{name}.parquet", "new_accounts"):
            return "rows of it waited for an account that is known now"
        if name in self.growth.added:
            return self._added(table, self.source.load_added(self.connection, name, self.growth.added[name]))
        for file in clean_files(base, name):
            carry_file(base, self.out, name, file)
        carry(base / "rejects" / f"{name}.parquet", self.out / "rejects" / f"{name}.parquet")
        self.tables.append(self.before.table(name))
        self.columns[name] = dict(self.state.columns[name])
        self.told[name] = self.state.told[name]
        return ""

    def _added(self, table: Table, raw: RawTable) -> str:
        name, base = table.name, self.growth.base
        columns, old, before = describe(self.connection, raw.relation), clean_files(base, name), self.before.table(name)
        if columns != self.state.columns[name]:
            drop(self.connection, raw)
            return "its new rows have other columns, or other types"
        staged = stage(self.connection, table, raw, accounts_known=self.accounts_known)
        decide(self.connection, staged)
        why = touched(self.connection, staged, old, before) or outgrown(self.connection, staged, old, before)
        if not why:
            self._add(staged, columns)
        self.forget(staged)
        return why

    def _add(self, staged: Staged, columns: dict[str, str]) -> None:
        name, base, rejects = staged.table.name, self.growth.base, f"rejects/{staged.table.name}.parquet"
        with TemporaryDirectory(dir=self.out, prefix=".added-") as folder:
            apart = Path(folder)
            write_clean(self.connection, staged, self.money, frozenset(), apart)
            write_rejects(self.connection, staged, apart / "rejects.parquet")
            added = clean_files(apart, name)
            report, findings = summarise(self.connection, staged, added)
            add(self.connection, staged.table, base, added, self.out)
            add_rejects(self.connection, base / rejects, apart / "rejects.parquet", self.out / rejects)
        self.tables.append(both_reports(self.before.table(name), report))
        self.told[name] = both_findings(self.state.told[name], findings)
        self.columns[name] = columns
