"""What the account got out of the product, from its own data, and what still answers its need: never generic."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from serving.condition import Fact, Facts, Rule
from serving.wording import STRICT, Text

VALUE_FILE = Path(__file__).parent / "plays" / "common" / "value.yaml"
Part = Literal["wins", "open"]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ValueFact(Rule):
    """One fact: when it holds, where it belongs and how it is said."""

    id: str
    part: Part
    say: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Unknown:
    """What cannot be said when a measure is missing."""

    measure: str
    say: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Knowledge:
    """Everything that may be said of value."""

    facts: tuple[ValueFact, ...]
    unknown: tuple[Unknown, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ValueSummary:
    """`wins` are told to the customer, `open` is what still answers their need, `unknown` what our data cannot say."""

    wins: tuple[Text, ...] = ()
    open: tuple[Text, ...] = ()
    unknown: tuple[Text, ...] = ()


SUMMARY: TypeAdapter[ValueSummary] = TypeAdapter(ValueSummary)


@cache
def load_value() -> Knowledge:
    """The product's value facts; pydantic's `ValidationError` when the shipped file was broken."""
    return TypeAdapter(Knowledge).validate_python(yaml.safe_load(VALUE_FILE.read_text(encoding="utf-8")))


def value_summary(facts: Facts) -> ValueSummary:
    """What the facts say of the account; where nothing is known, `unknown` names all of it."""
    known = load_value()
    said: dict[Part, list[Text]] = {"wins": [], "open": []}
    for each in known.facts:
        numbers = {name: value for name in each.say.places() if (value := _number(facts.get(name))) is not None}
        if each.holds(facts) and each.say.places() <= numbers.keys():
            said[each.part].append(each.say.filled(numbers))
    missing = tuple(each.say for each in known.unknown if _number(facts.get(each.measure)) is None)
    return ValueSummary(wins=tuple(said["wins"]), open=tuple(said["open"]), unknown=missing)


def to_json(summary: ValueSummary) -> str:
    """The summary as the plans keep it."""
    return SUMMARY.dump_json(summary).decode()


def from_json(kept: str | None) -> ValueSummary | None:
    """What `to_json` kept; None where nothing was kept."""
    return None if kept is None else SUMMARY.validate_json(kept)


def _number(value: Fact) -> float | None:
    return value if isinstance(value, float) and value == value else None  # noqa: PLR0124 - NaN is not itself
