"""Headers every answer carries: only our own files are loaded, nobody frames the page, types are not guessed."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer `request`, with the headers added."""
    response = await call_next(request)
    response.headers.update(HEADERS)
    return response


def from_elsewhere(request: Request) -> bool:
    """Whether a browser sends what another site wrote: such a request may not change anything."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")
