"""The port to whatever people work in: a sink takes recommendations and answers for each what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from serving.recommendation import Recommendation

Outcome = Literal["ok", "failed", "unknown"]


class SinkUnavailableError(RuntimeError):
    """The target cannot be reached or cannot be written: nothing more is tried. The message says what to do."""


@dataclass(frozen=True)
class Receipt:
    """What the target said of one row. `code` and `message` never hold a customer's words."""

    account_id: str
    outcome: Outcome
    code: str | None = None
    message: str | None = None


class Sink(Protocol):
    """A place recommendations are written to. Writing the same row twice leaves what writing it once leaves.

    A row the target refuses is a `failed` receipt, not an exception; a target that is gone raises
    `SinkUnavailableError`.
    """

    @property
    def name(self) -> str:
        """The kind of sink, as on the command line."""

    @property
    def target(self) -> str:
        """Which target of this kind, without secrets: two targets never share a line of the ledger."""

    @property
    def batch_rows(self) -> int:
        """The most rows one `send` takes."""

    def send(self, rows: Sequence[Recommendation]) -> list[Receipt]:
        """Write `rows` (at most `batch_rows`, one an account) and answer one receipt a row."""

    def lost(self, rows: Sequence[Recommendation]) -> set[str]:
        """Accounts of `rows` that the target no longer holds, though it took them; empty if asking costs too much."""
