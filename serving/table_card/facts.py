"""What the card of a table shows, as data: written beside the model, without a cell of a customer's row."""

from dataclasses import field
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from serving.card import FILE, FROZEN, Bin, Controls, Curve, Metrics, Swarm
from serving.wording import Text


@dataclass(config=FROZEN)
class LabelFact:
    """The column that says who left, and the value that means so (None: known words such as yes, churned, baja)."""

    column: str
    positive: str | None


@dataclass(config=FROZEN)
class GroupFact:
    """The column whose rows stay together: groups with an outcome, and of them those that left."""

    column: str
    groups: int
    churned: int


@dataclass(config=FROZEN)
class TimeFact:
    """The column that says when a row was looked at: its first and last value, a day or a number.

    `label_days` after it an outcome counts as known.
    """

    column: str
    first: date | float
    last: date | float
    label_days: float


@dataclass(config=FROZEN)
class ColumnFact:
    """A column learned from: the share (0 to 1) of rows in which it is known, and its mean push (log-odds, without sign).

    `category`: names instead of numbers. `direction` as a person said: +1 higher is riskier, -1 lower is, 0 nothing was said.
    """

    name: str
    category: bool
    direction: int
    known: float
    push: float


@dataclass(config=FROZEN)
class LeftOut:
    """A column that nothing was learned from, and why: it is said by column, as in "plan is empty"; None: on request."""

    name: str
    why: Text | None


@dataclass(config=FROZEN)
class Check:
    """One check of the gate, whether it was passed, and what was found."""

    check: str
    passed: bool
    said: Text


@dataclass(config=FROZEN)
class TableFacts:
    """Everything of the card. `rows` have an outcome, `to_score` rows none; `folds` were tested, of `tested_rows` different rows.

    `data_notes` say what was read otherwise than it may look, `training_notes` what was not done. What could not be measured is
    empty or None. There are no days ahead: a table does not say when somebody leaves.
    """

    file: str
    label: LabelFact
    group: GroupFact | None
    time: TimeFact | None
    rows: int
    churned: int
    to_score: int
    kind: str
    anchor_share: float
    capacity_share: float
    few_churned: int
    folds: int
    tested_rows: int
    tested_churned: int
    columns: tuple[ColumnFact, ...]
    left_out: tuple[LeftOut, ...]
    metrics: Metrics
    bins: tuple[Bin, ...]
    gains: tuple[Curve, ...]
    swarm: tuple[Swarm, ...]
    controls: Controls
    gate: tuple[Check, ...]
    data_notes: tuple[Text, ...] = ()
    training_notes: tuple[Text, ...] = ()
    fingerprints: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every check was passed."""
        return all(each.passed for each in self.gate)


_FACTS = TypeAdapter(TableFacts)


def write(facts: TableFacts, folder: Path) -> None:
    """`card.json` in a folder; the same facts give the same bytes."""
    (folder / FILE).write_bytes(_FACTS.dump_json(facts, indent=1))


def read(file: Path) -> TableFacts:
    """What `write` wrote; `ValueError` when it is something else."""
    return _FACTS.validate_json(file.read_bytes())
