"""How numbers, dates and phrases are said in each language."""

from datetime import date

import pytest

from features.signal import Phrase
from features.wording import LANGUAGES, say_date, say_phrase, say_value

NBSP = "\N{NO-BREAK SPACE}"
PHRASE = Phrase("{value} calls (usual: {comparison})", "{value} llamadas (lo usual: {comparison})", "one call", "una llamada")


@pytest.mark.parametrize(
    ("value", "unit", "en", "es"),
    [
        (1234, "count", "1,234", "1.234"),
        (65000.4, "money", "65,000", "65.000"),
        (12.0, "days", "12", "12"),
        (1234.56, "number", "1,234.6", "1.234,6"),
        (4.25, "hours", "4.2", "4,2"),
        (0.756, "score", "0.76", "0,76"),
        (0.384, "share", "38%", f"38{NBSP}%"),
        (1.5, "share", "150%", f"150{NBSP}%"),
        (-0.384, "change", "-38%", f"-38{NBSP}%"),
        (0.12, "change", "+12%", f"+12{NBSP}%"),
        (12.5, "change", "+1,250%", f"+1.250{NBSP}%"),
        (1.0, "flag", "yes", "sí"),
        (0.0, "flag", "no", "no"),
        ("retail", "category", "retail", "retail"),
    ],
)
def test_a_value_is_written_as_a_person_of_that_language_writes_it(value, unit, en, es):
    assert [say_value(value, unit, language) for language in LANGUAGES] == [en, es]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "unit"), [(-0.3, "days"), (-0.001, "number"), (-0.004, "change"), (0.004, "change"), (0.0, "count")]
)
def test_what_rounds_to_nothing_has_no_sign(value, unit, language):
    assert say_value(value, unit, language).rstrip(f"{NBSP}%") == "0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rise_and_a_fall_are_told_apart(language):
    assert say_value(0.4, "change", language) != say_value(-0.4, "change", language)


def test_a_date_is_written_out():
    assert say_date(date(2026, 3, 12), "en") == "12 March 2026"
    assert say_date(date(2026, 3, 1), "es") == "1 de marzo de 2026"


def test_a_phrase_is_filled_with_value_and_comparison():
    assert say_phrase(PHRASE, 1200, 3.0, "count", "en") == "1,200 calls (usual: 3)"
    assert say_phrase(PHRASE, 1200, 3.0, "count", "es") == "1.200 llamadas (lo usual: 3)"


def test_exactly_one_has_words_of_its_own():
    assert say_phrase(PHRASE, 1.0, 3.0, "count", "en") == "one call"
    assert say_phrase(PHRASE, 1.0, 3.0, "count", "es") == "una llamada"


def test_an_unknown_comparison_is_a_dash():
    assert say_phrase(PHRASE, 2, None, "count", "en") == "2 calls (usual: –)"


def test_braces_in_a_name_are_only_letters():
    assert say_phrase(Phrase("in {value}", "en {value}"), "{comparison}", None, "category", "en") == "in {comparison}"
