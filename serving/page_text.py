"""One account's page as plain text, for a terminal or a mail."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from features.languages import Language
from serving.store.records import Account
from serving.web.account_page import AccountPage, account_page
from serving.web.driver_part import DriverPart
from serving.web.guide import Guide
from serving.web.headline import Headline
from serving.web.plan_part import PlanPart
from serving.web.words import Words

COLUMNS = 100
INDENT = "  "


def render(account: Account, guide: Guide, language: Language) -> str:
    """The page of `account` in that language, at most 100 columns wide where words allow it, ending in a line break."""
    page = account_page(account, guide, Words(language))
    return "\n".join(_lines(page)) + "\n"


def _lines(page: AccountPage) -> Iterator[str]:
    say = page.words.say
    account = page.account
    yield account.name if account.name == account.account_id else f"{account.name} ({account.account_id})"
    yield _wrapped(" · ".join((page.as_of, *page.facts)), "")
    if page.headline.status:
        yield _wrapped(page.headline.status, "")
    yield ""
    yield from _answers(page.headline, page)
    if page.drivers:
        yield from _title(say("drivers.title"))
        for driver in page.drivers:
            yield from _driver(driver, page.words)
    if page.plan is not None:
        yield from _title(say("plan.title"))
        yield from _plan(page.plan, page)
    if page.second:
        yield from _title(say("second.title"))
        yield from (_wrapped(sentence, INDENT) for sentence in page.second)
    if page.after is not None:
        yield from _title(f"{page.after.title} · {page.after.as_of}")
        yield from (_wrapped(known, INDENT) for known in page.after.known)
        for due in page.after.dated:
            late = f" ({due.late})" if due.late else ""
            owner = f"; {due.owner}" if due.owner else ""
            yield _wrapped(f"{due.due}{late} · {due.text}{owner}", INDENT)
    yield from _title(say("missing.title"))
    for sentence in page.missing or (say("missing.nothing"),):
        yield _wrapped(sentence, INDENT)
    if page.voice.lines:
        yield from _title(say("voice.heard"))
        for each in page.voice.lines:
            yield _wrapped(". ".join(part for part in (each.said, each.beside, each.reason) if part), INDENT)


def _answers(head: Headline, page: AccountPage) -> Iterator[str]:
    """The five answers, each under its question."""
    say = page.words.say
    likely = f"{head.likely} {head.within} ({head.band_name})" if head.likely else say("account.not_scored")
    horizons = " · ".join(f"{name} {percent}" for name, percent in page.horizons)
    answers: tuple[tuple[str, Sequence[str | None]], ...] = (
        (say("account.how_likely"), (likely, head.at_risk, horizons)),
        (say("account.by_when"), (", ".join(part for part in (head.renewal, head.renewal_in) if part), head.window)),
        (say("account.why"), [f"{title}. {said}" if title else said for title, said in head.why]),
        (say("account.first"), (head.before_first, head.first, head.first_due)),
        (say("account.who"), (head.owner or page.account.csm or say("page.unknown"), head.respond_by)),
    )
    for question, parts in answers:
        told = [part for part in parts if part]
        if told:
            yield f"{question}:"
            yield from (_wrapped(part, INDENT) for part in told)


def _driver(driver: DriverPart, words: Words) -> Iterator[str]:
    effect = (
        driver.effect_name
        if driver.effect == "neutral"
        else f"{driver.effect_name}, {words.say('drivers.odds', factor=driver.factor)}"
    )
    yield f"{INDENT}{driver.title} – {effect}"
    if driver.sentence:
        yield _wrapped(driver.sentence, INDENT * 2)
    yield from (_wrapped(told, INDENT * 2) for told in driver.story)
    yield from (_wrapped(f"– {fact}", INDENT * 2) for fact in driver.facts)
    for table in driver.tables:
        yield f"{INDENT * 2}{words.say('drivers.rows_of', what=table.title)}:"
        for row in table.rows:
            said = [f"{header}: {cell}" for header, cell in zip(table.headers, row.cells, strict=True) if cell]
            yield _wrapped(", ".join((*said, *(f"“{' '.join(text.split())}”" for text in row.words))), INDENT * 3)
    if driver.more:
        yield f"{INDENT * 3}{driver.more}"


def _plan(plan: PlanPart, page: AccountPage) -> Iterator[str]:
    yield f"{INDENT}{' + '.join((plan.name, *plan.also))}"
    yield from (_wrapped(f"– {reason}", INDENT * 2) for reason in plan.reasons)
    yield from (f"{INDENT * 2}{label}: {value}" for label, value in page.investment)
    if plan.background is not None:
        yield _wrapped(page.words.say("plan.measured", effect=plan.background.measured), INDENT * 2)
    for title, steps in plan.phases:
        yield f"{INDENT}{title}"
        for step in steps:
            done = f" ({page.words.say('plan.done')})" if step.done else ""
            yield _wrapped(f"{step.due} · {step.owner}: {step.text}{done}", INDENT * 2)
    if plan.said:
        yield f"{INDENT}{page.words.say('save_plan.said')}"
    for each in plan.said:
        yield _wrapped(f"{each.at} · {each.need}: “{each.words}”", INDENT * 2)
        yield from (_wrapped(f"– {answer}", INDENT * 3) for answer in each.answers)


def _title(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "─" * len(words)


def _wrapped(words: str, indent: str) -> str:
    return fill(words, COLUMNS, initial_indent=indent, subsequent_indent=indent + INDENT, break_long_words=False)
