"""The tables of saves and losses: promises, the recovery programme, losses to debrief, win-back dates, watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from serving.after import After
from serving.after_standing import Departed, OpenPromise, Rescued
from serving.web import numerals
from serving.web.after_words import debrief_said, due_what, late_said, reason_said
from serving.web.guide import Guide
from serving.web.list_page import account_address
from serving.web.words import Words


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: the words, a mark of what is late, what stands small below."""

    text: str
    late: str = ""
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class AfterLine:
    """One account's line in a table; `below` is its CSM."""

    address: str
    name: str
    below: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class AfterTable:
    """One part of the page. `nothing` is said when there is no line; `more` are lines that are folded away under `more_title`."""

    key: str
    title: str
    note: str
    nothing: str
    headers: tuple[str, ...]
    lines: tuple[AfterLine, ...]
    more: tuple[AfterLine, ...]
    more_title: str


def after_tables(found: After, guide: Guide, words: Words) -> tuple[AfterTable, ...]:
    """The five parts, what presses most first."""
    return tuple(made(found, guide, words) for made in (_promises, _programme, _exits, _win_backs, _watch))


def overdue(promise: OpenPromise, as_of: date) -> bool:
    """Whether its day is over."""
    return promise.due is not None and promise.due < as_of


def _promises(found: After, guide: Guide, words: Words) -> AfterTable:
    owed = [(each, promise) for each in found.saved for promise in each.promises]
    owed.sort(key=lambda pair: (pair[1].due is None, pair[1].due or pair[1].made, pair[0].account_id))
    lines = [
        _line(
            each,
            Cell(promise.promise),
            Cell(_day(promise.due, words), late_said(promise.due, found.as_of, words)),
            Cell(promise.owner or words.say("page.unknown")),
            Cell(_day(each.saved_on, words)),
        )
        for each, promise in owed
    ]
    headers = ("after_page.promise", "after_page.due", "after_page.owner", "after_page.saved_on")
    return _table("promises", headers, lines, guide, words)


def _programme(found: After, guide: Guide, words: Words) -> AfterTable:
    running = sorted((each for each in found.saved if each.in_programme(found.as_of)), key=lambda each: each.saved_on)
    lines = [
        _line(
            each,
            Cell(_day(each.saved_on, words), small=(guide.play_name(each.playbook, words) or each.playbook,)),
            _left(each.programme_until, found.as_of, words),
            _next_review(each, words),
            _owed(each, found.as_of, words),
        )
        for each in running
    ]
    headers = ("after_page.saved_on", "after_page.left_days", "after_page.next", "after_page.owed")
    return _table("programme", headers, lines, guide, words)


def _watch(found: After, guide: Guide, words: Words) -> AfterTable:
    watched = [each for each in found.saved if not each.in_programme(found.as_of)]
    watched.sort(key=lambda each: (each.looks[0][1] if each.looks else each.watch_until, each.account_id))
    lines = [
        _line(
            each,
            Cell(_day(each.saved_on, words), small=(guide.play_name(each.playbook, words) or each.playbook,)),
            Cell(_day(each.looks[0][1], words) if each.looks else words.say("after_page.nothing_next")),
            _left(each.watch_until, found.as_of, words),
            _owed(each, found.as_of, words),
        )
        for each in watched
    ]
    headers = ("after_page.saved_on", "after_page.next", "after_page.left_days", "after_page.owed")
    return _table("watch", headers, lines, guide, words)


def _exits(found: After, guide: Guide, words: Words) -> AfterTable:
    """Those whose debrief is ahead; the others, whose dates to ask again are, folded away."""
    lines = {
        each.account_id: _line(
            each,
            Cell(_day(each.left_on, words)),
            _reason(each, words),
            Cell(_day(each.debrief_on, words)),
            Cell("", small=tuple(_known(each, guide, words))),
        )
        for each in found.lost
    }
    now = [each.account_id for each in found.lost if each.debrief_on >= found.as_of]
    headers = ("after_page.left_on", "after_page.reason", "after_page.debrief_by", "after_page.known")
    rest = tuple(line for account, line in lines.items() if account not in now)
    return AfterTable(
        key="exits",
        title=words.say("after_table.exits"),
        note=words.say("after_table.exits_note"),
        nothing=words.say("after_table.exits_none"),
        headers=tuple(words.say(header) for header in headers),
        lines=tuple(lines[account] for account in now),
        more=rest,
        more_title=words.count("after_table.exits_more", len(rest)),
    )


def _win_backs(found: After, guide: Guide, words: Words) -> AfterTable:
    ahead = sorted((each for each in found.lost if each.win_back), key=lambda each: (each.win_back[0][1], each.account_id))
    lines = [
        _line(
            each,
            Cell(_day(each.win_back[0][1], words)),
            Cell(due_what("win_back", each.win_back[0][0], words), small=_news(each, words)),
            Cell(_day(each.left_on, words)),
            _reason(each, words),
        )
        for each in ahead
    ]
    headers = ("after_page.next", "plan.title", "after_page.left_on", "after_page.reason")
    return _table("win_backs", headers, lines, guide, words)


def _table(key: str, headers: Sequence[str], lines: Sequence[AfterLine], guide: Guide, words: Words) -> AfterTable:
    """The first lines, `serving.after_rows` of them; the rest is folded away."""
    most = guide.params.after_rows
    return AfterTable(
        key=key,
        title=words.say(f"after_table.{key}"),
        note=words.say(f"after_table.{key}_note"),
        nothing=words.say(f"after_table.{key}_none"),
        headers=tuple(words.say(header) for header in headers),
        lines=tuple(lines[:most]),
        more=tuple(lines[most:]),
        more_title=words.say("after_page.more", count=numerals.number(len(lines[most:]), words.language)),
    )


def _line(each: Rescued | Departed, *cells: Cell) -> AfterLine:
    return AfterLine(address=account_address(each.account_id), name=each.name, below=each.csm or "", cells=cells)


def _left(until: date, as_of: date, words: Words) -> Cell:
    small = words.say("after_page.until", date=numerals.short_date(until, words.language))
    return Cell(words.count("after_page.days", (until - as_of).days), small=(small,))


def _next_review(each: Rescued, words: Words) -> Cell:
    if not each.reviews:
        return Cell(words.say("after_page.contact"))
    step, day = each.reviews[0]
    return Cell(_day(day, words), small=(due_what("review", step, words),))


def _owed(each: Rescued, as_of: date, words: Words) -> Cell:
    late = sum(overdue(promise, as_of) for promise in each.promises)
    owed = words.count("after_page.promises_open", len(each.promises)) if each.promises else numerals.UNKNOWN
    return Cell(owed, words.count("after_page.promises_late", late) if late else "")


def _reason(each: Departed, words: Words) -> Cell:
    return Cell(reason_said(each.reason, words), small=(words.say("after.rival", rival=each.rival),) if each.rival else ())


def _known(each: Departed, guide: Guide, words: Words) -> list[str]:
    told = debrief_said(
        each.left_on, interviewed=each.interviewed, flagged=each.flagged, tried=each.tried, guide=guide, words=words
    )
    return list(told)


def _news(each: Departed, words: Words) -> tuple[str, ...]:
    if each.news is None or each.news_on is None:
        return ()
    what = words.known(f"values.{each.news}", each.news)
    return (words.say("after_page.news", what=what, date=numerals.short_date(each.news_on, words.language)),)


def _day(day: date | None, words: Words) -> str:
    return words.say("after_page.no_date") if day is None else numerals.short_date(day, words.language)
