"""The pages as HTML: what they say, in which language, and what they never do."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape

import pytest
from fastapi.testclient import TestClient

from serving.store import Store
from serving.store.batch import COLUMNS as PARTS
from serving.web.app import create_app


def clock() -> datetime:
    return datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def client(store, guide):
    return TestClient(create_app(store, guide, clock), raise_server_exceptions=False)


def plain(html: str) -> str:
    """The words a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def test_the_first_screen_answers_how_likely_by_when_why_what_first_and_who(client):
    short = plain(client.get("/accounts/A-001?lang=en").text.partition('<div class="columns">')[0])
    for answer in (
        "72% Critical",
        "to leave within 90 days",
        "Renewal on 15 May 2026 in 74 days",
        "Risk is highest from 1 May to 30 May",
        "Support. 4 tickets about the same topic in 90 days.",
        "Call the customer; do not write.",
        "by 2 Mar 2026",
        "CSM (ana.ruiz)",
        "Answer the customer by 3 Mar 2026",
    ):
        assert answer in short


def test_the_page_speaks_spanish_with_its_numbers_and_dates(client):
    page = client.get("/accounts/A-001?lang=es").text
    assert '<html lang="es">' in page
    for answer in ("72\N{NO-BREAK SPACE}%", "48.000\N{NO-BREAK SPACE}US$", "Renovación el 15 may 2026", "Soporte", "Fecha"):
        assert answer in page
    for english in ("Evidence", "Renewal", "What ", "Support", "Raises", "days"):
        assert english not in plain(page)


def test_every_driver_shows_the_rows_behind_it_escaped(client):
    page = client.get("/accounts/A-001?lang=en").text
    assert "Evidence: 4 rows" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "24 Feb 2026, 09:30\N{NO-BREAK SPACE}UTC" in page


def test_names_are_escaped_in_every_place(store, guide, batch):
    own = Store("sqlite://")
    bad = '"><img src=x onerror=alert(1)>'
    own.publish(replace(batch, accounts=batch.accounts.assign(name=bad, csm=bad, industry=bad)))
    client = TestClient(create_app(own, guide, clock))
    for address in ("/", "/accounts/A-001", f"/?search={bad}", f"/accounts/{bad}"):
        assert "<img src=x" not in client.get(address).text


@pytest.mark.parametrize("address", ["/", "/accounts/A-001", "/api"])
def test_a_monitor_may_ask_for_the_head_of_a_page(client, address):
    assert client.head(address).status_code == 200


def test_what_is_missing_is_said(client):
    page = plain(client.get("/accounts/A-001?lang=en").text)
    assert "No data: Agreed goals, Calls, mails and chats." in page
    assert "Does not apply: Onboarding steps." in page
    assert "Only since 1 Dec 2025: Surveys." in page


def test_a_held_out_account_shows_its_risk_and_no_step(client):
    page = plain(client.get("/accounts/A-003?lang=en").text)
    assert "Held out: no play is suggested" in page
    assert "65% Critical" in page
    assert "Call the customer" not in page
    assert "Answer the customer by" not in page


def test_an_account_without_a_score_says_why(client):
    page = plain(client.get("/accounts/A-030?lang=en").text)
    assert "Too new" in page
    assert "Not scored" in page
    assert "There is no explanation" in page


def test_an_earlier_day_says_so_and_leads_to_the_newest(client):
    page = client.get("/accounts/A-001?as_of=2026-01-05&lang=en").text
    assert "You are looking at an earlier day." in page
    assert '<a href="/accounts/A-001">Go to the newest</a>' in page


def test_the_language_is_the_asked_then_the_chosen_then_the_browsers_then_the_accounts(store, guide):
    def language(address: str, **headers: str) -> str:
        page = TestClient(create_app(store, guide, clock)).get(address, headers=headers).text
        return re.search(r'<html lang="(..)">', page)[1]

    assert language("/accounts/A-001", **{"accept-language": "fr"}) == "es"
    assert language("/accounts/A-002", **{"accept-language": "fr"}) == "en"
    assert language("/accounts/A-001", **{"accept-language": "en-GB,es;q=0.9"}) == "en"
    assert language("/", **{"accept-language": "de,es-MX;q=0.8,en;q=0.3"}) == "es"
    assert language("/", **{"accept-language": "en", "cookie": "lang=es"}) == "es"
    assert language("/?lang=en", **{"accept-language": "es", "cookie": "lang=es"}) == "en"
    assert language("/?lang=xx", **{"accept-language": "es;q=x"}) == "en"


def test_a_language_asked_for_is_remembered(client):
    assert "lang=es" in client.get("/?lang=es").headers["set-cookie"]
    assert '<html lang="es">' in client.get("/accounts/A-002").text


def test_the_language_switch_stays_on_this_page_of_this_site(client):
    page = client.get("/%2Fevil.example/accounts?band=high&lang=en").text
    assert re.findall(r'href="([^"]+)" lang="es"', page) == ["/evil.example/accounts?band=high&amp;lang=es"]
    assert 'href="/?csm=ana.ruiz&amp;lang=es"' in client.get("/?csm=ana.ruiz").text


@pytest.mark.parametrize(
    ("address", "status", "english", "spanish"),
    [
        ("/accounts/nobody", 404, "There is no such account", "No existe esa cuenta"),
        ("/nowhere", 404, "There is no such page", "No existe esa página"),
        ("/?page=abc", 400, "a value we cannot use in: page", "un valor que no sirve en: page"),
        ("/accounts/A-001?as_of=soon", 400, "cannot use in: as_of", "no sirve en: as_of"),
    ],
)
def test_errors_are_pages_in_both_languages(client, address, status, english, spanish):
    for language, words in (("en", english), ("es", spanish)):
        answer = client.get(address, headers={"accept-language": language})
        assert (answer.status_code, words in plain(answer.text)) == (status, True)


def test_a_fault_of_ours_is_a_page_too_and_tells_nothing_of_the_inside(store, guide, monkeypatch):
    monkeypatch.setattr(store, "account", lambda *_: 1 / 0)
    answer = TestClient(create_app(store, guide, clock), raise_server_exceptions=False).get("/accounts/A-001")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert "division" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_empty_store_names_the_command(guide):
    answer = TestClient(create_app(Store("sqlite://"), guide, clock)).get("/?lang=es")
    assert answer.status_code == 200
    assert "Todavía no hay puntuaciones" in answer.text
    assert "tenure score TABLES --as-of DATE --out DIR" in answer.text


def test_every_answer_carries_the_headers_that_keep_others_out(client):
    for address in ("/", "/accounts/A-001", "/api/accounts", "/static/base.css", "/nowhere"):
        headers = client.get(address).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_page_loads_nothing_from_elsewhere_and_holds_no_inline_script_or_style(client):
    for address in ("/", "/accounts/A-001", "/api"):
        page = client.get(address).text
        assert not re.findall(r"<style|style=|<script>|\son\w+=|javascript:", page)
        assert all(link.startswith(("/", "#")) for link in re.findall(r'(?:src|href)="([^"]*)"', page))


def test_the_list_keeps_its_filters_from_page_to_page(client):
    page = client.get("/?search=a&lang=en").text
    assert 'href="/?search=a&amp;page=2"' in page
    assert plain(client.get("/?search=a&page=2&lang=en").text).endswith("← Previous 26–30 of 30")
    assert plain(client.get("/?search=a&page=99&lang=en").text).endswith("← Previous 26–30 of 30")
    assert '<option value="high" selected>' in client.get("/?band=high").text
    assert "No account passes these filters." in client.get("/?search=zzz&lang=en").text


def test_a_form_with_empty_fields_filters_nothing(client):
    assert "1–25 of 30" in client.get("/?search=&band=&renews_within_days=&playbook=&csm=&lang=en").text


def test_the_page_about_the_api_says_what_each_address_answers_in_the_readers_language(client):
    paths = client.get("/openapi.json").json()["paths"]
    described = {path: entry["description"] for path, methods in paths.items() for entry in methods.values()}
    english, spanish = (client.get(f"/api?lang={language}").text for language in ("en", "es"))
    for path, sentence in described.items():
        assert escape(path) in spanish
        assert sentence in unescape(english)
        assert sentence not in unescape(spanish)
    assert "Todos los planes de acción, completos" in spanish


def test_old_scores_are_called_old(store, guide):
    late = TestClient(create_app(store, guide, lambda: datetime(2026, 4, 1, tzinfo=UTC)))
    assert "These scores are 30 days old." in late.get("/?lang=en").text


def test_ids_with_odd_signs_have_a_page(guide, batch):
    own, odd = Store("sqlite://"), 'a/b?c#d e%z"ñ'
    names = {name: getattr(batch.only({"A-001"}), name).assign(account_id=odd) for name in PARTS}
    own.publish(replace(batch, **names))
    client = TestClient(create_app(own, guide, clock))
    address = re.search(r'<th scope="row"><a href="([^"]+)"', client.get("/").text)[1]
    assert client.get(address).status_code == 200
    assert client.get(re.search(r'href="([^"]+)" lang="es"', client.get(address).text)[1]).status_code == 200
