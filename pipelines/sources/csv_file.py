"""A CSV file as a table of texts, with every line that cannot be read kept beside it.

DuckDB reads fast and in parallel, but one quote that is never closed makes it lose the rest of the file without a word
(measured with 1.5.6: 390,534 of 400,000 rows). So its rows are counted against the file's lines, and where the two differ
the file is read again record by record.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from features.errors import BadInput
from features.sql import literal, quoted
from pipelines.sources.csv_records import opened, read_records

_KINDS = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "not UTF-8",
}


@dataclass(frozen=True)
class Layout:
    """How a CSV file is written: the sign between its cells, and its encoding by Python's name."""

    delimiter: str = ","
    encoding: str = "utf-8"


CONTRACT = Layout()


@dataclass(frozen=True)
class _Lines:
    """`count`: line ends in the file, its header's included, blank lines at the end left out. `quotes`: any quote at all."""

    count: int
    quotes: bool


def load_csv(connection: DuckDBPyConnection, relation: str, path: Path, layout: Layout = CONTRACT) -> str:
    """Make the table `relation`, every column VARCHAR, and the table of its broken lines, whose name is returned.

    `BadInput` when the file has no header, repeats a column, is not in its encoding, or is a damaged `.gz`.
    """
    with told_if_unreadable(path), _in_utf8(path, layout.encoding) as readable:
        return _load(connection, relation, readable, layout.delimiter)


@contextmanager
def told_if_unreadable(path: Path) -> Iterator[None]:
    """`BadInput` in place of the errors of a file that may not be read, or of a damaged `.gz`."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        said = f"{path.name} is a damaged .gz file: it is cut short or was changed. Pack it again, or copy it again whole."
        raise BadInput(said) from error
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}. Give tenure the right to read it.") from error


@contextmanager
def _in_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or where it is in another encoding a copy in UTF-8 under its name, for as long as it is read."""
    if codecs.lookup(encoding).name == "utf-8":
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name.removesuffix(".gz")
        try:
            with opened(path) as raw, io.TextIOWrapper(raw, encoding, newline="") as text, copy.open("wb") as out:
                while block := text.read(1 << 20):
                    out.write(block.encode("utf-8"))
        except UnicodeError as error:
            raise BadInput(f"{path.name} is not {encoding}: it holds other bytes. Say its own encoding.") from error
        yield copy


def _load(connection: DuckDBPyConnection, relation: str, path: Path, delimiter: str) -> str:
    names = _header(path, delimiter)
    broken = f"broken_{relation}"
    connection.execute(f"CREATE TABLE {quoted(broken)} (line BIGINT, reason VARCHAR, text VARCHAR)")
    if not _load_fast(connection, relation, broken, path, names, delimiter):
        connection.execute(f"DROP TABLE IF EXISTS {quoted(relation)}")
        connection.execute(f"DELETE FROM {quoted(broken)}")
        read_records(connection, relation, broken, path, names, delimiter)
    return broken


def _header(path: Path, delimiter: str) -> list[str]:
    try:
        with opened(path) as file, io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="") as text:
            names = next(csv.reader(text, delimiter=delimiter), [])
    except csv.Error as error:
        raise BadInput(f"{path.name} cannot be read as CSV in UTF-8. Export it again.") from error
    if any("\0" in name or _escaped(name) for name in names):
        raise BadInput(f"{path.name} is not UTF-8: its header line holds other bytes. Export it again as CSV in UTF-8.")
    if not names:
        raise BadInput(f"{path.name} has no header line. Write the column names into its first line.")
    folded = [name.lower() for name in names]
    twice = sorted({name for name in names if folded.count(name.lower()) > 1})
    if twice or "" in names:
        listed = ", ".join(twice) if twice else "a column without a name"
        raise BadInput(f"{path.name}: the header repeats or leaves out names: {listed}. Give each column its own.")
    return names


def _escaped(name: str) -> bool:
    """Whether a byte of the name was no UTF-8."""
    return any("\udc80" <= sign <= "\udcff" for sign in name)


def _load_fast(connection: DuckDBPyConnection, relation: str, broken: str, path: Path, names: list[str], delimiter: str) -> bool:
    """Whether DuckDB read the file and accounts for each of its lines."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    connection.execute("DROP TABLE IF EXISTS reject_errors")
    connection.execute("DROP TABLE IF EXISTS reject_scans")
    try:
        connection.execute(f"""
            CREATE TABLE {quoted(relation)} AS SELECT * FROM read_csv({literal(str(path))},
                auto_detect = false, header = true, delim = {literal(delimiter)}, quote = '"', escape = '"', strict_mode = true,
                store_rejects = true, columns = {{{columns}}})
        """)
    except duckdb.Error:
        return False
    kinds = " ".join(f"WHEN {literal(kind)} THEN {literal(words)}" for kind, words in _KINDS.items())
    connection.execute(f"""
        INSERT INTO {quoted(broken)}
        SELECT line, min(CASE CAST(error_type AS VARCHAR) {kinds} END), rtrim(any_value(csv_line), chr(10) || chr(13))
        FROM reject_errors GROUP BY file_id, line
    """)
    return _accounted(connection, relation, broken, path, names)


def _accounted(connection: DuckDBPyConnection, relation: str, broken: str, path: Path, names: list[str]) -> bool:
    lines = _count_lines(path)
    unsure = f"SELECT count(*) FROM {quoted(broken)} WHERE reason IS NULL OR contains(text, chr(10))"
    if _number(connection, unsure):
        return False
    rows = _number(connection, f"SELECT count(*) FROM {quoted(relation)}")
    rows += _number(connection, f"SELECT count(*) FROM {quoted(broken)}")
    inside = sum(name.count("\n") for name in names)
    if lines.quotes:
        breaks = " + ".join(
            f"coalesce(sum(CASE WHEN contains({quoted(name)}, chr(10)) "
            f"THEN length({quoted(name)}) - length(replace({quoted(name)}, chr(10), '')) END), 0)"
            for name in names
        )
        inside += _number(connection, f"SELECT {breaks} FROM {quoted(relation)}")
    return lines.count == rows + inside + 1


def _count_lines(path: Path) -> _Lines:
    count, quotes, tail = 0, False, b""
    with opened(path) as file:
        while block := file.read(1 << 20):
            count += block.count(b"\n")
            quotes = quotes or b'"' in block
            tail = (tail + block)[-4096:]
    ending = tail[len(tail.rstrip(b"\r\n")) :]
    return _Lines(count - ending.count(b"\n") + 1, quotes)


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
