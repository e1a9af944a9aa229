import pytest

from features.said import Said, alike, joined

FOUND = Said("{name}: {count:,} rows, {share:.1%}, AUC {auc:.3f}", "{name}: {count:,} filas, {share:.1%}, AUC {auc:.3f}")


def test_numbers_are_written_as_each_language_writes_them():
    said = FOUND.filled(name="north", count=12345, share=0.125, auc=0.97)
    assert said.en == "north: 12,345 rows, 12.5%, AUC 0.970"
    assert said.es == "north: 12.345 filas, 12,5\N{NO-BREAK SPACE}%, AUC 0,970"
    assert said.in_language("es") == said.es


def test_a_name_with_points_and_braces_stays_as_it_is_in_both_languages():
    said = FOUND.filled(name="plan_1.5,{x}", count=1, share=0.0, auc=1.0)
    assert said.en.startswith("plan_1.5,{x}: ")
    assert said.es.startswith("plan_1.5,{x}: ")


def test_a_sentence_within_a_sentence_keeps_its_language():
    said = Said("it is {what}", "es {what}").filled(what=Said("good", "bueno"))
    assert (said.en, said.es) == ("it is good", "es bueno")


def test_a_place_without_a_value_is_an_error_that_names_it():
    with pytest.raises(KeyError, match="auc"):
        FOUND.filled(name="north", count=1, share=0.0)


def test_sentences_stand_in_a_row():
    assert joined([alike("a"), Said("b", "c")], ", ") == Said("a, b", "a, c")
    assert joined([]) == alike("")
    assert alike("a") + Said("b", "c") == Said("ab", "ac")
