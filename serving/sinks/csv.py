"""CSV: one file a day, `<folder>/<as_of>.csv`, for whoever imports files."""

import csv
import fcntl
import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from serving.recommendation import Recommendation
from serving.sink import Receipt, SinkUnavailableError
from serving.store.records import in_utc

COLUMNS = tuple(field.name for field in fields(Recommendation))
HEADER = (",".join(COLUMNS) + "\r\n").encode()
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Lines = dict[str, dict[str, str]]


class CsvSink:
    """Keeps one line an account in the day's file; a file is replaced whole: a reader never sees half of one."""

    name = "csv"
    batch_rows = 2_000

    def __init__(self, folder: Path) -> None:
        """Write below `folder`, which is made when it is missing."""
        self.folder = folder

    @property
    def target(self) -> str:
        """The folder."""
        return str(self.folder.resolve())

    def send(self, rows: Sequence[Recommendation]) -> list[Receipt]:
        """Put `rows` into the files of their days, each in the place of the account's earlier line."""
        try:
            self._sweep()
            for day in sorted({row.as_of for row in rows}):
                self._upsert(day, [row for row in rows if row.as_of == day])
        except OSError as error:
            raise SinkUnavailableError(f"cannot write below {self.folder}: {error.strerror}; free it or give --out") from error
        return [Receipt(row.account_id, "ok") for row in rows]

    def lost(self, rows: Sequence[Recommendation]) -> set[str]:
        """Accounts whose line is in no file any more, or is not the one written (somebody removed, cut or changed it)."""
        try:
            held = {day: self._read(day) for day in {row.as_of for row in rows}}
        except OSError as error:
            raise SinkUnavailableError(f"cannot read below {self.folder}: {error.strerror}; free it or give --out") from error
        return {row.account_id for row in rows if held[row.as_of].get(_cell(row.account_id)) != _line(row)}

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.csv"

    def _read(self, day: date) -> Lines:
        """The whole lines of the day's file: what was cut off is left out, an account with two lines has none.

        `SinkUnavailableError` for a file that somebody gave another shape: what they did to it is not ours to throw away.
        """
        path = self._path(day)
        content = path.read_bytes() if path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if not whole and HEADER.startswith(content):
            return {}
        try:
            reader = csv.DictReader(io.StringIO(whole.decode("utf-8"), newline=""))
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise _touched(path, "its first line is not the one tenure writes")
            lines = [line for line in reader if None not in line and None not in line.values()]
        except (UnicodeDecodeError, csv.Error) as error:
            raise _touched(path, "it is no CSV in UTF-8 any more") from error
        seen = Counter(line["account_id"] for line in lines)
        return {line["account_id"]: line for line in lines if seen[line["account_id"]] == 1}

    def _upsert(self, day: date, rows: Iterable[Recommendation]) -> None:
        lines = self._read(day) | {_cell(row.account_id): _line(row) for row in rows}
        self._replace(self._path(day), [lines[account] for account in sorted(lines)])

    def _sweep(self) -> None:
        """Remove what a killed run left half written; a file that a living run is writing is locked, and stays."""
        for part in self.folder.glob(".*.part"):
            with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:  # gone: the other run is done with it
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink(missing_ok=True)

    def _replace(self, path: Path, lines: Iterable[dict[str, str]]) -> None:
        """Write a new file beside `path` and put it in its place; a failure leaves the old one and nothing else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file, part = self._locked_part()
        try:
            with file:
                writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\r\n")  # also quotes a lone \r
                writer.writeheader()
                writer.writerows(lines)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o644)
                part.replace(path)  # while it is locked: no other run may take it for left over
        finally:
            part.unlink(missing_ok=True)

    def _locked_part(self) -> tuple[TextIO, Path]:
        """A new file that no other run sweeps away; one that was swept before it could be locked is made again."""
        while True:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
            file = open(handle, "w", encoding="utf-8", newline="")  # noqa: PTH123, SIM115 - a handle, closed by whoever gets it
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return file, Path(name)
            file.close()


def _line(row: Recommendation) -> dict[str, str]:
    return {name: _cell(getattr(row, name)) for name in COLUMNS}


def _touched(path: Path, how: str) -> SinkUnavailableError:
    return SinkUnavailableError(f"{path} was changed by somebody: {how}; move it away or give another --out")


def _cell(value: object) -> str:
    """The value as text; a cell that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return in_utc(value).isoformat().replace("+00:00", "Z")  # as the API writes it
    if isinstance(value, date):
        return value.isoformat()
    words = str(value)
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words
