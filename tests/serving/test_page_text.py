"""One account's page as plain text: the page's answers, in both languages, within the columns of a terminal."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from serving.page_text import COLUMNS, render
from serving.store import Store
from serving.store.records import WhatIf


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


def test_it_says_how_likely_a_renewal_for_less_is_what_it_takes_and_what_points_at_it(store, guide):
    said = " ".join(text(store, guide, "A-001", "en").split())
    assert (
        "Renewing for less: 11% within 365 days. On average such a renewal takes 25% of the value, here $12,000 a year." in said
    )
    assert "What points at it most: Budget" in said
    assert "Leaving in the middle of the term, before its decision: 1% within 365 days" in said


def test_where_no_signal_points_at_it_that_is_said_and_a_monthly_contract_has_no_middle(store, guide):
    assert "the usual rate for its contract" in " ".join(text(store, guide, "A-003", "en").split())
    assert "middle of the term" not in text(store, guide, "A-002", "en")


def test_that_nothing_is_known_of_renewals_for_less_is_said_too(guide, batch, tmp_path):
    few = batch.second_outcomes.loc[batch.second_outcomes["outcome"] == "early"]
    with_few = Store(f"sqlite:///{tmp_path}/store.db")
    with_few.publish(replace(batch, second_outcomes=few))
    assert "too few such renewals are on record" in " ".join(text(with_few, guide, "A-001", "en").split())
    assert "hay muy pocas registradas" in " ".join(text(with_few, guide, "A-001", "es").split())
    with_few.close()


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


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "By its signs it is at work with a probability of 72%.",
                "New: a month before it was not likely.",
                "Seen at least since 10 February 2026.",
                "With fewer open tickets less.",
            ),
        ),
        (
            "es",
            (
                "Por sus señales, está presente con una probabilidad del 72 %.",
                "Nuevo: hace un mes no era probable.",
                "Se observa al menos desde el 10 de febrero de 2026.",
                "Con menos tickets, menos.",
            ),
        ),
    ],
)
def test_a_named_driver_tells_how_likely_since_when_whether_it_is_new_and_what_would_change_it(store, guide, language, lines):
    account = store.account("A-001", None)
    what_if = WhatIf(
        signal="open_tickets",
        value=9,
        typical=1,
        before=0.4,
        after=0.3,
        sentence_en="With fewer open tickets less.",
        sentence_es="Con menos tickets, menos.",
    )
    more = {"chance": 0.72, "before": False, "since": datetime(2026, 2, 10, tzinfo=UTC), "what_if": what_if}
    drivers = tuple(d.model_copy(update=more) if d.family == "support" else d for d in account.drivers)
    said = " ".join(
        render(account.model_copy(update={"drivers": drivers}), guide, language).replace("\N{NO-BREAK SPACE}", " ").split()
    )
    for line in lines:
        assert line in said
