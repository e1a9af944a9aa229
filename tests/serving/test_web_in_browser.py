"""The pages in a real Chromium: they fit the screen, work by keyboard, and nothing they need is missing."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from serving.web.app import create_app
from tests.serving.after_made_up import made_up_after

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 20
SIZES = [(1280, 800), (390, 844)]
GIVEN_UP = "net::ERR_ABORTED"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("TENURE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"no Chromium: install one of {', '.join(BROWSERS)}, or name it in TENURE_CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(store, guide, card_facts) -> Iterator[str]:
    """The address of the running pages."""
    app = create_app(store, replace(guide, after=made_up_after), lambda: datetime(2026, 3, 3, 12, tzinfo=UTC), lambda: card_facts)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(START_SECONDS)


@pytest.fixture(params=SIZES, ids=["wide", "phone"])
def page(request, browser) -> Iterator[Page]:
    """A page of either size. A word in its console is a failure (a blocked script or style says one), and so is an answer
    that is an error; what the browser itself gives up because the test has gone on to the next page is neither."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: request.failure == GIVEN_UP or said.append(f"{request.url}: {request.failure}"))
    page.on("response", lambda answer: answer.ok or said.append(f"{answer.url}: {answer.status}"))
    yield page
    context.close()
    assert said == []


@pytest.mark.parametrize("address", ["/", "/accounts/A-001", "/accounts/A-030", "/accounts/L-001", "/after", "/api", "/model"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_is_wider_than_the_screen(page, site, address, language):
    page.goto(f"{site}{address}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert page.evaluate("document.documentElement.lang") == language
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_wide_first_screen_holds_all_five_answers(browser, site):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="es")
    page.goto(f"{site}/accounts/A-001")
    for question in ("Qué probabilidad", "Para cuándo", "Por qué", "Qué hacer primero", "Quién"):
        box = page.get_by_role("heading", name=question, exact=True).locator("..").bounding_box()
        assert box["y"] + box["height"] <= 800, question
    page.close()


def test_choosing_a_filter_applies_it(page, site):
    page.goto(f"{site}/?lang=en")
    page.get_by_role("combobox", name="Risk").select_option("medium")
    expect(page).to_have_url(f"{site}/?band=medium")
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1–7 of 7")
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("1–25 of 30")


def test_searching_and_opening_an_account_leads_to_its_evidence(page, site):
    page.goto(f"{site}/?lang=en")
    page.get_by_label("Name or id").fill("nandu")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ñandú Logística, S.A.", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ñandú Logística")
    words = page.get_by_text("This is the fourth time")
    expect(words).to_be_hidden()
    page.get_by_text("Evidence: 4 rows").first.click()
    expect(words.first).to_be_visible()


def test_the_accounts_lead_to_the_model_card_in_the_same_language(page, site):
    page.goto(f"{site}/?lang=es")
    page.get_by_role("link", name="El modelo detrás de estas cifras").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ficha del modelo")
    assert page.locator("svg.figure").count() == 5
    page.get_by_text("Qué significan las medidas").click()
    expect(page.get_by_text("1 es lo mejor, 0,5 es azar")).to_be_visible()


def test_saves_and_losses_lead_to_the_account_and_back(page, site):
    page.goto(f"{site}/?lang=es")
    page.get_by_role("link", name="Rescates y bajas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rescates y bajas")
    earlier = page.locator("#exits ~ details").get_by_text("Zarza Textil")
    expect(earlier).to_be_hidden()
    page.get_by_text("1 baja anterior").click()
    expect(earlier).to_be_visible()
    page.get_by_role("combobox", name="CSM").select_option("ana.ruiz")
    expect(page).to_have_url(f"{site}/after?csm=ana.ruiz")
    expect(page.get_by_text("Brightwater")).to_have_count(0)
    page.get_by_role("link", name="Ñandú Logística, S.A.").first.click()
    expect(page.get_by_role("region", name="Tras el rescate")).to_contain_text("10 días de retraso")
    page.get_by_role("link", name="Todos los rescates y bajas").click()
    expect(page).to_have_url(f"{site}/after")


def test_the_language_switch_keeps_the_place_and_is_remembered(page, site):
    page.goto(f"{site}/accounts/A-002")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Qué hacer primero")).to_be_visible()
    page.goto(f"{site}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cuentas por ingresos en riesgo")


def test_the_keyboard_reaches_the_content_first_and_every_detail(page, site):
    page.goto(f"{site}/accounts/A-001?lang=en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    evidence = page.locator("summary", has_text="Evidence: 4 rows").first
    evidence.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_a_screen_reader_finds_names_for_everything(page, site):
    for address in ("/accounts/A-001", "/model", "/after"):
        page.goto(f"{site}{address}?lang=en")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.locator("svg:not([aria-label])").count() == 0
        assert page.locator("th:not([scope])").count() == 0
        assert page.locator("section:not([aria-labelledby])").count() == 0
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.tagName[1])")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    page.goto(f"{site}/?lang=en")
    assert page.evaluate("[...document.querySelectorAll('input,select')].every(each => each.labels.length === 1)")


def test_words_stand_out_from_their_ground(page, site):
    """Contrast of 4.5 to 1 at least, as WCAG 2 asks of text."""
    page.goto(f"{site}/accounts/A-001?lang=en")
    assert page.evaluate(LOW_CONTRAST) == []
    for address in ("/", "/model", "/after"):
        page.goto(f"{site}{address}?lang=en")
        assert page.evaluate(LOW_CONTRAST) == []


LOW_CONTRAST = """() => {
  const parts = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll("main *, header *")].filter(e => e.checkVisibility() &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).filter(e => {
      const style = getComputedStyle(e), ink = light(parts(e.closest("svg") ? style.fill : style.color)), paper = light(ground(e));
      return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05) < 4.5; }).map(e => e.className + ": " + e.textContent.slice(0, 40));
}"""
