"""The drivers as the page shows them: effect, sentence, what was measured, the rows behind it."""

import math
from dataclasses import dataclass

from features.wording import say_date, say_signal, say_value
from serving.practice import load_practice
from serving.store.records import Account, Driver, EvidenceRow, Measure
from serving.web import numerals
from serving.web.evidence_rows import EvidenceTable, evidence_tables
from serving.web.guide import Guide
from serving.web.words import Words

HARDLY = 0.1  # log-odds up to which a push is shown as none


@dataclass(frozen=True)
class DriverPart:
    """One family. `effect` is raises, lowers or neutral; `factor` multiplies the odds. `story`: since when, and what if.

    `tables` show some of its `rows`; `more` says how many were left out, empty for none.
    """

    family: str
    title: str
    push: float
    effect: str
    effect_name: str
    factor: str
    sentence: str
    story: tuple[str, ...]
    facts: tuple[str, ...]
    tables: tuple[EvidenceTable, ...]
    rows: int
    evidence_title: str
    more: str


def driver_parts(account: Account, guide: Guide, words: Words) -> tuple[DriverPart, ...]:
    """Every driver with a push, those that raise the risk first, each side by size; empty when there is no explanation."""
    held = {(row.table, row.row_id): row for row in account.evidence}
    parts = [_part(driver, driver.push, held, guide, words) for driver in account.drivers if driver.push is not None]
    return tuple(sorted(parts, key=lambda part: (part.effect == "lowers", -abs(part.push))))


def factor(push: float, words: Words) -> str:
    """By how much the push multiplies the odds, as text."""
    odds = math.exp(min(push, 20.0))
    return f"×{numerals.number(odds, words.language)}"


def _part(driver: Driver, push: float, held: dict[tuple[str, str], EvidenceRow], guide: Guide, words: Words) -> DriverPart:
    rows = _rows(driver, held)
    shown = rows[: guide.params.evidence_rows]
    effect = "neutral" if abs(push) <= HARDLY else "raises" if push > 0 else "lowers"
    return DriverPart(
        family=driver.family,
        title=family_title(driver.family, words),
        push=push,
        effect=effect,
        effect_name=words.say(f"drivers.{effect}"),
        factor=factor(push, words),
        sentence=sentence(driver, words),
        story=_story(driver, words),
        facts=tuple(fact for fact in (_fact(m, guide, words) for m in driver.measures) if fact),
        tables=evidence_tables(shown, words),
        rows=len(rows),
        evidence_title=words.count("drivers.evidence", len(rows)) if rows else words.say("drivers.measured"),
        more=words.count("drivers.more_rows", len(rows) - len(shown)) if len(rows) > len(shown) else "",
    )


def family_title(family: str, words: Words) -> str:
    """The family's title, as the plays call it, with a capital."""
    titles = load_practice().families
    title = words.pick(titles[family]) if family in titles else family
    return title[:1].upper() + title[1:]


def sentence(driver: Driver, words: Words) -> str:
    """What the driver says of the account; empty when it says nothing."""
    return (driver.sentence_es if words.language == "es" else driver.sentence_en) or ""


def _story(driver: Driver, words: Words) -> tuple[str, ...]:
    """How likely it is at work, since when, whether it was so a month before, and what one signal would change."""
    told = []
    if driver.before is not None and driver.chance is not None:
        told.append(words.say("drivers.chance", chance=numerals.percent(driver.chance, words.language)))
        told.append(words.say("drivers.there_before" if driver.before else "drivers.new"))
    if driver.since is not None and (driver.push or 0.0) > -HARDLY:
        told.append(words.say("drivers.since", day=say_date(driver.since.date(), words.language)))
    if driver.what_if is not None:
        told.append(driver.what_if.sentence_es if words.language == "es" else driver.what_if.sentence_en)
    return tuple(told)


def _rows(driver: Driver, held: dict[tuple[str, str], EvidenceRow]) -> list[EvidenceRow]:
    """The rows that its measures point to, each once, newest first; rows that were not published are left out."""
    wanted = {(ref.table, ref.row_id) for measure in driver.measures for ref in measure.rows}
    return [row for key, row in held.items() if key in wanted]


def _fact(measure: Measure, guide: Guide, words: Words) -> str | None:
    """What was measured, with what it is held against; None for a signal whose phrase is not known."""
    signal = guide.signals.get(measure.signal)
    if signal is None or measure.value is None:
        return None
    against = measure.comparison.value if measure.comparison is not None else None
    said = say_signal(signal, measure.value, against, words.language)
    if measure.comparison is None or not isinstance(against, int | float) or "{comparison}" in signal.phrase.en:
        return said
    what = words.known(f"comparisons.{measure.comparison.what}", str(measure.comparison.what))
    return words.say("drivers.compared", fact=said, what=what, value=say_value(against, signal.unit, words.language))
