"""What is due after saves and losses, in a person's words and language."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from textwrap import fill

from serving.after import After, AfterDue, Tried
from serving.web import numerals
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
    day = numerals.short_date(row.due, words.language)
    late = f" {words.count('after.late', (as_of - row.due).days)}" if row.due < as_of else ""
    key = row.kind if row.kind not in {"review", "win_back"} else f"{row.kind}_{row.step}"
    news = words.known(f"values.{row.news}", row.news) if row.news else ""
    filled = {"promise": row.promise, "news": news, "step": row.step}
    what = words.known(f"after_due.{key}", words.say(f"after_due.{row.kind}", **filled)).format_map(filled)
    yield f"{day}{late} · {who}: {what}"
    since = numerals.short_date(row.since, words.language)
    if row.kind in {"promise", "review", "touch", "watch"}:
        yield words.say("after.saved", date=since)
        if row.owner:
            yield words.say("after.owner", owner=row.owner)
        return
    yield words.say("after.left", date=since, reason=_reason(row, words))
    if row.rival:
        yield words.say("after.rival", rival=row.rival)
    if row.kind == "debrief":
        yield from _debrief(row, guide, words)


def _debrief(row: AfterDue, guide: Guide, words: Words) -> Iterator[str]:
    if not row.interviewed:
        yield words.say("after.no_interview")
    if row.flagged is None:
        yield words.say("after.never_flagged")
    else:
        day = numerals.short_date(row.flagged, words.language)
        yield words.count("after.flagged", (row.since - row.flagged).days, date=day)
    if not row.tried:
        yield words.say("after.nothing_tried")
    for attempt in row.tried:
        yield words.say("after.tried", what=_tried(attempt, guide, words))


def _tried(attempt: Tried, guide: Guide, words: Words) -> str:
    parts = [guide.play_name(attempt.playbook, words), numerals.short_date(attempt.started, words.language)]
    if attempt.concession_percent:
        parts.append(words.say("after.concession", percent=numerals.share(attempt.concession_percent / 100, words.language)))
    if attempt.outcome is not None:
        parts.append(words.known(f"values.{attempt.outcome}", attempt.outcome))
    return ", ".join(part for part in parts if part)


def _reason(row: AfterDue, words: Words) -> str:
    return words.say("after.no_reason") if row.reason is None else words.known(f"values.{row.reason}", row.reason)


def _wrapped(said: str, place: int) -> str:
    first = INDENT if place == 0 else INDENT * 3
    return fill(said, COLUMNS, initial_indent=first, subsequent_indent=INDENT * 4, break_long_words=False)
