"""From rows of contract tables to analysed texts, one row a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from features.text.analyzer import MARKS, SIGNALS, Text, TextAnalyzer, TextSignals, scores

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TextSource:
    """Where a table keeps its words and who speaks there (`customer` or `us`); messages say it row by row."""

    column: str
    author_side: str


SOURCES: Mapping[str, TextSource] = {
    "tickets": TextSource("text", "customer"),
    "surveys": TextSource("comment", "customer"),
    "meetings": TextSource("notes", "us"),
    "messages": TextSource("text", "customer"),
    "notices": TextSource("text", "customer"),
}
COLUMNS = ("row_id", "account_id", "side", "lang", "sentiment", *SIGNALS, *MARKS)


def analyze_unique(
    texts: Sequence[str], langs: Sequence[str | None], analyzer: TextAnalyzer, author_side: Sequence[str] | None = None
) -> list[TextSignals]:
    """One result a text, in the order given; a text that comes again (same language known, same side) is analysed once.

    `author_side` (see `Text`) is `customer` throughout when left out. Lists of unequal length raise `ValueError`.
    """
    sides = author_side if author_side is not None else ["customer"] * len(texts)
    keys = list(zip(texts, langs, sides, strict=True))
    distinct = list(dict.fromkeys(keys))
    asked = [
        Text(id=str(number), account_id="", text=text, at=NO_DATE, source="", author_side=side, lang=lang)
        for number, (text, lang, side) in enumerate(distinct)
    ]
    found = dict(zip(distinct, analyzer.analyze(asked), strict=True))
    return [found[key] for key in keys]


def text_rows(table_name: str, frame: pd.DataFrame, analyzer: TextAnalyzer, languages: Mapping[str, str]) -> pd.DataFrame:
    """Row_id, account_id, side, lang, sentiment, the seven signals and the marks (0-1) of each row of `frame` with words.

    `frame` are clean rows of a contract table with `row_id` and `account_id`; `languages` is the known language by account.
    Order and row_id stay; rows without words are left out, a frame without any gives no rows. What we wrote about a customer
    has hits and no sentiment; what we wrote to one has neither (zeros, NaN). `KeyError` for a table without people's words.
    """
    if table_name not in SOURCES:
        raise KeyError(f"table {table_name!r} holds no words of customers; tables that do: {', '.join(SOURCES)}")
    source = SOURCES[table_name]
    if source.column not in frame.columns or frame.empty:
        return _frame([], [], [], [])
    said = frame.loc[[isinstance(text, str) and bool(text.strip()) for text in frame[source.column].tolist()]]
    accounts = [str(account) for account in said["account_id"].tolist()]
    sides = _sides(said, source) if table_name == "messages" else [source.author_side] * len(said)
    known = [languages.get(account) for account in accounts]
    found = analyze_unique(said[source.column].tolist(), known, analyzer, sides)
    return _frame([str(row_id) for row_id in said["row_id"].tolist()], accounts, sides, found)


def _sides(messages: pd.DataFrame, source: TextSource) -> list[str]:
    """A note is ours about them, whatever its direction; other messages by direction."""
    channels = messages["channel"].tolist() if "channel" in messages.columns else [None] * len(messages)
    directions = messages["direction"].tolist()
    return [
        "us" if channel == "note" else source.author_side if direction == "in" else "agent"
        for channel, direction in zip(channels, directions, strict=True)
    ]


def _frame(row_ids: list[str], accounts: list[str], sides: list[str], found: list[TextSignals]) -> pd.DataFrame:
    scored = [scores(each) for each in found]
    columns: dict[str, pd.Series] = {
        "row_id": pd.Series(row_ids, dtype="str"),
        "account_id": pd.Series(accounts, dtype="str"),
        "side": pd.Series(["customer" if side == "customer" else "us" for side in sides], dtype="str"),
        "lang": pd.Series([each.lang for each in found], dtype="str"),
        "sentiment": pd.Series([each.sentiment for each in found], dtype="float64"),
    }
    for signal in (*SIGNALS, *MARKS):
        columns[signal] = pd.Series([score[signal] for score in scored], dtype="float64")
    return pd.DataFrame(columns, columns=list(COLUMNS))
