"""Named competitors: exact, aliased, ambiguous and misspelt."""

from datetime import UTC, datetime

import pytest

from features.params import Competitor, TextParams
from features.text.analyzer import Text, scores
from features.text.rules import RuleAnalyzer

PARAMS = TextParams(
    competitors=(
        Competitor(name="Zentrico", aliases=("Zentrico Desk",)),
        Competitor(name="Front", ambiguous=True),
        Competitor(name="Kix"),
    ),
    negation_words=4,
    fuzzy_ratio=85,
    fuzzy_letters=5,
    longest_characters=10_000,
    analyzer="rules",
)
ANALYZER = RuleAnalyzer(PARAMS)


def named(text):
    result = ANALYZER.analyze([Text("1", "a", text, datetime(2025, 1, 1, tzinfo=UTC), "x")])[0]
    return [(hit.rule, text[slice(*hit.span)], hit.negated) for hit in result.hits if str(hit.rule).startswith("competitor:")]


@pytest.mark.parametrize("text", ["Zentrico called us.", "have you seen ZENTRICO?", "zentrico"])
def test_a_name_counts_in_any_case(text):
    assert [rule for rule, _, _ in named(text)] == ["competitor:Zentrico"]


def test_an_alias_of_two_words_is_one_mention_of_the_name():
    assert named("We saw Zentrico Desk today.") == [("competitor:Zentrico", "Zentrico Desk", False)]


def test_an_ambiguous_name_needs_a_cue():
    assert named("The button is in front of the chart.") == []
    assert named("We are evaluating Front for support.") == [("competitor:Front", "Front", False)]


def test_a_typo_of_a_long_name_counts_and_of_a_short_one_does_not():
    assert [word for _, word, _ in named("We met Zentricco.")] == ["Zentricco"]
    assert named("We met Kixx.") == []


def test_another_word_that_begins_alike_is_no_typo():
    assert named("We are centric to the zenith.") == []


def test_a_rival_the_customer_came_from_is_no_threat():
    assert named("We moved from Zentrico last year.") == []
    assert named("Veníamos de Zentrico.") == []


def test_a_negated_mention_does_not_count():
    text = "We would never use Zentrico."
    assert named(text) == [("competitor:Zentrico", "Zentrico", True)]
    result = ANALYZER.analyze([Text("1", "a", text, datetime(2025, 1, 1, tzinfo=UTC), "x")])[0]
    assert scores(result)["competitive"] == 0


def test_without_competitors_nobody_is_named():
    analyzer = RuleAnalyzer(PARAMS.model_copy(update={"competitors": ()}))
    assert analyzer.analyze([Text("1", "a", "Zentrico", datetime(2025, 1, 1, tzinfo=UTC), "x")])[0].hits == ()
