"""The judge: a hit stands when the words around it mean what the phrase says, and clear words need no phrase."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import HIT_FROM, SIGNALS, Text, scores
from features.text.judge import LOOKS, WORDED, Judge, clauses_meant, looks, telling
from features.text.pieces import AROUND, Pieces
from features.text.rules import RuleAnalyzer
from features.text.spelling import Spelling
from features.text.wording import Wording
from features.text.words import Reader

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
RIVAL = PARAMS.model_validate(PARAMS.model_dump() | {"competitors": [{"name": "Rivalio", "aliases": []}]})


def text(words, side="customer"):
    return Text("1", "a", words, datetime(2025, 1, 1, tzinfo=UTC), "tickets", author_side=side)


def read(written, params=PARAMS):
    content, words, hits = RuleAnalyzer(params).unjudged(text(written))
    return words, hits, Pieces(content, words, hits)


def folded(written):
    return Reader(Spelling()).read(written, [(0, len(written))])


@pytest.fixture(scope="module")
def judge():
    return Judge()


@pytest.fixture(scope="module")
def wording():
    return Wording()


class TestPieces:
    def test_hold_the_hits_of_one_signal_with_the_clauses_around_them(self):
        words, hits, found = read("We want to cancel our contract because the import never works.")
        told = {piece.signal: piece for piece in found.doubted()}
        assert set(told) == {"cancellation", "product_issue"}
        assert told["product_issue"].reach == told["cancellation"].reach == (0, 1)
        assert words.words[slice(*told["product_issue"].near)] == ["because", "the", "import", "never", "works"]
        assert {hits[at].signal for at in told["product_issue"].hits} == {"product_issue"}

    def test_of_a_long_text_reach_no_further_than_an_example_does(self):
        filler = "We met on Monday and had a pleasant talk about the plans of the team. "
        words, _, found = read(filler * 6 + "We want to cancel our contract. " + filler * 6)
        [piece] = found.doubted()
        (start, _), (_, end) = found.clauses[piece.reach[0]], found.clauses[piece.reach[1] - 1]
        assert "we want to cancel our contract" in " ".join(words.words[start:end])
        assert end - start <= AROUND

    def test_see_a_question_and_a_quotation(self):
        for words, asks, quotes in (
            ("How can we cancel our contract?", True, False),
            ('They wrote: "We want to cancel our contract."', False, True),
            ("We want to cancel our contract.", False, False),
        ):
            [piece] = read(words)[2].doubted()
            assert (piece.asks, piece.quotes) == (asks, quotes)

    def test_nobody_doubts_a_negated_hit_or_the_name_of_a_competitor(self):
        _, hits, found = read("We will not cancel our contract; Rivalio called again.", RIVAL)
        assert {hit.signal for hit in hits} >= {"cancellation", "competitive"}
        assert found.doubted() == []
        assert found.around("cancellation", 0).denied
        assert not found.around("budget", 0).denied

    def test_without_hits_or_words_there_are_none(self):
        assert Pieces("", folded(""), []).doubted() == []
        assert read("The sun shines on Lisbon.")[2].doubted() == []


class TestWording:
    def test_speaks_for_what_a_sentence_says_that_it_has_never_seen(self, wording):
        for written, signal in (
            ("Our subscription ends in June and we shall leave then.", "cancellation"),
            ("Desde ayer el panel se cuelga y no carga nada.", "product_issue"),
            ("Nadie de ustedes me contesta los correos.", "service_complaint"),
        ):
            words = folded(written).words
            margins = wording.margins(wording.total(words)[None], np.array([len(words)]))[0]
            assert SIGNALS[int(margins[:-1].argmax())] == signal

    def test_is_a_sum_over_the_words_and_pairs_of_a_clause(self, wording):
        words = folded("We are thinking of leaving you after the summer").words
        for at, signal in enumerate(SIGNALS):
            assert wording.spoken(words, signal).sum() == pytest.approx(wording.total(words)[at])

    def test_of_no_words_or_unknown_ones_says_nothing(self, wording):
        assert np.allclose(wording.total([]), wording.total([]))
        assert wording.total(["xqzv"]).shape == (len(SIGNALS) + 1,)
        assert wording.spoken(["xqzv"], "budget").shape == (1,)

    def test_does_not_know_the_hand_it_is_to_be_asked_about(self, wording):
        words = folded("We're running a bake-off between you and two newcomers; scores are due Friday.").words
        at, length = SIGNALS.index("competitive"), np.array([len(words)])
        asked = Wording(without="third")
        assert asked.margins(asked.total(words)[None], length)[0, at] < wording.margins(wording.total(words)[None], length)[0, at]


class TestJudge:
    def test_believes_what_rules_hear_and_doubts_a_question_and_words_of_something_else(self, judge):
        words, _, found = read("We want to cancel the contract.")
        [piece] = found.doubted()

        def of(**changed):
            return float(judge.probabilities(words, [replace(piece, **changed)], judge.meant(words, found))[0])

        assert of() > of(strength=0.3, hits=())
        assert of() > of(asks=True)
        assert of() > of(signal="budget")

    def test_lets_a_hit_fall_that_the_words_around_it_hardly_mean(self, judge):
        written = "How do I cancel the subscription of a colleague?"
        words, hits, _ = read(written)
        assert hits
        assert judge.judged(written, words, hits) == []

    def test_hears_a_plain_statement_that_no_rule_hits_and_shows_the_words(self):
        written = "Good morning. Nothing has come of it, our people never took to the tool and I fail to see what it brings us."
        rules = RuleAnalyzer(PARAMS)
        found = rules.analyze([text(written)])[0]
        for hit in found.hits:
            start, end = hit.span
            assert written[start:end].strip()
        assert scores(found)["value_doubt"] >= HIT_FROM

    def test_names_its_own_hits_by_the_wording_one_a_signal(self, judge):
        written = "Please close our account and delete it. We terminate the contract and want to cancel the subscription."
        words, _, _ = read(written)
        added = judge.judged(written, words, [])
        assert [(hit.signal, hit.rule) for hit in added] == [("cancellation", WORDED)]
        start, end = added[0].span
        assert len(written[start:end].split()) > 1

    def test_adds_nothing_where_a_rule_hears_that_it_is_denied(self, judge):
        words, hits, _ = read("We are not going to cancel our subscription.")
        assert {hit.negated for hit in judge.judged("We are not going to cancel our subscription.", words, hits)} == {True}

    def test_of_nothing_there_is_nothing_to_say(self, judge, wording):
        words, _, found = read("The sun shines on Lisbon.")
        assert judge.judged("", folded(""), []) == []
        assert judge.judged("The sun shines on Lisbon.", words, []) == []
        assert looks(words, [], clauses_meant(words, found, wording), wording).shape == (0, len(LOOKS))


def test_the_words_that_say_most_stand_in_a_row():
    assert telling(np.array([-1.0, 2.0, -0.5, 3.0, -4.0, 1.0])) == (1, 4)
    assert telling(np.array([-3.0, -1.0, -2.0])) == (1, 2)


def test_a_text_is_judged_the_same_alone_and_among_others():
    analyzer = RuleAnalyzer(PARAMS)
    rows = ["How do I cancel the subscription of a colleague?", "We want to cancel our contract in May."]
    alone = [analyzer.analyze([text(words)])[0] for words in rows]
    together = analyzer.analyze([text(words) for words in rows])
    assert [each.hits for each in together] == [each.hits for each in alone]
    assert any(hit.signal == "cancellation" for hit in together[1].hits)
