"""Concessions: the guard rails that every offer meets, and the record that stays."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serving.concession import RefusedOfferError, allowed_percent, approver_for, checked, no_discount, refusals
from serving.offer import Offer, Recorded
from serving.save_plan_text import recorded_text
from serving.store import Store
from serving.web.app import create_app
from serving.web.words import Words
from tests.serving.conftest import clock

TODAY = clock().date()


def offer(**said):
    plain = {
        "kind": "discount",
        "percent": 10.0,
        "tied_to": "two years",
        "ends_on": date(2026, 9, 30),
        "reason": "cash is short until their new round",
        "expected": "renews for two years",
        "alternatives": ("pause of 90 days",),
        "by": "ana",
        "approved_by": ("ana", "mei"),
        "approver": "director",
    }
    return Offer(**(plain | said))


@pytest.fixture
def account(store):
    """A high-risk account with a named driver; price is not among its causes unless said so."""

    def found(account_id="A-001", *, priced=True, **said):
        account = store.account(account_id, None)
        plan = None if account.plan is None else account.plan.model_copy(update={"price_driver": priced})
        return account.model_copy(update={"plan": plan, "risk_band": "high", **said})

    return found


def rules(found):
    return [each.rule for each in found]


def test_an_offer_within_the_rails_may_be_made(account, guide):
    assert refusals(offer(), account(), TODAY, guide.concessions) == ()
    assert checked(offer(), account(), TODAY, guide.concessions) == offer()


@pytest.mark.parametrize(
    ("said", "where", "rule"),
    [
        ({}, {"priced": False}, "price_driver"),
        ({"percent": 31.0}, {}, "range"),
        ({"percent": 21.0}, {"risk_band": "medium"}, "range"),
        ({"percent": 10.0, "approver": "csm"}, {}, "approval"),
        ({"percent": 26.0, "approver": "director"}, {}, "approval"),
        ({"ends_on": TODAY}, {}, "ends_on"),
        ({"ends_on": date(2028, 1, 1)}, {}, "ends_on"),
        ({}, {"status": "decided"}, "moment"),
        ({}, {"driver_1": None, "driver_2": None}, "cause"),
        ({"kind": "bridge"}, {"priced": False}, "bridge"),
        ({"kind": "bridge", "delivers": "the export", "delivers_on": date(2026, 6, 1)}, {}, "bridge"),
    ],
)
def test_each_guard_rail_refuses_by_its_name_and_says_what_to_do(account, guide, said, where, rule):
    found = refusals(offer(**said), account(**where), TODAY, guide.concessions)
    assert rule in rules(found)
    for each in found:
        assert len(each.message.en) > 20
        assert each.message.es != each.message.en
    with pytest.raises(RefusedOfferError):
        checked(offer(**said), account(**where), TODAY, guide.concessions)


def test_without_a_price_driver_a_bridge_to_a_fix_we_owe_is_the_one_exception(account, guide):
    owed = {"kind": "bridge", "delivers": "the board report", "delivers_on": date(2026, 9, 30)}
    assert refusals(offer(**owed), account(priced=False), TODAY, guide.concessions) == ()


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ({}, None),
        ({"priced": False}, "price_driver"),
        ({"driver_1": None, "driver_2": None}, "cause"),
        ({"status": "decided", "priced": False}, "moment"),
    ],
)
def test_the_plan_shows_a_range_only_where_an_offer_of_it_would_be_taken(account, guide, where, rule):
    found = account(**where)
    assert no_discount(found) == rule
    asked = allowed_percent(found, guide.concessions)
    assert (asked is None) == (rule is not None)
    assert (refusals(offer(), found, TODAY, guide.concessions) == ()) == (rule is None)


def test_terms_without_a_discount_need_no_price_driver_and_the_vp_may_go_beyond_the_range(account, guide):
    assert refusals(offer(kind="terms", percent=0.0, approver="csm"), account(priced=False), TODAY, guide.concessions) == ()
    assert refusals(offer(percent=40.0, approver="vp_cs"), account(), TODAY, guide.concessions) == ()


@given(st.floats(0.1, 100), st.sampled_from(["low", "medium", "high", "critical"]), st.sampled_from(["csm", "vp_cs"]))
def test_no_price_is_ever_given_away_without_a_price_driver(store, guide, percent, band, approver):
    account = store.account("A-001", None).model_copy(update={"risk_band": band})
    assert account.plan.price_driver is False
    made = offer(percent=percent, approver=approver)
    assert "price_driver" in rules(refusals(made, account, TODAY, guide.concessions))
    assert allowed_percent(account, guide.concessions) is None


@pytest.mark.parametrize(("percent", "role"), [(0, "csm"), (5, "csm"), (5.1, "cs_manager"), (25, "director"), (25.1, "vp_cs")])
def test_the_size_says_who_must_approve(guide, percent, role):
    assert approver_for(percent, guide.concessions) == role


@pytest.mark.parametrize("missing", ["tied_to", "ends_on", "reason", "alternatives", "approved_by"])
def test_an_offer_that_leaves_something_out_cannot_be_said(missing):
    said = offer().model_dump()
    del said[missing]
    with pytest.raises(ValueError, match=missing):
        Offer(**said)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request, tmp_path, postgres_url, batch):
    store = Store(f"sqlite:///{tmp_path}/fresh.db" if request.param == "sqlite" else postgres_url)
    store.publish(batch)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("said", "en", "es"),
    [
        ({"percent": 12.5}, "12.5% off the price", "12,5\N{NO-BREAK SPACE}% menos de precio"),
        ({"kind": "terms", "percent": 0.0}, "other terms", "otras condiciones"),
    ],
)
def test_what_was_recorded_is_said_in_both_languages(said, en, es):
    known = {"account_id": "A-1", "made_at": clock(), "as_of": TODAY, "arr": 1.0, "probability": 0.1, "risk_band": None}
    kept = Recorded(**offer(**said).model_dump(), **known, drivers=())
    assert recorded_text(kept, Words("en")) == (
        f"Recorded for A-1: {en}, tied to: two years; ends on 30 Sep 2026; approved by ana, mei."
    )
    assert recorded_text(kept, Words("es")) == (
        f"Registrado para A-1: {es}, ligado a: two years; termina el 30 sept 2026; aprobado por ana, mei."
    )


class TestOnRecord:
    BODY = offer(kind="terms", percent=0.0, approver="csm").model_dump(mode="json")

    def test_an_offer_is_kept_with_what_was_known_and_stays_when_the_day_is_scored_again(self, fresh, guide, batch):
        client = TestClient(create_app(fresh, guide, clock))
        answer = client.post("/api/accounts/A-001/concessions", json=self.BODY)
        assert answer.status_code == 200
        kept = answer.json()
        assert (kept["account_id"], kept["risk_band"], kept["drivers"]) == ("A-001", "critical", ["support", "sentiment"])
        assert kept["probability"] == pytest.approx(0.7227, abs=1e-3)
        fresh.publish(batch)
        assert client.get("/api/accounts/A-001/concessions").json() == [kept]
        assert client.get("/api/accounts/A-002/concessions").json() == []

    def test_a_refused_offer_is_not_kept_and_every_reason_is_named(self, fresh, guide):
        client = TestClient(create_app(fresh, guide, clock))
        answer = client.post("/api/accounts/A-001/concessions", json={**self.BODY, "kind": "discount", "percent": 12.0})
        assert answer.status_code == 422
        assert {each["rule"] for each in answer.json()["detail"]} == {"price_driver", "approval"}
        assert fresh.offers() == ()

    def test_another_site_cannot_make_one(self, fresh, guide):
        client = TestClient(create_app(fresh, guide, clock))
        answer = client.post("/api/accounts/A-001/concessions", json=self.BODY, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 403
        assert fresh.offers() == ()
