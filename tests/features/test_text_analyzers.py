"""The contract of every analyzer of texts: whoever reads, these laws hold."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.text.analyzer import MARKS, SIGNALS, scores
from features.text.chain import Chain
from features.text.remembered import Remembered
from tests.features.text_models import callable_model, chain, embedding, rules, text

MADE = {"rules": rules, "own model": callable_model, "embedding": embedding, "chain": chain}
ODD = {
    "empty": "",
    "blank": " \n\t ",
    "no string": None,
    "a number": float("nan"),
    "emoji": "😡" * 50,
    "control characters": "\x00\x01 we\x0b want to cancel\x7f our contract \ud800",
    "right to left": "\u202e\u200f نريد إلغاء العقد",
    "other scripts": "解約したいです。 мы хотим отменить договор ยกเลิก",
    "markup": "<b>we want to cancel our contract</b> {{x}} %s \\n",
    "one long word": "a" * 30_000,
}
TEXTS = [
    "We want to cancel our contract.",
    "Queremos cancelar el contrato.",
    "See you on Tuesday.",
    "support never answers",
    "🙂",
    "",
]


@pytest.fixture(scope="module", params=[*MADE, "remembered"])
def analyzer(request, tmp_path_factory):
    if request.param == "remembered":
        return Remembered(rules(), tmp_path_factory.mktemp("kept") / "texts.sqlite")
    return MADE[request.param]()


def test_it_has_a_name_and_a_version(analyzer):
    assert analyzer.name
    assert analyzer.version


def test_there_is_one_result_a_text_in_the_order_given(analyzer):
    asked = [text(words, name=str(number)) for number, words in enumerate([*TEXTS, *reversed(TEXTS)])]
    assert [found.text_id for found in analyzer.analyze(asked)] == [each.id for each in asked]
    assert analyzer.analyze([]) == []


@pytest.mark.parametrize("side", ["customer", "us", "agent"])
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_text_is_read_and_spoils_no_other(analyzer, odd, side):
    before, found, after = analyzer.analyze([text(TEXTS[0]), text(ODD[odd], side), text(TEXTS[0])])
    assert scores(before) == scores(after)
    assert scores(before)["cancellation"] >= 0.5
    assert found.lang in ("en", "es", "und")
    assert found.analyzer == analyzer.name
    assert found.version == analyzer.version


def test_a_megabyte_is_read(analyzer):
    (found,) = analyzer.analyze([text("We want to cancel our contract. " * 33_000)])
    assert scores(found)["cancellation"] >= 0.5


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=40)), max_size=4))
def test_a_batch_reads_as_one_by_one_and_twice_the_same(analyzer, several):
    asked = [text(words, name=str(number)) for number, words in enumerate(several)]
    batch = analyzer.analyze(asked)
    assert repr(batch) == repr([analyzer.analyze([each])[0] for each in asked]) == repr(analyzer.analyze(asked))
    for each, found in zip(asked, batch, strict=True):
        assert math.isnan(found.sentiment) or -1 <= found.sentiment <= 1
        assert 0 <= found.sentiment_conf <= 1
        for hit in found.hits:
            assert hit.signal in (*SIGNALS, *MARKS)
            assert 0 < hit.score <= 1
            assert hit.span is None or 0 <= hit.span[0] < hit.span[1] <= len(each.text)


def test_what_we_wrote_to_the_customer_says_nothing_of_them(analyzer):
    (found,) = analyzer.analyze([text(TEXTS[0], "agent")])
    assert found.hits == ()
    assert math.isnan(found.sentiment)


def test_what_we_wrote_about_the_customer_has_hits_and_no_tone(analyzer):
    (found,) = analyzer.analyze([text(TEXTS[0], "us")])
    assert scores(found)["cancellation"] >= 0.5
    assert math.isnan(found.sentiment)


class Counting:
    name, version = "counting", "1"

    def __init__(self):
        self.read = []

    def analyze(self, texts):
        self.read += [each.text for each in texts]
        return embedding().analyze(texts)


def test_a_chain_hands_on_only_texts_without_a_sure_signal():
    second = Counting()
    Chain(rules(), second).analyze([text(words) for words in ("We want to cancel our contract.", "See you.", "", "Adiós.")])
    assert second.read == ["See you.", "Adiós."]


def test_a_chain_takes_the_higher_score_of_each_signal_and_the_tone_of_the_first():
    (found,) = chain().analyze([text("nobody uses it ever since, but the view is lovely")])
    assert scores(found)["value_doubt"] >= 0.5
    (lone,) = rules().analyze([text("see you on Tuesday")])
    (both,) = chain().analyze([text("see you on Tuesday")])
    assert (both.sentiment, both.lang) == (lone.sentiment, lone.lang)
