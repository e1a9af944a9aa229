"""The JSON API: the store's records, the filters of the list, and errors that say what to do."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from serving.learning.learned import Learned
from serving.store import Store
from serving.web.app import create_app


def clock() -> datetime:
    return datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def client(store, guide):
    return TestClient(create_app(store, guide, clock))


def test_accounts_come_with_totals_most_at_risk_first(client):
    answer = client.get("/api/accounts", params={"page_rows": 5, "csm": "ana.ruiz"}).json()
    assert (answer["as_of"], answer["page"], answer["pages"], answer["totals"]["accounts"]) == ("2026-03-02", 1, 2, 10)
    assert [row["account_id"] for row in answer["rows"]][:2] == ["A-004", "A-007"]


def test_past_the_last_page_there_are_no_rows_so_that_a_loop_over_the_pages_ends(client):
    answer = client.get("/api/accounts", params={"page_rows": 7, "page": 9999})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["rows"], found["page"], found["pages"], found["totals"]["accounts"]) == ([], 9999, 5, 30)


def test_one_account_comes_whole(client):
    answer = client.get("/api/accounts/A-001").json()
    assert answer["probability"] == pytest.approx(0.7227, abs=1e-3)
    assert answer["history"][0]["as_of"] == "2026-01-05"
    assert answer["plan"]["steps"][0]["text"]["es"].startswith("Llame")
    assert client.get("/api/accounts/A-001", params={"as_of": "2026-01-05"}).json()["newest"] is False


def test_every_time_carries_the_mark_of_utc_and_every_day_has_none(client):
    for address in ("", "/A-001", "/A-001/drivers", "/A-001/evidence", "/A-001/history"):
        times = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]*)"', client.get(f"/api/accounts{address}").text)
        assert {time[-1] for time in times} <= {"Z"}
    answer = client.get("/api/accounts/A-001").json()
    assert (answer["respond_by"], answer["renews_at"]) == ("2026-03-03T00:00:00Z", "2026-05-15")
    assert answer["evidence"][0]["at"] == "2026-02-24T00:00:00Z"
    assert answer["drivers"][0]["measures"][0]["rows"][0]["at"].endswith("Z")


@pytest.mark.parametrize(("part", "count"), [("drivers", 11), ("evidence", 4), ("history", 3)])
def test_parts_of_an_account_come_alone(client, part, count):
    assert len(client.get(f"/api/accounts/A-001/{part}").json()) == count


def test_plays_come_in_both_languages(client):
    plays = {play["id"]: play for play in client.get("/api/plays").json()}
    assert set(plays["value_roi"]["name"]) == {"en", "es"}


def test_an_unknown_account_is_404_and_says_where_to_look(client):
    answer = client.get("/api/accounts/nobody")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "no account 'nobody' was scored; see /api/accounts"
    assert client.get("/api/nothing").json() == {"detail": "Not Found"}


@pytest.mark.parametrize("query", ["band=purple", "page=0", "page_rows=1000000", "renews_within_days=soon"])
def test_a_value_that_cannot_be_is_422_and_names_the_field(client, query):
    answer = client.get(f"/api/accounts?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["where"] == query.partition("=")[0]


def test_an_empty_store_says_what_to_run(guide):
    empty = TestClient(create_app(Store("sqlite://"), guide, clock))
    answer = empty.get("/api/accounts")
    assert answer.status_code == 404
    assert "tenure score TABLES --as-of DATE --out DIR" in answer.json()["detail"]


def test_the_description_names_every_answer(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/accounts",
        "/api/accounts/{account_id}",
        "/api/accounts/{account_id}/concessions",
        "/api/accounts/{account_id}/drivers",
        "/api/accounts/{account_id}/evidence",
        "/api/accounts/{account_id}/feedback",
        "/api/accounts/{account_id}/history",
        "/api/accounts/{account_id}/plan",
        "/api/breaches",
        "/api/feedback",
        "/api/queue",
        "/api/after",
        "/api/learning",
        "/api/plays",
        "/api/portfolio",
    }
    for path, methods in paths.items():
        for entry in methods.values():
            assert entry["responses"]["200"]["content"]["application/json"]["schema"], path
    assert client.get("/docs").status_code == 404


def test_before_anything_was_learned_the_answer_says_how_to_learn(client):
    for address in ("/api/learning", "/api/portfolio"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "tenure learn TABLES --until DATE" in answer.json()["detail"]


def test_what_was_learned_is_answered_as_it_is_kept_and_the_page_tells_the_effect(store, guide, learned):
    client = TestClient(create_app(store, replace(guide, learned=lambda: learned), clock))
    assert Learned.model_validate(client.get("/api/learning").json()) == learned
    assert client.get("/api/portfolio").json() == learned.portfolio.model_dump(mode="json")
    assert "Measured effect: not measured here yet" in client.get("/accounts/A-001?lang=en").text
    play = client.get("/api/accounts/A-001").json()["plan"]["playbook"]
    known = learned.model_copy(update={"effects": (learned.effects[0].model_copy(update={"play": play}),)})
    told = TestClient(create_app(store, replace(guide, learned=lambda: known), clock))
    assert "Measured effect: −5.0 points" in told.get("/accounts/A-001?lang=en").text
    assert "Efecto medido: −5,0 puntos" in told.get("/accounts/A-001?lang=es").text
