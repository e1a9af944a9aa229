"""One account's page as plain text: the page's answers, in both languages, within the columns of a terminal."""

import re

import pytest

from serving.page_text import COLUMNS, render


def text(store, guide, account_id: str, language: str) -> str:
    return render(store.account(account_id, None), guide, language)


def test_it_answers_what_the_page_answers(store, guide):
    said = text(store, guide, "A-001", "en")
    assert said.startswith("Ñandú Logística, S.A. (A-001)\nAs of 2 Mar 2026 · $48,000 a year")
    flat = " ".join(said.split())
    for answer in (
        "72% to leave within 90 days (Critical)",
        "30 days 39% · 90 days 72%",
        "Renewal on 15 May 2026, in 74 days",
        "Support – Raises the risk, odds ×4.3",
        "nobody gives us a date.”",
        "3 Mar 2026 · CS manager: Tell the customer by name who is on it",
        "No data: Agreed goals",
    ):
        assert answer in flat


def test_it_speaks_spanish(store, guide):
    said = text(store, guide, "A-001", "es")
    assert "Qué hacer primero:" in said
    assert "×4,3" in said
    assert not re.search(r"\b(Why|Evidence|Raises|days|the)\b", said.partition("Tickets de soporte")[0])


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("account_id", ["A-001", "A-003", "A-005", "A-029", "A-030"])
def test_every_kind_of_account_fits_the_terminal(store, guide, account_id, language):
    said = text(store, guide, account_id, language)
    assert max(map(len, said.splitlines())) <= COLUMNS
    assert said.endswith("\n")
    assert not re.search(r"None|nan|\{|NaT", said)


def test_a_held_out_account_shows_no_step(store, guide):
    said = text(store, guide, "A-003", "en")
    assert "Held out" in said
    assert "Call the customer" not in said


def test_a_low_risk_is_said_before_its_step(store, guide):
    low = store.account("A-002", None).model_copy(update={"risk_band": "low"})
    said = " ".join(render(low, guide, "en").split())
    assert "The risk is low; worth doing all the same:" in said
    assert "Answer the customer by" not in said


def test_a_risk_that_does_not_call_for_a_play_is_said_to(store, guide):
    assert "No play is suggested: the risk does not call for one." in " ".join(text(store, guide, "A-029", "en").split())


def test_an_account_without_a_score_is_not_said_to_be_safe(store, guide):
    said = " ".join(text(store, guide, "A-030", "en").split())
    assert "No play is suggested: the account could not be scored." in said
    assert "does not call for one" not in said
