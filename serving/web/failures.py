"""What a reader sees when a page cannot be had: words on a page, JSON under /api."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from serving.web.language import reader_language
from serving.web.routes import Pages
from serving.web.security import HEADERS
from serving.web.words import Words


def add_failures(app: FastAPI, pages: Pages) -> None:
    """Answer unknown pages, unreadable values and our own faults in the reader's language."""

    @app.exception_handler(HTTPException)
    async def not_found(request: Request, error: HTTPException) -> Response:
        if _for_machines(request):
            return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)
        words = Words(reader_language(request))
        return pages.message(request, words, words.say("errors.no_page_title"), words.say("errors.no_page"), error.status_code)

    @app.exception_handler(RequestValidationError)
    async def bad_value(request: Request, error: RequestValidationError) -> Response:
        names = ", ".join(sorted({str(problem["loc"][-1]) for problem in error.errors()}))
        if _for_machines(request):
            told = [{"where": problem["loc"][-1], "what": problem["msg"]} for problem in error.errors()]
            return JSONResponse({"detail": told}, 422)
        words = Words(reader_language(request))
        message = words.say("errors.bad_value", names=names)
        return pages.message(request, words, words.say("errors.bad_value_title"), message, 400)

    @app.exception_handler(Exception)
    async def broken(request: Request, _error: Exception) -> Response:
        if _for_machines(request):
            return JSONResponse({"detail": "the server failed; see its log"}, 500)
        words = Words(reader_language(request))
        answer = pages.message(request, words, words.say("errors.broken_title"), words.say("errors.broken"), 500)
        answer.headers.update(HEADERS)  # this answer is made outside the middleware that adds them
        return answer


def _for_machines(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path == "/openapi.json"
