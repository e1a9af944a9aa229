"""The page of saves and losses, and its part on an account's own page."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from serving.after import After
from serving.page_text import render
from serving.web.app import create_app
from tests.serving.after_made_up import DAY, LOST, SAVED, made_up_after
from tests.serving.conftest import clock


def plain(page):
    """The words of a page as a reader sees them."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def section(page, key):
    return plain(re.search(rf'aria-labelledby="{key}".*?</section>', page, re.DOTALL)[0])


@pytest.fixture(scope="module")
def client(store, guide):
    return TestClient(create_app(store, replace(guide, after=made_up_after), clock))


def client_of(store, guide, found):
    return TestClient(create_app(store, replace(guide, after=lambda: found), clock))


def test_promises_are_listed_the_longest_overdue_first_with_who_keeps_them(client):
    said = section(client.get("/after?lang=en").text, "promises")
    for words in (
        "faster answers from support 20 Feb 2026 10 days late tom.becker 11 Jan 2026",
        "a second training no date unknown",
    ):
        assert words in said
    assert said.index("faster answers") < said.index("a second training")


def test_the_programme_says_how_long_it_runs_and_what_comes_next(client):
    said = section(client.get("/after?lang=en").text, "programme")
    assert "11 Jan 2026 Product or technical problem 40 days until 11 Apr 2026 12 Mar 2026 day 60 after the save" in said
    assert "2 open 1 overdue" in said
    assert "Brightwater" not in said


def test_a_save_whose_programme_is_over_is_watched(client):
    said = section(client.get("/after?lang=en").text, "watch")
    assert "Brightwater Foods tom.becker 3 Sep 2025" in said
    assert "2 Mar 2026 185 days until 3 Sep 2026" in said


def test_a_debrief_begins_with_what_is_known_and_earlier_losses_are_folded_away(client):
    page = client.get("/after?lang=en").text
    said = section(page, "exits")
    for words in (
        "24 Feb 2026 competitor went to: Quantaro 10 Mar 2026",
        "no exit interview is on record: hold it first",
        "first held at high risk on 10 Dec 2025, 76 days before",
        "tried: Real budget limit, 5 Jan 2026, 20% off the price, lost",
        "1 earlier loss, and what is known of it",
    ):
        assert words in said
    assert said.index("Gone & Co") < said.index("1 earlier loss") < said.index("Zarza Textil")


def test_win_back_dates_are_by_day_and_tell_news(client):
    said = section(client.get("/after?lang=en").text, "win_backs")
    assert "Zarza Textil 4 Mar 2026 win-back, month 6: news that is relevant to them funding on 26 Feb 2026" in said
    assert said.index("Zarza Textil") < said.index("24 May 2026 win-back, month 3")


def test_the_tiles_count_what_presses(client):
    said = plain(client.get("/after?lang=en").text)
    for words in (
        "Promises overdue 1 of 2 not kept yet",
        "In the recovery programme 1 and 1 watched after it",
        "Losses to debrief 1 1 without an exit interview",
        "Win-back dates 1 before 9 Mar 2026",
    ):
        assert words in said


def test_every_account_is_linked_and_every_link_leads_to_its_part(client):
    page = client.get("/after?lang=en").text
    addresses = set(re.findall(r'<th scope="row"><a href="([^"]+)"', page))
    assert addresses == {"/accounts/A-001", "/accounts/A-002", "/accounts/L-001", "/accounts/L-002"}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert 'aria-labelledby="after"' in answer.text
        assert '<a href="/after">' in answer.text


def test_one_csm_sees_what_is_theirs(client):
    said = plain(client.get("/after?lang=en&csm=tom.becker").text)
    assert "Brightwater Foods" in said
    assert "Ñandú" not in said
    assert "Every promise to an account that was saved is kept." in said
    assert "No account is in the recovery programme." in said
    assert "No debrief is due." in said
    assert "No win-back date lies ahead." in said
    assert "Nothing is open of the accounts of nobody." in plain(client.get("/after?lang=en&csm=nobody").text)
    assert client.get("/after?lang=en&csm=").text.count("<table") == client.get("/after?lang=en").text.count("<table")


def test_the_page_of_a_saved_account_says_what_is_owed_and_how_long_it_is_looked_after(client):
    said = section(client.get("/accounts/A-001?lang=en").text, "after")
    for words in (
        "After the save Saved on 11 Jan 2026 with the play: Product or technical problem.",
        "Recovery programme: 40 days left, until 11 Apr 2026; a contact every week.",
        "20 Feb 2026 Keep the promise “faster answers from support” 10 days late who keeps it: tom.becker",
        "no date Keep the promise “a second training”",
        "12 Mar 2026 Day 60 after the save",
    ):
        assert words in said
    said = section(client.get("/accounts/A-002?lang=en").text, "after")
    assert "Raised attention: 185 days left, until 3 Sep 2026. Every promise made to them is kept." in said
    assert said.count("Raised attention, day") == 1


def test_an_account_that_left_and_was_never_scored_has_a_page_all_the_same(client):
    page = client.get("/accounts/L-001?lang=en").text
    assert "Gone &amp; Co &lt;b&gt;" in page
    said = section(page, "after")
    for words in (
        "Decided to leave on 24 Feb 2026; reason: competitor",
        "10 Mar 2026 Debrief with the team",
        "24 Aug 2026 Win-back, month 6",
    ):
        assert words in said
    assert "A reason to talk ahead of the dates: funding on 26 Feb 2026" in section(
        client.get("/accounts/L-002?lang=en").text, "after"
    )
    assert client.get("/accounts/L-003").status_code == 404


def test_an_earlier_day_does_not_tell_what_was_known_later(client):
    assert 'aria-labelledby="after"' not in client.get("/accounts/A-001?lang=en&as_of=2026-01-05").text


def test_the_page_as_text_has_the_part_too(store, guide):
    account = store.account("A-001", None)
    said = " ".join(render(account, replace(guide, after=made_up_after), "en").split())
    assert "After the save · As of 2 Mar 2026" in said
    assert "20 Feb 2026 (10 days late) · Keep the promise “faster answers from support”; who keeps it: tom.becker" in said
    assert "After the save" not in render(account, guide, "en")


def test_an_account_that_was_neither_saved_nor_lost_has_no_part(client):
    assert 'aria-labelledby="after"' not in client.get("/accounts/A-003?lang=en").text


def test_before_anything_was_listed_the_page_says_how(store, guide):
    client = TestClient(create_app(store, guide, clock))
    assert "tenure after TABLES --as-of DATE" in client.get("/after?lang=en").text
    assert 'aria-labelledby="after"' not in client.get("/accounts/A-001?lang=en").text


def test_nothing_open_is_said_plainly_in_both_languages(store, guide):
    client = client_of(store, guide, made_up_after((), ()))
    assert "Nothing is open: no account was saved lately, and none has left lately." in plain(client.get("/after?lang=en").text)
    spanish = client.get("/after?lang=es").text
    assert "No hay nada abierto" in spanish
    assert "<table" not in spanish


def test_a_list_that_is_old_says_so(store, guide):
    found = made_up_after()
    old = After(as_of=DAY - timedelta(days=30), until=found.until, rows=(), saved=found.saved, lost=found.lost)
    assert "Esta lista tiene 31 días." in client_of(store, guide, old).get("/after?lang=es").text
    assert "Esta lista tiene" not in client_of(store, guide, found).get("/after?lang=es").text


def test_no_english_is_left_on_the_spanish_pages(client):
    for address in ("/after?lang=es", "/accounts/L-001?lang=es", "/accounts/L-002?lang=es"):
        said = plain(re.search(r"<main.*</main>", client.get(address).text, re.DOTALL)[0])
        for english in (" the ", " saved", "promise ", " left", "win-back", "debrief", "late ", " days", "{", "None"):
            assert english not in said.replace("faster answers from support", ""), (address, english)


def test_what_stands_in_the_page_is_in_the_kept_list_and_comes_back_from_it():
    found = made_up_after()
    assert After.model_validate_json(found.model_dump_json()) == found
    assert [each.account_id for each in found.saved] == [each.account_id for each in SAVED]
    assert [each.account_id for each in found.lost] == [each.account_id for each in LOST]


def test_a_save_is_watched_to_the_last_day_and_a_loss_to_its_last_date():
    last = replace(SAVED[1], saved_on=DAY - timedelta(days=365))
    left = replace(LOST[1], left_on=DAY.replace(year=2025), news=())
    found = made_up_after((last,), (left,))
    assert (len(found.saved), len(found.lost)) == (1, 1)
    earlier = replace(last, saved_on=last.saved_on - timedelta(days=1)), replace(left, left_on=left.left_on - timedelta(days=1))
    found = made_up_after((earlier[0],), (earlier[1],))
    assert (found.saved, found.lost) == ((), ())
