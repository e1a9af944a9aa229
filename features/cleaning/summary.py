"""The counts of one checked table."""

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from features.check_report import TableReport
from features.cleaning.staging import Staged
from features.cleaning.writing import count_reasons
from features.contracts import OPEN_END
from features.source import Finding
from features.sql import literals, quoted


def summarise(connection: DuckDBPyConnection, staged: Staged, clean: Sequence[Path]) -> tuple[TableReport, list[Finding]]:
    """The report of a table whose clean rows are written, and findings about open ends and knowledge dates."""
    table, raw = staged.table, staged.raw
    sound, refused = _typed_counts(connection, staged)
    duplicates, conflicts, versions = _fate_counts(connection, staged)
    broken = _count(connection, f"SELECT count(*) FROM {quoted(raw.broken)}") if raw.broken else 0
    time, moment = quoted(table.time), "'%Y-%m-%dT%H:%M:%SZ'"
    first, last = connection.execute(f"""
        SELECT strftime(min({time}), {moment}), strftime(max({time}), {moment}) FROM read_parquet([{literals(map(str, clean))}])
    """).fetchall()[0]
    # Counted as they came: money learned later writes a row twice (features/cleaning/currency.py).
    rows = f"(SELECT * FROM {staged.relation} WHERE _reason IS NULL AND _n NOT IN ("
    rows += f"SELECT _n FROM {quoted(f'fate_{table.name}')} WHERE duplicate OR conflict))"
    # Rows of accounts are states, each known from its own day on: none of them is late.
    planned = table.column(table.time).plan or not staged.gives_known_at or table.name == "accounts"
    late = 0 if planned else _count(connection, f"SELECT count(*) FROM {rows} WHERE known_at > {time}")
    report = TableReport(
        name=table.name,
        read=sound + refused + broken,
        accepted=sound - duplicates - conflicts,
        duplicates=duplicates,
        rejected=refused + broken + conflicts,
        reasons=count_reasons(connection, staged),
        versions=versions,
        late=late,
        stand_in=_stand_in(staged),
        unknown_columns=staged.unknown,
        first=first,
        last=last,
    )
    return report, [*_open_ends(connection, staged, rows), *_known_findings(connection, staged, rows, planned=planned)]


def _typed_counts(connection: DuckDBPyConnection, staged: Staged) -> tuple[int, int]:
    row = connection.execute(f"""
        SELECT count(*) FILTER (_reason IS NULL), count(*) FILTER (_reason IS NOT NULL) FROM {staged.relation}
    """).fetchall()[0]
    return row[0], row[1]


def _fate_counts(connection: DuckDBPyConnection, staged: Staged) -> tuple[int, int, int]:
    fate = quoted(f"fate_{staged.table.name}")
    row = connection.execute(f"""
        SELECT count(*) FILTER (duplicate), count(*) FILTER (conflict), count(superseded_at) FROM {fate}
    """).fetchall()[0]
    return row[0], row[1], row[2]


def _stand_in(staged: Staged) -> str:
    if staged.raw.stand_in:
        return staged.raw.stand_in
    return "" if staged.gives_known_at else f"{staged.table.stand_in} (the table has no known_at)"


def _open_ends(connection: DuckDBPyConnection, staged: Staged, rows: str) -> list[Finding]:
    found = []
    for column in (column for column in staged.present if column.plan):
        count = _count(connection, f"SELECT count(*) FROM {rows} WHERE {quoted(column.name)} >= TIMESTAMP '{OPEN_END}'")
        if count:
            found.append(Finding(staged.table.name, f"{column.name}: an open end, {OPEN_END} or later, read as that day", count))
    return found


def _known_findings(connection: DuckDBPyConnection, staged: Staged, rows: str, *, planned: bool) -> list[Finding]:
    if not staged.gives_known_at:
        return []
    name = staged.table.name
    asked = [(f"known_at is empty: {staged.table.stand_in} stands in", f"{staged.relation} WHERE _reason IS NULL AND _stood_in")]
    if not planned:
        asked.append(("known before it happened", f"{rows} WHERE known_at < {quoted(staged.table.time)}"))
    counted = [(what, _count(connection, f"SELECT count(*) FROM {where}")) for what, where in asked]
    return [Finding(name, what, count) for what, count in counted if count]


def _count(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
