"""The tables of a model card, and how their figures are written in each language."""

from dataclasses import dataclass

from serving.card import Cell
from serving.web import numerals
from serving.web.numerals import UNKNOWN
from serving.web.words import Words

SHARES = ("precision_at_capacity", "arr_recall_at_capacity")


@dataclass(frozen=True)
class Shown:
    """A table: its caption, the names of its columns, its lines of cells, each with a small note; the first names the line.

    The last cell of a line that is too short fills the rest.
    """

    caption: str
    columns: tuple[str, ...]
    lines: tuple[tuple[tuple[str, str], ...], ...]


def with_interval(cell: Cell | None, metric: str, words: Words, currency: str) -> tuple[str, str]:
    """The value, and its interval below it."""
    said = said_cell(cell, metric, words, currency)
    if cell is None or cell.low is None or cell.high is None:
        return said, ""
    low, high = (_said(each, metric, words, currency) for each in (cell.low, cell.high))
    return said, words.say("card.interval", low=low, high=high)


def said_cell(cell: Cell | None, metric: str, words: Words, currency: str) -> str:
    """The value alone; a dash where there is none."""
    return UNKNOWN if cell is None or cell.value is None else _said(cell.value, metric, words, currency)


def _said(value: float, metric: str, words: Words, currency: str) -> str:
    if metric in SHARES:
        return percent(value, words)
    if metric == "value_at_capacity":
        return numerals.money(value, currency, words.language)
    return plain(value, words)


def plain(value: float | None, words: Words) -> str:
    """A measure with its usual digits; a dash where there is none."""
    return UNKNOWN if value is None else numerals.measure(value, words.language)


def percent(share: float, words: Words) -> str:
    """A share in whole per cent."""
    return numerals.percent(share, words.language)


def number(value: float, words: Words) -> str:
    """A count."""
    return numerals.number(value, words.language)
