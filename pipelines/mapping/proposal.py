"""What `tenure map` proposes: tables, their parts and columns, each with the reason and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.sources.csv_file import Layout
from pipelines.sources.mapping_cell import OPEN

State = Literal["sure", "open", "offered"]
Said = str | Mapping[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """One column of the contract. `said` is what the mapping file says of it, `why` the comment beside it.

    `sure`: filled in. `open`: a person has to decide before the file can be used. `offered`: commented out.
    """

    name: str
    said: Said
    why: str
    state: State


@dataclass(frozen=True)
class PartProposal:
    """One file as a table or a part of one. `notes` stand above it; `unused`: columns without a place, each with why."""

    table: str
    file: str
    rows: int
    likeness: float
    columns: tuple[Suggestion, ...]
    unused: tuple[tuple[str, str], ...]
    where: str | None = None
    stand_in: str = ""
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """Columns that a person has to decide."""
        return tuple(each.name for each in self.columns if each.state == "open")


@dataclass(frozen=True)
class Proposal:
    """The whole: `parts` by table, `missing` texts, `layouts` of files that are not plain CSV, and what was left aside.

    `undecided`: a file -> the tables it may be. `lacking`: required tables for which no file was found.
    """

    shown: str
    parts: tuple[PartProposal, ...]
    layouts: Mapping[str, Layout]
    missing: tuple[str, ...]
    undecided: Mapping[str, str]
    unplaced: tuple[str, ...]
    lacking: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Every place that a person has to decide, as table.column, and the required tables that are not there."""
        found = [f"{part.table}.{name}" for part in self.parts for name in part.open]
        return (*found, *self.lacking)


def says_open(said: Said) -> bool:
    """Whether a place in it still has to be decided."""
    if isinstance(said, str):
        return said == OPEN
    return any(value == OPEN or (isinstance(value, Mapping) and OPEN in value.values()) for value in said.values())
