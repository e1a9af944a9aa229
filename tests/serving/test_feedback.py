"""What a CSM says stands beside the model's view: kept, shown, and never over it."""

from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient

from serving.feedback import Feedback, Said, UnfitFeedbackError, checked, counted, verdicts
from serving.page_text import render
from serving.store import Store
from serving.web.app import create_app
from tests.serving.conftest import clock

TODAY = date(2026, 3, 3)
OVERRIDE = {"kind": "override", "by": "ana.ruiz", "risk_band": "low", "expires_on": "2026-04-01", "reason": "signed by mail"}
CONFIRM = {"kind": "confirm", "by": "ana.ruiz", "family": "support", "reason": ""}


@pytest.fixture
def own(batch):
    """A store of its own that holds one day."""
    store = Store("sqlite://")
    store.publish(batch)
    yield store
    store.close()


@pytest.fixture
def client(own, guide):
    return TestClient(create_app(own, guide, clock))


def test_a_confirmed_cause_is_kept_with_what_the_model_held_then(client):
    kept = client.post("/api/accounts/A-001/feedback", json=CONFIRM).json()
    assert (kept["account_id"], kept["kind"], kept["family"], kept["said_at"]) == (
        "A-001", "confirm", "support", "2026-03-03T12:00:00Z",
    )  # fmt: skip
    assert (kept["as_of"], kept["model_band"], kept["model_drivers"]) == ("2026-03-02", "critical", ["support", "sentiment"])
    assert client.get("/api/accounts/A-001").json()["feedback"] == [kept]
    assert client.get("/api/feedback").json() == [kept]


def test_an_override_changes_nothing_of_the_models_view(client):
    before = client.get("/api/accounts/A-001").json()
    client.post("/api/accounts/A-001/feedback", json=OVERRIDE)
    after = client.get("/api/accounts/A-001").json()
    assert after.pop("feedback")[0]["risk_band"] == "low"
    before.pop("feedback")
    assert after == before
    assert client.get("/api/accounts", params={"band": "low"}).json()["totals"]["by_band"].get("critical") is None


def test_scoring_the_day_again_leaves_what_was_said(own, batch, client):
    client.post("/api/accounts/A-001/feedback", json=CONFIRM)
    own.publish(batch)
    assert [each.family for each in own.feedback()] == ["support"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"reason": " "}, "an override needs a reason"),
        ({"risk_band": None}, "an override needs risk_band"),
        ({"expires_on": "2026-03-03"}, "give a day after 2026-03-03, 2026-06-01 at the latest"),
        ({"expires_on": "2026-06-02"}, "expires_on is 2026-06-02"),
        ({"expires_on": None}, "expires_on is missing"),
        ({"family": "usage"}, "family belongs to a cause"),
    ],
)
def test_an_override_that_cannot_be_kept_says_what_to_give(client, change, what):
    answer = client.post("/api/accounts/A-001/feedback", json=OVERRIDE | change)
    assert answer.status_code == 422
    assert what in answer.json()["detail"]
    assert client.get("/api/feedback").json() == []


@pytest.mark.parametrize("change", [{"family": "weather"}, {"risk_band": "low"}, {"expires_on": "2026-04-01"}])
def test_a_cause_that_cannot_be_kept_says_what_to_give(change):
    with pytest.raises(UnfitFeedbackError, match=next(iter(change))):
        checked(Said(**(CONFIRM | change)), TODAY, 90)


def test_an_unknown_account_an_unknown_field_and_another_site_are_refused(client):
    assert client.post("/api/accounts/nobody/feedback", json=CONFIRM).status_code == 404
    assert client.post("/api/accounts/A-001/feedback", json=CONFIRM | {"colour": "red"}).status_code == 422
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/api/accounts/A-001/feedback", json=CONFIRM, headers=headers).status_code == 403
        assert client.post("/accounts/A-001", data=CONFIRM, headers=headers).status_code == 403
    assert client.get("/api/feedback").json() == []


def test_the_page_keeps_what_its_form_sends_and_shows_it_escaped(client):
    sent = client.post("/accounts/A-001", data=OVERRIDE | {"reason": "<b>call</b> of 2 March"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/accounts/A-001#voice")
    page = client.get("/accounts/A-001?lang=en").text
    assert "ana.ruiz holds the risk to be low until 1 Apr 2026 (3 Mar 2026)" in page
    assert "The model then: 72%, critical" in page
    assert "&lt;b&gt;call&lt;/b&gt;" in page
    spanish = client.get("/accounts/A-001?lang=es").text
    assert "ana.ruiz considera el riesgo bajo hasta el 1 abr 2026 (3 mar 2026)" in spanish


def test_a_form_that_cannot_be_kept_says_so_in_the_readers_language(client):
    answer = client.post("/accounts/A-001?lang=es", data=OVERRIDE | {"expires_on": "mañana"})
    assert answer.status_code == 400
    assert "Indique una fecha posterior a hoy, a 90 días como máximo." in answer.text


def test_the_newest_word_on_a_cause_counts(own):
    account = own.account("A-001", None)
    for kind, hour in (("confirm", 9), ("deny", 10)):
        own.add_feedback(account, Said(kind=kind, by="mei", family="usage"), datetime(2026, 3, 3, hour, tzinfo=UTC))
    said = own.feedback("A-001")
    assert verdicts({"A-001": said}) == {("A-001", "usage"): "deny"}
    assert verdicts({}) == {}


def test_the_page_as_text_says_it_too(own, guide):
    assert "What people say" not in render(own.account("A-001", None), guide, "en")
    own.add_feedback(own.account("A-001", None), Said(kind="deny", by="mei", family="usage", reason="holidays"), clock())
    assert "mei denies: Usage (3 Mar 2026). holidays" in render(own.account("A-001", None), guide, "en")


def test_an_override_holds_until_its_day():
    kept = Feedback(**OVERRIDE, account_id="a", said_at=clock(), as_of=TODAY, model_probability=0.5, model_band="critical")
    assert kept.holds_on(date(2026, 3, 31))
    assert not kept.holds_on(date(2026, 4, 1))


def test_confirmations_are_counted_by_family_the_newest_word_on_an_account_once():
    def word(kind, account, day, family="usage"):
        kept = {"kind": kind, "by": "ana", "family": family, "account_id": account, "as_of": date(2026, 3, 1)}
        more = {"said_at": datetime(2026, 3, day, tzinfo=UTC), "model_probability": 0.4, "model_band": "high"}
        return Feedback(**kept, **more)

    said = [word("confirm", "a", 2), word("deny", "a", 3), word("confirm", "b", 2), word("confirm", "b", 2, "value")]
    assert counted([*said, word("deny", "c", 9)], date(2026, 3, 9)) == {"usage": (1, 1), "value": (1, 0)}
    assert counted([], date(2026, 3, 9)) == {}
