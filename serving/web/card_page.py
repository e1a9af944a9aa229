"""The model card in one language, before it becomes HTML."""

from dataclasses import dataclass

from markupsafe import Markup

from features.signal import FAMILIES
from serving.card import CardFacts, Group, Measured
from serving.web import card_pictures, numerals
from serving.web.card_cells import Shown, number, percent, plain, said_cell, with_interval
from serving.web.card_second import second_notes, second_table
from serving.web.driver_part import family_title
from serving.web.words import Words

SHOWN = (
    *("auc", "average_precision", "brier_skill", "log_loss", "observed_expected", "calibration_slope", "calibration_error"),
    *("precision_at_capacity", "lift_at_capacity", "arr_recall_at_capacity", "value_at_capacity"),
)
RANKINGS = ("model", "champion", "anchor", "rule_score", "recency", "calendar", "base_rate")
OF_GROUPS = ("auc", "brier_skill", "observed_expected", "arr_recall_at_capacity")


@dataclass(frozen=True)
class Picture:
    """A figure under its title, and how it is to be read."""

    title: str
    svg: Markup
    read: str


@dataclass(frozen=True)
class CardPage:
    """The card: what stands at its head, then part by part."""

    title: str
    made: str
    summary: tuple[str, ...]
    data: tuple[str, ...]
    tables: Shown
    missing: tuple[str, ...]
    framing: tuple[str, ...]
    measured: tuple[Shown, ...]
    explained: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...]
    driving: tuple[Picture, ...]
    groups: Shown | None
    second: Shown | None
    second_notes: tuple[str, ...]
    limits: tuple[str, ...]
    controls: tuple[str, ...]
    gate: Shown
    fingerprints: tuple[tuple[str, str], ...]


def card_page(facts: CardFacts, words: Words, currency: str) -> CardPage:
    """Compose the card; money is in `currency`."""
    say = words.say
    return CardPage(
        title=say("card.title"),
        made=say("card.made", date=numerals.short_date(facts.until, words.language)),
        summary=_summary(facts, words),
        data=_data(facts, words),
        tables=_tables(facts, words),
        missing=_missing(facts, words),
        framing=_framing(facts, words),
        measured=tuple(_measured(each, words, currency) for each in facts.measured),
        explained=tuple((say(f"card.metric_{name}"), say(f"card.metric_{name}_means")) for name in SHOWN),
        pictures=_pictures(facts, words),
        driving=_driving(facts, words),
        groups=_groups(facts, words, currency),
        second=second_table(facts, words),
        second_notes=second_notes(facts, words),
        limits=_limits(facts, words),
        controls=_controls(facts, words),
        gate=_gate(facts, words),
        fingerprints=tuple((say(f"card.print_{name}"), value) for name, value in facts.fingerprints.items()),
    )


def _summary(facts: CardFacts, words: Words) -> tuple[str, ...]:
    panel, capacity = facts.measured[0] if facts.measured else None, percent(facts.capacity_share, words)
    kind = (
        words.say("card.kind_anchor")
        if facts.kind == "anchor"
        else words.say("card.kind_blend", share=percent(facts.anchor_share, words))
    )
    lines = [kind]
    if panel is not None and panel.metrics:
        found, rival = panel.metrics["model"], panel.metrics.get("rule_score", {})
        lines.append(
            words.say(
                "card.summary_ranks",
                auc=said_cell(found.get("auc"), "auc", words, ""),
                rival=said_cell(rival.get("auc"), "auc", words, ""),
            )
        )
        caught, lead = found.get("arr_recall_at_capacity"), facts.lead_time.get("model")
        if caught is not None and caught.value is not None:
            lines.append(words.say("card.summary_catches", capacity=capacity, share=percent(caught.value, words)))
        if lead is not None and lead.value is not None:
            lines.append(words.say("card.summary_early", days=number(lead.value, words)))
    lines.append(
        words.say("card.summary_gate_passed" if all(each.passed for each in facts.gate) else "card.summary_gate_refused")
    )
    return tuple(lines)


def _data(facts: CardFacts, words: Words) -> tuple[str, ...]:
    day = [numerals.short_date(each, words.language) for each in (facts.until, facts.first_look, facts.last_look)]
    return (
        words.say("card.data_until", until=day[0]),
        words.say("card.data_looks", accounts=number(facts.accounts, words), first=day[1], last=day[2]),
        words.say("card.data_rows", rows=number(facts.rows, words), churned=number(facts.churned_accounts, words)),
    )


def _tables(facts: CardFacts, words: Words) -> Shown:
    say = words.say
    lines = tuple(
        (
            (words.known(f"tables.{each.name}", each.name), ""),
            (number(each.rows, words), ""),
            (numerals.UNKNOWN if each.first is None else numerals.short_date(each.first, words.language), ""),
            (numerals.UNKNOWN if each.last is None else numerals.short_date(each.last, words.language), ""),
            (number(each.rejected, words), ""),
        )
        for each in facts.tables
    )
    columns = (
        say("card.table"),
        say("card.table_rows"),
        say("card.table_first"),
        say("card.table_last"),
        say("card.table_rejected"),
    )
    return Shown(say("card.tables"), columns, lines)


def _missing(facts: CardFacts, words: Words) -> tuple[str, ...]:
    lines = []
    if facts.absent:
        lines.append(words.say("card.absent", tables=", ".join(words.known(f"tables.{each}", each) for each in facts.absent)))
    lines += [
        words.say(
            "card.missing_signal",
            signal=each.signal,
            family=family_title(each.family, words),
            share=percent(each.share, words),
        )
        for each in facts.missing
    ]
    return tuple(lines) or (words.say("card.nothing_missing"),)


def _framing(facts: CardFacts, words: Words) -> tuple[str, ...]:
    leads = [each.lead_days for each in facts.measured if each.lead_days is not None]
    lines = [
        words.say("card.framing_what", days=facts.last_day, horizon=facts.horizon_days),
        words.say("card.framing_whom"),
        words.say("card.framing_when"),
        words.say("card.framing_tested", origins=facts.origins),
        words.say("card.framing_capacity", share=percent(facts.capacity_share, words)),
    ]
    if leads:
        lines.append(words.say("card.framing_leads", days=", ".join(str(day) for day in leads)))
    return tuple(lines)


def _measured(found: Measured, words: Words, currency: str) -> Shown:
    said = {"rows": number(found.rows, words), "churned": number(found.churned_accounts, words)}
    caption = words.say("card.panel", **said) if found.lead_days is None else words.say("card.lead", days=found.lead_days, **said)
    present = [name for name in RANKINGS if name in found.metrics]
    lines = tuple(
        (
            (words.say(f"card.metric_{metric}"), ""),
            *(with_interval(found.metrics[ranking].get(metric), metric, words, currency) for ranking in present),
        )
        for metric in SHOWN
        if any(metric in found.metrics[ranking] for ranking in present)
    )
    return Shown(caption, (words.say("card.metric"), *(words.say(f"card.ranking_{name}") for name in present)), lines)


def _groups(facts: CardFacts, words: Words, currency: str) -> Shown | None:
    if not facts.groups:
        return None
    say = words.say
    columns = (
        say("card.group"),
        say("card.group_accounts"),
        say("card.group_left"),
        *(say(f"card.metric_{name}") for name in OF_GROUPS),
    )
    lines = tuple(
        (
            (f"{_trait(each, words)}: {_level(each, words)}", ""),
            (number(each.accounts, words), ""),
            (number(each.churned_accounts, words), ""),
            *_of_group(each, words, currency),
        )
        for each in facts.groups
    )
    return Shown(say("card.groups", churned=facts.slice_min_churned), columns, lines)


def _of_group(group: Group, words: Words, currency: str) -> tuple[tuple[str, str], ...]:
    if not group.enough:
        return ((words.say("card.too_few"), ""),)
    return tuple(with_interval(group.metrics.get("model", {}).get(name), name, words, currency) for name in OF_GROUPS)


def _trait(group: Group, words: Words) -> str:
    return words.known(f"card.trait_{group.trait}", words.known(f"columns.{group.trait}", group.trait.removeprefix("attr_")))


def _level(group: Group, words: Words) -> str:
    """A level by its name; a range of numbers as the language writes them."""
    if group.trait not in ("segment", "tenure"):
        return words.known(f"card.level_{group.level}", group.level)
    low, _, high = group.level.removesuffix("+").partition("-")
    if group.level.endswith("+"):
        return words.say("card.from", low=number(float(low), words))
    return words.say("card.between", low=number(float(low), words), high=number(float(high), words))


def _limits(facts: CardFacts, words: Words) -> tuple[str, ...]:
    lines = [words.say(f"card.limit_{name}") for name in ("cause", "plays", "drift", "money")]
    few = [each for each in facts.measured if each.churned_accounts < facts.few_churned]
    if few:
        lines.insert(0, words.say("card.limit_few", churned=facts.few_churned))
    if facts.kind == "anchor":
        lines.insert(0, words.say("card.limit_anchor"))
    small = [each for each in facts.groups if not each.enough]
    if small:
        lines.append(words.count("card.limit_groups", len(small)))
    return tuple(lines)


def _controls(facts: CardFacts, words: Words) -> tuple[str, ...]:
    found, lines = facts.controls, []
    if found.permuted.value is not None:
        said = {name: plain(value, words) for name, value in vars(found.permuted).items()}
        lines.append(words.say("card.control_permuted", **said))
    if found.random_auc is not None:
        lines.append(
            words.say(
                "card.control_random",
                random=plain(found.random_auc, words),
                honest=plain(found.honest_auc, words),
                random_precision=plain(found.random_average_precision, words),
                honest_precision=plain(found.honest_average_precision, words),
                rows=number(found.rows, words),
            )
        )
    return tuple(lines) or (words.say("card.control_none"),)


def _gate(facts: CardFacts, words: Words) -> Shown:
    lines = tuple(
        (
            (words.known(f"card.check_{each.check}", each.check), ""),
            (words.say("card.passed" if each.passed else "card.refused"), ""),
        )
        for each in facts.gate
    )
    return Shown(words.say("card.gate"), (words.say("card.check"), words.say("card.verdict")), lines)


def _pictures(facts: CardFacts, words: Words) -> tuple[Picture, ...]:
    return drawn(
        words,
        reliability=card_pictures.reliability(facts.bins, words, days=facts.horizon_days),
        gains=card_pictures.gains(facts.gains, facts.capacity_share, words),
        alerted=card_pictures.alerted(facts, words),
    )


def _driving(facts: CardFacts, words: Words) -> tuple[Picture, ...]:
    rows = card_pictures.signal_rows(facts.swarm, words)
    families = card_pictures.families(facts, words, FAMILIES)
    return drawn(words, swarm=card_pictures.beeswarm(rows, words), families=families)


def drawn(words: Words, **pictures: str | None) -> tuple[Picture, ...]:
    """Those that there are, each with its title and how it is read."""
    return tuple(
        Picture(words.say(f"card.{name}_title"), Markup(svg), words.say(f"card.{name}_read"))  # noqa: S704 - escaped in figures.svg
        for name, svg in pictures.items()
        if svg is not None
    )
