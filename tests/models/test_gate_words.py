"""The gate speaks both languages."""

import json
import re
from string import Formatter

import pytest

from features.said import Said
from models import gate_words
from tests.models.test_gate import against, table, verdict

SAID = {name: each for name, each in vars(gate_words).items() if isinstance(each, Said)}
SAID |= {
    f"{name}.{key}": each for name in ("NAMES", "TABLE_NAMES", "MEASURES") for key, each in getattr(gate_words, name).items()
}


def places(text):
    return {(name, form) for _, name, form, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("said", SAID.values(), ids=list(SAID))
def test_a_sentence_has_the_same_places_in_both_languages(said):
    assert said.en
    assert said.es
    assert places(said.en) == places(said.es)


def test_a_refusal_says_in_spanish_what_fell_short_and_by_how_much(params):
    said = verdict(table(n=60).assign(churned=[n < 4 for n in range(60)]), params).fell_short.es
    assert re.search(r"se probaron en fechas posteriores 4 cuentas que se fueron; hacen falta \d+", said)
    assert "there is" not in said


def test_the_whole_verdict_reads_in_spanish_with_numbers_written_so(params):
    result = verdict(table(), params, rivalry=against(table(champion=0.3), params, age_days=90))
    english, spanish = (result.as_text(language) for language in ("en", "es"))
    assert spanish.startswith("las comprobaciones están superadas")
    assert len(spanish.splitlines()) == len(english.splitlines())
    assert not re.search(r"\b(the|of|draws|asked|against)\b", spanish)
    assert not re.search(r"\d\.\d", spanish)


def test_gate_json_has_both_languages(params):
    first = json.loads(verdict(table(), params).as_json())["reasons"][0]
    assert (first["sentence"], first["sentence_es"]) == (
        "no single signal gives the outcome away",
        "ninguna señal delata por sí sola el desenlace",
    )
