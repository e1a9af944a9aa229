"""The customer's own words in the value summary, the plan and on the page."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient

from features.catalogue import catalogue
from features.heard import Heard
from features.text.analyzer import SIGNALS
from serving import page_text, save_plan_text
from serving.save_plan import save_plan
from serving.store import Store
from serving.value_summary import from_json, load_value, to_json, value_summary
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock

DOUBT = Heard("value_doubt", date(2026, 2, 20), "messages", "We don't see what {we} get <b>out of it</b>.")
MONEY = Heard("budget", date(2026, 2, 11), "tickets", "Recortamos gastos este año.")
FACTS = {"goals_met_365d": 2.0, "core_unused": 5.0, "usage_change_year_28d": 0.2}


def test_words_are_quoted_with_their_day_and_what_answers_them():
    doubt, money = value_summary(FACTS, (MONEY, DOUBT)).said
    assert (doubt.signal, doubt.at, doubt.words) == ("value_doubt", DOUBT.at, DOUBT.words)
    assert doubt.quoted().en == "On 20 February 2026 they wrote: “We don't see what {we} get <b>out of it</b>.”"
    assert money.quoted().es == "El 11 de febrero de 2026 escribieron: «Recortamos gastos este año.»"
    assert [answer.en.partition(":")[0] for answer in doubt.answers] == [
        "Goals of theirs that were met in the past year",
        "Core features that they pay for and do not use",
    ]


def test_without_a_fact_that_answers_the_need_a_question_or_a_promise_does():
    needs = {need.signal: need for need in load_value().needs}
    (doubt,) = value_summary({}, (DOUBT,)).said
    assert doubt.answers == (needs["value_doubt"].otherwise,)


def test_a_sentence_that_names_two_needs_is_quoted_for_the_weightier_alone():
    both = (replace(DOUBT, signal="competitive"), DOUBT)
    assert [each.signal for each in value_summary(FACTS, both).said] == ["value_doubt"]


def test_praise_is_quoted_among_the_wins():
    praise = Heard("warm", date(2026, 2, 3), "surveys", "Saves us hours every week.")
    told = value_summary({"warm_texts_90d": 1.0}, (praise, DOUBT))
    assert [text.en for text in told.wins] == [
        "Warm words of theirs in the last 90 days: 1. Quote them.",
        "On 3 February 2026 they wrote: “Saves us hours every week.”",
    ]
    assert [each.signal for each in told.said] == ["value_doubt"]


def test_nothing_said_is_nothing_quoted_and_an_older_plan_has_no_words():
    assert value_summary(FACTS).said == ()
    assert from_json('{"wins": [], "open": [], "unknown": []}').said == ()
    told = value_summary(FACTS, (DOUBT, MONEY))
    assert from_json(to_json(told)) == told


def test_every_text_signal_has_its_need_and_every_answer_looks_at_signals_that_exist():
    known = {signal.name for signal in catalogue()}
    needs = load_value().needs
    assert sorted(need.signal for need in needs) == sorted(SIGNALS)
    for need in needs:
        for answer in need.answers:
            assert answer.measures() | answer.say.places() <= known


@pytest.fixture(scope="module")
def quoting(batch):
    """A store whose accounts with a plan said something."""
    value = to_json(value_summary(FACTS, (DOUBT, MONEY)))
    made = Store("sqlite://")
    made.publish(replace(batch, plans=batch.plans.assign(value=value)))
    yield made
    made.close()


def test_the_conversation_gives_their_words_back(quoting, guide):
    account = quoting.account("A-001", None)
    plan = save_plan(account, guide.plays[account.plan.playbook], guide.concessions)
    concerns = next(part for part in plan.talk if part.title.en == "Give each concern back")
    assert [fact.en.partition(" they")[0] for fact in concerns.facts[:2]] == ["On 20 February 2026", "On 11 February 2026"]
    english = " ".join(save_plan_text.render(plan, guide, Words("en")).split())
    assert "In their own words, and what answers them" in english
    assert "(They doubt what they get)" in english
    spanish = " ".join(save_plan_text.render(plan, guide, Words("es")).split())
    assert "Con sus propias palabras" in spanish
    assert "Respuesta: Objetivos suyos cumplidos en el último año: 2." in spanish


def test_the_page_shows_their_words_as_words_beside_what_answers_them(quoting, guide):
    client = TestClient(create_app(quoting, guide, clock))
    page = client.get("/accounts/A-001?lang=en").text
    assert "<q>We don&#39;t see what {we} get &lt;b&gt;out of it&lt;/b&gt;.</q>" in page
    said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))
    assert "In their own words, and what answers them (2) They doubt what they get · 20 Feb 2026 · Calls, mails and chats" in said
    assert "→ Goals of theirs that were met in the past year: 2." in said
    assert re.search(r"Give each concern back: .* On 20 February 2026 they wrote: “We don't see", said)
    assert "Money is tight" in said


def test_the_page_as_text_has_their_words_too(quoting, guide):
    said = " ".join(page_text.render(quoting.account("A-001", None), guide, "es").split())
    assert "Con sus propias palabras, y qué las responde 20 feb 2026 · Dudan de lo que obtienen: “We don't see" in said


def test_an_account_that_said_nothing_has_no_such_part(store, guide):
    page = TestClient(create_app(store, guide, clock)).get("/accounts/A-001?lang=en").text
    assert "In their own words" not in page
