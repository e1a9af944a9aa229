"""What a place of tables gained since it was last checked, as far as that is proven."""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from duckdb import DuckDBPyConnection

from features.source import Loaded, RawTable, Source


@dataclass(frozen=True)
class Growth:
    """`base`: the folder of clean tables of the last check, by the same rules. `same`: tables of which every byte is as it was.

    `added`: tables of which every earlier byte is as it was, each with the files that hold its new rows and nothing else. A
    table in neither is read in full.
    """

    base: Path
    same: frozenset[str]
    added: Mapping[str, tuple[Path, ...]]


class Growing(Source, Protocol):
    """A source that can bring some of its tables, or the rows of some files."""

    def load(self, connection: DuckDBPyConnection, names: Collection[str] | None = None) -> Loaded:
        """As `Source.load`; only the tables in `names`, when given."""
        ...

    def load_added(self, connection: DuckDBPyConnection, name: str, files: tuple[Path, ...]) -> RawTable:
        """The rows of some files of a table, as `raw_<name>`; `BadInput` when one cannot be read."""
        ...


def carry(old: Path, new: Path) -> None:
    """The same file in another place, at no cost where both are on one disk; nothing when it is not there."""
    if old.exists():
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, new)
        except OSError:  # another disk, or one without links
            shutil.copy2(old, new)
