"""From contract tables to analysed texts: who speaks, what is left out, what is analysed once."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import SIGNALS
from features.text.rules import RuleAnalyzer
from features.text.table import COLUMNS, SOURCES, analyze_unique, text_rows

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
ANALYZER = RuleAnalyzer(PARAMS)
CANCEL = "We want to cancel our contract."


class Counting:
    name = "counting"
    version = "1"

    def __init__(self):
        self.read = 0

    def analyze(self, texts):
        self.read += len(texts)
        return ANALYZER.analyze(texts)


def rows(**columns):
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"row_id": [f"r{n}" for n in range(size)], "account_id": ["a"] * size, **columns})


def test_a_ticket_is_the_customers_word():
    read = text_rows("tickets", rows(text=[CANCEL]), ANALYZER, {})
    assert list(read.columns) == list(COLUMNS)
    assert read.loc[0, "side"] == "customer"
    assert read.loc[0, "cancellation"] == 1
    assert read.loc[0, "sentiment"] < 0


def test_messages_speak_by_direction_and_channel():
    messages = rows(text=[CANCEL] * 4, direction=["in", "out", "out", "in"], channel=["email", "email", "note", "note"])
    read = text_rows("messages", messages, ANALYZER, {})
    assert list(read["side"]) == ["customer", "us", "us", "us"]
    assert list(read["cancellation"]) == [1, 0, 1, 1]
    assert list(read["sentiment"].isna()) == [False, True, True, True]


def test_our_words_to_the_customer_have_no_hit_of_any_signal():
    read = text_rows("messages", rows(text=[CANCEL], direction=["out"], channel=["call"]), ANALYZER, {})
    assert (read[list(SIGNALS)] == 0).all(axis=None)


def test_meeting_notes_give_hits_without_sentiment():
    read = text_rows("meetings", rows(notes=["They told us they will not renew."]), ANALYZER, {})
    assert read.loc[0, "side"] == "us"
    assert read.loc[0, "cancellation"] == 1
    assert pd.isna(read.loc[0, "sentiment"])


def test_rows_without_words_are_left_out_and_the_order_stays():
    read = text_rows("surveys", rows(comment=["b", None, " ", "a"]), ANALYZER, {})
    assert list(read["row_id"]) == ["r0", "r3"]


@pytest.mark.parametrize("frame", [rows(text=[]), rows(other=["x"])], ids=["no rows", "no column"])
def test_nothing_said_gives_no_rows_and_all_columns(frame):
    read = text_rows("tickets", frame, ANALYZER, {})
    assert read.empty
    assert list(read.columns) == list(COLUMNS)
    assert read["sentiment"].dtype == "float64"


def test_a_short_text_takes_the_language_of_its_account():
    assert text_rows("tickets", rows(text=["Excel"]), ANALYZER, {"a": "es"}).loc[0, "lang"] == "es"


def test_news_is_not_the_customers_word():
    with pytest.raises(KeyError, match="company_events"):
        text_rows("company_events", rows(text=["x"]), ANALYZER, {})
    assert "company_events" not in SOURCES


def test_a_text_that_comes_again_is_analysed_once():
    counting = Counting()
    results = analyze_unique(["a", "b", "a"], [None, None, None], counting)
    assert counting.read == 2
    assert results[0] is results[2]
    assert len(results) == 3


def test_the_same_words_from_another_side_are_read_again():
    counting = Counting()
    customer, ours = analyze_unique([CANCEL, CANCEL], [None, None], counting, ["customer", "agent"])
    assert counting.read == 2
    assert customer.hits
    assert not ours.hits
