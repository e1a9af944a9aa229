"""What is due after saves and losses, in a person's words and language."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from textwrap import fill

from serving.after import After, AfterDue
from serving.web import numerals
from serving.web.after_words import debrief_said, due_what, late_said, reason_said
from serving.web.guide import Guide
from serving.web.words import Words

COLUMNS = 110
INDENT = "  "


def render(found: After, guide: Guide, words: Words) -> str:
    """Every CSM's list, one below the other; one sentence when nothing is due."""
    days = {name: numerals.short_date(day, words.language) for name, day in (("start", found.as_of), ("until", found.until))}
    lines = [words.say("after.title", **days)]
    if not found.rows:
        lines.append(words.say("after.nothing"))
    for csm, rows in groupby(found.rows, key=lambda row: row.csm):
        lines += ["", csm or words.say("queue.nobody")]
        for row in rows:
            lines += [_wrapped(said, place) for place, said in enumerate(told(row, found.as_of, guide, words))]
    return "\n".join(lines)


def told(row: AfterDue, as_of: date, guide: Guide, words: Words) -> Iterator[str]:
    """What is to be done by when, and below it what is known."""
    who = row.name if row.name == row.account_id else f"{row.name} ({row.account_id})"
    day, late = numerals.short_date(row.due, words.language), late_said(row.due, as_of, words)
    news = words.known(f"values.{row.news}", row.news) if row.news else ""
    what = due_what(row.kind, row.step, words, promise=row.promise, news=news)
    yield f"{day}{f' ({late})' if late else ''} · {who}: {what}"
    since = numerals.short_date(row.since, words.language)
    if row.kind in {"promise", "review", "touch", "watch"}:
        yield words.say("after.saved", date=since)
        if row.owner:
            yield words.say("after.owner", owner=row.owner)
        return
    yield words.say("after.left", date=since, reason=reason_said(row.reason, words))
    if row.rival:
        yield words.say("after.rival", rival=row.rival)
    if row.kind == "debrief":
        held = bool(row.interviewed)
        yield from debrief_said(row.since, interviewed=held, flagged=row.flagged, tried=row.tried, guide=guide, words=words)


def _wrapped(said: str, place: int) -> str:
    first = INDENT if place == 0 else INDENT * 3
    return fill(said, COLUMNS, initial_indent=first, subsequent_indent=INDENT * 4, break_long_words=False)
