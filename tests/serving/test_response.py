"""The response clock: whom nobody reached in time since the flag."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from serving import late_text
from serving.response import Flag, breaches
from serving.store import Store
from serving.web import numerals
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock, made_up_batch

TODAY = date(2026, 3, 2)
WHO = {"a": ("Acme", "ana")}


def flag(days_ago, band="high", playbook="value_roi", hours=24):
    day = TODAY - timedelta(days=days_ago)
    return Flag(day, band, playbook, datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours))


def found(*flags, reached=None):
    return breaches({"a": flags}, {} if reached is None else {"a": reached}, WHO, TODAY)


def test_an_account_that_nobody_reached_since_its_first_flag_is_late_from_the_end_of_its_clock():
    (late,) = found(flag(5), flag(3), flag(0))
    assert (late.since, late.hours_late, late.reached, late.csm) == (date(2026, 2, 25), 4 * 24, None, "ana")
    assert late.respond_by == datetime(2026, 2, 26, tzinfo=UTC)


@pytest.mark.parametrize(("reached_days_ago", "late"), [(6, True), (5, False), (1, False)])
def test_a_contact_on_the_day_of_the_flag_or_after_it_stops_the_clock(reached_days_ago, late):
    assert bool(found(flag(5), flag(0), reached=TODAY - timedelta(days=reached_days_ago))) is late


def test_a_clock_that_still_runs_is_no_breach_and_one_that_has_just_ended_neither():
    assert found(flag(0)) == ()
    assert found(flag(1), flag(0)) == ()
    assert found(flag(2, hours=48), flag(0)) == ()
    assert len(found(flag(2), flag(0))) == 1


@pytest.mark.parametrize("calm", [{"band": "low"}, {"playbook": None}, {"band": None}])
def test_a_day_without_a_flag_begins_anew(calm):
    assert found(flag(9), flag(1, **calm), flag(0)) == ()
    assert found(flag(9), flag(0, **calm)) == ()


def test_an_account_that_is_not_in_the_newest_day_has_no_clock():
    assert found(flag(9), flag(3)) == ()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path, postgres_url, batch):
    held = Store(f"sqlite:///{tmp_path}/late.db" if request.param == "sqlite" else postgres_url)
    held.publish(made_up_batch(date(2026, 2, 25)))
    reached = batch.accounts.assign(reached_on=pd.Series(pd.NaT, index=batch.accounts.index, dtype="datetime64[us]"))
    reached.loc[reached["account_id"] == "A-002", "reached_on"] = pd.Timestamp("2026-02-26")
    held.publish(replace(batch, accounts=reached))
    yield held
    held.close()


def test_the_store_knows_who_is_late_and_the_api_and_the_text_tell_it(store, guide):
    as_of, late = store.late()
    names = [each.account_id for each in late]
    assert as_of == TODAY
    assert "A-001" in names
    assert "A-002" not in names  # reached
    assert "A-003" not in names  # held out
    client = TestClient(create_app(store, guide, clock))
    told = client.get("/api/breaches", params={"csm": "ana.ruiz"}).json()
    assert {each["csm"] for each in told} == {"ana.ruiz"}
    english, spanish = (late_text.render(late, as_of, Words(lang)) for lang in ("en", "es"))
    assert "flagged on 25 Feb 2026" in english
    assert "not reached in 90 days" in english
    assert "horas de retraso" in spanish
    assert max(map(len, english.splitlines())) <= 100
    day = numerals.short_date(as_of, "en")
    assert late_text.render((), as_of, Words("en")) == f"As of {day}, everybody who was flagged was reached in time.\n"


def test_before_anything_is_scored_nobody_is_late(guide):
    empty = Store("sqlite://")
    assert empty.late() == (None, ())
    assert TestClient(create_app(empty, guide, clock)).get("/api/breaches").status_code == 404
