"""What is due after saves and losses: promises, reviews, attention, debriefs, win-back dates."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from features.aftermath import Attempt, Loss, Promise, Saved
from serving.after import after
from serving.after_text import render
from serving.params import AfterParams
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock

DAY = date(2026, 7, 1)
PARAMS = AfterParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["after"])
WHO = {"a": ("Ñandú", "ana"), "b": ("Brightwater", None)}
LOSS = Loss("a", DAY, "service", "Quantaro", interviewed=True, attempts=(), news=())


def ago(days):
    return DAY - timedelta(days=days)


def due(saved=(), lost=(), days=7, flagged=lambda *_: None):
    return after(saved, lost, WHO, flagged, PARAMS, as_of=DAY, days=days)


def kinds(found):
    return [(row.kind, row.step, row.due) for row in found.rows]


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (0, [("touch", None, date(2026, 7, 7))]),
        (23, [("touch", None, date(2026, 7, 7))]),
        (24, [("review", 30, date(2026, 7, 7))]),
        (30, [("review", 30, date(2026, 7, 1))]),
        (60, [("review", 60, date(2026, 7, 1))]),
        (89, [("review", 90, date(2026, 7, 2))]),
        (91, []),
        (120, [("watch", 120, date(2026, 7, 1))]),
        (121, []),
        (360, [("watch", 360, date(2026, 7, 1))]),
        (390, []),
    ],
)
def test_a_save_is_followed_by_weekly_contacts_reviews_and_a_year_of_attention(age, told):
    assert kinds(due([Saved("a", ago(age), "value_roi", ())])) == told


def test_a_promise_is_listed_from_the_week_it_is_due_until_it_is_kept():
    promises = tuple(Promise(name, ago(50), "tom", day) for name, day in (("late", ago(3)), ("soon", ago(-6)), ("far", ago(-7))))
    open_ended = Promise("some day", ago(50), None, None)
    rows = due([Saved("a", ago(100), "value_roi", (*promises, open_ended))]).rows
    assert [(row.promise, row.due, row.owner) for row in rows] == [("late", ago(3), "tom"), ("soon", ago(-6), "tom")]


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (date(2026, 4, 1), [("win_back", 3, DAY)]),
        (date(2026, 3, 31), []),
        (date(2026, 4, 7), [("win_back", 3, date(2026, 7, 7))]),
        (date(2026, 4, 8), []),
        (date(2026, 1, 1), [("win_back", 6, DAY)]),
        (date(2025, 7, 2), [("win_back", 12, date(2026, 7, 2))]),
        (ago(14), [("debrief", None, DAY)]),
        (ago(15), []),
    ],
)
def test_a_loss_is_followed_by_a_debrief_and_three_dates(left, told):
    assert kinds(due(lost=[replace(LOSS, left_on=left)])) == told


def test_a_date_that_the_month_lacks_falls_on_its_last_day():
    found = after([], [replace(LOSS, left_on=date(2025, 11, 30))], WHO, lambda *_: None, PARAMS, as_of=date(2026, 2, 24), days=7)
    assert kinds(found) == [("win_back", 3, date(2026, 2, 28))]


def test_fresh_news_of_a_company_that_left_calls_for_a_talk_ahead_of_the_dates():
    lost = replace(LOSS, left_on=ago(40), news=(("leadership_change", ago(2)), ("funding", ago(30))))
    assert [(row.kind, row.news) for row in due(lost=[lost]).rows] == [("early", "leadership_change")]
    assert due(lost=[replace(lost, news=(("funding", ago(30)),))]).rows == ()
    assert due(lost=[replace(lost, left_on=ago(500))]).rows == ()


def test_a_debrief_tells_the_reason_the_first_signal_and_what_was_tried(guide):
    lost = replace(LOSS, left_on=ago(14), attempts=(Attempt("budget", ago(60), "lost", 20.0),))
    found = due(lost=[lost], flagged=lambda account, left: left - timedelta(days=70))
    said = render(found, guide, Words("en"))
    for sentence in (
        "1 Jul 2026 · Ñandú (a): debrief with the team",
        "decided to leave on 17 Jun 2026; reason: service",
        "went to: Quantaro",
        "first held at high risk on 8 Apr 2026, 70 days before",
        "tried: Real budget limit, 2 May 2026, 20% off the price, lost",
    ):
        assert sentence in said
    assert "no exit interview" not in said
    said = render(found, guide, Words("es"))
    for sentence in (
        "análisis de la baja con el equipo",
        "se fue con: Quantaro",
        "70 días antes",
        "20\N{NO-BREAK SPACE}% menos de precio",
    ):
        assert sentence in said


def test_what_is_not_known_of_a_loss_is_said(guide):
    lost = replace(LOSS, account_id="b", left_on=ago(14), reason=None, rival=None, interviewed=False)
    said = render(due(lost=[lost]), guide, Words("en"))
    for sentence in (
        "Accounts without a CSM",
        "reason: not known",
        "no exit interview is on record: hold it first",
        "it was never held at high risk",
        "no save attempt is on record",
    ):
        assert sentence in said


def test_every_row_is_told_in_both_languages(guide):
    saved = [
        Saved("a", ago(age), "value_roi", (Promise("un arreglo", ago(age), "tom", ago(1)),)) for age in (30, 60, 90, 10, 120)
    ]
    lost = [replace(LOSS, left_on=day) for day in (date(2026, 4, 1), date(2026, 1, 1), date(2025, 7, 2))]
    lost.append(replace(LOSS, left_on=ago(40), news=(("funding", DAY),)))
    found = due(saved, lost)
    assert {row.kind for row in found.rows} == {"promise", "review", "touch", "watch", "win_back", "early"}
    spanish = render(found, guide, Words("es"))
    assert "(1 día de retraso)" in spanish
    for english in ("after", "review", "month", "promise", "late", "reason", "{", "None"):
        assert english not in spanish
    assert "Nothing is due." in render(due(), guide, Words("en"))


def test_the_list_is_by_csm_and_those_without_one_come_last():
    found = due([Saved("b", ago(60), "budget", ()), Saved("a", ago(90), "budget", ())])
    assert [row.csm for row in found.rows] == ["ana", None]


@given(st.integers(0, 500), st.integers(1, 60))
def test_weeks_side_by_side_list_a_review_or_a_look_exactly_once(age, days):
    saved = Saved("a", ago(age), "budget", ())

    def listed(start, length):
        rows = after([saved], [], WHO, lambda *_: None, PARAMS, as_of=start, days=length).rows
        return [(row.kind, row.step) for row in rows if row.kind != "touch"]

    first, second = listed(DAY, days), listed(DAY + timedelta(days=days), days)
    assert first + second == listed(DAY, 2 * days)


def test_the_api_answers_the_newest_list_and_says_how_to_make_one(store, guide):
    client = TestClient(create_app(store, guide, clock))
    assert "tenure after TABLES" in client.get("/api/after").json()["detail"]
    found = due([Saved("b", ago(60), "budget", ()), Saved("a", ago(90), "budget", ())])
    client = TestClient(create_app(store, replace(guide, after=lambda: found), clock))
    assert client.get("/api/after").json() == found.model_dump(mode="json")
    assert [row["account_id"] for row in client.get("/api/after?csm=ana").json()["rows"]] == ["a"]
