"""The word groups of `vocabulary.yaml`: what phrases name as @group, and the small sets the code reads."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml


@cache
def vocabulary() -> Mapping[str, Sequence[str]]:
    """Group -> its words as they stand in the file."""
    groups: Mapping[str, str] = yaml.safe_load((files("features.text") / "vocabulary.yaml").read_text(encoding="utf-8"))
    return {name: tuple(words.split()) for name, words in groups.items()}


@cache
def group(name: str) -> frozenset[str]:
    """The words of a group without groups or stars inside; `KeyError` when there is no such group."""
    return frozenset(vocabulary()[name])
