"""A column that may tell what nobody knew yet: found by counting, never proven by it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["filled_on_leavers", "blank_on_leavers", "filled_after_end", "tells_outcome", "later_than_known", "end_rewritten"]
ADVICE: dict[Kind, str] = {
    "filled_on_leavers": "it is filled once an account leaves, in rows dated before: give it <column>_known_at, or leave it out",
    "blank_on_leavers": "it is emptied once an account leaves, in rows dated before: give each change a row, or leave it out",
    "filled_after_end": "it is not there while an account can still be kept: leave it out, or find out why it comes so late",
    "tells_outcome": "it looks written after the outcome, into rows dated before it: give every change a row, or leave it out",
    "later_than_known": "the row is rewritten in place: give every change a row with its own known_at, or leave it out",
    "end_rewritten": "the end of the term was overwritten by the day of leaving: give the end that was agreed",
}


@dataclass(frozen=True)
class Suspicion:
    """One column and two rates (0 to 1) that should not differ so: `rate` among `of`, `other_rate` among `other_of` accounts.

    `what` says in words what the two rates are. No row is refused for it.
    """

    table: str
    column: str
    kind: Kind
    what: str
    rate: float
    of: int
    other_rate: float
    other_of: int

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.kind]

    @property
    def text(self) -> str:
        """In one line."""
        rates = f"{self.rate:.0%} ({self.of:,} accounts) against {self.other_rate:.0%} ({self.other_of:,})"
        return f"{self.table}.{self.column}: {self.what}: {rates}; {self.advice}"
