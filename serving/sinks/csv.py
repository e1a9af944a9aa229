"""CSV: one file a day, `<folder>/<as_of>.csv`, for whoever imports files."""

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

from serving.recommendation import Recommendation
from serving.sink import Receipt, SinkUnavailableError
from serving.store.records import in_utc

COLUMNS = tuple(field.name for field in fields(Recommendation))
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
            for day in sorted({row.as_of for row in rows}):
                self._upsert(day, [row for row in rows if row.as_of == day])
        except OSError as error:
            raise SinkUnavailableError(f"cannot write below {self.folder}: {error.strerror}; free it or give --out") from error
        return [Receipt(row.account_id, "ok") for row in rows]

    def lost(self, rows: Sequence[Recommendation]) -> set[str]:
        """Accounts whose line is in no file any more (somebody removed it)."""
        held = {day: self._read(day).keys() for day in {row.as_of for row in rows}}
        return {row.account_id for row in rows if _cell(row.account_id) not in held[row.as_of]}

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.csv"

    def _read(self, day: date) -> Lines:
        path = self._path(day)
        if not path.exists():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            return {line["account_id"]: line for line in csv.DictReader(file)}

    def _upsert(self, day: date, rows: Iterable[Recommendation]) -> None:
        lines = self._read(day)
        for row in rows:
            line = {name: _cell(getattr(row, name)) for name in COLUMNS}
            lines[line["account_id"]] = line
        self._replace(self._path(day), [lines[account] for account in sorted(lines)])

    def _replace(self, path: Path, lines: Iterable[dict[str, str]]) -> None:
        """Write a new file beside `path` and put it in its place; a failure leaves the old one and nothing else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        part = Path(name)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a handle, not a path
                writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\r\n")  # also quotes a lone \r
                writer.writeheader()
                writer.writerows(lines)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


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
