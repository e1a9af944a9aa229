"""The customer's own words under a text signal."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.check import check
from features.heard import Heard, heard, sentence
from features.history import History
from features.params import DataParams, TextParams
from features.read_texts import write_texts
from features.text.analyzer import TextSignals
from features.text.rules import RuleAnalyzer
from tests.conftest import RENEWAL, InMemory

AS_OF = date(2025, 3, 1)


def mail(number, sent, text, **columns):
    said = {"message_id": f"m{number}", "account_id": "a", "sent_at": sent, "direction": "in", "channel": "email"}
    return said | {"text": text, "row_id": f"m{number}"} | columns


COMPANY = {
    "accounts": [{"account_id": name, "created_at": "2024-01-01"} for name in "ab"],
    "subscriptions": [
        {"subscription_id": name, "account_id": name, "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 10}
        for name in "ab"
    ],
    "renewals": [RENEWAL | {"account_id": "a"}],
    "messages": [
        mail(1, "2025-02-10", "Hello Ana. It is too expensive for us this year. See you on Monday."),
        mail(2, "2025-02-20", "Hi,\nwe have to cut costs across the company.\nKind regards, Tom"),
        mail(3, "2025-02-22", "CSM note: budget is tight, they must cut costs.", channel="note", direction="out"),
        mail(4, "2025-02-23", "We have to cut costs, so here is our offer.", direction="out"),
        mail(5, "2025-02-25", "We have to cut costs.", known_at="2025-03-02"),
        mail(6, "2024-10-01", "The export is broken and the product does not work.", account_id="b"),
        mail(7, "2025-02-11", "All is well."),
        mail(8, "2025-02-12", "Hi Ana. Thank you, that was very helpful and the team loves it! See you on Monday."),
        mail(9, "2025-02-27", "Many thanks!"),
    ],
}


@pytest.fixture(scope="module")
def reader(settings):
    return RuleAnalyzer(TextParams(**settings["text"]))


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings, reader):
    folder = tmp_path_factory.mktemp("company")
    frames = {name: pd.DataFrame(rows) for name, rows in COMPANY.items()}
    check(InMemory(frames), DataParams(**settings["data"]), folder)
    write_texts(folder, reader)
    return History.open(folder)


@pytest.fixture(scope="module")
def ask(history, reader):
    return lambda accounts, days=90: heard(history, AS_OF, accounts, lambda: reader, days=days, longest=160, warm_from=0.7)


def test_the_newest_sentence_that_the_customer_wrote_is_quoted_with_its_day(ask):
    assert ask({"a"}) == {
        "a": (
            Heard("budget", date(2025, 2, 20), "messages", "we have to cut costs across the company."),
            Heard("warm", date(2025, 2, 12), "messages", "Thank you, that was very helpful and the team loves it!"),
        )
    }


def test_old_words_and_other_accounts_are_left_alone_and_nobody_reads_in_vain(history, ask):
    def none_needed():
        raise AssertionError("nothing was said")

    assert heard(history, AS_OF, {"b"}, none_needed, days=90, longest=160, warm_from=0.7) == {}
    assert heard(history, AS_OF, set(), none_needed, days=90, longest=160, warm_from=0.7) == {}
    assert "b" in ask({"b"}, days=182)


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        ("One. Two is here! Three.", "Two", "Two is here!"),
        ("Hello\nit is too dear\nbye", "too dear", "it is too dear"),
        ("only this", "only", "only this"),
        ("It costs 1.5 times as much. Really.", "1.5", "It costs 1.5 times as much."),
    ],
)
def test_a_quotation_is_the_sentence_around_the_words(text, part, said):
    start = text.index(part)
    assert sentence(text, (start, start + len(part)), 160) == said


def test_a_long_sentence_is_cut_at_words_around_what_it_says():
    text = "word " * 60 + "too expensive " + "word " * 60
    start = text.index("too expensive")
    said = sentence(text, (start, start + 13), 60)
    assert said.startswith("…word")
    assert said.endswith("word…")
    assert "too expensive" in said
    assert len(said) <= 62


def test_without_a_place_the_text_begins_to_speak():
    assert sentence("First thing. Second thing.", None, 160) == "First thing."
    assert sentence("", None, 160) == ""


@given(st.text(alphabet="ab .!?\n", max_size=200), st.data())
def test_a_quotation_holds_the_words_in_one_line_and_invents_none(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    said = sentence(text, (start, end), 60)
    assert "\n" not in said
    assert " ".join(text[start:end].split()) in said
    assert said.strip("…") in " ".join(text.split())
    assert len(said) <= 62


def test_what_the_reader_does_not_find_again_is_not_quoted(history):
    class Deaf:
        name, version = "deaf", "1"

        def analyze(self, texts):
            return [TextSignals(text.id, "en", 0.0, 0.0, (), self.name, self.version) for text in texts]

    assert heard(history, AS_OF, {"a"}, Deaf, days=90, longest=160, warm_from=0.7) == {}
