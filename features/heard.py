"""What customers said in their own words: the sentence in which a text signal was heard, with its day."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis
import pandas as pd

from features.evidence import PICKED, raw_rows
from features.exact import said
from features.history import History
from features.read_texts import sources_of_text
from features.text.analyzer import SIGNALS, Hit, Text, TextAnalyzer
from features.view_rows import single_rows
from features.views import TEXTS

Span = tuple[int, int]
BORDER = re.compile(r"(?<=[.!?…])\s+|\s*\n\s*")
CUT = "…"


@dataclass(frozen=True)
class Heard:
    """Words of a customer: the text signal that they speak for, the day, the table they stand in, the sentence."""

    signal: str
    at: date
    table: str
    words: str


def heard(
    history: History,
    as_of: date,
    accounts: Collection[str],
    analyzer: Callable[[], TextAnalyzer],
    *,
    days: int,
    longest: int,
) -> dict[str, tuple[Heard, ...]]:
    """By account the newest words of each signal within `days` before as_of, newest first; who said nothing is not in it.

    Only the customer's own words, never what we noted of them. `analyzer` opens what read the texts before: it says which
    words of a text speak for the signal, and is not opened when nobody said anything. `longest`: characters of a sentence.
    """
    picked = _picked(history, as_of, accounts, days)
    if picked.empty:
        return {}
    rows = picked.merge(raw_rows(history, as_of, picked), on=["account_id", "table", "row_id"], how="inner")
    columns = sources_of_text()
    texts = [json.loads(row).get(columns[table], "") for row, table in zip(rows["row"], rows["table"], strict=True)]
    distinct = list(dict.fromkeys(texts))
    asked = [
        Text(id=str(number), account_id="", text=text, at=datetime(1970, 1, 1, tzinfo=UTC), source="")
        for number, text in enumerate(distinct)
    ]
    hits = dict(zip(distinct, (each.hits for each in analyzer().analyze(asked)), strict=True))
    found: dict[str, list[Heard]] = {}
    for account, signal, table, at, text in zip(
        rows["account_id"], rows["signal"], rows["table"], rows["at"], texts, strict=True
    ):
        speaking = [hit for hit in hits[text] if hit.signal == signal and not hit.negated]
        words = sentence(text, _span(speaking), longest) if speaking else ""
        if words:
            found.setdefault(str(account), []).append(Heard(str(signal), at.date(), str(table), words))
    order = {signal: place for place, signal in enumerate(SIGNALS)}
    return {
        account: tuple(sorted(each, key=lambda one: (-one.at.toordinal(), order[one.signal]))) for account, each in found.items()
    }


def sentence(text: str, span: Span | None, longest: int) -> str:
    """The sentence around the span on one line, cut to about `longest` characters round it; the beginning without a span."""
    first, last = span or (0, 0)
    start = max((found.end() for found in BORDER.finditer(text) if found.end() <= first), default=0)
    ends = [found.start() for found in BORDER.finditer(text) if found.start() >= max(last, start + 1)]
    end = min(ends, default=len(text))
    room = max(0, longest - (last - first)) // 2
    begins, stops = max(start, min(first - room, end - longest)), min(end, max(last + room, start + longest))
    while start < begins < first and not text[begins - 1].isspace():
        begins += 1
    while last < stops < end and not text[stops].isspace():
        stops -= 1
    words = " ".join(text[begins:stops].split())
    return f"{CUT if begins > start else ''}{words}{CUT if stops < end else ''}" if words else ""


def _picked(history: History, as_of: date, accounts: Collection[str], days: int) -> pd.DataFrame:
    """The newest row of the customer's own words an account and signal, as PICKED."""
    if not history.has(TEXTS.table) or not accounts:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in PICKED})
    every = single_rows(history, TEXTS, [as_of])
    own = every.filter((every.side == "customer") & (every.age <= days)).mutate(table=every.source)
    parts = [own.filter(said(own[signal])).mutate(signal=ibis.literal(signal)).select(*PICKED) for signal in SIGNALS]
    wanted = ibis.memtable(pd.DataFrame({"account_id": sorted(accounts)}))
    found = ibis.union(*parts).semi_join(wanted, "account_id")
    order = [ibis.desc("at"), ibis.asc("row_id")]
    rank = ibis.row_number().over(ibis.window(group_by=["account_id", "signal"], order_by=order))
    ranked = found.mutate(rank=rank)
    newest: pd.DataFrame = ranked.filter(ranked.rank == 0).drop("rank").to_pandas()
    return newest.sort_values(["account_id", "signal"], ignore_index=True)


def _span(hits: Sequence[Hit]) -> Span | None:
    """Where the clearest hit stands, the first of several alike; None where the reader says no place."""
    placed = [hit for hit in hits if hit.span is not None]
    best = max(placed, key=lambda hit: hit.score, default=None)
    return None if best is None else best.span
