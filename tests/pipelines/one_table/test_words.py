"""What train-table says is complete in both languages."""

from string import Formatter

import pytest

from features.said import Said
from models.tabular import words as of_training
from pipelines.one_table import words as of_file


def sentences():
    for module in (of_training, of_file):
        for name, value in vars(module).items():
            found = value if isinstance(value, dict) else {"": value}
            yield from ((f"{name}.{key}", each) for key, each in found.items() if isinstance(each, Said))


@pytest.mark.parametrize("said", dict(sentences()).values(), ids=list(dict(sentences())))
def test_a_sentence_has_the_same_places_in_both_languages(said):
    english, spanish = ({(name, form) for _, name, form, _ in Formatter().parse(each) if name} for each in (said.en, said.es))
    assert said.en
    assert said.es
    assert english == spanish
