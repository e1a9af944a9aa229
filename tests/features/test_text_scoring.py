"""What `tenure text` adds to a table of texts."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from features.params import TextParams
from features.text.analyzer import SIGNALS
from features.text.rules import RuleAnalyzer
from features.text.scoring import score_csv_frame

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
ANALYZER = RuleAnalyzer(PARAMS)


def test_rows_order_and_columns_stay_and_the_new_columns_follow():
    frame = pd.DataFrame({"id": [7, 3], "text": ["We will not renew.", "Hola"], "team": ["a", "b"]}, index=[5, 2])
    scored = score_csv_frame(frame, ANALYZER)
    assert list(scored.columns) == ["id", "text", "team", "lang", "sentiment", *SIGNALS, "spans"]
    pd.testing.assert_frame_equal(scored[["id", "text", "team"]], frame)


def test_spans_are_code_points_of_the_text_as_it_was_given():
    text = "😀 ¡Señores!\nNo vamos a renovar."
    scored = score_csv_frame(pd.DataFrame({"text": [text]}), ANALYZER).iloc[0]
    spans = json.loads(scored["spans"])
    assert [(each["signal"], text[each["start"] : each["end"]]) for each in spans] == [("cancellation", "No vamos a renovar")]
    assert scored["cancellation"] >= 0.5
    assert scored["lang"] == "es"


@pytest.mark.parametrize("empty", ["", None, float("nan"), "  "])
def test_an_empty_text_has_zeros(empty):
    scored = score_csv_frame(pd.DataFrame({"text": ["We cancel our contract", empty]}), ANALYZER).iloc[1]
    assert scored["sentiment"] == 0
    assert all(scored[signal] == 0 for signal in SIGNALS)
    assert scored["spans"] == "[]"


def test_a_frame_without_rows_has_the_columns():
    assert list(score_csv_frame(pd.DataFrame({"text": []}), ANALYZER).columns) == ["text", "lang", "sentiment", *SIGNALS, "spans"]


def test_a_given_language_stays_and_a_missing_one_is_filled_in():
    scored = score_csv_frame(pd.DataFrame({"text": ["ok", "Where is the invoice?"], "lang": ["es", ""]}), ANALYZER)
    assert list(scored["lang"]) == ["es", "en"]


def test_without_a_text_column_the_message_names_what_is_there():
    with pytest.raises(KeyError, match="comment"):
        score_csv_frame(pd.DataFrame({"comment": ["x"]}), ANALYZER)


def test_a_negated_phrase_has_no_span():
    scored = score_csv_frame(pd.DataFrame({"text": ["We are not going to cancel our contract."]}), ANALYZER).iloc[0]
    assert scored["cancellation"] == 0
    assert scored["spans"] == "[]"
