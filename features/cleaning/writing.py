"""The clean table, as History reads it, and the rejected rows with their reasons, as Parquet."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from features import clean_files
from features.cleaning.casting import SQL_TYPES
from features.cleaning.currency import AMOUNTS, Conversion, Money, conversion
from features.cleaning.knowledge import known_dates
from features.cleaning.staging import SEPARATOR, Staged, describe
from features.cleaning.versions import CONFLICT
from features.contracts import Column
from features.sql import literal, quoted

REJECT_REASON = "reject_reason"
REJECT_LINE = "reject_line"
OPTIONS = "(FORMAT parquet, COMPRESSION zstd)"
UNREADABLE = "line cannot be read"


def write_clean(connection: DuckDBPyConnection, staged: Staged, money: Money, numbers: frozenset[str], folder: Path) -> None:
    """Write every declared column with its type, the knowledge dates, `known_at`, `row_id` and `superseded_at`.

    `numbers` are the attributes that are numbers. A file is sorted by account, time and row, so that the same rows give the
    same bytes in whatever order they came; a long table is cut into parts by day (`features.clean_files`).
    """
    table = staged.table
    how = conversion(staged, money)
    columns = [f"{_value(staged, c, money, how)} AS {quoted(c.name)}" for c in table.columns]
    columns += [f"{_attribute(name, is_number=name in numbers)} AS {quoted(name)}" for name in staged.attributes]
    columns += [f"{how.since} AS known_at", "coalesce(t.row_id, left(lpad(lower(hex(t._content)), 32, '0'), 12)) AS row_id"]
    columns += [f"{rule} AS {quoted(name)}" for name, rule in known_dates(staged).items()]
    columns += [f"{how.until} AS superseded_at", "t._content"]
    order = f"account_id, {quoted(table.time)}, row_id, known_at, _content"
    time = quoted(table.time)
    for path, span in _parts(connection, staged, folder):
        path.parent.mkdir(exist_ok=True)
        connection.execute(f"""
            COPY (SELECT * EXCLUDE (_content) FROM (
                SELECT {", ".join(columns)}
                FROM (SELECT * FROM {staged.relation} WHERE {span.format(time=time)}) t
                LEFT JOIN {quoted(f"fate_{table.name}")} f ON f._n = t._n {how.joins}
                WHERE t._reason IS NULL AND NOT coalesce(f.duplicate OR f.conflict, false) AND {how.where}
                ORDER BY {order})
            ) TO {literal(str(path))} {OPTIONS}
        """)


def _parts(connection: DuckDBPyConnection, staged: Staged, folder: Path) -> list[tuple[Path, str]]:
    """The files of a table, each with the condition on `{time}` that its rows fulfil: whole days, `PART_ROWS` or some more."""
    name, time = staged.table.name, quoted(staged.table.time)
    sound = f"FROM {staged.relation} WHERE _reason IS NULL"
    rows = connection.execute(f"SELECT count(*) {sound}").fetchall()[0][0]
    if rows <= clean_files.PART_ROWS:
        return [(folder / f"{name}.parquet", "true")]
    counted = connection.execute(f"SELECT CAST({time} AS DATE), count(*) {sound} GROUP BY 1 ORDER BY 1").fetchall()
    begins, held = [counted[0][0]], 0
    for day, count in counted:
        if held >= clean_files.PART_ROWS:
            begins, held = [*begins, day], 0
        held += count
    ends = [f"{{time}} < DATE '{day}'" for day in begins[1:]] + ["true"]
    return [
        (folder / name / f"{day}.parquet", f"{{time}} >= DATE '{day}' AND {end}") for day, end in zip(begins, ends, strict=True)
    ]


def write_rejects(connection: DuckDBPyConnection, staged: Staged, path: Path) -> None:
    """Write the rows that were refused as the text they came in, with every reason; no file when there are none."""
    raw = staged.raw
    names = list(describe(connection, raw.relation))
    # TRY: a time that no calendar holds has no text; its reason says so
    texts = ", ".join(f"TRY(CAST(r.{quoted(name)} AS VARCHAR)) AS {quoted(name)}" for name in names)
    rows = f"""
        SELECT {texts}, coalesce(t._reason, {literal(CONFLICT)}) AS {REJECT_REASON}, CAST(NULL AS VARCHAR) AS {REJECT_LINE}
        FROM {quoted(raw.relation)} r JOIN {staged.relation} t ON t._n = r.rowid
        LEFT JOIN {quoted(f"fate_{staged.table.name}")} f ON f._n = t._n
        WHERE t._reason IS NOT NULL OR f.conflict"""
    if raw.broken:
        blanks = ", ".join("CAST(NULL AS VARCHAR)" for _ in names)
        reason = f"{literal(UNREADABLE + ': ')} || reason"
        rows += f" UNION ALL SELECT {blanks}, {reason}, text FROM {quoted(raw.broken)}"
    found = connection.execute(f"SELECT count(*) FROM ({rows})").fetchone()
    if found and found[0]:
        connection.execute(f"COPY (SELECT * FROM ({rows}) ORDER BY ALL) TO {literal(str(path))} {OPTIONS}")


def count_reasons(connection: DuckDBPyConnection, staged: Staged) -> dict[str, int]:
    """Reason -> rows, the commonest first; a row with two reasons counts under both."""
    raw = staged.raw
    parts = [
        f"SELECT unnest(string_split(_reason, {literal(SEPARATOR)})) AS reason FROM {staged.relation} WHERE _reason IS NOT NULL",
        f"SELECT {literal(CONFLICT)} FROM {quoted(f'fate_{staged.table.name}')} WHERE conflict",
    ]
    if raw.broken:
        parts.append(f"SELECT {literal(UNREADABLE + ': ')} || reason FROM {quoted(raw.broken)}")
    union = " UNION ALL ".join(parts)
    rows = connection.execute(f"SELECT reason, count(*) FROM ({union}) GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    return dict(rows)


def _value(staged: Staged, column: Column, money: Money, how: Conversion) -> str:
    if not staged.has(column.name):
        default = "1" if (staged.table.name, column.name) == ("usage", "quantity") else "NULL"
        return f"CAST({default} AS {SQL_TYPES[column.kind]})"
    if column.name in AMOUNTS.get(staged.table.name, ()):
        return how.converted(column.name)
    if (staged.table.name, column.name) == ("subscriptions", "currency"):
        return how.named(column.name, money)
    if (staged.table.name, column.name) == ("usage", "quantity"):
        return "coalesce(t.quantity, 1)"
    return f"t.{quoted(column.name)}"


def _attribute(name: str, *, is_number: bool) -> str:
    if is_number:
        number = f"TRY_CAST(t.{quoted(name)} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"
    return f"t.{quoted(name)}"
