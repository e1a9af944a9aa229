"""CSV record by record, for files in which some line is broken: the reader takes up again at the very next line."""

import codecs
import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa
from duckdb import DuckDBPyConnection

from features.sql import quoted

BATCH_ROWS = 50_000
LONGEST_RECORD = 2_000_000  # bytes; a quote that is closed only after more was never meant to be
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")

Record = list[str | None]


def opened(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked if it is a `.gz`."""
    return cast("BinaryIO", gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")


@cache
def _field(delimiter: bytes) -> re.Pattern[bytes]:
    sign = re.escape(delimiter)
    return re.compile(rb'(?:"((?:[^"]|"")*)"|([^"\r\n' + sign + rb"]*))(" + sign + rb"|\r\n|\n|\r|\Z)")


def read_records(
    connection: DuckDBPyConnection, relation: str, broken: str, path: Path, names: list[str], delimiter: str
) -> None:
    """Make the table `relation` from the sound records of the file and add the others to the table `broken`."""
    columns = ", ".join(f"{quoted(name)} VARCHAR" for name in names)
    connection.execute(f"CREATE TABLE {quoted(relation)} ({columns})")
    with opened(path) as file:
        content = file.read().removeprefix(codecs.BOM_UTF8)
    rows: list[Record] = []
    for line, found in _records(content, len(names), delimiter.encode()):
        if isinstance(found, list):
            rows.append(found)
        else:
            connection.execute(f"INSERT INTO {quoted(broken)} VALUES (?, ?, ?)", [line, *found])
        if len(rows) >= BATCH_ROWS:
            _insert(connection, relation, rows, names)
            rows = []
    _insert(connection, relation, rows, names)


def _records(content: bytes, width: int, delimiter: bytes) -> Iterator[tuple[int, Record | tuple[str, str]]]:
    """(number, record or (reason, text)) of each line after the header; blank lines are passed over."""
    position, line = 0, 1
    while position < len(content):
        after, fields = _record(content, position, delimiter)
        reason = _reason(fields, width)
        if reason:
            match = _LINE.match(content, position)
            after = match.end() if match else len(content)
        text = content[position:after]
        if line > 1 and text.strip(b"\r\n"):
            yield line, (reason, text.rstrip(b"\r\n").decode("utf-8", "replace")) if reason else _decoded(fields)
        line += max(1, text.count(b"\n"))
        position = after


def _record(content: bytes, start: int, delimiter: bytes) -> tuple[int, list[bytes | None] | None]:
    """Where the record ends and its cells; None instead of cells when the quoting is broken."""
    fields: list[bytes | None] = []
    position = start
    while match := _field(delimiter).match(content, position, start + LONGEST_RECORD):
        quoted_cell, plain, end = match.groups()
        fields.append(quoted_cell.replace(b'""', b'"') if quoted_cell is not None else plain or None)
        position = match.end()
        if end != delimiter:
            return position, fields
    return position, None


def _reason(fields: list[bytes | None] | None, width: int) -> str | None:
    if fields is None:
        return "a quote out of place"
    if len(fields) != width:
        return "too few columns" if len(fields) < width else "too many columns"
    try:
        _decoded(fields)
    except UnicodeDecodeError:
        return "not UTF-8"
    return None


def _decoded(fields: list[bytes | None] | None) -> Record:
    return [None if cell is None else cell.decode("utf-8") for cell in fields or []]


def _insert(connection: DuckDBPyConnection, relation: str, rows: list[Record], names: list[str]) -> None:
    if rows:
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        batch = pa.table(columns, names=[f"c{number}" for number in range(len(names))])
        connection.register("batch_of_records", batch)
        connection.execute(f"INSERT INTO {quoted(relation)} SELECT * FROM batch_of_records")
        connection.unregister("batch_of_records")
