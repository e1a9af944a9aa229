"""Whom nobody reached in time, as plain text, by CSM, in either language."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import fill

from serving.response import Breach
from serving.web import numerals
from serving.web.words import Words

COLUMNS = 100


def render(found: Iterable[Breach], as_of: date, words: Words) -> str:
    """One paragraph a CSM, those without one last, ending in a line break; one sentence when nobody is late."""
    by_csm: dict[str, list[Breach]] = {}
    for each in found:
        by_csm.setdefault(each.csm or "", []).append(each)
    head = words.say("breach.title" if by_csm else "breach.none", date=numerals.short_date(as_of, words.language))
    lines = [line for csm in sorted(by_csm, key=lambda name: (name == "", name)) for line in _of(csm, by_csm[csm], words)]
    return "\n".join([head, *lines]) + "\n"


def _of(csm: str, found: Iterable[Breach], words: Words) -> Iterator[str]:
    yield ""
    yield csm or words.say("queue.nobody")
    for each in found:
        told = words.say(
            "breach.line",
            account=each.account_id if each.name == each.account_id else f"{each.name}, {each.account_id}",
            band=words.known(f"bands.{each.risk_band}", each.risk_band),
            since=numerals.short_date(each.since, words.language),
            due=numerals.deadline(each.respond_by, words.language),
            hours=numerals.number(round(each.hours_late), words.language),
        )
        when = "" if each.reached is None else numerals.short_date(each.reached, words.language)
        reached = words.say("breach.reached", date=when) if when else words.say("breach.never")
        yield fill(f"{told}; {reached}", COLUMNS, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
