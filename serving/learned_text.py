"""What `tenure learn` found, in a person's words and language: on the terminal and on the page /learning."""

from collections.abc import Iterator
from dataclasses import dataclass

from serving.learning.learned import LOGGED, RULE_SCORE, Estimate, Learned, OverrideRecord, PlayEffect
from serving.learning.telling import points
from serving.web import numerals
from serving.web.driver_part import family_title
from serving.web.guide import Guide
from serving.web.words import Words

INDENT = "  "
STEADIED = {RULE_SCORE: "rules", LOGGED: "logged"}


@dataclass(frozen=True)
class Section:
    """A title, a sentence on how to read it (may be empty), and what was found, a line each."""

    title: str
    reading: str
    lines: tuple[str, ...]


def sections(learned: Learned, guide: Guide, words: Words) -> tuple[Section, ...]:
    """The effects, the save programme, who was right and the portfolio; the programme is left out where there is none."""
    told = (
        _effects(learned, guide, words),
        _programme(learned, words),
        _right(learned, words),
        _portfolio(learned, guide, words),
    )
    return tuple(each for each in told if each.lines)


def render(learned: Learned, guide: Guide, words: Words) -> str:
    """The sections one below the other."""
    lines = [words.say("learned.title", date=numerals.short_date(learned.until, words.language))]
    for each in sections(learned, guide, words):
        lines += ["", each.title, *([f"{INDENT}{each.reading}"] if each.reading else []), *(INDENT + line for line in each.lines)]
    return "\n".join(lines)


def _effects(learned: Learned, guide: Guide, words: Words) -> Section:
    counts = {"all": learned.assignments, "open": learned.not_over, "unfit": learned.unfit}
    counts |= {"known": learned.assignments - learned.not_over - learned.unfit}
    said = {name: numerals.number(count, words.language) for name, count in counts.items()}
    lines = [words.say("learned.counted", days=learned.window_days, **said)]
    lines += [_effect(each, guide, words) for each in learned.effects] or [words.say("learned.no_effect")]
    key, version = STEADIED.get(learned.adjusted_by, "model"), learned.adjusted_by.rpartition(" ")[2]
    by = words.say(f"learned_by.{key}", version=version)
    reading = words.say("learned.effects_read", days=learned.window_days, by=by) if learned.effects else ""
    return Section(words.say("learned.effects"), reading, tuple(lines))


def _effect(each: PlayEffect, guide: Guide, words: Words) -> str:
    play = guide.play_name(each.play, words)
    counts = words.say("learned.arms", treated=each.treated, holdout=each.holdout)
    if each.effect is None:
        return words.say("learned.too_few", what=play, counts=counts)
    told = f"{play}: {_points(each.effect, words)} ({counts})"
    if each.naive is None:
        return told
    naive = {"naive": points(each.naive.difference, words.language), "bias": _points(each.naive.bias, words)}
    return f"{told}; {words.say('learned.naive', **naive)}"


def _points(estimate: Estimate, words: Words) -> str:
    mean, low, high = (points(each, words.language) for each in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} [{low}; {high}]"


def _programme(learned: Learned, words: Words) -> Section:
    whole = next((each for each in learned.programme if each.by == "all"), None)
    if whole is None:
        return Section(words.say("learned.programme"), "", ())
    lines = [
        words.say("learned.attempted", share=_share(whole.attempt_rate, words), count=whole.assigned),
        words.say("learned.saved", share=_share(whole.success_rate, words), count=whole.finished),
        words.say("learned.roi", roi=_times(whole.roi, words), credited=_times(whole.credited_roi, words)),
        words.say("learned.retained", share=_share(whole.retained_rate, words), count=whole.renewals_seen),
    ]
    if whole.days_to_save is not None:
        lines.append(words.say("learned.days_to_save", days=numerals.number(whole.days_to_save, words.language)))
    return Section(words.say("learned.programme"), "", tuple(lines))


def _right(learned: Learned, words: Words) -> Section:
    found, title = learned.who_was_right, words.say("right.title")
    if found is None:
        return Section(title, "", (words.say("right.nobody"),))
    lines = [*_overrides(found.overrides, words)]
    lines += [
        words.say("right.cause", family=family_title(each.family, words), **each.model_dump(exclude={"family", "said"}))
        for each in found.causes
    ]
    lines += [words.say("right.person", **each.model_dump()) for each in found.people]
    return Section(title, words.say("right.reading", days=found.horizon_days), tuple(lines))


def _overrides(found: OverrideRecord, words: Words) -> Iterator[str]:
    if not found.said:
        return
    yield words.say("right.overrides", **found.model_dump(include={"said", "person", "model", "agreed", "open"}))
    if found.person_brier is None or found.model_brier is None or found.low is None or found.high is None:
        yield words.say("right.too_few", accounts=found.accounts)
        return
    closer = "person" if found.high < 0 else "model" if found.low > 0 else "nobody"
    measures = {name: numerals.measure(getattr(found, f"{name}_brier"), words.language) for name in ("person", "model")}
    yield words.say(f"right_closer.{closer}", accounts=found.accounts, left=found.left, **measures)


def _portfolio(learned: Learned, guide: Guide, words: Words) -> Section:
    found, language, currency = learned.portfolio, words.language, guide.params.currency
    since, until = (numerals.short_date(day, language) for day in (found.since, found.until))
    shares = {name: _share(getattr(found, name), words) for name in ("nrr", "grr", "logo_churn")}
    arr = numerals.money(found.arr, currency, language)
    lines = [words.say("learned.kept", accounts=numerals.number(found.accounts, language), arr=arr, **shares)]
    if found.scored_on is not None:
        lines.append(words.say("learned.at_risk", date=numerals.short_date(found.scored_on, language)))
        for each in found.at_risk:
            quarter = words.known(f"learned_quarter.{each.quarter}", each.quarter)
            money = {
                "risk": numerals.money(each.arr_at_risk, currency, language),
                "arr": numerals.money(each.arr, currency, language),
            }
            lines.append(words.say("learned.quarter", quarter=quarter, **money))
    return Section(words.say("learned.portfolio", since=since, until=until), "", tuple(lines))


def _share(share: float | None, words: Words) -> str:
    return words.say("page.unknown") if share is None else numerals.share(share, words.language)


def _times(ratio: float | None, words: Words) -> str:
    return words.say("page.unknown") if ratio is None else numerals.number(ratio, words.language)
