"""Words that exist in both languages, and numbers put into them as each language writes them."""

import re
from collections.abc import Mapping
from typing import Annotated

from babel.numbers import format_decimal, format_percent
from pydantic import ConfigDict, StringConstraints
from pydantic.dataclasses import dataclass

from features.languages import Language
from features.wording import PERCENT

STRICT = ConfigDict(extra="forbid")
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_PLACE = re.compile(r"\{(?P<measure>\w+)(?::(?P<form>percent))?\}")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Text:
    """One text in every language of the product; neither may be empty.

    `{measure}` stands for a number, `{measure:percent}` for a share written as a percentage.
    """

    en: Sentence
    es: Sentence

    def in_language(self, language: Language) -> str:
        """The text in that language."""
        return self.en if language == "en" else self.es

    def places(self) -> frozenset[str]:
        """The measures that must be filled in, of both languages together; empty when there are none."""
        return frozenset(match["measure"] for text in (self.en, self.es) for match in _PLACE.finditer(text))

    def filled(self, values: Mapping[str, float]) -> "Text":
        """The text with its numbers, by locale; `KeyError` when a measure has no value."""
        return Text(en=_fill(self.en, values, "en"), es=_fill(self.es, values, "es"))


def _fill(text: str, values: Mapping[str, float], language: Language) -> str:
    def number(match: re.Match[str]) -> str:
        value = values[match["measure"]]
        if match["form"] == "percent":
            return str(format_percent(value, format=PERCENT[language], locale=language))
        return str(format_decimal(value, format="#,##0.#", locale=language))

    return _PLACE.sub(number, text)
