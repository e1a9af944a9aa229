"""The pages people read."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup
from pydantic import Field

from features.languages import LANGUAGES
from serving.card import CardPort
from serving.delivery import Clock
from serving.feedback import UnfitFeedbackError
from serving.learned_text import sections
from serving.store import Filters, Store
from serving.web import numerals, pictures
from serving.web.account_page import account_page
from serving.web.after_page import after_page
from serving.web.after_part import after_part
from serving.web.card_page import card_page
from serving.web.guide import Guide
from serving.web.language import COOKIE, asked_language, reader_language, switch_address
from serving.web.list_page import account_address, list_page
from serving.web.security import from_elsewhere
from serving.web.templating import templates_in
from serving.web.voice_part import from_form
from serving.web.words import Words

FOLDER = Path(__file__).parent
YEAR_SECONDS = 365 * 24 * 3600
READ = ["GET", "HEAD"]  # a monitor asks for the head alone
TRAIN_COMMAND = "tenure train TABLES --until DATE --register"
LEARN_COMMAND = "tenure learn TABLES --until DATE"
AFTER_COMMAND = "tenure after TABLES --as-of DATE"
SCORE_COMMAND = "tenure score TABLES --as-of DATE --out DIR"


class ListQuery(Filters):
    """The filters of the list as a browser sends them (an empty field filters nothing), and the page."""

    page: int = Field(default=1, ge=1, le=1_000_000)


class Pages:
    """Renders the templates, in the reader's language."""

    def __init__(self) -> None:
        """Load the templates of this folder; everything they print is escaped."""
        self._templates = Jinja2Templates(env=templates_in(FOLDER / "templates"))

    def render(self, request: Request, name: str, words: Words, status: int = 200, **shown: Any) -> Response:
        """The page `name` with `shown`; a language asked for in the address is remembered."""
        switches = [(language, switch_address(request, language)) for language in LANGUAGES]
        context = {"t": words.say, "lang": words.language, "switches": switches, **shown}
        response: Response = self._templates.TemplateResponse(request, name, context, status_code=status)
        response.headers["Content-Language"] = words.language
        response.headers["Vary"] = "Accept-Language, Cookie"
        asked = asked_language(request)
        if asked is not None:
            response.set_cookie(COOKIE, asked, max_age=YEAR_SECONDS, samesite="lax", httponly=True)
        return response

    def message(self, request: Request, words: Words, title: str, message: str, status: int, command: str = "") -> Response:
        """A page that says one thing."""
        return self.render(request, "message.html", words, status, title=title, message=message, command=command)


def page_routes(store: Store, guide: Guide, clock: Clock, pages: Pages, card: CardPort) -> APIRouter:
    """The list, the account's page, saves and losses, the model card, what was learned and the page about the API."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=READ)
    def accounts(request: Request, asked: Annotated[ListQuery, Query()]) -> Response:
        words = Words(reader_language(request))
        filters = Filters(**asked.model_dump(exclude={"page"}))
        rows = guide.params.page_rows
        queue = store.queue(filters, page=asked.page, page_rows=rows)
        if queue is not None and asked.page > queue.pages:  # a list that shrank since: a reader wants its end, not nothing
            queue = store.queue(filters, page=queue.pages, page_rows=rows)
        if queue is None:
            title, message = words.say("errors.empty_title"), words.say("errors.empty")
            return pages.message(request, words, title, message, 200, SCORE_COMMAND)
        age = (clock().date() - queue.as_of).days
        shown = list_page(queue, filters, guide, words, page_rows=rows, age_days=age)
        return pages.render(request, "list.html", words, page=shown)

    @router.api_route("/accounts/{account_id:path}", methods=READ)
    def account(request: Request, account_id: str, as_of: date | None = None) -> Response:
        found = store.account(account_id, as_of)
        if found is None:
            words = Words(reader_language(request))
            left = after_part(account_id, guide, words)
            if left is not None:
                return pages.render(request, "left.html", words, after=left, notice=words.say("after_page.unscored"))
            title = words.say("errors.unknown_title")
            return pages.message(request, words, title, words.say("errors.unknown", account=account_id), 404)
        words = Words(reader_language(request, found.language))
        page = account_page(found, guide, words)
        drawn = {
            "drivers": pictures.drivers_picture(found, page.drivers, page.smaller, words),
            "horizons": pictures.horizons_picture(found, words),
            "history": pictures.history_picture(found, words),
        }
        safe = {name: None if svg is None else Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - escaped in figures.svg
        return pages.render(
            request,
            "account.html",
            words,
            page=page,
            pictures=safe,
            address=account_address(account_id),
        )

    @router.post("/accounts/{account_id:path}")
    async def say(request: Request, account_id: str) -> Response:
        found = await run_in_threadpool(store.account, account_id, None)
        words = Words(reader_language(request, None if found is None else found.language))
        title = words.say("voice_errors.title")
        if found is None:
            return pages.message(request, words, title, words.say("errors.unknown", account=account_id), 404)
        if from_elsewhere(request):
            return pages.message(request, words, title, words.say("voice_errors.elsewhere"), 403)
        now, most = clock(), guide.params.override_most_days
        try:
            said = from_form(await request.body(), now.date(), most)
        except UnfitFeedbackError as error:
            return pages.message(request, words, title, words.say(f"voice_errors.{error.what}", days=most), 400)
        await run_in_threadpool(store.add_feedback, found, said, now)
        return RedirectResponse(f"{account_address(account_id)}#voice", 303)

    @router.api_route("/after", methods=READ)
    def after(request: Request, csm: str | None = None) -> Response:
        words, found = Words(reader_language(request)), guide.after()
        if found is None:
            title, message = words.say("after_page.title"), words.say("after_page.none")
            return pages.message(request, words, title, message, 200, AFTER_COMMAND)
        age = (clock().date() - found.as_of).days
        shown = after_page(found, csm or None, guide, words, age_days=age)
        return pages.render(request, "after.html", words, page=shown)

    @router.api_route("/model", methods=READ)
    def model(request: Request) -> Response:
        words, facts = Words(reader_language(request)), card()
        if facts is None:
            return pages.message(request, words, words.say("card.none_title"), words.say("card.none"), 200, TRAIN_COMMAND)
        return pages.render(request, "card.html", words, page=card_page(facts, words, guide.params.currency))

    @router.api_route("/learning", methods=READ)
    def learning(request: Request) -> Response:
        words, found = Words(reader_language(request)), guide.learned()
        if found is None:
            return pages.message(request, words, words.say("learned.page"), words.say("learned.none"), 200, LEARN_COMMAND)
        title = words.say("learned.title", date=numerals.short_date(found.until, words.language))
        return pages.render(request, "learning.html", words, title=title, sections=sections(found, guide, words))

    @router.api_route("/api", methods=READ)
    def api(request: Request) -> Response:
        paths = request.app.openapi()["paths"]
        entries = [(method.upper(), path, entry) for path, methods in paths.items() for method, entry in methods.items()]
        return pages.render(request, "api.html", Words(reader_language(request)), entries=entries)

    return router
