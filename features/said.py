"""A sentence in every language of the product, whose numbers each language writes its own way."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Any

from features.languages import Language

POINTS = {"es": str.maketrans({",": ".", ".": ",", "%": "\N{NO-BREAK SPACE}%"})}


@dataclass(frozen=True)
class Said:
    """The same sentence in both languages. `{name}` and `{name:.3f}` are places to fill, by the rules of `format`."""

    en: str
    es: str

    def in_language(self, language: Language) -> str:
        """The sentence in that language."""
        return self.en if language == "en" else self.es

    def filled(self, **values: object) -> "Said":
        """With its places filled: numbers as each language writes them (0.970 / 0,970; 12% / 12 %), a `Said` in that language.

        `KeyError` when a place has no value; a value without a place is not used.
        """
        return Said(_Writer("en").vformat(self.en, (), values), _Writer("es").vformat(self.es, (), values))

    def __add__(self, more: "Said") -> "Said":
        """One right behind the other."""
        return Said(self.en + more.en, self.es + more.es)


def alike(text: str) -> Said:
    """What reads the same in both languages: a name."""
    return Said(text, text)


def joined(parts: Iterable[Said], between: str = "; ") -> Said:
    """All of them in a row; empty for none."""
    there = list(parts)
    return Said(between.join(each.en for each in there), between.join(each.es for each in there))


class _Writer(Formatter):
    """Fills places: what has a format is a number, and written by locale."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value in this writer's language."""
        if isinstance(value, Said):
            return value.in_language(self.language)
        return in_locale(format(value, format_spec), self.language) if format_spec else str(value)


def in_locale(number: str, language: Language) -> str:
    """A number as Python writes it, with the points, commas and per cent of the language: 1,234.5 / 1.234,5."""
    return number.translate(POINTS[language]) if language in POINTS else number
