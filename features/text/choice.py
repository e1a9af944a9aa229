"""Which analyzer reads: `text.analyzer` of the settings."""

import importlib
import re

from features.errors import BadInput
from features.params import TextParams
from features.text.analyzer import TextAnalyzer
from features.text.chain import Chain
from features.text.own_model import Ask, CallableAnalyzer
from features.text.rules import RuleAnalyzer

RULES, EMBED = "rules", "embed"
CHOICES = f"{RULES}, {EMBED}, or package.module:function"
OWN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*")


def open_analyzer(params: TextParams) -> TextAnalyzer:
    """`rules`; `embed`: the rules, and the bundled encoder where they find nothing; else the company's own function.

    The function is what `CallableAnalyzer` asks; its attribute `version`, if it has one, tells results of different models
    apart. `BadInput` names a choice that is none, a module or function that is not there, and an extra that is missing.
    """
    chosen = params.analyzer
    if chosen == RULES:
        return RuleAnalyzer(params)
    if chosen == EMBED:
        return Chain(RuleAnalyzer(params), _embedding(params))
    if not OWN.fullmatch(chosen):
        raise BadInput(f"text.analyzer: {chosen!r} is no analyzer. Write {CHOICES}.")
    function = _function(chosen)
    return CallableAnalyzer(function, name=chosen, version=str(getattr(function, "version", "1")))


def _embedding(params: TextParams) -> TextAnalyzer:
    from features.text.bundled import bundled_encoder
    from features.text.embedding import EmbeddingAnalyzer, fit_head
    from features.text.examples import examples

    encoder, name = bundled_encoder()
    head = fit_head(encoder, examples())
    return EmbeddingAnalyzer(encoder, head, EMBED, name, params.longest_characters)


def _function(chosen: str) -> Ask:
    module_name, _, name = chosen.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise BadInput(
            f"text.analyzer: module {module_name!r} cannot be imported ({error}). Install it, or write {CHOICES}."
        ) from error
    function: Ask | None = getattr(module, name, None)
    if not callable(function):
        raise BadInput(f"text.analyzer: {module_name} has no function {name!r}. Correct the name, or write {CHOICES}.")
    return function
