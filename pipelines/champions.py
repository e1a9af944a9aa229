"""The history of the champion: who moved the alias, when, why, and what a rollback returns to."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Self


@dataclass(frozen=True)
class Move:
    """One move of the alias `champion`: `came_from` is None for the first, `by` a person or `gate`, `at` ISO 8601 in UTC.

    `overrules`: what the gate had against the version that a person promotes all the same; empty when it had nothing.
    """

    kind: Literal["promote", "rollback"]
    came_from: str | None
    went_to: str
    by: str
    reason: str
    at: str
    overrules: str = ""

    def to_json(self) -> str:
        """The move as it is kept in a tag."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The move that `to_json` wrote."""
        return cls(**json.loads(text))


def happened(noted: Sequence[Move], champion: str | None) -> list[Move]:
    """The moves without those that were noted but never made, because the run ended before the alias moved."""
    then = [*(move.came_from for move in noted[1:]), champion]
    return [move for move, next_from in zip(noted, then, strict=False) if next_from != move.came_from]


def before(moves: Sequence[Move], champion: str | None) -> str | None:
    """The version that a rollback goes back to, None when there was no other; rolling back twice goes back by two."""
    champions: list[str | None] = []
    for move in moves:
        if move.kind == "rollback" and len(champions) > 1:
            champions.pop()
        else:
            champions += [each for each in (move.came_from, move.went_to) if each and [each] != champions[-1:]]
    if champions[-1:] != [champion]:
        champions.append(champion)
    return champions[-2] if len(champions) > 1 else None
