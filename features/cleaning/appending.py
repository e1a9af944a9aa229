"""New rows of a table beside the clean ones: whether they leave those alone, and where they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duckdb import DuckDBPyConnection

from features import clean_files
from features.check_report import TableReport
from features.cleaning.staging import UNKNOWN_ACCOUNT, Staged
from features.cleaning.versions import CONFLICT
from features.cleaning.writing import OPTIONS, REJECT_REASON, UNREADABLE
from features.contracts import Table
from features.growth import carry
from features.source import Finding
from features.sql import literal, literals, quoted
from features.totals.facts import Facts
from features.totals.store import FOLDER

SMALL_PARTS = 31  # days that are kept as parts of their own before they become one


def touched(connection: DuckDBPyConnection, staged: Staged, files: Sequence[Path], report: TableReport) -> str:
    """Why new rows cannot simply be added to the clean ones in `files`; empty when they can.

    They can when none is a copy or another version of an earlier row, kept or rejected.
    """
    if any(reason.startswith(UNREADABLE) for reason in report.reasons):
        return "lines of it could not be read before"
    if CONFLICT in report.reasons:
        return "rows of it contradicted each other before"
    new, old, time = f"{staged.relation} n", f"read_parquet([{literals(map(str, files))}]) o", quoted(staged.table.time)
    keys = [quoted(column) for column in staged.table.key if staged.has(column)]
    if keys:
        same = " AND ".join(f"n.{key} IS NOT DISTINCT FROM o.{key}" for key in keys)
        if len(staged.table.key) == 1:
            same = f"n.{keys[0]} = o.{keys[0]}"
        if _any(connection, f"FROM {new} SEMI JOIN {old} ON {same} WHERE n._reason IS NULL"):
            return "new rows are versions of earlier ones"
    span = f"SELECT min({time}), max({time}) FROM {staged.relation} WHERE _reason IS NULL"
    first, last = connection.execute(span).fetchall()[0]
    if first is None:
        return ""
    row_id = "coalesce(n.row_id, left(lpad(lower(hex(n._content)), 32, '0'), 12))"
    within = f"(SELECT * FROM {old} WHERE {time} BETWEEN TIMESTAMP '{first}' AND TIMESTAMP '{last}')"
    copy = f"n.account_id = o.account_id AND n.{time} = o.{time} AND {row_id} = o.row_id"
    found = _any(connection, f"FROM {new} SEMI JOIN {within} o ON {copy} WHERE n._reason IS NULL")
    return "new rows are copies of earlier ones" if found else ""


def outgrown(connection: DuckDBPyConnection, staged: Staged, files: Sequence[Path], report: TableReport) -> str:
    """Why the clean file of the table must be cut anew when the rows are added; empty when it need not."""
    new = connection.execute(f"SELECT count(*) FROM {staged.relation} WHERE _reason IS NULL").fetchall()[0][0]
    whole = [file for file in files if file.stem == staged.table.name]
    long = whole and report.accepted + report.duplicates + new > clean_files.PART_ROWS
    return "it has become long enough to be kept in parts" if long else ""


def waited_for(connection: DuckDBPyConnection, rejects: Path, accounts: str) -> bool:
    """Whether rows in `rejects` were refused for want of an account that the relation `accounts` now knows."""
    if not rejects.exists():
        return False
    name = "regexp_replace(CAST(account_id AS VARCHAR), '[.]0$', '')"
    rows = f"FROM read_parquet({literal(str(rejects))}) WHERE contains({REJECT_REASON}, {literal(UNKNOWN_ACCOUNT)})"
    return _any(connection, f"{rows} AND {name} IN (SELECT account_id FROM {accounts})")


def add(connection: DuckDBPyConnection, table: Table, base: Path, added: Sequence[Path], out: Path) -> None:
    """The clean files of `base` and the `added` ones as those of `out`, with the totals of the files that stay as they are."""
    old = clean_files.clean_files(base, table.name)
    if old[0].parent == base:
        _merge(connection, table, [*old, *added], out / f"{table.name}.parquet")
        return
    folder = out / table.name
    merged = _to_merge(connection, base, table, old, added)
    for file in (file for file in old if file not in merged):
        carry_file(base, out, table.name, file)
    groups = [[*merged, *added]] if merged else [[file] for file in added]
    for files in groups:
        first = connection.execute(_min(table.time, files)).fetchall()[0][0]
        if first is not None:
            _merge(connection, table, files, _free(folder, str(first)))


def carry_file(base: Path, out: Path, table: str, file: Path) -> None:
    """A clean file and what was totalled of it."""
    carry(file, out / file.relative_to(base))
    totals = base / FOLDER / table
    for kept in (*totals.glob("*/kept_as_rows"), *totals.glob(f"*/{file.stem}.parquet"), *totals.glob(f"{file.stem}.json")):
        if not (out / kept.relative_to(base)).exists():
            carry(kept, out / kept.relative_to(base))


@dataclass(frozen=True)
class _Span:
    """The days of a file's rows, the days they were learned on, and how many there are."""

    first_day: date | None
    last_day: date | None
    first_known: date | None
    last_known: date | None
    rows: int

    @classmethod
    def of(cls, connection: DuckDBPyConnection, table: Table, file: Path) -> "_Span":
        day, known = f"CAST({quoted(table.time)} AS DATE)", "CAST(known_at AS DATE)"
        query = f"SELECT min({day}), max({day}), min({known}), max({known}), count(*) FROM read_parquet({literal(str(file))})"
        return cls(*connection.execute(query).fetchall()[0])

    def meets(self, other: "_Span") -> bool:
        """Whether a row of each may be of one day and learned on one day: then they belong to one total."""
        return _meet(self.first_day, self.last_day, other.first_day, other.last_day) and _meet(
            self.first_known, self.last_known, other.first_known, other.last_known
        )


def _meet(first: date | None, last: date | None, other_first: date | None, other_last: date | None) -> bool:
    if first is None or last is None or other_first is None or other_last is None:
        return False
    return first <= other_last and other_first <= last


def _to_merge(connection: DuckDBPyConnection, base: Path, table: Table, old: Sequence[Path], added: Sequence[Path]) -> list[Path]:
    """The parts with which the new rows may share a total, and small ones, if there are many."""
    spans = {file: _known_span(base, table, file) or _Span.of(connection, table, file) for file in old}
    new = [_Span.of(connection, table, file) for file in added]
    small = [file for file in old if spans[file].rows < clean_files.PART_ROWS // 2]
    shared = [file for file in old if any(spans[file].meets(each) for each in new)]
    return sorted({*shared, *(small if len(small) >= SMALL_PARTS else [])})


def _known_span(base: Path, table: Table, file: Path) -> _Span | None:
    facts = Facts.read(base / FOLDER / table.name / f"{file.stem}.json")
    if facts is None:
        return None
    return _Span(facts.first_day, facts.last_day, facts.first_known, facts.last_known, facts.rows)


def _merge(connection: DuckDBPyConnection, table: Table, files: Sequence[Path], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    order = f"account_id, {quoted(table.time)}, row_id, known_at"
    rows = f"SELECT * FROM read_parquet([{literals(map(str, files))}], union_by_name = true)"
    connection.execute(f"COPY ({rows} ORDER BY {order}) TO {literal(str(path))} {OPTIONS}")


def _min(time: str, files: Sequence[Path]) -> str:
    return f"SELECT CAST(min({quoted(time)}) AS DATE) FROM read_parquet([{literals(map(str, files))}])"


def _free(folder: Path, name: str) -> Path:
    """A file of that name, or of the next free one."""
    path, number = folder / f"{name}.parquet", 0
    while path.exists():
        number += 1
        path = folder / f"{name}+{number}.parquet"
    return path


def add_rejects(connection: DuckDBPyConnection, old: Path, added: Path, path: Path) -> None:
    """The rejected rows of both files as one; no file when neither is there."""
    files = [str(each) for each in (old, added) if each.exists()]
    if files:
        rows = f"SELECT * FROM read_parquet([{literals(files)}], union_by_name = true) ORDER BY ALL"
        connection.execute(f"COPY ({rows}) TO {literal(str(path))} {OPTIONS}")


def both_reports(old: TableReport, new: TableReport) -> TableReport:
    """The report of a table of which `old` rows were checked before and `new` ones now."""
    counts = {each: old.reasons.get(each, 0) + new.reasons.get(each, 0) for each in {*old.reasons, *new.reasons}}
    return TableReport(
        name=new.name,
        read=old.read + new.read,
        accepted=old.accepted + new.accepted,
        duplicates=old.duplicates + new.duplicates,
        rejected=old.rejected + new.rejected,
        reasons=dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))),
        versions=old.versions + new.versions,
        late=old.late + new.late,
        stand_in=new.stand_in,
        unknown_columns=new.unknown_columns,
        first=min((each for each in (old.first, new.first) if each), default=None),
        last=max((each for each in (old.last, new.last) if each), default=None),
    )


def both_findings(old: Sequence[Finding], new: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of such a table, those about rows whose knowledge date stands in first."""
    counts: dict[str, int] = {}
    for each in (*old, *new):
        counts[each.what] = counts.get(each.what, 0) + each.count
    name = (*old, *new)[0].table if counts else ""
    return tuple(Finding(name, what, counts[what]) for what in sorted(counts, key=lambda what: "stands in" not in what))


def _any(connection: DuckDBPyConnection, rows: str) -> bool:
    return bool(connection.execute(f"SELECT 1 {rows} LIMIT 1").fetchone())
