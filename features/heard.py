"""What customers said in their own words: the sentence in which a text signal was heard, with its day."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd

from features.evidence import PICKED, raw_rows
from features.exact import said
from features.history import History
from features.read_texts import sources_of_text
from features.text.analyzer import SIGNALS, Hit, Text, TextAnalyzer, TextSignals
from features.text.table import NO_DATE
from features.view_rows import single_rows
from features.views import TEXTS

Span = tuple[int, int]
BORDER = re.compile(r"(?<=[.!?…])\s+|\s*\n\s*")
CUT = "…"
WARM_WORDS = "warm"  # beside the text signals: words of thanks or praise
FEWEST_WORDS = 4  # "Many thanks!" praises nothing


@dataclass(frozen=True)
class Heard:
    """Words of a customer: what they speak for (a text signal, or `WARM_WORDS`), the day, the table, the sentence."""

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
    warm_from: float,
) -> dict[str, tuple[Heard, ...]]:
    """By account the newest words of each signal within `days` before as_of, and the newest warm ones, newest first.

    Who said nothing is not in it. Only the customer's own words, never what we noted of them. `analyzer` opens what read the
    texts before: it says which words of a text speak for the signal, and is not opened when nobody said anything. `longest`:
    characters of a sentence. `warm_from`: tone (-1 to 1) that a text and its sentence must have to be warm.
    """
    picked = _picked(history, as_of, accounts, days, warm_from)
    if picked.empty:
        return {}
    rows = picked.merge(raw_rows(history, as_of, picked), on=["account_id", "table", "row_id"], how="inner")
    columns = sources_of_text()
    texts = [json.loads(row).get(columns[table], "") for row, table in zip(rows["row"], rows["table"], strict=True)]
    reader = analyzer()
    hits = {text: each.hits for text, each in _read(texts, reader).items()}
    warm = [text for text, signal in zip(texts, rows["signal"], strict=True) if signal == WARM_WORDS]
    kindest = _kindest(warm, reader, warm_from)
    found: dict[str, list[Heard]] = {}
    for account, signal, table, at, text in zip(
        rows["account_id"], rows["signal"], rows["table"], rows["at"], texts, strict=True
    ):
        speaking = [hit for hit in hits[text] if hit.signal == signal and not hit.negated]
        place = kindest.get(text) if signal == WARM_WORDS else _span(speaking)
        words = sentence(text, place, longest) if speaking or (signal == WARM_WORDS and place) else ""
        if words:
            found.setdefault(str(account), []).append(Heard(str(signal), at.date(), str(table), words))
    order = {signal: place for place, signal in enumerate((*SIGNALS, WARM_WORDS))}
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


def _picked(history: History, as_of: date, accounts: Collection[str], days: int, warm_from: float) -> pd.DataFrame:
    """The newest row of the customer's own words an account and signal, as PICKED."""
    if not history.has(TEXTS.table) or not accounts:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in PICKED})
    every = single_rows(history, TEXTS, [as_of])
    own = every.filter((every.side == "customer") & (every.age <= days)).mutate(table=every.source)
    parts = [own.filter(said(own[signal])).mutate(signal=ibis.literal(signal)).select(*PICKED) for signal in SIGNALS]
    parts.append(own.filter(own.sentiment.between(warm_from, 1.0)).mutate(signal=ibis.literal(WARM_WORDS)).select(*PICKED))
    wanted = ibis.memtable(pd.DataFrame({"account_id": sorted(accounts)}))
    found = ibis.union(*parts).semi_join(wanted, "account_id")
    order = [ibis.desc("at"), ibis.asc("row_id")]
    rank = ibis.row_number().over(ibis.window(group_by=["account_id", "signal"], order_by=order))
    ranked = found.mutate(rank=rank)
    newest: pd.DataFrame = ranked.filter(ranked.rank == 0).drop("rank").to_pandas()
    return newest.sort_values(["account_id", "signal"], ignore_index=True)


def _read(texts: Sequence[str], reader: TextAnalyzer) -> dict[str, TextSignals]:
    distinct = list(dict.fromkeys(texts))
    asked = [Text(id=str(n), account_id="", text=text, at=NO_DATE, source="") for n, text in enumerate(distinct)]
    return dict(zip(distinct, reader.analyze(asked), strict=True))


def _kindest(texts: Sequence[str], reader: TextAnalyzer, warm_from: float) -> dict[str, Span]:
    """Where the warmest sentence of each text stands; a text that is warm as a whole alone, or in a word, is left out."""
    pieces = {text: _sentences(text) for text in texts}
    tone = _read([text[start:end] for text, spans in pieces.items() for start, end in spans], reader)
    found: dict[str, Span] = {}
    for text, spans in pieces.items():
        warm = [span for span in spans if tone[text[slice(*span)]].sentiment >= warm_from]
        if warm:
            found[text] = max(warm, key=lambda span: tone[text[slice(*span)]].sentiment)
    return found


def _sentences(text: str) -> list[Span]:
    borders = list(BORDER.finditer(text))
    starts, ends = [0, *(each.end() for each in borders)], [*(each.start() for each in borders), len(text)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if len(text[a:b].split()) >= FEWEST_WORDS]


def _span(hits: Sequence[Hit]) -> Span | None:
    """Where the clearest hit stands, the first of several alike; None where the reader says no place."""
    placed = [hit for hit in hits if hit.span is not None]
    best = max(placed, key=lambda hit: hit.score, default=None)
    return None if best is None else best.span
