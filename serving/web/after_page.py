"""What is open after saves and losses, in one language, before it becomes HTML."""

from dataclasses import dataclass

from serving.after import After
from serving.web import numerals
from serving.web.after_tables import AfterTable, after_tables, overdue
from serving.web.guide import Guide
from serving.web.list_page import Choice
from serving.web.words import Words


@dataclass(frozen=True)
class AfterPage:
    """The page. `tiles` are label, number and note; `nothing` stands for all tables when nobody was saved and nobody left."""

    as_of: str
    stale: str | None
    tiles: tuple[tuple[str, str, str], ...]
    csms: tuple[Choice, ...]
    tables: tuple[AfterTable, ...]
    nothing: str


def after_page(found: After, csm: str | None, guide: Guide, words: Words, *, age_days: int) -> AfterPage:
    """Compose the page of one CSM, or of all (None); `age_days` is how old the list is today."""
    mine, language = found.of(csm), words.language
    stale = age_days > guide.params.stale_after_days
    nothing = words.say("after_page.nothing") if csm is None else words.say("after_page.nothing_of", csm=csm)
    return AfterPage(
        as_of=words.say("page.as_of", date=numerals.short_date(found.as_of, language)),
        stale=words.say("after_page.stale", days=numerals.number(age_days, language)) if stale else None,
        tiles=_tiles(mine, words),
        csms=tuple((name, name, name == csm) for name in found.csms()),
        tables=after_tables(mine, guide, words),
        nothing="" if mine.saved or mine.lost else nothing,
    )


def _tiles(found: After, words: Words) -> tuple[tuple[str, str, str], ...]:
    def number(count: int) -> str:
        return numerals.number(count, words.language)

    owed = [promise for each in found.saved for promise in each.promises]
    late = [promise for promise in owed if overdue(promise, found.as_of)]
    begun = [each for each in found.saved if each.in_programme(found.as_of)]
    open_exits = [each for each in found.lost if each.debrief_on >= found.as_of]
    unasked = sum(not each.interviewed for each in open_exits)
    dates = [day for each in found.lost for _, day in each.win_back if day < found.until]
    before = words.say("after_page.before", date=numerals.short_date(found.until, words.language))
    return (
        (
            words.say("after_page.late_promises"),
            number(len(late)),
            words.say("after_page.open_promises", count=number(len(owed))),
        ),
        (
            words.say("after_page.recovering"),
            number(len(begun)),
            words.say("after_page.watched", count=number(len(found.saved) - len(begun))),
        ),
        (
            words.say("after_page.to_debrief"),
            number(len(open_exits)),
            words.say("after_page.not_asked", count=number(unasked)) if unasked else "",
        ),
        (words.say("after_page.win_backs"), number(len(dates)), before),
    )
