"""The words that plans quote, on the small world: written by that customer, known before the day, and from no note of ours."""

import json

import pandas as pd
import pytest

from features.read_texts import sources_of_text
from tests.pipelines.whole.conftest import AS_OF


@pytest.fixture(scope="module")
def quoted(scored):
    """account, table, day and words of every quotation."""
    plans = scored.part("plans")
    return [
        (account, said["table"], said["at"], said["words"])
        for account, value in zip(plans["account_id"], plans["value"], strict=True)
        for said in json.loads(value)["said"]
    ]


def test_every_quotation_stands_in_a_text_of_that_customer_known_before_the_day(quoted, tables):
    assert len(quoted) > 5
    columns = sources_of_text()
    for account, table, day, words in quoted:
        rows = pd.read_parquet(tables / f"{table}.parquet")
        rows = rows.loc[(rows["account_id"] == account) & (rows["known_at"] < pd.Timestamp(AS_OF, tz=rows["known_at"].dt.tz))]
        if table == "messages":
            rows = rows.loc[(rows["direction"] == "in") & (rows["channel"] != "note")]
        lines = [" ".join(text.split()) for text in rows[columns[table]].dropna()]
        assert any(words.strip("…") in line for line in lines)
        assert day < AS_OF.isoformat()
        assert table != "meetings"


def test_scoring_again_quotes_the_same(score, scored):
    assert score().part("plans")["value"].tolist() == scored.part("plans")["value"].tolist()
