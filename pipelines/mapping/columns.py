"""From a match to what the mapping file says of a column: how times and numbers are written, what words mean, and why."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from features.cleaning.staging import ATTRIBUTE
from features.contracts import Column, Table
from pipelines.mapping.habits import Habits
from pipelines.mapping.looking import FileLook, Look
from pipelines.mapping.matching import Fit, Match, meaning
from pipelines.mapping.names import folded, snake
from pipelines.mapping.proposal import Said, Suggestion, says_open
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import MappingParams
from pipelines.sources.mapping_cell import OPEN

_REPEATED = "NOT different"
UNPLACED = "no place in the contract"


def suggestion(fit: Fit, column: Column, params: MappingParams, ways: Habits) -> Suggestion | None:
    """What is said of one column of the contract; None when it is optional and nothing in the file is like it.

    `ways`: how the file writes days and decimals, to settle 05/06/2024 and 1.200.
    """
    match, rivals = fit.match(column.name), fit.rivals.get(column.name, ())
    others = _candidates(rivals)
    if match is None:
        if not column.required:
            return None
        return Suggestion(column.name, OPEN, f"required, and no column is like it{others}", "open")
    look = fit.file.column(match.column)
    said, remarks = shown(look, column, fit.table, ways)
    remarks += _repeated(look, column, fit.table)
    why = "; ".join([f"{match.likeness:.2f} {_reason(match, column, fit.file)}", *remarks])
    if not column.required and remarks and remarks[-1].startswith(_REPEATED):
        return Suggestion(column.name, said, why, "offered")
    if fit.is_sure(column.name, params.sure):
        return Suggestion(column.name, said, why, "open" if says_open(said) else "sure")
    if column.required:
        also = _candidates((match, *rivals))
        return Suggestion(column.name, OPEN, f"required, and nothing is sure{also}", "open")
    return Suggestion(column.name, said, f"{why}{others}", "offered")


def shown(look: Look, column: Column, table: Table, ways: Habits) -> tuple[Said, list[str]]:
    """The short name of a column, or what must be said besides it; and remarks."""
    keys: dict[str, Any] = {}
    remarks: list[str] = []
    if column.kind == "time":
        keys, remarks = _time(look, ways.day_first)
    elif column.kind in ("number", "integer"):
        keys, remarks = _number(look, ways.decimal)
    elif column.kind == "bool":
        words = {cell: vocabulary().flags.get(folded(cell), OPEN) for cell in look.cells}
        keys = {"values": words} if set(words) - {"true", "false", "1", "0", "True", "False", "TRUE", "FALSE"} else {}
    elif column.allowed and look.cells:
        words = {cell: meaning(cell, table.name, column) or OPEN for cell in look.cells}
        keys = {"values": words} if any(cell != to for cell, to in words.items()) else {}
        unknown = [cell for cell, to in words.items() if to == OPEN]
        remarks = [f"DECIDE the words marked ?: one of {', '.join(column.allowed)}, or null for none of them"] if unknown else []
    elif column.allowed:
        remarks = [f"more words than can be listed; it takes {', '.join(column.allowed)}"]
    return ({"column": look.name, **keys} if keys else plain(look.name)), remarks


def plain(name: str) -> Said:
    """A column by its bare name; in the long form where the bare name would be read as a place to decide."""
    return {"column": name} if name == OPEN else name


def _time(look: Look, day_first: bool | None) -> tuple[dict[str, Any], list[str]]:
    times = look.times
    if times is None:
        return {"time": OPEN}, ["DECIDE how its times are written: they are read in no way known here"]
    remarks = [f"{1 - times.share:.1%} of the different cells are no such time: their rows will be rejected"] * (times.share < 1)
    ways: Any = list(times.ways) if len(times.ways) > 1 else (times.ways[0] if times.ways else None)
    if times.rivals and day_first is None:
        return {"time": OPEN}, [*remarks, f"DECIDE: '{times.ways[0]}' and '{times.rivals[0]}' both fit every cell"]
    if times.rivals:
        settled = times if times.ways[0].startswith("%d") == day_first else replace(times, ways=times.rivals)
        ways = list(settled.ways) if len(settled.ways) > 1 else settled.ways[0]
        remarks.append(f"day {'first' if day_first else 'second'} as in other columns")
    return ({"time": ways} if ways else {}), remarks


def _number(look: Look, decimal: str | None) -> tuple[dict[str, Any], list[str]]:
    numbers = look.numbers
    if numbers is None or numbers.decimal is None:
        return {}, []
    remarks = [f"{1 - numbers.share:.1%} of the different cells are no such number: their rows will be rejected"]
    remarks = remarks if numbers.share < 1 else []
    if numbers.decimal == OPEN and decimal is not None:
        return {"decimal": decimal}, [*remarks, f"decimal {decimal} as in other columns"]
    if numbers.decimal == OPEN:
        return {"decimal": OPEN}, [*remarks, "DECIDE the decimal sign, ',' or '.': the same cells are other numbers by each"]
    return {"decimal": numbers.decimal}, remarks


def _reason(match: Match, column: Column, file: FileLook) -> str:
    look = file.column(match.column)
    parts = ["same name" if match.column == column.name else "by name"]
    if look.filled < file.seen:
        parts.append(f"filled in {look.filled / max(file.seen, 1):.0%} of the rows")
    if look.unique and column.name.endswith("_id"):
        parts.append(f"different in each of {look.filled:,} rows")
    return ", ".join(parts)


def _repeated(look: Look, column: Column, table: Table) -> list[str]:
    """What a key that does not tell rows apart means."""
    if table.key != (column.name,) or look.unique or not look.filled:
        return []
    said = f"{_REPEATED} in {look.filled - look.distinct:,} of {look.filled:,} rows"
    return [f"{said}: rows with the same one are versions of one thing by known_at, or contradict each other"]


def _candidates(matches: tuple[Match, ...]) -> str:
    best = sorted(matches, key=lambda each: -each.likeness)[:3]
    return "; could be " + ", ".join(f"{each.column} ({each.likeness:.2f})" for each in best) if best else ""


def unused(fit: Fit, used: set[str]) -> tuple[tuple[str, str], ...]:
    """The columns of the file without a place, each with the reason; what tells the outcome is named as such."""
    found = []
    for look in fit.file.columns:
        if look.name in used:
            continue
        if not look.filled:
            found.append((look.name, "empty"))
        elif tells_outcome(look):
            found.append(
                (look.name, "sounds like today's state or the outcome itself: keep it out of here, or it tells the answer")
            )
        else:
            found.append((look.name, UNPLACED))
    return tuple(found)


def tells_outcome(look: Look) -> bool:
    """Whether a name is that of a state as it is now, or of the outcome."""
    return any(_ends(look.words, phrase) for phrase in (*vocabulary().outcome, *vocabulary().left))


def _ends(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return words[-len(phrase) :] == phrase or words[: len(phrase)] == phrase


def own_names(fit: Fit) -> list[Suggestion]:
    """Columns beyond the declared ones that bear a name of the contract already: `attr_…` of accounts, `…_known_at`."""
    known = {f"{column.name}_known_at" for column in fit.table.columns}
    return [
        Suggestion(look.name, look.name, "a name of the contract's own", "sure")
        for look in fit.file.columns
        if look.filled and (look.name in known or (fit.table.name == "accounts" and look.name.startswith(ATTRIBUTE)))
    ]


def offered_attributes(left: Sequence[tuple[str, str]]) -> list[Suggestion]:
    """Other columns of accounts as free attributes, commented out: only what never changes may be one without versions."""
    return [
        Suggestion(ATTRIBUTE + snake(name), plain(name), "a free attribute, if it never changes", "offered")
        for name, why in left
        if why == UNPLACED
    ]
