"""The words of the plays: each language pure, numbers equal in both, and Spanish that says usted."""

import re

import pytest

from serving.play import load_plays
from serving.play_check import texts
from serving.practice import load_practice
from serving.wording import Text

ENGLISH_WORDS = """
the and with of to is are was they them their this that what who which customer week day call not by on from have has will it
for or an as at be when where before after each every account our your you we if ticket tickets roadmap feedback churn champion
onboarding sprint sponsor stakeholder stakeholders budget
"""
SPANISH_WORDS = """
el la los las que de para con por una del cliente semana y en su sus al como más está día llame cada sin ni cuando quien hasta
desde sobre ya esta este usted
"""
ENGLISH, SPANISH = set(ENGLISH_WORDS.split()), set(SPANISH_WORDS.split())
TU = re.compile(r"\b(tú|tu|tus|te|ti|contigo|tienes|puedes|quieres|debes|vosotros)\b", re.IGNORECASE)
PLACE = re.compile(r"\{[^}]*\}")
NUMBER = re.compile(r"\d[\d .,]*\d|\d")


def _practice_texts():
    practice = load_practice()
    mappings = (practice.roles, practice.families, practice.runway_reasons)
    yield from (text for mapping in mappings for text in mapping.values())
    yield from (each.title for each in (*practice.phases.values(), *practice.milestones.values()))
    yield from (practice.named_reason, practice.likely_reason, practice.no_price_driver)
    for point in practice.talking_points:
        yield from (point.title, point.say)
    for group in ("response", "saved", "running_a_save", "personal_fit", "collect_and_rank", "quick_fixes"):
        yield from getattr(practice, group)
    yield from (*practice.remediation_columns, *practice.after_each_save)


SOURCES = {play.id: dict(texts(play)) for play in load_plays().values()}
SOURCES["practice"] = {str(place): text for place, text in enumerate(_practice_texts())}
every_text = pytest.mark.parametrize("source", sorted(SOURCES))


def words(said):
    return set(re.findall(r"[a-záéíóúüñ]+", PLACE.sub("", said).lower()))


def digits(said):
    return {re.sub(r"\D", "", found) for found in NUMBER.findall(PLACE.sub("", said.replace("K", "000")))}


def refused(source, complaint):
    """The texts of a source that the complaint finds something wrong with, by key."""
    return {key: wrong for key, text in SOURCES[source].items() if (wrong := complaint(text))}


@every_text
def test_no_language_is_mixed_into_the_other(source):
    assert refused(source, lambda text: (words(text.es) & ENGLISH) | (words(text.en) & SPANISH)) == {}


@every_text
def test_both_languages_fill_in_the_same_measures(source):
    assert refused(source, lambda text: PLACE.findall(text.en) != PLACE.findall(text.es)) == {}


@every_text
def test_spanish_says_usted(source):
    assert refused(source, lambda text: TU.findall(text.es)) == {}


@every_text
def test_both_languages_name_the_same_figures(source):
    """Small ones may be written as words."""
    assert refused(source, lambda text: {n for n in digits(text.en) - digits(text.es) if int(n) > 12}) == {}


@every_text
def test_signs_come_in_pairs(source):
    pairs = ("¿?", "«»", "()")
    assert refused(source, lambda text: [p for p in pairs if text.es.count(p[0]) != text.es.count(p[1])]) == {}


@every_text
def test_sentences_are_whole(source):
    assert refused(source, lambda text: [said for said in (text.en, text.es) if "  " in said or said[-1] in ",;:"]) == {}


def test_numbers_are_written_as_each_language_writes_them():
    text = Text(en="{hours} h, {share:percent}", es="{hours} h, {share:percent}").filled({"hours": 1234.5, "share": 0.375})
    assert text.en == "1,234.5 h, 38%"
    assert text.es == "1.234,5 h, 38\N{NO-BREAK SPACE}%"


def test_a_number_that_is_not_known_is_refused():
    with pytest.raises(KeyError, match="hours"):
        Text(en="{hours} hours", es="{hours} horas").filled({})


def test_the_check_of_languages_notices_a_stray_word():
    assert words("Llame al customer hoy") & ENGLISH == {"customer"}
    assert words("Call the cliente today") & SPANISH == {"cliente"}
