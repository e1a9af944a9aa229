"""The mapping file: somebody's own files onto the contract, as `tenure map` proposes it and a person corrects it."""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from features.cleaning.staging import ATTRIBUTE
from features.contracts import Table
from features.errors import BadInput
from features.one_of_each import read_yaml
from features.tables import TABLES
from pipelines.sources.csv_file import Layout
from pipelines.sources.mapping_cell import OPEN, Cell, Text

ENDINGS = (".yaml", ".yml")
_ALWAYS = ("known_at", "row_id")
_NEEDED = "Write its `- file: …` and `columns:` with {}, or remove it."
_NEXT = "`tenure map FOLDER --out FILE.yaml` writes one to begin with."


class FileLayout(BaseModel):
    """How a CSV file is written: the sign between its cells and its encoding."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8"

    @field_validator("encoding")
    @classmethod
    def _known(cls, given: str) -> str:
        try:
            codecs.lookup(given)
        except LookupError as error:
            raise ValueError("no such encoding; write it as utf-8, cp1252 or utf-16") from error
        return given


class Part(BaseModel):
    """A table, or a part of one, from the rows of a file (or of all files that a pattern such as `usage_*.csv` finds).

    `where`: an SQL condition on its columns; other rows are left out and counted. `stand_in` says in words what stands for
    `known_at`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    where: str | None = None
    stand_in: str = ""
    columns: dict[str, Cell] = Field(min_length=1)


class MappingFile(BaseModel):
    """The whole mapping. `missing`: texts that mean nothing is known, in every column. `files`: those that are not plain CSV."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    missing: tuple[Text, ...] = ()
    files: dict[str, FileLayout] = Field(default_factory=dict)
    tables: dict[str, tuple[Part, ...]] = Field(min_length=1)

    def layout(self, name: str) -> Layout:
        """How a file is written: what `files` says of it, or of a pattern that finds it, else the contract's way."""
        patterns = (layout for pattern, layout in self.files.items() if fnmatchcase(name, pattern))
        said = self.files.get(name) or next(patterns, FileLayout())
        return Layout(said.delimiter, said.encoding)


def is_mapping(source: str) -> bool:
    """Whether `--source` names a file rather than a source."""
    return source.lower().endswith(ENDINGS)


def read_mapping(path: Path) -> MappingFile:
    """The mapping in a file; `BadInput` with every problem at once, open places among them."""
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise BadInput(f"--source {path} {what}. Give a mapping file; {_NEXT}")
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"--source {path} is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise BadInput(f"--source {path} holds no mapping. Write `tables:` and the tables below it; {_NEXT}")
    lacking = [name for name, parts in _tables(content) if parts == OPEN]
    problems = [f"tables.{name}: still open (?). {_NEEDED.format(_required(name))}" for name in lacking]
    given = {**content, "tables": {k: v for k, v in _tables(content) if k not in lacking}} if lacking else content
    try:
        mapping = MappingFile.model_validate(given)
    except ValidationError as error:
        raise BadInput(_listed(path, [*problems, *(_line(detail) for detail in error.errors())])) from error
    problems += _problems(mapping)
    if problems:
        raise BadInput(_listed(path, problems))
    return mapping


def _tables(content: dict[Any, Any]) -> list[tuple[str, Any]]:
    tables = content.get("tables")
    return list(tables.items()) if isinstance(tables, dict) else []


def _required(name: str) -> str:
    return ", ".join(column.name for column in TABLES[name].columns if column.required) if name in TABLES else "its columns"


def _listed(path: Path, problems: list[str]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"--source {path} has {count}:", *(f"  {problem}" for problem in problems)])


def _problems(mapping: MappingFile) -> Iterator[str]:
    """What is wrong by the contract, and what is still open."""
    for name, parts in mapping.tables.items():
        if name not in TABLES:
            yield f"tables.{name}: the contract has no such table.{near(name, TABLES)} It has {', '.join(TABLES)}."
            continue
        if not parts:
            yield f"tables.{name}: nothing stands below it. Write `- file: …` and its `columns:`, or remove the table."
        for number, part in enumerate(parts, 1):
            where = f"tables.{name}" + (f" (part {number})" if len(parts) > 1 else "")
            yield from _part_problems(where, TABLES[name], part.columns)


def _part_problems(where: str, table: Table, columns: Mapping[str, Cell]) -> Iterator[str]:
    declared = {column.name: column for column in table.columns}
    for name, cell in columns.items():
        plain = name.removesuffix("_known_at") if name != "known_at" else name
        if plain not in (*declared, *_ALWAYS) and not (table.name == "accounts" and name.startswith(ATTRIBUTE)):
            own = f", and {ATTRIBUTE}<name>" if table.name == "accounts" else ""
            yield f"{where}.columns.{name}: no such column.{near(name, declared)} It has {', '.join([*declared, *_ALWAYS])}{own}."
        for place in cell.open:
            inside = "" if place == OPEN else f", {place}"
            at = f"{where}.columns.{name}{inside}"
            yield f"{at}: still open (?). Decide it; the comment beside it says what could stand there."
        allowed = declared[name].allowed if name in declared else ()
        if allowed:
            yield from _wrong_values(f"{where}.columns.{name}", cell, allowed)
    lacking = [column.name for column in table.columns if column.required and column.name not in columns]
    if lacking:
        said = f"{where}: required and not mapped: {', '.join(lacking)}."
        yield f"{said} Name a column of the file, {{value: …}} for one that never changes, or {{expression: …}}."


def _wrong_values(where: str, cell: Cell, allowed: tuple[str, ...]) -> Iterator[str]:
    given = {f"values: {word}": to for word, to in (cell.values or {}).items()} | {"value": cell.value}
    for place, to in given.items():
        if to is not None and to != OPEN and to not in allowed:
            yield f"{where}, {place}: {to!r} is no value of it.{near(to, allowed)} It takes {', '.join(allowed)}."


def near(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like it, as a question with a space before; empty when none does. Case is no difference."""
    folded = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), folded, n=1)
    return f" Did you mean {folded[found[0]]}?" if found else ""


_KEYS: dict[int, type[BaseModel]] = {1: MappingFile, 3: FileLayout, 4: Part, 6: Cell}  # by how deep the key lies


def _line(detail: ErrorDetails) -> str:
    loc = [step for step in detail["loc"] if step != "Cell"]
    key = ".".join(str(step + 1) if isinstance(step, int) else step for step in loc)
    model = _KEYS.get(len(loc))
    if detail["type"] == "extra_forbidden" and model:
        return f"{key}: no such key.{near(str(loc[-1]), tuple(model.model_fields))} It takes {', '.join(model.model_fields)}."
    if detail["type"] == "missing":
        return f"{key}: missing."
    return f"{key}: {detail['msg'].removeprefix('Value error, ')}."
