"""What the account got out of the product, from its own data and words, and what still answers its need: never generic."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from features.heard import WARM_WORDS, Heard
from features.languages import LANGUAGES
from features.wording import say_date
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
class Answer(Rule):
    """What answers a need, when the account's facts hold."""

    say: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Need:
    """A need that customers' own words name: the text signal, how a person reads it, and what answers it.

    `otherwise` is said when no answer's facts hold.
    """

    signal: str
    need: Text
    answers: tuple[Answer, ...] = ()
    otherwise: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Knowledge:
    """Everything that may be said of value. `quoted` has places for date and words; needs in the order of their weight."""

    facts: tuple[ValueFact, ...]
    unknown: tuple[Unknown, ...]
    quoted: Text
    most_answers: int = Field(ge=1)
    needs: tuple[Need, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Said:
    """A sentence that somebody there wrote: its day, the need that it names, and what of ours answers it."""

    signal: str
    at: date
    table: str
    words: str
    need: Text
    answers: tuple[Text, ...]

    def quoted(self) -> Text:
        """The words with their day, in both languages; the words stay as they were written."""
        return _quote(self)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ValueSummary:
    """`wins` are told to the customer, `open` is what still answers their need, `unknown` what our data cannot say.

    Warm words of theirs are quoted among the wins. `said`: their own words that name a need, the weightiest need first.
    """

    wins: tuple[Text, ...] = ()
    open: tuple[Text, ...] = ()
    unknown: tuple[Text, ...] = ()
    said: tuple[Said, ...] = ()


SUMMARY: TypeAdapter[ValueSummary] = TypeAdapter(ValueSummary)


@cache
def load_value() -> Knowledge:
    """The product's value facts; pydantic's `ValidationError` when the shipped file was broken."""
    return TypeAdapter(Knowledge).validate_python(yaml.safe_load(VALUE_FILE.read_text(encoding="utf-8")))


def value_summary(facts: Facts, heard: Sequence[Heard] = ()) -> ValueSummary:
    """What the facts say of the account, and its own words; where nothing is known, `unknown` names all of it."""
    known = load_value()
    said: dict[Part, list[Text]] = {"wins": [], "open": []}
    for each in known.facts:
        numbers = {name: value for name in each.say.places() if (value := _number(facts.get(name))) is not None}
        if each.holds(facts) and each.say.places() <= numbers.keys():
            said[each.part].append(each.say.filled(numbers))
    said["wins"] += [_quote(each) for each in heard if each.signal == WARM_WORDS]
    missing = tuple(each.say for each in known.unknown if _number(facts.get(each.measure)) is None)
    return ValueSummary(wins=tuple(said["wins"]), open=tuple(said["open"]), unknown=missing, said=_said(facts, heard))


def _quote(each: Heard | Said) -> Text:
    text = load_value().quoted
    days = {language: say_date(each.at, language) for language in LANGUAGES}
    return Text(en=text.en.format(date=days["en"], words=each.words), es=text.es.format(date=days["es"], words=each.words))


def _said(facts: Facts, heard: Sequence[Heard]) -> tuple[Said, ...]:
    """Each need with the words that name it; a sentence that names several is quoted for the weightiest alone."""
    known, quoted = load_value(), set[str]()
    found: list[Said] = []
    for need in known.needs:
        for each in heard:
            if each.signal == need.signal and each.words not in quoted:
                quoted.add(each.words)
                answers = _answers(need, facts, known.most_answers)
                found.append(
                    Said(signal=each.signal, at=each.at, table=each.table, words=each.words, need=need.need, answers=answers)
                )
    return tuple(found)


def _answers(need: Need, facts: Facts, most: int) -> tuple[Text, ...]:
    told = []
    for each in need.answers:
        numbers = {name: value for name in each.say.places() if (value := _number(facts.get(name))) is not None}
        if each.holds(facts) and each.say.places() <= numbers.keys():
            told.append(each.say.filled(numbers))
    return tuple(told[:most]) or (need.otherwise,)


def to_json(summary: ValueSummary) -> str:
    """The summary as the plans keep it."""
    return SUMMARY.dump_json(summary).decode()


def from_json(kept: str | None) -> ValueSummary | None:
    """What `to_json` kept; None where nothing was kept."""
    return None if kept is None else SUMMARY.validate_json(kept)


def _number(value: Fact) -> float | None:
    return value if isinstance(value, float) and value == value else None  # noqa: PLR0124 - NaN is not itself
