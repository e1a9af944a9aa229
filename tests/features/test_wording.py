"""How numbers, dates and phrases are said in each language."""

from datetime import date

import pytest

from features.forms import AFTER, AGO, IT_ROSE, THEY_ROSE, Amount, Forms
from features.languages import LANGUAGES
from features.signal import Phrase
from features.wording import reads_alike, say_date, say_phrase, say_value

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


@pytest.mark.parametrize(
    ("value", "other", "unit", "alike"),
    [
        (2.0, 2.0, "count", True),
        (0.4, -0.4, "days", True),
        (1.4, 1.6, "days", False),
        (0.123, 0.121, "share", True),
        (-0.004, 0.004, "change", True),
        (0.12, -0.12, "change", False),
        (4.21, 4.23, "score", True),
        (1.0, 1.0, "flag", True),
        (1.0, 0.5, "flag", False),
    ],
)
def test_two_values_read_alike_when_the_same_is_shown(value, other, unit, alike):
    assert reads_alike(value, other, unit) is alike


def test_a_date_is_written_out():
    assert say_date(date(2026, 3, 12), "en") == "12 March 2026"
    assert say_date(date(2026, 3, 1), "es") == "1 de marzo de 2026"


def test_a_phrase_is_filled_with_value_and_comparison():
    assert say_phrase(PHRASE, 1200, 3.0, "count", "en") == "1,200 calls (usual: 3)"
    assert say_phrase(PHRASE, 1200, 3.0, "count", "es") == "1.200 llamadas (lo usual: 3)"


def test_exactly_one_has_words_of_its_own():
    assert say_phrase(PHRASE, 1.0, 3.0, "count", "en") == "one call"
    assert say_phrase(PHRASE, 1.0, 3.0, "count", "es") == "una llamada"


def test_what_is_shown_as_one_takes_the_singular_and_nothing_its_own_words():
    phrase = Phrase("{value} days old", "{value} días", "one day old", "un día", en_zero="new", es_zero="nuevo")
    assert [say_phrase(phrase, value, None, "days", "en") for value in (0.4, 0.6, 1.4, 1.6)] == [
        "new",
        "one day old",
        "one day old",
        "2 days old",
    ]
    assert say_phrase(phrase, 0.6, None, "days", "es") == "un día"


def test_an_unknown_comparison_is_left_out():
    assert say_phrase(PHRASE, 2, None, "count", "en") == "2 calls"


PAID = Phrase("paid {value} due (usual: {comparison})", "se paga {value} del vencimiento (lo usual: {comparison})", amount=AFTER)


@pytest.mark.parametrize(
    ("value", "comparison", "en", "es"),
    [
        (
            -18,
            -9,
            "paid 18 days before due (usual: 9 days before)",
            "se paga 18 días antes del vencimiento (lo usual: 9 días antes)",
        ),
        (
            18,
            1,
            "paid 18 days after due (usual: one day after)",
            "se paga 18 días después del vencimiento (lo usual: un día después)",
        ),
        (
            0.8,
            -1.2,
            "paid one day after due (usual: one day before)",
            "se paga un día después del vencimiento (lo usual: un día antes)",
        ),
        (-0.4, 0, "paid on the day due (usual: on the day)", "se paga el mismo día del vencimiento (lo usual: el mismo día)"),
    ],
)
def test_before_after_and_on_the_day_are_said_in_words(value, comparison, en, es):
    assert [say_phrase(PAID, value, comparison, "days", language) for language in LANGUAGES] == [en, es]


@pytest.mark.parametrize(
    ("value", "en", "it", "they"),
    [
        (-0.62, "fell by 62%", f"cayó un 62{NBSP}%", f"cayeron un 62{NBSP}%"),
        (0.12, "rose by 12%", f"subió un 12{NBSP}%", f"subieron un 12{NBSP}%"),
        (-0.004, "did not change", "no cambió", "no cambiaron"),
    ],
)
def test_a_change_is_said_as_a_rise_or_a_fall(value, en, it, they):
    for amount, es in ((IT_ROSE, it), (THEY_ROSE, they)):
        phrase = Phrase("x {value} ({comparison})", "x {value} ({comparison})", amount=amount)
        assert [say_phrase(phrase, value, value, "change", language) for language in LANGUAGES] == [
            f"x {en} ({en})",
            f"x {es} ({es})",
        ]


def test_yesterday_is_a_day_ago():
    phrase = Phrase("met {value} ({comparison})", "reunión {value} ({comparison})", amount=AGO)
    assert say_phrase(phrase, 1, 1200, "days", "en") == "met yesterday (1,200 days ago)"
    assert say_phrase(phrase, 0, 12, "days", "es") == "reunión hoy (hace 12 días)"


SPONSOR = Phrase(
    "no sponsor ({comparison})",
    "sin patrocinador ({comparison})",
    "a sponsor ({comparison})",
    "con patrocinador ({comparison})",
    amount=Amount(Forms("most have one", zero="most have none"), Forms("la mayoría tiene uno", zero="la mayoría no tiene")),
)


@pytest.mark.parametrize(
    ("value", "comparison", "en", "es"),
    [
        (0, 1, "no sponsor (most have one)", "sin patrocinador (la mayoría tiene uno)"),
        (1, 0, "a sponsor (most have none)", "con patrocinador (la mayoría no tiene)"),
        (1, 0.5, "a sponsor", "con patrocinador"),
    ],
)
def test_a_flag_says_what_most_accounts_do_if_most_do_the_same(value, comparison, en, es):
    assert [say_phrase(SPONSOR, value, comparison, "flag", language) for language in LANGUAGES] == [en, es]


def test_a_form_that_is_left_out_is_said_as_a_plain_number():
    assert Forms("{n} points").say("3", below=True) == "-3 points"
    assert Forms("{n} points").say("0", below=False) == "0 points"


def test_braces_in_a_name_are_only_letters():
    assert say_phrase(Phrase("in {value}", "en {value}"), "{comparison}", None, "category", "en") == "in {comparison}"
