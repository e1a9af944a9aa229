"""A CSV of texts, read whole or not at all: what goes in comes out again in the same rows, order and columns."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from features.errors import BadInput
from features.text.choice import open_analyzer
from features.text.scoring import ADDED, score_csv_frame
from pipelines.params import Params

_Line = tuple[int, list[str]]


def text(file: Path, out: Path, params: Params) -> int:
    """Read a CSV with the column `text` (and perhaps `lang`), write it with what the analyzer found; the number of rows.

    `BadInput` when the file cannot be kept as it is: see `read_texts`.
    """
    frame = read_texts(file)
    if out.exists() and out.samefile(file):
        raise BadInput(f"--out {out} is the file that is read. Give another name, so that the texts stay as they are.")
    read = score_csv_frame(frame, open_analyzer(params.text))
    out.parent.mkdir(parents=True, exist_ok=True)
    read.to_csv(out, index=False, lineterminator="\r\n")  # else a text with a lone \r is not quoted, and reads as two rows
    return len(read)


def read_texts(file: Path) -> pd.DataFrame:
    """The file as columns of strings, an empty cell as an empty string, an empty line as an empty cell of a single column.

    `BadInput` when the file is not CSV in UTF-8, has no column `text`, two columns of one name or one that we write
    ourselves, or a line with more or fewer fields than the header.
    """
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "does not exist"
        raise BadInput(f"{file} {what}. Give a CSV with a column `text`.")
    lines = _lines(file)
    _, names = next(lines, (1, []))
    if not names:
        raise BadInput(f"{file} is not a CSV in UTF-8: it has no header line. Write one with the column `text`.")
    _fit(file, names)
    rows = list(_rows(file, lines, len(names)))
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pd.DataFrame({name: list(column) for name, column in zip(names, columns, strict=True)}, columns=names, dtype=object)


def _fit(file: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{file} has several columns named {', '.join(twice)}. Give each column its own name.")
    if "text" not in names:
        raise BadInput(f"{file} has no column `text`; it has {', '.join(names)}. Rename the one that holds the texts.")
    taken = [name for name in names if name in ADDED]
    if taken:
        raise BadInput(f"{file} has columns that `tenure text` writes itself: {', '.join(taken)}. Rename or remove them.")


def _rows(file: Path, lines: Iterator[_Line], width: int) -> Iterator[list[str]]:
    """The fields of each line; empty lines that end a file of several columns are no rows."""
    blank: int | None = None
    for number, fields in lines:
        cells = fields or [""] * (width == 1)
        if not cells:
            blank = blank or number
            continue
        if blank or len(cells) != width:
            at, found = (blank, 0) if blank else (number, len(cells))
            amount = "few" if found < width else "many"
            said = f"{file}, line {at}: too {amount} fields, {found} where the header has {width}. "
            raise BadInput(said + "Quote texts with commas, or correct the line.")
        yield cells


def _lines(file: Path) -> Iterator[_Line]:
    """The number of each record's first line, and its fields; no fields for an empty line."""
    at, longest = 1, csv.field_size_limit(sys.maxsize)
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            for fields in reader:
                yield at, fields
                at = reader.line_num + 1
    except csv.Error as error:
        said = (
            f'{file}, line {at}: the quotes of the record that begins here do not fit ({error}). Write " as "" in a quoted text.'
        )
        raise BadInput(said) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not a CSV in UTF-8: {error}. Export it again in UTF-8.") from error
    finally:
        csv.field_size_limit(longest)
