"""Where the clean rows of a table lie in a folder: one file, or for a long table parts by day, so that a window reads a few.

A part is named after the first day it holds; parts of one table share no day, but for rows that were learned afterwards.
"""

import shutil
from pathlib import Path

PART_ROWS = 1_000_000  # rows from which a table is written in parts of about so many: what one part needs fits in memory


def clean_files(folder: Path, table: str) -> list[Path]:
    """The files of one clean table, the earliest days first; empty when the table is not there."""
    whole = folder / f"{table}.parquet"
    return [whole] if whole.exists() else sorted((folder / table).glob("*.parquet"))


def forget(folder: Path, table: str) -> None:
    """Remove the table's files, if there are any."""
    (folder / f"{table}.parquet").unlink(missing_ok=True)
    shutil.rmtree(folder / table, ignore_errors=True)
