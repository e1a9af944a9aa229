"""What a check leaves for the next one, so that rows may be added to what it found."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from features.cleaning.consistency import Counted
from features.source import Finding

STATE_FILE = "state.json"


@dataclass(frozen=True)
class State:
    """`mixed`: terms in several currencies; `columns`: table -> raw columns with their types; `told`: table -> findings;
    `counted`: file of usage -> what was counted of it.
    """

    mixed: bool
    columns: Mapping[str, Mapping[str, str]]
    told: Mapping[str, tuple[Finding, ...]]
    counted: Mapping[str, Counted]

    def write(self, path: Path) -> None:
        """As JSON."""
        told = {name: [asdict(each) for each in found] for name, found in self.told.items()}
        counted = {name: asdict(each) for name, each in self.counted.items()}
        kept = {"mixed": self.mixed, "columns": self.columns, "told": told, "counted": counted}
        path.write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """What `write` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        told = {name: tuple(Finding(**each) for each in listed) for name, listed in found["told"].items()}
        counted = {name: Counted(**each) for name, each in found["counted"].items()}
        return cls(found["mixed"], found["columns"], told, counted)
