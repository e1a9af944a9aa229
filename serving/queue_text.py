"""The queue of a CSM as plain text, in either language."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import fill

from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.guide import Guide
from serving.web.words import Words
from serving.worklist import CsmQueue, Work

COLUMNS = 100
INDENT = "  "


def render(found: Iterable[CsmQueue], as_of: date, guide: Guide, words: Words) -> str:
    """Every queue, one below the other, ending in a line break."""
    head = words.say("queue.title", date=numerals.short_date(as_of, words.language))
    return "\n".join([head, *(line for queue in found for line in _queue(queue, guide, words))]) + "\n"


def _queue(queue: CsmQueue, guide: Guide, words: Words) -> Iterator[str]:
    taken = sum(each.hours for each in (*queue.running, *queue.begin, *queue.spare))
    hours = {"taken": numerals.number(taken, words.language), "hours": numerals.number(queue.hours, words.language)}
    yield ""
    yield f"{queue.csm or words.say('queue.nobody')} – {words.say('queue.taken', **hours)}"
    for key, works in (("running", queue.running), ("begin", queue.begin), ("spare", queue.spare), ("rest", queue.rest)):
        if works:
            yield f"{INDENT}{words.say(f'queue_part.{key}')}"
            for place, each in enumerate(works, 1):
                yield from _work(each, place, guide, words)
    if queue.later:
        value = sum(each.value or 0.0 for each in queue.later)
        money = numerals.money(value, guide.params.currency, words.language)
        yield f"{INDENT}{words.count('queue.later', len(queue.later), value=money)}"
    if queue.not_worth:
        yield f"{INDENT}{words.count('queue.not_worth', queue.not_worth)}"
    if not (queue.running or queue.begin or queue.spare or queue.rest or queue.later or queue.not_worth):
        yield f"{INDENT}{words.say('queue.nothing')}"


def _work(work: Work, place: int, guide: Guide, words: Words) -> Iterator[str]:
    say, language, currency = words.say, words.language, guide.params.currency
    who = work.name if work.name == work.account_id else f"{work.name} ({work.account_id})"
    facts = [
        None if work.probability is None else say("queue.likely", percent=numerals.percent(work.probability, language)),
        None if work.arr is None else say("account.arr", money=numerals.money(work.arr, currency, language)),
        None if work.renews_at is None else say("account.renewal", date=numerals.short_date(work.renews_at, language)),
        ", ".join(family_title(name, words) for name in work.drivers),
    ]
    yield f"{INDENT * 2}{place}. {who}"
    yield _wrapped(" · ".join(fact for fact in facts if fact))
    worth = "" if work.value is None else numerals.money(work.value, currency, language)
    plan = say("queue.effort", play=guide.play_name(work.playbook, words), hours=numerals.number(work.hours, language))
    yield _wrapped(f"{plan}; {say('queue.worth', money=worth)}" if worth else plan)
    if work.wait_until is not None:
        yield _wrapped(say(f"queue_wait.{work.wait}", date=numerals.short_date(work.wait_until, language)))
    elif work.first_step is not None and work.first_due is not None:
        yield _wrapped(f"{numerals.short_date(work.first_due, language)}: {words.pick(work.first_step)}")


def _wrapped(said: str) -> str:
    return fill(said, COLUMNS, initial_indent=INDENT * 4, subsequent_indent=INDENT * 5, break_long_words=False)
