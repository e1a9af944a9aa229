"""A company's own model: what it is asked, and how a wrong answer is named."""

import pytest

from features.text.own_model import BadAnswer, CallableAnalyzer
from tests.features.text_models import own, text

CANCEL = "We cancel."


def asked(answer, words=CANCEL):
    return CallableAnalyzer(lambda questions: [answer] * len(questions), "house:model", "1").analyze([text(words, name="t7")])[0]


def test_it_sees_words_side_and_language_and_no_text_of_ours_to_the_customer():
    seen = []

    def fn(questions):
        seen.extend(questions)
        return [{} for _ in questions]

    CallableAnalyzer(fn, "m", "1").analyze([text("Hola", lang="es"), text("Hi", "agent"), text(" "), text("They left", "us")])
    assert [(q["text"], q["side"], q["lang"]) for q in seen] == [("Hola", "customer", "es"), ("They left", "us", None)]


def test_an_empty_answer_says_nothing():
    found = asked({})
    assert (found.lang, found.hits, found.sentiment_conf) == ("und", (), 0.0)


def test_an_answer_becomes_hits_with_their_place():
    (found,) = CallableAnalyzer(own, "house:model", "1").analyze([text(CANCEL)])
    (hit,) = found.hits
    assert (hit.signal, hit.score, hit.span, hit.rule) == ("cancellation", 0.8, (3, 9), "house:model")


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("yes", "answer is 'yes'"),
        ({"language": "en"}, "language is 'en'"),
        ({"lang": "fr"}, "lang is 'fr'"),
        ({"sentiment": 2}, "sentiment is '2'"),
        ({"sentiment": float("nan")}, "sentiment is 'nan'"),
        ({"sentiment_conf": True}, "sentiment_conf is 'True'"),
        ({"hits": "none"}, "hits is 'none'"),
        ({"hits": [{"signal": "churn", "score": 1}]}, r"hits\[0\].signal is 'churn'"),
        ({"hits": [{"signal": "budget", "score": 0}]}, r"hits\[0\].score is '0.0'; give above 0"),
        ({"hits": [{"signal": "budget"}]}, r"hits\[0\].score is 'None'"),
        ({"hits": [{"signal": "budget", "score": 1, "start": 5, "end": 99}]}, r"hits\[0\].start, end is '\(5, 99\)'"),
        ({"hits": [{"signal": "budget", "score": 1, "negated": "no"}]}, r"hits\[0\].negated is 'no'"),
    ],
)
def test_a_wrong_answer_is_named_with_text_and_field(answer, named):
    with pytest.raises(BadAnswer, match=f"house:model, text t7: {named}"):
        asked(answer)


def test_too_few_answers_are_named():
    with pytest.raises(BadAnswer, match="gave 0 answers to 1 texts"):
        CallableAnalyzer(lambda questions: [], "m", "1").analyze([text(CANCEL)])
