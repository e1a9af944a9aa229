"""The port through which tables come in. `pipelines/sources/` implements it; nothing behind it knows where a row came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Finding:
    """Something worth knowing about the data that refuses no row: what, how many, and of how many (None: no such total)."""

    table: str
    what: str
    count: int
    of: int | None = None


@dataclass(frozen=True)
class RawTable:
    """One table as the source has it, unchecked.

    `relation` is a table in the connection handed to `Source.load`, with any column types. `stand_in` says in words what
    stands for `known_at` where the source has none; empty when the contract's own stand-in holds. `broken` is a table
    (line BIGINT, reason VARCHAR, text VARCHAR) of the lines that could not be read at all, or None.
    """

    name: str
    relation: str
    stand_in: str = ""
    broken: str | None = None


@dataclass(frozen=True)
class Loaded:
    """What a source brought: tables by contract name, names it has that the contract does not know, tables nobody can read
    (`problems`, a sentence each) and what it found about itself (contradictions, rows left out).
    """

    tables: Mapping[str, RawTable]
    ignored: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Source(Protocol):
    """A place tables come from."""

    @property
    def name(self) -> str:
        """The word behind `--source`."""
        ...

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read, sorted: what a fingerprint of the content is made of. Empty for a database."""
        ...

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Bring every table that is there into the connection; `BadInput` when the place cannot be read at all."""
        ...
