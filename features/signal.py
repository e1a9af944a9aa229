"""What a signal is: one measure of one account at one as_of, declared once with all that a person needs to read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal

import ibis

from features.forms import Amount

FAMILIES = (
    "usage",
    "engagement",
    "sentiment",
    "support",
    "stakeholders",
    "competition",
    "budget",
    "value",
    "onboarding",
    "commercial",
    "firmographic",
)
Unit = Literal["count", "days", "hours", "share", "rank", "change", "score", "money", "flag", "number", "category"]
Expression = Callable[[ibis.Table], ibis.Value]


@dataclass(frozen=True)
class Phrase:
    """A sentence without its full stop, in both languages; `{value}` and `{comparison}` are filled in by locale.

    `en_one` and `es_one` are used when the value is shown as 1 (a flag: yes), `en_zero` and `es_zero` when it is shown as 0.
    `amount` puts value and comparison in words where a bare number misleads; of a flag, what most accounts do.
    """

    en: str
    es: str
    en_one: str | None = None
    es_one: str | None = None
    en_zero: str | None = None
    es_zero: str | None = None
    amount: Amount | None = None


@dataclass(frozen=True)
class View:
    """The rows that signals of one kind look at: (account, as_of) x what was known of it.

    `table` is the contract table the rows come from (coverage and evidence are its rows). `window_days` bounds the rows to
    `[as_of - window_days, as_of)`; None means every row known before as_of, planned ones included. Every view has the column
    `age`: whole days between the row's day and as_of (1 = yesterday, 0 or less = ahead).
    `back_days`: the view also holds the same window so many days earlier, as it was known then. `person`: the rows are one a
    person, named by this column (features.people). `beside`: other tables that the rows are held against, each with the column
    without which it says nothing; they must cover the account too.
    """

    name: str
    table: str
    window_days: int | None
    grain: tuple[str, ...] = ()
    by_day: bool = False
    back_days: int = 0
    person: str | None = None
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def reach_days(self) -> int | None:
        """How far back its rows may lie; None: without bound."""
        return None if self.window_days is None else self.window_days + self.back_days


@dataclass(frozen=True)
class Signal:
    """One signal. Its name is its column; its unit, window, direction and missing case are what the reference page says.

    `direction` is +1 when higher means riskier, -1 when lower does, 0 when it depends: it becomes the monotone constraint.
    `empty` is the value when the source covers the account and nothing happened (the aggregate is null); None when that leaves
    it undefined. An aggregate of NaN says that something happened, but not how much: missing.
    `needs_days`: the source must cover the account for so many days before as_of, or the value is missing.
    `tells`: columns of the view's table without which nobody can tell: the value is missing until a known row of the company
    had each of them. `evidence` picks the rows of that table that a person would want to see, dated by the column
    `evidence_at` (the table's own time unless stated: a champion's exit is dated by `ended_at`). `calendar` marks what is
    known ahead. `peers`: the value is made in a second step, from another signal's values of all accounts (features.peers).
    `actionable` marks what a team can change by itself: the what-ifs ask about these alone.
    """

    name: str
    family: str
    view: View
    unit: Unit
    direction: Literal[-1, 0, 1]
    missing: str
    phrase: Phrase
    value: Expression
    meaning: str
    window_days: int | None = None
    empty: float | None = 0.0
    needs_days: int = 1
    tells: tuple[str, ...] = ()
    evidence: Expression | None = None
    evidence_at: str | None = None
    calendar: bool = False
    peers: "AmongPeers | None" = None
    actionable: bool = False

    def __post_init__(self) -> None:
        """Refuse what no reader could use."""
        if self.family not in FAMILIES:
            raise ValueError(f"signal {self.name}: family {self.family!r} is none of {', '.join(FAMILIES)}")
        if self.view.reach_days is not None and (self.window_days or 0) > self.view.reach_days:
            raise ValueError(f"signal {self.name}: window {self.window_days} d is wider than view {self.view.name}")

    @property
    def category(self) -> bool:
        """Whether the column holds names rather than numbers."""
        return self.unit == "category"


@dataclass(frozen=True)
class AmongPeers:
    """What is held against the peers, and how: its `rank` among theirs, or how far it is `beside` their median."""

    of: Signal
    how: Literal["rank", "beside"]


def signal(
    *,
    family: str,
    view: View,
    unit: Unit,
    direction: Literal[-1, 0, 1],
    phrase: Phrase,
    missing: str,
    window_days: int | None = None,
    empty: float | None = 0.0,
    needs_days: int = 1,
    tells: tuple[str, ...] = (),
    evidence: Expression | None = None,
    evidence_at: str | None = None,
    calendar: bool = False,
    actionable: bool = False,
) -> Callable[[Expression], Signal]:
    """Declare the decorated aggregate as a signal: its name is the column, its docstring the meaning."""

    def declare(value: Expression) -> Signal:
        return Signal(
            name=value.__name__,
            family=family,
            view=view,
            unit=unit,
            direction=direction,
            missing=missing,
            phrase=phrase,
            value=value,
            meaning=(value.__doc__ or "").strip(),
            window_days=window_days,
            empty=empty,
            needs_days=needs_days,
            tells=tells,
            evidence=evidence,
            evidence_at=evidence_at,
            calendar=calendar,
            actionable=actionable,
        )

    return declare


def discover(package: ModuleType) -> tuple[Signal, ...]:
    """Every signal declared in the modules of `package`, by family and name; a name declared twice is refused."""
    found: dict[str, Signal] = {}
    for each in _signals(package):
        if each.name in found:
            raise ValueError(f"signal {each.name} is declared twice in {package.__name__}; rename one")
        found[each.name] = each
    return tuple(sorted(found.values(), key=lambda s: (FAMILIES.index(s.family), s.name)))


def _signals(package: ModuleType) -> Iterator[Signal]:
    for info in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{info.name}")
        yield from (value for value in vars(module).values() if isinstance(value, Signal))
