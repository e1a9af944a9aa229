"""Which language a reader gets: what they asked for, what they chose before, what their browser says, the account's, English."""

from urllib.parse import quote, urlencode

from fastapi import Request

from features.languages import LANGUAGES, Language

COOKIE = "lang"


def asked_language(request: Request) -> Language | None:
    """The language named in the address (`?lang=es`); None when none, or none of ours, is named."""
    return _ours(request.query_params.get("lang"))


def reader_language(request: Request, account_language: str | None = None) -> Language:
    """The language of the answer; the account's counts only when neither the reader nor the browser says one."""
    return (
        asked_language(request)
        or _ours(request.cookies.get(COOKIE))
        or _browser(request.headers.get("accept-language", ""))
        or _ours(account_language)
        or "en"
    )


def switch_address(request: Request, language: Language) -> str:
    """The page asked for, in that language: path and query only, so that it never leads elsewhere."""
    path = "/" + quote(request.scope["path"].lstrip("/"))
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{path}?{urlencode([*asked, ('lang', language)])}"


def _ours(name: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)


def _browser(header: str) -> Language | None:
    """The first of our languages by the browser's weights; None when it names none of them."""
    weighed: list[tuple[float, Language]] = []
    for part in header.split(","):
        name, _, weight = part.partition(";q=")
        language = _ours(name.strip().lower().split("-")[0])
        if language is not None:
            weighed.append((_weight(weight), language))
    best = max(weighed, key=lambda pair: pair[0], default=None)
    return None if best is None or best[0] <= 0 else best[1]


def _weight(written: str) -> float:
    try:
        return float(written) if written.strip() else 1.0
    except ValueError:
        return 0.0
