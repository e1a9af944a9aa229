"""What stands for `known_at`: a column that says when a row was learned, else the time of the row itself and a stated delay."""

from features.contracts import Table
from pipelines.mapping.columns import shown
from pipelines.mapping.habits import Habits
from pipelines.mapping.looking import FileLook, Look
from pipelines.mapping.names import nearest
from pipelines.mapping.proposal import Suggestion, says_open
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import MappingParams

_UNSAID = "no column says when a row was learned"


def delayed(column: str, params: MappingParams) -> str:
    """The words on what stands in for `known_at`: a time of the row and the stated delay."""
    days = f"{params.delay_days:g} day{'' if params.delay_days == 1 else 's'}"
    return f"{column} plus {days}"


def whole(days: float) -> float:
    """A whole number of days without its `.0`."""
    return int(days) if days == int(days) else days


def known_at(
    file: FileLook, table: Table, columns: list[Suggestion], params: MappingParams, ways: Habits
) -> tuple[Suggestion | None, str, str]:
    """(what is said of `known_at`, the words on what stands in for it, a note above the part); None where the contract's own
    stand-in is not of this table.
    """
    taken = {each.said if isinstance(each.said, str) else each.said.get("column") for each in columns if each.state == "sure"}
    free = [look for look in file.columns if look.times and look.name not in taken]
    honest, likeness = _best(free, "honest")
    kinds = ["signed", "made"] if table.column(table.time).plan else ["made"]
    if likeness < params.sure:
        honest, likeness = max((_best(free, kind) for kind in kinds), key=lambda each: each[1])
    if honest is not None and likeness >= params.sure:
        said, remarks = shown(honest, table.column(table.time), table, ways)
        why = "; ".join([f"{likeness:.2f} by name, when the row was learned", *remarks])
        return Suggestion("known_at", said, why, "open" if says_open(said) else "sure"), "", ""
    time = next((each for each in columns if each.name == table.time and each.state == "sure"), None)
    if time is None or table.stand_in != table.time:
        return None, "", ""
    keys = {"column": time.said} if isinstance(time.said, str) else dict(time.said)
    stand_in = f"{delayed(keys.get('column', table.time), params)}: {_UNSAID}"
    why = f"CHECK the delay: how many days after {table.time} does such a row reach this file, at the latest?"
    said = {**keys, "plus_days": whole(params.delay_days)}
    return Suggestion("known_at", said, why, "sure"), stand_in, _note(file, table, free, params)


def _best(looks: list[Look], kind: str) -> tuple[Look | None, float]:
    rated = [(nearest(look.words, vocabulary().known[kind]), look.name, look) for look in looks]
    likeness, _, best = max(rated, key=lambda each: (each[0], each[1]), default=(0.0, "", None))
    return best, likeness


def _note(file: FileLook, table: Table, free: list[Look], params: MappingParams) -> str:
    said = f"NO column says when a row was learned: {delayed(table.time, params)} stands in."
    changed, likeness = _best(free, "rewritten")
    if changed is not None and likeness >= 0.9:
        said += f" {changed.name} is when a row was last changed: safe as known_at, but it hides what was known before."
    if table.name == "accounts":
        said += " A file with one row an account says what is so today: a column that changes in life"
        said += " would tell the past what only today knows. Leave it out unless its older values are in the file too."
    elif any(column.follows or column.late for column in table.columns if any(_has(file, table, column.name))):
        said += " What becomes true later (an answer, a solution) counts from its own time all the same."
    return said


def _has(file: FileLook, table: Table, column: str) -> list[bool]:
    phrases = vocabulary().columns[table.name][column]
    return [nearest(look.words, phrases) >= 1 for look in file.columns]
