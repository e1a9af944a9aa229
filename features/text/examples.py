"""The labelled sentences that the rules were written from and what else learns from examples is fitted on."""

import csv
from functools import cache
from importlib.resources import files
from io import StringIO

Example = tuple[str, frozenset[str]]


@cache
def examples() -> tuple[Example, ...]:
    """The sentences of the development set and the signals each is to show."""
    rows = csv.DictReader(StringIO((files("features.text") / "examples.csv").read_text(encoding="utf-8")))
    return tuple((row["text"], frozenset(filter(None, row["signals"].split(";")))) for row in rows)
