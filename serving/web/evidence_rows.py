"""Raw rows as small tables a person can read: columns named, dates written out, empty columns left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from features.contracts import Column
from features.tables import TABLES
from serving.store.records import EvidenceRow
from serving.web import numerals
from serving.web.words import Words

HIDDEN = frozenset({"account_id", "known_at", "row_id"})
LONGEST_TEXT = 600  # characters of one cell


@dataclass(frozen=True)
class Line:
    """One row: a cell a header, and the running texts (a mail, a note) that stand below them."""

    cells: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceTable:
    """The rows of one table; `headers` name the cells of every line."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[Line, ...]


def evidence_tables(rows: Sequence[EvidenceRow], words: Words) -> tuple[EvidenceTable, ...]:
    """The rows by table, in the order given within each; empty for no rows."""
    by_table = sorted(rows, key=lambda row: row.table)
    return tuple(_table(name, list(group), words) for name, group in groupby(by_table, lambda row: row.table))


def _table(name: str, rows: list[EvidenceRow], words: Words) -> EvidenceTable:
    declared = {column.name: column for column in TABLES[name].columns} if name in TABLES else {}
    columns = _columns(name, rows)
    prose = [column for column in columns if column in declared and declared[column].free_text]
    short = [column for column in columns if column not in prose]
    return EvidenceTable(
        title=words.known(f"tables.{name}", name),
        headers=tuple(words.known(f"columns.{column}", column) for column in short),
        rows=tuple(
            Line(
                cells=tuple(_cell(row.row.get(column), declared.get(column), words) for column in short),
                words=tuple(_cut(str(row.row[column])) for column in prose if row.row.get(column)),
            )
            for row in rows
        ),
    )


def _columns(table: str, rows: list[EvidenceRow]) -> list[str]:
    """The columns that hold something in some row: the table's time first, then as declared, then the others by name."""
    filled = {column for row in rows for column, value in row.row.items() if value not in (None, "")}
    shown = {column for column in filled - HIDDEN if not column.endswith("_known_at")}
    declared = [column.name for column in TABLES[table].columns] if table in TABLES else []
    first = [TABLES[table].time] if table in TABLES else []
    order = list(dict.fromkeys([*first, *declared, *sorted(shown)]))
    return [column for column in order if column in shown]


def _cell(value: Any, declared: Column | None, words: Words) -> str:
    if value is None or value == "":
        return ""
    kind = None if declared is None else declared.kind
    if kind == "time":
        return _time(str(value), words)
    if isinstance(value, bool) or kind == "bool":
        return words.say("page.yes" if value else "page.no")
    if isinstance(value, int | float):
        return numerals.number(value, words.language)
    if declared is not None and declared.allowed:
        return words.known(f"values.{value}", str(value))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _time(value: str, words: Words) -> str:
    try:
        return numerals.moment(datetime.fromisoformat(value), words.language)
    except ValueError:  # a source wrote a time of its own kind: better as it is than not at all
        return value
