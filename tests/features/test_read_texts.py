"""Texts of all tables become one table, each known when its words were."""

from datetime import date

import pandas as pd
import pytest

from features.check import check
from features.history import History
from features.params import DataParams, TextParams
from features.read_texts import sources_of_text, write_texts
from features.text.rules import RuleAnalyzer
from features.text.table import SOURCES
from tests.conftest import ACCOUNT, RENEWAL, TERM, InMemory

AS_OF, LATER = date(2025, 3, 1), date(2025, 3, 11)
LEAVING, CALM = "We want to cancel our subscription.", "The new report looks fine."


def message(text, sent="2025-02-10", **columns):
    return {"account_id": "a", "sent_at": sent, "direction": "in", "channel": "email", "text": text, **columns}


@pytest.fixture
def read(tmp_path, settings):
    """`read(messages=[…])` -> (number of texts, History with them)."""

    def build(**tables):
        given = {"accounts": [ACCOUNT], "subscriptions": [TERM], "renewals": [RENEWAL | {"account_id": "a"}], **tables}
        check(InMemory({name: pd.DataFrame(rows) for name, rows in given.items()}), DataParams(**settings["data"]), tmp_path)
        count = write_texts(tmp_path, RuleAnalyzer(TextParams(**settings["text"])))
        return count, History.open(tmp_path)

    return build


def known(history, as_of=AS_OF):
    return history.known("texts", [as_of]).order_by("at", "source").to_pandas()


def test_a_text_keeps_account_day_and_row_and_names_its_table(read):
    count, history = read(messages=[message(LEAVING, row_id="m1")], notices=[notice("n1")])
    found = known(history)
    assert count == 2
    assert found[["account_id", "source", "row_id", "side"]].to_numpy().tolist() == [
        ["a", "messages", "m1", "customer"],
        ["a", "notices", "n1", "customer"],
    ]
    assert found["at"].tolist() == [pd.Timestamp("2025-02-10"), pd.Timestamp("2025-02-12")]
    assert (found["cancellation"] >= 0.5).all()


def notice(row_id):
    return {"account_id": "a", "given_at": "2025-02-12", "kind": "cancellation", "text": LEAVING, "row_id": row_id}


def test_versions_of_a_row_that_share_its_id_keep_their_own_words_and_days(read):
    rows = [message(CALM, known_at="2025-02-10", row_id="m1"), message(LEAVING, known_at="2025-03-05", row_id="m1")]
    _, history = read(messages=rows)
    before, after = known(history), known(history, LATER)
    assert (len(before), len(after)) == (1, 1)
    assert before["cancellation"].tolist() == [0.0]
    assert after["cancellation"].item() >= 0.5


def test_rows_of_two_accounts_that_share_an_id_are_two_texts(read):
    second = {"account_id": "b", "created_at": "2024-01-01"}
    rows = [message(CALM, row_id="1"), message(LEAVING, row_id="1", known_at="2025-03-05") | {"account_id": "b"}]
    _, history = read(accounts=[ACCOUNT, second], messages=rows)
    assert known(history)["account_id"].tolist() == ["a"]
    assert known(history, LATER)["account_id"].tolist() == ["a", "b"]


def test_a_comment_is_known_with_its_answer_not_with_the_survey(read):
    row = {"account_id": "a", "kind": "nps", "sent_at": "2025-02-10", "answered_at": "2025-03-05", "comment": LEAVING}
    _, history = read(surveys=[row])
    assert known(history).empty
    assert len(known(history, LATER)) == 1


def test_words_whose_day_never_came_are_left_out(read):
    row = {"account_id": "a", "kind": "nps", "sent_at": "2025-02-10", "comment": LEAVING}
    count, history = read(surveys=[row])
    assert count == 0
    assert known(history, LATER).empty


def test_without_a_table_of_words_there_is_no_table_of_texts(read):
    count, history = read(usage=[{"account_id": "a", "occurred_at": "2025-02-01", "feature": "reports"}])
    assert count == 0
    assert not history.has("texts")


def test_tickets_without_any_words_leave_nothing_known(read):
    count, history = read(tickets=[{"ticket_id": "t", "account_id": "a", "opened_at": "2025-02-01", "text": "  "}])
    assert count == 0
    assert history.first_days("texts", [AS_OF]) == {}


def test_news_about_a_customer_are_not_its_words(read):
    rows = [{"account_id": "a", "occurred_at": "2025-02-01", "kind": "layoffs", "text": LEAVING}]
    assert read(company_events=rows)[0] == 0


def test_every_table_with_words_is_read_from_the_column_that_the_analyzer_knows():
    assert sources_of_text() == {name: source.column for name, source in SOURCES.items()}
