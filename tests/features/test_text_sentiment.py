"""Sentiment: sign, order, negation and languages."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import Text
from features.text.rules import RuleAnalyzer
from features.text.sentiment import lexicon

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
ANALYZER = RuleAnalyzer(PARAMS)


def sentiment(text):
    return ANALYZER.analyze([Text("1", "a", text, datetime(2025, 1, 1, tzinfo=UTC), "x")])[0].sentiment


@pytest.mark.parametrize(
    "text",
    [
        "Great product, we love it!",
        "Support was quick and helpful.",
        "No problems at all.",
        "It works like a charm.",
        "Could not be happier.",
        "Estamos muy contentos.",
        "El soporte es rápido y amable.",
        "Sin ningún problema.",
        "Todo va de maravilla 👍",
        "Encantados de renovar.",
    ],
)
def test_praise_is_positive(text):
    assert sentiment(text) > 0.2


@pytest.mark.parametrize(
    "text",
    [
        "Terrible support, we are very disappointed.",
        "Nobody gets back to us.",
        "It does not work and it is slow.",
        "Not good enough.",
        "Soporte pésimo, estamos hartos.",
        "Nadie responde.",
        "No funciona y va lento.",
        "No estamos contentos.",
        "Otra vez igual 😡",
    ],
)
def test_complaint_is_negative(text):
    assert sentiment(text) < -0.2


@pytest.mark.parametrize("text", ["Where can I change my password?", "¿Dónde cambio mi contraseña?", "See you on Tuesday.", ""])
def test_plain_questions_are_neutral(text):
    assert abs(sentiment(text)) < 0.2


def test_an_intensifier_makes_it_stronger_and_a_dampener_weaker():
    assert sentiment("very disappointed") < sentiment("disappointed") < sentiment("slightly disappointed") < 0
    assert sentiment("muy contentos") > sentiment("contentos") > sentiment("algo contentos") > 0


def test_what_stands_after_but_weighs_more():
    assert sentiment("The tool is nice, but support is bad.") < sentiment("Support is bad, but the tool is nice.")


def test_a_negated_bad_word_is_mildly_good():
    assert 0 < sentiment("It is not bad.") < sentiment("It is good.")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_lexicon_is_broad_and_bounded(lang):
    words = lexicon(lang)
    values = [*words.words.values(), *words.stems.values(), *(value for _, value in words.phrases)]
    assert len(words.words) + len(words.stems) >= 350
    assert all(-4 <= value <= 4 for value in values)


def test_complaints_of_the_development_set_lie_below_its_praise():
    with Path("features/text/examples.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    complaints = [sentiment(row["text"]) for row in rows if row["signals"] in ("service_complaint", "product_issue")]
    assert sum(value < 0 for value in complaints) / len(complaints) > 0.9
