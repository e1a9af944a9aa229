"""A table's model card in one language, before it becomes HTML: the same parts as a company's card, with a table's words."""

from datetime import date

from serving.card import Cell, Metrics
from serving.table_card import pictures
from serving.table_card.facts import Check, ColumnFact, TableFacts
from serving.table_card.limits import controls, limits, sentence
from serving.table_card.words import TableWords
from serving.web import card_page, numerals
from serving.web.card_cells import Shown, number, percent, said_cell, with_interval
from serving.web.card_page import CardPage

SHOWN = tuple(name for name in card_page.SHOWN if name != "value_at_capacity")  # a table knows no money
RANKINGS = ("model", "boosting", "anchor", "best_column", "base_rate")
PRINTS = ("data", "code", "params")
NO_MONEY = ""


def table_page(facts: TableFacts, words: TableWords) -> CardPage:
    """Compose the card."""
    say = words.say
    return CardPage(
        title=say("card.title"),
        made=say("table_card.made", file=facts.file),
        summary=_summary(facts, words),
        data=_data(facts, words),
        tables=_columns(facts, words),
        missing=_left_out(facts, words),
        framing=_framing(facts, words),
        measured=_measured(facts, words),
        explained=tuple((say(f"card.metric_{name}"), say(f"card.metric_{name}_means")) for name in SHOWN),
        pictures=pictures.of_test(facts, words),
        driving=pictures.of_columns(facts, words),
        groups=None,
        second=None,
        second_notes=(),
        limits=limits(facts, words),
        controls=controls(facts, words),
        gate=_gate(facts, words),
        fingerprints=tuple(
            (say(f"card.print_{name}"), facts.fingerprints[name]) for name in PRINTS if name in facts.fingerprints
        ),
    )


def _summary(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    say, lines = words.say, [_kind(facts, words)]
    found, rival = facts.metrics.get("model", {}), facts.metrics.get("best_column", {})
    if not found:
        lines.append(say("table_card.untested"))
    else:
        ranks, beside = (said_cell(each.get("auc"), "auc", words, NO_MONEY) for each in (found, rival))
        lines.append(say("table_card.summary_ranks", auc=ranks, rival=beside))
    caught = found.get("arr_recall_at_capacity")
    if caught is not None and caught.value is not None:
        capacity = percent(facts.capacity_share, words)
        lines.append(say("table_card.summary_catches", capacity=capacity, share=percent(caught.value, words)))
    lines.append(say("card.summary_gate_passed" if facts.passed else "card.summary_gate_refused"))
    return (*lines, *(sentence(words.pick(each.said)) for each in facts.gate if not each.passed))


def _kind(facts: TableFacts, words: TableWords) -> str:
    if facts.kind == "anchor":
        return words.say("card.kind_anchor")
    share = numerals.share(facts.anchor_share, words.language)
    return words.say("card.kind_blend", share=share) if facts.anchor_share else words.say("card.kind_trees")


def _framing(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    say, label = words.say, facts.label
    named = {"label": label.column, "value": label.positive}
    lines = [say("table_card.what", **named) if label.positive is None else say("table_card.what_value", **named)]
    if not facts.folds:
        lines.append(say("table_card.untested"))
    elif facts.time is not None:
        lines.append(words.count("table_card.tested_forward", facts.folds, folds=facts.folds, column=facts.time.column))
        if facts.time.label_days:
            days = number(facts.time.label_days, words)
            lines.append(say("table_card.label_days", days=days, column=facts.time.column))
    else:
        lines.append(say("table_card.tested_dealt" if facts.group is None else "table_card.tested_grouped", folds=facts.folds))
    return (*lines, say("card.framing_capacity", share=percent(facts.capacity_share, words)))


def _data(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    say = words.say
    rows, churned = number(facts.rows, words), number(facts.churned, words)
    lines = [say("card.data_rows", rows=rows, churned=churned, share=percent(facts.churned / facts.rows, words))]
    if facts.group is None:
        lines.append(say("table_card.ungrouped"))
    else:
        groups, left = number(facts.group.groups, words), number(facts.group.churned, words)
        lines.append(say("table_card.grouped", column=facts.group.column, groups=groups, churned=left))
    if facts.time is not None:
        first, last = (_moment(each, words) for each in (facts.time.first, facts.time.last))
        lines.append(say("table_card.timed", column=facts.time.column, first=first, last=last))
    return (*lines, *(sentence(words.pick(each)) for each in facts.data_notes))


def _moment(value: date | float, words: TableWords) -> str:
    return numerals.short_date(value, words.language) if isinstance(value, date) else number(value, words)


def _columns(facts: TableFacts, words: TableWords) -> Shown:
    say = words.say
    names = ("card.table", "table_card.kind", "table_card.known", "table_card.push")
    directed = any(each.direction for each in facts.columns)
    shown = (*names, "table_card.direction") if directed else names
    lines = tuple(_column(each, words, directed=directed) for each in facts.columns)
    return Shown(say("card.tables"), tuple(say(name) for name in shown), lines)


def _column(column: ColumnFact, words: TableWords, *, directed: bool) -> tuple[tuple[str, str], ...]:
    kind = words.say("table_card.kind_category" if column.category else "table_card.kind_number")
    push = numerals.measure(column.push, words.language)
    cells = (column.name, kind, numerals.share(column.known, words.language), push)
    held = {1: "table_card.direction_rising", -1: "table_card.direction_falling"}.get(column.direction)
    more = (numerals.UNKNOWN if held is None else words.say(held),) if directed else ()
    return tuple((cell, "") for cell in (*cells, *more))


def _left_out(facts: TableFacts, words: TableWords) -> tuple[str, ...]:
    lines = [
        words.say("table_card.left_out_asked", column=each.name)
        if each.why is None
        else words.say("table_card.left_out", column=each.name, why=words.pick(each.why))
        for each in facts.left_out
    ]
    return tuple(lines) or (words.say("card.nothing_missing"),)


def _measured(facts: TableFacts, words: TableWords) -> tuple[Shown, ...]:
    """One table, bare where nothing was tested. A member that is the model itself has no column of its own."""
    found = facts.metrics
    if not found:
        return (Shown(words.say("table_card.untested"), (), ()),)
    said = {"rows": number(facts.tested_rows, words), "churned": number(facts.tested_churned, words)}
    caption = words.say("table_card.tested" if facts.group is None else "table_card.tested_grouped_rows", **said)
    present = [name for name in RANKINGS if name in found and (name == "model" or found[name] != found["model"])]
    lines = tuple(
        (
            (words.say(f"card.metric_{metric}"), ""),
            *(with_interval(_told(found, name, metric), metric, words, NO_MONEY) for name in present),
        )
        for metric in SHOWN
        if metric in found["model"]
    )
    return (Shown(caption, (words.say("card.metric"), *(words.say(f"card.ranking_{name}") for name in present)), lines),)


def _told(found: Metrics, ranking: str, metric: str) -> Cell | None:
    """What was measured; of one and the same probability for everybody there is no slope to tell."""
    return None if (ranking, metric) == ("base_rate", "calibration_slope") else found[ranking].get(metric)


def _verdict(check: Check, facts: TableFacts) -> str:
    """A control that could not be run lets the model through, but shows nothing."""
    if check.check == "permuted_labels" and facts.controls.permuted.value is None:
        return "table_card.unmeasured"
    return "card.passed" if check.passed else "card.refused"


def _gate(facts: TableFacts, words: TableWords) -> Shown:
    lines = tuple(
        (
            (words.known(f"card.check_{each.check}", each.check), ""),
            (words.say(_verdict(each, facts)), ""),
        )
        for each in facts.gate
    )
    return Shown(words.say("card.gate"), (words.say("card.check"), words.say("card.verdict")), lines)
