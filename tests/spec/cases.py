"""The words in which a signal's edges, its empty case and its missing cases are written down, one account a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import EllipsisType

import pandas as pd

from features.history import DECLARED
from features.text.analyzer import MARKS, SIGNALS

AS_OF = date(2025, 7, 1)
NOW = pd.Timestamp(AS_OF)
INSTANT = pd.Timedelta(microseconds=1)
EDGES = ("first instant", "instant before", "last instant", "at as_of", "learned at as_of")
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "usage": {"user_id": "u", "feature": "reports", "quantity": 1},
    "surveys": {"kind": "nps"},
    "meetings": {"kind": "check_in", "status": "held"},
    "messages": {"direction": "in", "channel": "email"},
    "contacts": {"role": "champion"},
    "invoices": {"amount": 100},
    "company_events": {"kind": "layoffs"},
    "interventions": {"playbook": "value_roi", "arm": "treated"},
    "notices": {"kind": "cancellation"},
    "texts": {"source": "messages", "side": "customer", "lang": "en", **dict.fromkeys((*SIGNALS, *MARKS), 0.0)},
}
NAMED = ("subscription_id", "ticket_id", "contact_id", "invoice_id", "intervention_id", "row_id", "goal", "promise", "step")


def ago(days: float) -> pd.Timestamp:
    """Noon of the day so many days before as_of: ago(1) is yesterday, ago(-1) the day after as_of."""
    return NOW - pd.Timedelta(days=days) + pd.Timedelta(hours=12)


@dataclass(frozen=True)
class Row:
    """One row of a table, without its account; `known_at` is its own time, or the day before as_of if that lies ahead."""

    table: str
    columns: Mapping[str, object]

    def at(self, column: str | None, moment: pd.Timestamp, known_at: pd.Timestamp | None = None) -> "Row":
        """The same row with its time (or another column) at that moment."""
        placed = dict(self.columns) | {column or DECLARED[self.table].time: moment}
        return replace(self, columns=placed if known_at is None else placed | {"known_at": known_at})

    def filled(self, account: str, number: int) -> dict[str, object]:
        """The whole row, with names where its key needs some."""
        declared = DECLARED[self.table]
        names = {n: f"{account}-{number}" for n in NAMED if n in declared.key or n == "row_id"}
        values = {"account_id": account, **names, **DEFAULTS.get(self.table, {}), **self.columns}
        known_at = min(pd.Timestamp(values.get(declared.time, NOW)), NOW - pd.Timedelta(days=1))
        if values.get(declared.time) is not None and values[declared.time] == NOW - INSTANT:
            known_at = NOW - INSTANT
        return {"known_at": known_at, **values}


def row(table: str, age: float | None = None, **columns: object) -> Row:
    """A row of the table, placed so many days before as_of."""
    built = Row(table, columns)
    return built if age is None else built.at(None, ago(age))


@dataclass(frozen=True, eq=False)
class Case:
    """What a signal must be for an account with these rows. `began_days`: age of the account; `term`: columns of its term."""

    signal: str
    when: str
    rows: Sequence[Row]
    value: float | str | None
    began_days: int = 1000
    account: Mapping[str, object] = field(default_factory=dict)
    term: Mapping[str, object] = field(default_factory=dict)
    used: bool = True

    def __str__(self) -> str:
        return f"{self.signal}, {self.when}"


def edge(
    signal: str,
    tested: Row,
    days: int,
    *,
    inside: float | None,
    outside: float | None,
    at: str | None = None,
    oldest: float | EllipsisType | None = ...,
    newest: float | EllipsisType | None = ...,
    older: float | EllipsisType | None = ...,
    beside: Sequence[Row] = (),
    **account: object,
) -> list[Case]:
    """The five cases of a window of `days`: `tested` (its time, or its column `at`) on each edge, and inside but learned late.

    `oldest` and `newest` are the values on the two inner edges where they differ, `older` the value just before the window.
    """
    start = NOW - pd.Timedelta(days=days)
    eve = NOW - pd.Timedelta(days=1)
    placed = {
        "first instant": (tested.at(at, start), inside if oldest is ... else oldest),
        "instant before": (tested.at(at, start - INSTANT), outside if older is ... else older),
        "last instant": (tested.at(at, NOW - INSTANT), inside if newest is ... else newest),
        "at as_of": (tested.at(at, NOW, eve if at is None else None), outside),
        "learned at as_of": (tested.at(at, start, NOW), outside),
    }
    return [Case(signal, name, [one, *beside], value, **account) for name, (one, value) in placed.items()]


def empty(signal: str, value: float | str | None, **account: object) -> Case:
    """Covered by every source, and nothing happened."""
    return Case(signal, "empty", [], value, **account)


def case(signal: str, when: str, rows: Sequence[Row], value: float | str | None, **account: object) -> Case:
    """Any other case, told in words."""
    return Case(signal, when, rows, value, **account)
