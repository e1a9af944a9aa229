"""How a value, a date and a phrase are said in each language: the one home of number and date formats."""

import re
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from features.languages import Language
from features.signal import Phrase, Signal, Unit

YES_NO = {"en": ("no", "yes"), "es": ("no", "sí")}
FINEST_PERCENT = 0.01
BESIDE = re.compile(r" \([^()]*\{comparison\}[^()]*\)")
PERCENT = {"en": "#,##0%", "es": "#,##0\N{NO-BREAK SPACE}%"}


def say_value(value: float | str, unit: Unit, language: Language) -> str:
    """The value as a person writes it: 1,234.5 / 1.234,5; shares in per cent, changes with their sign; flags as yes or no."""
    if isinstance(value, str):
        return value
    if unit == "flag":
        return YES_NO[language][int(value >= 0.5)]
    said = _say_number(value, unit, language)
    return said if any(digit in said for digit in "123456789") else said.lstrip("+-")


def _say_number(value: float, unit: Unit, language: Language) -> str:
    percent = PERCENT[language]
    if unit in ("share", "rank"):
        return format_percent(value, percent, locale=language)
    if unit == "change":
        return format_percent(value, f"+{percent};-{percent}", locale=language)
    if unit in ("count", "days", "money"):
        return format_decimal(value, "#,##0", locale=language)
    return format_decimal(value, "#,##0.#" if abs(value) >= 1 else "#,##0.##", locale=language)


def reads_alike(value: float, other: float, unit: Unit) -> bool:
    """Whether a person who reads both numbers sees the same; of a flag, a half (no majority) is like neither yes nor no."""
    if value == other or unit == "flag":
        return value == other
    if abs(value - other) > (FINEST_PERCENT if unit in ("share", "rank", "change") else 1.0):
        return False
    return say_value(value, unit, "en") == say_value(other, unit, "en")


def say_date(day: date, language: Language) -> str:
    """12 March 2026 / 12 de marzo de 2026."""
    return format_date(day, "d MMMM y" if language == "en" else "d 'de' MMMM 'de' y", locale=language)


def say_phrase(phrase: Phrase, value: float | str, comparison: float | str | None, unit: Unit, language: Language) -> str:
    """The phrase with its value and its comparison; a comparison that is not known, or tells of no majority, is left out."""
    text = _sentence(phrase, value, unit, language)
    if comparison is None or (unit == "flag" and comparison not in (0, 1)):
        text, comparison = BESIDE.sub("", text), 0.0
    said, compared = (_in_words(phrase, number, unit, language) for number in (value, comparison))
    return text.format(value=said, comparison=compared)


def _sentence(phrase: Phrase, value: float | str, unit: Unit, language: Language) -> str:
    plain, one, zero = (
        (phrase.en, phrase.en_one, phrase.en_zero) if language == "en" else (phrase.es, phrase.es_one, phrase.es_zero)
    )
    if isinstance(value, str):
        return plain
    shown = "1" if unit == "flag" and value >= 0.5 else say_value(value, unit, language)
    return {"1": one, "0": zero}.get(shown) or plain


def _in_words(phrase: Phrase, value: float | str, unit: Unit, language: Language) -> str:
    if phrase.amount is None or isinstance(value, str):
        return say_value(value, unit, language)
    forms = phrase.amount.en if language == "en" else phrase.amount.es
    if unit == "flag":
        return forms.say(str(int(value >= 0.5)), below=False)
    return forms.say(say_value(abs(value), "share" if unit == "change" else unit, language), below=value < 0)


def say_signal(signal: Signal, value: float | str, comparison: float | str | None, language: Language) -> str:
    """What the signal says of an account, as a sentence with a capital and without its full stop."""
    said = say_phrase(signal.phrase, value, comparison, signal.unit, language)
    return said[:1].upper() + said[1:]
