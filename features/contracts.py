"""The words a table is declared in: `features/tables.py` uses them; check, reference page and synthetic rows read them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "number", "integer", "bool", "time"]
FIRST_YEAR, LAST_YEAR = 1900, 2200  # the years that a business speaks of: a time outside them is a mistake
OPEN_END = f"{LAST_YEAR}-12-31"  # what a plan beyond them is read as: 9999-12-31 is how many systems write an open end


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `late` says that the column becomes true after its row: a time column is then known at the later of its own value and the
    row's `known_at`; any other column follows the time column named in `follows`. A `<name>_known_at` column in the data wins.
    `plan` marks a time that is agreed in advance (a renewal date): it is known with its row, even while it lies ahead. One
    after `LAST_YEAR` is no mistake but an open end, and read as `OPEN_END`.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    late: bool = False
    follows: str | None = None
    plan: bool = False
    free_text: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key (rows with one key are versions of each other) and the time that places a row.

    `stand_in` says what stands in for a missing `known_at`. `every_account`: each account is expected to have rows, so that
    one without any is unknown, not zero. `applies_days`: the table speaks of an account's first days only.
    """

    name: str
    one_row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time: str
    required: bool = False
    stand_in: str = ""
    every_account: bool = False
    applies_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself."""
        names = [column.name for column in self.columns]
        unknown = [name for name in (*self.key, self.time) if name not in names]
        unknown += [c.follows for c in self.columns if c.follows is not None and c.follows not in names]
        if unknown or len(set(names)) < len(names):
            raise ValueError(f"table {self.name}: unknown or repeated columns {unknown or names}")

    def column(self, name: str) -> Column:
        """The column of that name; `KeyError` names the table and what it has."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(c.name for c in self.columns)}")
