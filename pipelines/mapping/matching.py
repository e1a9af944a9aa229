"""The columns of one file against those of one table: how well each fits by name and by content, and who gets which."""

from collections.abc import Mapping
from dataclasses import dataclass

from features.contracts import Column, Table
from pipelines.mapping.looking import FileLook, Look
from pipelines.mapping.names import Words, folded, nearest
from pipelines.mapping.vocabulary import vocabulary

MISFIT = 0.4  # what is left of a likeness when the cells are of another kind
HALF = 0.5  # share of the rows below which a required column is hardly the one
SAME = 0.04  # likenesses that lie so near each other are no choice


@dataclass(frozen=True)
class Match:
    """A column of a file that may be a column of the contract, and how likely (0 to 1)."""

    column: str
    likeness: float


@dataclass(frozen=True)
class Fit:
    """A file as a table. `chosen`: contract column -> match; `rivals`: contract column -> others that fit, the best first.

    `likeness` (0 to 1) weighs the name of the file, the required columns found and how much of the file is used.
    """

    table: Table
    file: FileLook
    chosen: Mapping[str, Match]
    rivals: Mapping[str, tuple[Match, ...]]
    likeness: float

    def match(self, column: str) -> Match | None:
        """The match of a contract column, None without one."""
        return self.chosen.get(column)

    def is_sure(self, column: str, sure: float) -> bool:
        """Whether the column has a match that is good enough and stands alone."""
        match = self.chosen.get(column)
        if match is None or match.likeness < sure:
            return False
        return not any(rival.likeness > match.likeness - SAME for rival in self.rivals.get(column, ()))


def fit(file: FileLook, table: Table, possible: float) -> Fit:
    """How well the file is the table; the same column of the file serves one column of the contract at most."""
    declared = {column.name: column for column in table.columns}
    scored = [
        (likeness(look, column, table, file.seen), column, look)
        for column in declared.values()
        for look in file.columns
        if look.filled or column.required
    ]
    scored = [each for each in scored if each[0] >= possible]
    scored.sort(key=lambda each: (-each[0], not each[1].required, each[2].name))
    chosen: dict[str, Match] = {}
    taken: set[str] = set()
    for score, column, look in scored:
        if column.name not in chosen and look.name not in taken:
            chosen[column.name] = Match(look.name, score)
            taken.add(look.name)
    rivals = {
        name: tuple(Match(look.name, score) for score, column, look in scored if column.name == name and look.name not in taken)
        for name in declared
    }
    return Fit(table, file, chosen, rivals, _table_likeness(file, table, chosen))


def likeness(look: Look, column: Column, table: Table, rows: int) -> float:
    """How likely a column of a file is one of the table: by its name, lessened where its cells are of another kind or few."""
    phrases = vocabulary().columns[table.name][column.name]
    near = max(nearest(look.words, phrases), 0.97 * nearest(_without_table(look.words, table.name), phrases))
    seldom = 0.7 if column.required and look.filled < HALF * rows else 1.0
    return near * seldom * _kind(look, column, table)


def _without_table(words: Words, table: str) -> Words:
    """The name without words for the table itself: `ticket_priority` of tickets is (priority)."""
    for phrase in sorted(vocabulary().tables[table], key=len, reverse=True):
        if len(words) > len(phrase):
            if words[: len(phrase)] == phrase:
                return words[len(phrase) :]
            if words[-len(phrase) :] == phrase:
                return words[: -len(phrase)]
    return words


def _named(words: Words, phrases: tuple[Words, ...]) -> float:
    """How likely a file of that name is the table: a longer phrase inside a name says more than a shorter one."""
    inside = [0.8 + 0.05 * len(phrase) for phrase in phrases if _holds(words, phrase)]
    return max([nearest(words, phrases), *inside])


def _holds(words: Words, phrase: Words) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))


def _kind(look: Look, column: Column, table: Table) -> float:
    if not look.filled:
        return 0.9
    if column.kind == "time":
        return 1.0 if look.times else MISFIT
    if column.kind in ("number", "integer"):
        return 1.0 if look.numbers else 0.9 if look.is_flag and column.name == "reopened" else MISFIT
    if column.kind == "bool":
        return 1.0 if look.is_flag else MISFIT
    if column.allowed:
        return MISFIT + (1 - MISFIT) * min(1.0, 2 * known_share(look, table.name, column))
    if column.name.endswith("_id") and look.numbers and look.name.lower().endswith("s"):
        return MISFIT  # users and licences are counted
    return MISFIT if look.times and not look.numbers and not column.free_text else 1.0


def known_share(look: Look, table: str, column: Column) -> float:
    """The share of the different cells of a column that are words for what the contract allows; 0 when they are many."""
    if not look.cells:
        return 0.0
    return sum(meaning(cell, table, column) is not None for cell in look.cells) / len(look.cells)


def meaning(cell: str, table: str, column: Column) -> str | None:
    """What a cell is in the contract's words; None when nobody said."""
    return vocabulary().values.get(f"{table}.{column.name}", {}).get(folded(cell))


def _table_likeness(file: FileLook, table: Table, chosen: Mapping[str, Match]) -> float:
    required = [column.name for column in table.columns if column.required]
    found = sum(chosen[name].likeness for name in required if name in chosen) / len(required)
    used = sum(match.likeness for match in chosen.values()) / max(len(file.columns), 1)
    named = _named(file.words, vocabulary().tables[table.name])
    own_key = [name for name in table.key if name != "account_id"] if len(table.key) == 1 and table.name != "accounts" else []
    key = [chosen[name] for name in (own_key or ["account_id"]) if name in chosen]
    tells_apart = all(file.column(match.column).unique for match in key)
    if table.name == "accounts" and key and not tells_apart:
        found *= 0.7  # one row an account, or versions of it
    return 0.4 * found + 0.4 * named + 0.2 * min(1.0, used)
