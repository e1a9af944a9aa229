"""The plan to keep one account as plain text, in either language."""

from collections.abc import Iterator
from textwrap import fill

from serving.offer import Recorded
from serving.practice import load_practice
from serving.remediation import Row
from serving.save_plan import SavePlan
from serving.store.records import PlannedStep
from serving.web import numerals
from serving.web.guide import Guide
from serving.web.plan_part import role_name
from serving.web.words import Words

COLUMNS = 100
INDENT = "  "


def render(plan: SavePlan, guide: Guide, words: Words) -> str:
    """Every part under its title, ending in a line break."""
    return "\n".join(_lines(plan, guide, words)) + "\n"


def _lines(plan: SavePlan, guide: Guide, words: Words) -> Iterator[str]:
    say, day = words.say, numerals.short_date
    who = plan.name if plan.name == plan.account_id else f"{plan.name} ({plan.account_id})"
    yield say("save_plan.title", account=who, date=day(plan.as_of, words.language))
    if plan.playbook is None:
        yield _wrapped(say("save_plan.nothing"), INDENT)
        return
    yield say("save_plan.play", play=guide.play_name(plan.playbook, words) or plan.playbook)
    if plan.respond_by is not None:
        yield say("save_plan.clock", when=numerals.deadline(plan.respond_by, words.language))
    yield from _title(say("save_plan.problems"))
    for number, row in enumerate(plan.problems, 1):
        yield from _row(number, row, words)
    if not plan.problems:
        yield _wrapped(say("save_plan.no_problem"), INDENT)
    yield from _title(say("save_plan.steps"))
    yield from (_step(step, words) for step in plan.steps if not step.done)
    yield from _title(say("save_plan.talk"))
    for part in plan.talk:
        yield _wrapped(f"{words.pick(part.title)}: {words.pick(part.say)}", INDENT)
        yield from (_wrapped(f"– {words.pick(fact)}", INDENT * 2) for fact in part.facts)
    yield from _said(plan, words)
    yield from _value(plan, words)
    yield from _title(say("save_plan.terms"))
    yield from _terms(plan, words)


def _row(number: int, row: Row, words: Words) -> Iterator[str]:
    columns = [words.pick(text) for text in load_practice().remediation_columns]
    cells = (
        row.problem,
        row.cause,
        row.fix,
        role_name(row.owner, words),
        numerals.short_date(row.due, words.language),
        row.metric,
    )
    said = [cell if isinstance(cell, str) else words.pick(cell) for cell in cells]
    yield _wrapped(f"{number}. {said[0]}", INDENT)
    yield from (_wrapped(f"{name}: {cell}", INDENT * 2) for name, cell in zip(columns[1:], said[1:], strict=True))


def _step(step: PlannedStep, words: Words) -> str:
    return _wrapped(
        f"{numerals.short_date(step.due, words.language)} · {role_name(step.owner, words)}: {words.pick(step.text)}", INDENT
    )


def _said(plan: SavePlan, words: Words) -> Iterator[str]:
    if plan.value is None or not plan.value.said:
        return
    yield from _title(words.say("save_plan.said"))
    for each in plan.value.said:
        yield _wrapped(f"– {words.pick(each.quoted())} ({words.pick(each.need)})", INDENT)
        yield from (_wrapped(f"{words.say('save_plan.answers')}: {words.pick(answer)}", INDENT * 2) for answer in each.answers)


def _value(plan: SavePlan, words: Words) -> Iterator[str]:
    yield from _title(words.say("save_plan.value"))
    if plan.value is None or not plan.value.wins:
        yield _wrapped(words.say("save_plan.no_value"), INDENT)
    if plan.value is None:
        return
    yield from (_wrapped(f"– {words.pick(fact)}", INDENT) for fact in plan.value.wins)
    if plan.value.open:
        yield f"{INDENT}{words.say('save_plan.open')}:"
        yield from (_wrapped(f"– {words.pick(fact)}", INDENT * 2) for fact in plan.value.open)
    if plan.value.unknown:
        yield _wrapped(words.say("save_plan.unknown", what="; ".join(words.pick(each) for each in plan.value.unknown)), INDENT)


def _terms(plan: SavePlan, words: Words) -> Iterator[str]:
    may, language = plan.may_offer, words.language
    if may is None:
        yield _wrapped(words.say(f"no_discount.{plan.no_discount or 'price_driver'}"), INDENT)
    else:
        low, high = (numerals.percent(share / 100, language) for share in (may.percent_from, may.percent_to))
        yield _wrapped(words.say("save_plan.may_offer", low=low, high=high, approver=role_name(may.approver, words)), INDENT)
    for each in plan.offered:
        told = {
            "date": numerals.short_date(each.made_at.date(), language),
            "by": each.by,
            "what": offered_what(each, words),
            "tied_to": each.tied_to,
            "ends": numerals.short_date(each.ends_on, language),
        }
        yield _wrapped(f"– {words.say('save_plan.offered', **told)}", INDENT)


def offered_what(offer: Recorded, words: Words) -> str:
    """What an offer gives: how much off the price, else its kind."""
    if offer.percent:
        return words.say("after.concession", percent=numerals.discount(offer.percent / 100, words.language))
    return words.say(f"offer_kind.{offer.kind}")


def recorded_text(kept: Recorded, words: Words) -> str:
    """One sentence: what was recorded, for whom."""
    return words.say(
        "save_plan.recorded",
        account=kept.account_id,
        what=offered_what(kept, words),
        tied_to=kept.tied_to,
        ends=numerals.short_date(kept.ends_on, words.language),
        names=", ".join(kept.approved_by),
    )


def _title(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "─" * len(words)


def _wrapped(words: str, indent: str) -> str:
    return fill(words, COLUMNS, initial_indent=indent, subsequent_indent=indent + INDENT, break_long_words=False)
