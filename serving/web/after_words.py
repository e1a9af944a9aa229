"""What is said of a save or a loss, wherever it is said: on the page, in the list, in the terminal."""

from collections.abc import Iterator, Sequence
from datetime import date

from serving.after_standing import Tried
from serving.web import numerals
from serving.web.guide import Guide
from serving.web.words import Words


def due_what(kind: str, step: int | None, words: Words, **filled: object) -> str:
    """What is to be done; a review and a win-back date have words of their own for their day or month where there are any."""
    key = kind if kind not in {"review", "win_back"} else f"{kind}_{step}"
    told = {"promise": "", "news": "", **filled, "step": step}
    return words.known(f"after_due.{key}", words.say(f"after_due.{kind}", **told)).format_map(told)


def reason_said(reason: str | None, words: Words) -> str:
    """Why they left; that it is not known."""
    return words.say("after.no_reason") if reason is None else words.known(f"values.{reason}", reason)


def debrief_said(
    left_on: date, *, interviewed: bool, flagged: date | None, tried: Sequence[Tried], guide: Guide, words: Words
) -> Iterator[str]:
    """What a debrief begins with: whether they were asked, the first sign, what was tried."""
    if not interviewed:
        yield words.say("after.no_interview")
    if flagged is None:
        yield words.say("after.never_flagged")
    else:
        day = numerals.short_date(flagged, words.language)
        yield words.count("after.flagged", (left_on - flagged).days, date=day)
    if not tried:
        yield words.say("after.nothing_tried")
    for attempt in tried:
        yield words.say("after.tried", what=_tried(attempt, guide, words))


def late_said(due: date | None, as_of: date, words: Words) -> str:
    """How many days late; nothing for what is not."""
    return words.count("after.late", (as_of - due).days) if due is not None and due < as_of else ""


def _tried(attempt: Tried, guide: Guide, words: Words) -> str:
    parts = [guide.play_name(attempt.playbook, words), numerals.short_date(attempt.started, words.language)]
    if attempt.concession_percent:
        parts.append(words.say("after.concession", percent=numerals.share(attempt.concession_percent / 100, words.language)))
    if attempt.outcome is not None:
        parts.append(words.known(f"values.{attempt.outcome}", attempt.outcome))
    return ", ".join(part for part in parts if part)
