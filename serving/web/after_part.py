"""What is open of one account after its save, or after it left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from serving.after import After
from serving.after_standing import Departed, Rescued
from serving.web import numerals
from serving.web.after_words import debrief_said, due_what, late_said, reason_said
from serving.web.guide import Guide
from serving.web.words import Words


@dataclass(frozen=True)
class DatedLine:
    """One thing to do: the day (and for machines; None without one), what, how late, who."""

    due: str
    iso: str | None
    text: str
    late: str
    owner: str


@dataclass(frozen=True)
class AfterPart:
    """The part: `name` and `csm` of the account, what is known, what is to be done by day."""

    name: str
    csm: str | None
    title: str
    as_of: str
    known: tuple[str, ...]
    dated: tuple[DatedLine, ...]


def after_part(account_id: str, guide: Guide, words: Words) -> AfterPart | None:
    """The part of `account_id`; None when nothing was listed yet, or nothing is open of the account."""
    found = guide.after()
    if found is None:
        return None
    saved = next((each for each in found.saved if each.account_id == account_id), None)
    left = next((each for each in found.lost if each.account_id == account_id), None)
    if saved is not None:
        known, dated = _of_save(saved, found, guide, words), _dated_save(saved, found, words)
        return _part(saved, "after_page.part", found, known, dated, words)
    if left is not None:
        known, dated = _of_loss(left, guide, words), _dated_loss(left, found, words)
        return _part(left, "after_page.part_lost", found, known, dated, words)
    return None


def _part(
    each: Rescued | Departed, title: str, found: After, known: Iterator[str], dated: Iterator[DatedLine], words: Words
) -> AfterPart:
    as_of = words.say("page.as_of", date=numerals.short_date(found.as_of, words.language))
    return AfterPart(each.name, each.csm, words.say(title), as_of, tuple(_upper(each) for each in known), tuple(dated))


def _of_save(each: Rescued, found: After, guide: Guide, words: Words) -> Iterator[str]:
    play = guide.play_name(each.playbook, words) or each.playbook
    yield words.say("after_page.part_saved", date=numerals.short_date(each.saved_on, words.language), play=play)
    running = each.in_programme(found.as_of)
    until = each.programme_until if running else each.watch_until
    days, day = (until - found.as_of).days, numerals.short_date(until, words.language)
    yield words.count("after_page.part_programme" if running else "after_page.part_watch", days, date=day)
    if not each.promises:
        yield words.say("after_page.part_kept")


def _dated_save(each: Rescued, found: After, words: Words) -> Iterator[DatedLine]:
    """Promises, then the reviews ahead; once the programme is over, the next look."""
    for promise in each.promises:
        owner = words.say("after.owner", owner=promise.owner) if promise.owner else ""
        what = due_what("promise", None, words, promise=promise.promise)
        yield _line(promise.due, what, found.as_of, words, owner)
    steps = [("review", *review) for review in each.reviews]
    steps += [] if each.in_programme(found.as_of) else [("watch", *look) for look in each.looks[:1]]
    for kind, step, day in steps:
        yield _line(day, due_what(kind, step, words), found.as_of, words)


def _of_loss(each: Departed, guide: Guide, words: Words) -> Iterator[str]:
    day = numerals.short_date(each.left_on, words.language)
    yield words.say("after.left", date=day, reason=reason_said(each.reason, words))
    if each.rival:
        yield words.say("after.rival", rival=each.rival)
    yield from debrief_said(
        each.left_on, interviewed=each.interviewed, flagged=each.flagged, tried=each.tried, guide=guide, words=words
    )
    if each.news is not None and each.news_on is not None:
        news = words.known(f"values.{each.news}", each.news)
        told = words.say("after_page.news", what=news, date=numerals.short_date(each.news_on, words.language))
        yield due_what("early", None, words, news=told)


def _dated_loss(each: Departed, found: After, words: Words) -> Iterator[DatedLine]:
    if each.debrief_on >= found.as_of:
        yield _line(each.debrief_on, due_what("debrief", None, words), found.as_of, words)
    for months, day in each.win_back:
        yield _line(day, due_what("win_back", months, words), found.as_of, words)


def _line(due: date | None, text: str, as_of: date, words: Words, owner: str = "") -> DatedLine:
    day = words.say("after_page.no_date") if due is None else numerals.short_date(due, words.language)
    return DatedLine(day, None if due is None else due.isoformat(), _upper(text), late_said(due, as_of, words), owner)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
