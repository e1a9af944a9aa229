"""Labelled sentences: those that the rules were written from, and those of other hands, which the rules saw once they stood."""

import csv
from functools import cache
from importlib.resources import files
from io import StringIO

Example = tuple[str, frozenset[str]]


@cache
def examples(without: str = "") -> tuple[Example, ...]:
    """The sentences of the development set and of every other hand (but one), and the signals each is to show."""
    others = [row for row in _rows("other_hands.csv") if row["hand"] != without]
    rows = [*_rows("examples.csv"), *others]
    return tuple((row["text"], frozenset(filter(None, row["signals"].split(";")))) for row in rows)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO((files("features.text") / name).read_text(encoding="utf-8"))))
