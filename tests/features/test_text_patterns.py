"""The language phrases are written in."""

import pytest

from features.text.patterns import PatternIndex, compile_pattern

GROUPS = {
    "tool": ("platform", "power_bi"),
    "any": ("@tool", "app*"),
    "determiners": ("the", "my", "your"),
    "links": ("all", "of", "please"),
}


def matches(pattern, line):
    return bool(compile_pattern(pattern, GROUPS).regex.search(f"\n{line} \n"))


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("cancel", "we cancel it"),
        ("cancel*", "we cancelled it"),
        ("cancel|stop now", "stop now"),
        ("get_rid_of|drop it", "get rid of it"),
        ("the @tool", "the power bi"),
        ("the @any", "the apps"),
        ("new_@tool", "a new platform here"),
        ("cancel the? plan", "cancel plan"),
        ("cancel <2> plan", "cancel our old plan"),
        ("wait # days", "wait 3 days"),
        ("wait # days", "wait three days"),
        ("^ bye", "bye now"),
        ("over $", "it is over"),
        ("done with|$", "we are done"),
        ("stay !here", "stay there"),
        ("freeze* ~2 budget*", "the budget is on freeze"),
        ("freeze* ~2 budget*", "freezes all budgets"),
    ],
)
def test_a_pattern_matches(pattern, line):
    assert matches(pattern, line)


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("cancel", "we cancelled it"),
        ("cio", "servicio cio2"),
        ("cancel <1> plan", "cancel our old plan"),
        ("cancel plan", "cancel \nplan"),
        ("^ bye", "say bye"),
        ("over $", "over here"),
        ("stay !here", "stay here"),
    ],
)
def test_a_pattern_does_not_match(pattern, line):
    assert not matches(pattern, line)


@pytest.mark.parametrize("line", ["cancel order", "cancel my next order", "cancel all of the orders", "cancel please the orders"])
def test_an_object_may_stand_some_words_after_its_verb(line):
    assert matches("cancel <object> order*", line)


@pytest.mark.parametrize("line", ["cancel my plan the order is late", "cancel a b c d e f order"])
def test_an_object_ends_where_a_second_noun_phrase_begins_and_after_five_words(line):
    assert not matches("cancel <object> order*", line)


@pytest.mark.parametrize("pattern", ["<3>", "word?", "a || b", "the @nothing"])
def test_a_pattern_that_cannot_work_is_refused_with_its_text(pattern):
    with pytest.raises(ValueError, match="pattern"):
        compile_pattern(pattern, GROUPS)


def test_only_patterns_are_tried_whose_every_element_has_a_word_there():
    patterns = ("cancel* the plan", "leave you", "wait # days", "in_the_dark|out_of_the_blue again")
    index = PatternIndex([compile_pattern(p, GROUPS) for p in patterns])
    assert index.candidates(["we", "cancelled", "plan", "the"]) == [0]
    assert index.candidates(["we", "cancelled", "the"]) == []
    assert index.candidates(["leaves", "you"]) == []
    assert index.candidates(["wait", "3", "days", "you"]) == [2]
    assert index.candidates(["again", "in", "the", "shop"]) == []
    assert index.candidates(["again", "blue"]) == [3]
