"""How a CSV file is written, from its first bytes: encoding and the sign between cells."""

import csv
import io
from collections import Counter
from pathlib import Path

from pipelines.sources.csv_file import Layout, told_if_unreadable
from pipelines.sources.csv_records import opened

_SIGNS = (",", ";", "\t", "|")
_FIRST_LINES = 50
_OTHER = "cp1252"  # what Windows programs write in Western Europe and the Americas


def sniffed(path: Path) -> Layout:
    """The layout of a CSV file: the sign that cuts most of its first lines into as many cells as its header, and several.

    `BadInput` when it cannot be read, or is a damaged `.gz`.
    """
    with told_if_unreadable(path):
        encoding = _encoding(path)
        with opened(path) as raw, io.TextIOWrapper(raw, encoding, errors="replace", newline="") as text:
            start = "".join(line for line, _ in zip(text, range(_FIRST_LINES), strict=False)).lstrip("\ufeff")
    scores = {sign: _fit(start, sign) for sign in _SIGNS}
    return Layout(max(_SIGNS, key=lambda sign: scores[sign]), encoding)


def _fit(start: str, sign: str) -> tuple[float, int]:
    """(share of lines as wide as the header, its width); nothing for a sign that the header does not hold."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(start), delimiter=sign) if row]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return Counter(widths)[widths[0]] / len(widths), widths[0]


def _encoding(path: Path) -> str:
    """`utf-8` when all of the file is, `utf-16` by its mark, else what Windows writes."""
    with opened(path) as raw:
        if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    try:
        with opened(path) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
            while text.read(1 << 20):
                continue
    except UnicodeDecodeError:
        return _OTHER
    return "utf-8"
