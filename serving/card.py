"""What a model card shows, as data: written beside the model when it is trained, read again by the pages."""

from collections.abc import Callable
from dataclasses import field
from datetime import date
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

FILE = "card.json"
FROZEN = ConfigDict(extra="forbid", frozen=True)


@dataclass(config=FROZEN)
class Cell:
    """A number and its 95 % interval by account; None where it could not be measured."""

    value: float | None
    low: float | None = None
    high: float | None = None


Metrics = dict[str, dict[str, Cell]]  # ranking -> metric -> cell


@dataclass(config=FROZEN)
class TableFact:
    """One table that was read: accepted and rejected rows, first and last day."""

    name: str
    rows: int
    rejected: int
    first: date | None
    last: date | None


@dataclass(config=FROZEN)
class MissingFact:
    """A signal that is not known of a share (0 to 1) of the accounts of the newest look."""

    signal: str
    family: str
    share: float


@dataclass(config=FROZEN)
class Measured:
    """One unit of evaluation: the monthly panel (`lead_days` None) or account-decisions so many days ahead."""

    lead_days: int | None
    rows: int
    churned_accounts: int
    metrics: Metrics


@dataclass(config=FROZEN)
class Group:
    """One level of one trait; without `enough` churned accounts it has no metrics."""

    trait: str
    level: str
    accounts: int
    churned_accounts: int
    enough: bool
    metrics: Metrics


@dataclass(config=FROZEN)
class Bin:
    """Rows of like probability: mean predicted, share that left, how many, and how many left."""

    predicted: float
    observed: float
    rows: int
    churned: int


@dataclass(config=FROZEN)
class Curve:
    """A line of one ranking: x, y, and the ends of y's interval where there are any."""

    ranking: str
    points: tuple[tuple[float, float], ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(config=FROZEN)
class Swarm:
    """One signal: its push (log-odds) on some accounts, and where its value stands among them (0 to 1, None unknown)."""

    signal: str
    family: str
    dots: tuple[tuple[float, float | None], ...]


@dataclass(config=FROZEN)
class FamilyMonth:
    """Of the accounts within capacity on a day, the share (0 to 1) that each family pushes most."""

    day: date
    shares: dict[str, float]


@dataclass(config=FROZEN)
class SecondFact:
    """An outcome besides churn (`early`, `contracted`) out of time: rows, accounts that had it, figures.

    `skill`: what is gained over the calendar; `signals`: whether signals speak of it, or the calendar alone.
    """

    outcome: str
    signals: bool
    horizon_days: int
    rows: int
    accounts: int
    auc: Cell
    observed_expected: Cell
    skill: Cell


@dataclass(config=FROZEN)
class Controls:
    """What must fail: permuted labels with the band of chance, and a random split beside the honest one; None unmeasured."""

    permuted: Cell
    random_auc: float | None
    random_average_precision: float | None
    honest_auc: float | None
    honest_average_precision: float | None
    rows: int


@dataclass(config=FROZEN)
class GateFact:
    """One check of the gate, and whether it was passed."""

    check: str
    passed: bool


@dataclass(config=FROZEN)
class CardFacts:
    """Everything of the card. Days are dates; shares and probabilities 0 to 1; `lead_time` days by ranking."""

    until: date
    kind: str
    anchor_share: float
    horizon_days: int
    last_day: int
    capacity_share: float
    few_churned: int
    first_look: date
    last_look: date
    accounts: int
    rows: int
    churned_accounts: int
    origins: int
    tables: tuple[TableFact, ...]
    absent: tuple[str, ...]
    missing: tuple[MissingFact, ...]
    measured: tuple[Measured, ...]
    groups: tuple[Group, ...]
    slice_min_churned: int
    bins: tuple[Bin, ...]
    gains: tuple[Curve, ...]
    alerted: tuple[Curve, ...]
    lead_time: dict[str, Cell]
    swarm: tuple[Swarm, ...]
    families: tuple[FamilyMonth, ...]
    controls: Controls
    gate: tuple[GateFact, ...]
    fingerprints: dict[str, str] = field(default_factory=dict)
    second: tuple[SecondFact, ...] = ()


CardPort = Callable[[], CardFacts | None]
_FACTS = TypeAdapter(CardFacts)


def no_card() -> CardFacts | None:
    """There is none."""
    return None


def write(facts: CardFacts, folder: Path) -> None:
    """`card.json` in a folder; the same facts give the same bytes."""
    (folder / FILE).write_bytes(_FACTS.dump_json(facts, indent=1))


def read(file: Path) -> CardFacts:
    """What `write` wrote; `ValueError` when it is something else."""
    return _FACTS.validate_json(file.read_bytes())
