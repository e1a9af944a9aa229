"""The judge: a hit stands when the words around it mean what the phrase says, and what is sure is never asked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import Text
from features.text.judge import LOOKS, Judge, Wording, looks
from features.text.pieces import AROUND, Piece, pieces
from features.text.rules import RuleAnalyzer
from features.text.spelling import Spelling
from features.text.words import Reader

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
RIVAL = PARAMS.model_validate(PARAMS.model_dump() | {"competitors": [{"name": "Rivalio", "aliases": []}]})
PIECE = Piece(
    "cancellation", "we want to cancel the contract", "we want to cancel", rules=1, strength=0.9, asks=False, quotes=False
)


def text(words, side="customer"):
    return Text("1", "a", words, datetime(2025, 1, 1, tzinfo=UTC), "tickets", author_side=side)


def unjudged(words, params=PARAMS):
    [(hits, own)] = RuleAnalyzer(params).unjudged([text(words)])
    return hits, own


@pytest.fixture(scope="module")
def judge():
    return Judge()


class TestPieces:
    def test_hold_the_hits_of_one_signal_with_the_words_around_them(self):
        hits, own = unjudged("We want to cancel our contract because the import never works.")
        told = {hits[at].signal: piece for at, piece in own.items()}
        assert set(told) == {"cancellation", "product_issue"}
        assert (
            told["product_issue"].words
            == told["cancellation"].words
            == "we want to cancel our contract because the import never works"
        )
        assert told["product_issue"].near == "because the import never works"

    def test_of_a_long_text_reach_no_further_than_an_example_does(self):
        filler = "We met on Monday and had a pleasant talk about the plans of the team. "
        _, own = unjudged(filler * 6 + "We want to cancel our contract. " + filler * 6)
        [piece] = set(own.values())
        assert "we want to cancel our contract" in piece.words
        assert len(piece.words.split()) <= AROUND

    def test_see_a_question_and_a_quotation(self):
        for words, asks, quotes in (
            ("How can we cancel our contract?", True, False),
            ('They wrote: "We want to cancel our contract."', False, True),
            ("We want to cancel our contract.", False, False),
        ):
            [piece] = set(unjudged(words)[1].values())
            assert (piece.asks, piece.quotes) == (asks, quotes)

    def test_nobody_doubts_a_negated_hit_or_the_name_of_a_competitor(self):
        hits, own = unjudged("We will not cancel our contract; Rivalio called again.", RIVAL)
        assert {hit.signal for hit in hits} >= {"cancellation", "competitive"}
        assert own == {}

    def test_without_hits_there_are_none(self):
        assert pieces("", Reader(Spelling()).read("", []), []) == {}


class TestJudge:
    def test_believes_more_rules_strength_and_wording_and_less_a_question(self, judge):
        def of(**changed):
            return float(judge.probabilities([Piece(**(PIECE.__dict__ | changed))])[0])

        plain = of()
        assert of(rules=3) > plain
        assert of(strength=0.5) < plain
        assert of(asks=True) < plain
        assert of(words="the weather is nice", near="the weather") < plain

    def test_lets_a_hit_fall_that_the_words_around_it_hardly_mean(self, judge):
        odd = Piece(
            "cancellation", *["the parser can drop the column of the sheet"] * 2, rules=1, strength=0.6, asks=True, quotes=False
        )
        assert judge.believes([PIECE, odd]) == [True, False]

    def test_says_the_same_of_a_piece_alone_and_among_others(self, judge):
        others = [
            Piece("budget", f"the price rose by {n} percent", "the price rose", 1, 0.8, asks=False, quotes=False)
            for n in range(9)
        ]
        assert judge.probabilities([PIECE, *others])[0] == pytest.approx(judge.probabilities([PIECE])[0], abs=1e-12)

    def test_of_nothing_there_is_nothing_to_say(self, judge):
        assert judge.believes([]) == []
        assert looks([], Wording()).shape == (0, len(LOOKS))


def test_a_text_is_judged_the_same_alone_and_among_others():
    analyzer = RuleAnalyzer(PARAMS)
    rows = ["How do I cancel the subscription of a colleague?", "We want to cancel our contract in May."]
    alone = [analyzer.analyze([text(words)])[0] for words in rows]
    together = analyzer.analyze([text(words) for words in rows])
    assert [each.hits for each in together] == [each.hits for each in alone]
    assert any(hit.signal == "cancellation" for hit in together[1].hits)
