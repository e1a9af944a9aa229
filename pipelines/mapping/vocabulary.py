"""What things are called elsewhere, read from `words.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from features.tables import TABLES
from pipelines.mapping.names import Words, folded, words_of

_CONTRACT = {"known_at", "row_id"}


@dataclass(frozen=True)
class Vocabulary:
    """Phrases as tuples of words. `columns`: by table and column, the contract's own name first; `values`: by table.column, a
    folded word to the contract's. `monthly`: columns that hold a twelfth of `arr`.
    """

    tables: Mapping[str, tuple[Words, ...]]
    columns: Mapping[str, Mapping[str, tuple[Words, ...]]]
    values: Mapping[str, Mapping[str, str]]
    known: Mapping[str, tuple[Words, ...]]
    left: tuple[Words, ...]
    monthly: tuple[Words, ...]
    outcome: tuple[Words, ...]
    flags: Mapping[str, str]
    missing: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The words of the file, checked against the contract: a table, column or value it does not have is a `ValueError`."""
    said = yaml.safe_load(files("pipelines.mapping").joinpath("words.yaml").read_text(encoding="utf-8"))
    columns = {}
    for name, table in TABLES.items():
        own = said["tables"][name]["columns"]
        unknown = set(own) - {column.name for column in table.columns}
        if unknown:
            raise ValueError(f"words.yaml: {name} has no columns {sorted(unknown)}")
        named = [column.name for column in table.columns] + ["row_id"]
        columns[name] = {each: _phrases([each, *own.get(each, ()), *said["every_table"].get(each, ())]) for each in named}
    return Vocabulary(
        tables={name: _phrases([name, *said["tables"][name]["words"]]) for name in TABLES},
        columns=columns,
        values=_values(said["values"]),
        known={kind: _phrases(phrases) for kind, phrases in said["known_at"].items()},
        left=_phrases(said["left_at"]),
        monthly=_phrases(said["tables"]["subscriptions"]["monthly"]),
        outcome=_phrases(said["outcome_words"]),
        flags={folded(word): flag for flag, words in said["flags"].items() for word in words},
        missing=frozenset(word.lower() for word in said["missing"]),
    )


def _phrases(phrases: list[str]) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(words_of(phrase) for phrase in phrases))


def _values(said: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, str]]:
    found = {}
    for place, words in said.items():
        table, _, column = place.partition(".")
        allowed = TABLES[table].column(column).allowed
        if set(words) != set(allowed):
            raise ValueError(f"words.yaml: {place} takes {allowed}, not {sorted(words)}")
        found[place] = {folded(each): value for value in allowed for each in (value, *words[value])}
    return found
