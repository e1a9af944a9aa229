"""Somebody's files looked at: rows, columns, what their cells can be read as, and which columns tell rows apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from duckdb import DuckDBPyConnection

from features.cleaning.casting import RawColumn
from features.cleaning.staging import describe
from features.errors import BadInput
from features.sql import literals, quoted
from pipelines.mapping.names import Words, folded, words_of
from pipelines.mapping.reading import Numbers, Times, currencies, kinds_of, read_numbers, read_times
from pipelines.mapping.sniffing import sniffed
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import MappingParams
from pipelines.sources.csv_file import CONTRACT, Layout
from pipelines.sources.place import Place, matching

_FEW = 60  # different values up to which a column may be a list of words


@dataclass(frozen=True)
class Look:
    """One column: how many of the rows looked at have a cell, how many different ones, and what these can be read as.

    `cells`: the different cells, when they are few. `signs`: currencies beside numbers. `blanks`: texts for "not known" in it.
    """

    name: str
    words: Words
    sql_type: str
    filled: int
    distinct: int
    times: Times | None
    numbers: Numbers | None
    is_flag: bool
    cells: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether no two rows looked at have the same cell."""
        return self.filled > 0 and self.distinct == self.filled


@dataclass(frozen=True)
class FileLook:
    """One file, or several with the same columns that a pattern finds. `rows` of it in all, `seen` of them looked at."""

    name: str
    layout: Layout
    relation: str
    rows: int
    seen: int
    columns: tuple[Look, ...]
    files: tuple[str, ...] = field(default=())

    @property
    def words(self) -> Words:
        """The words of its name, without folders, ending and numbers."""
        stem = self.name.rpartition("/")[2].partition(".")[0]
        return tuple(word for word in words_of(stem) if not word.isdigit())

    def column(self, name: str) -> Look:
        """The column of that name; `KeyError` when it has none."""
        return next(each for each in self.columns if each.name == name)


def look(connection: DuckDBPyConnection, where: Place, params: MappingParams) -> tuple[list[FileLook], list[str]]:
    """Every file that can be read, and a sentence on each that cannot."""
    opened: dict[str, tuple[str, Layout, tuple[str, ...]]] = {}
    problems = []
    with where.reading(connection) as bring:
        for number, name in enumerate(where.names):
            relation = f"own_{number}"
            try:
                layout = _layout(where, name)
                bring(name, relation, layout)
            except BadInput as error:
                problems.append(str(error))
                continue
            opened[name] = (relation, layout, tuple(describe(connection, relation)))
    looks = [_look_at(connection, name, files, opened, params) for name, files in _groups(where, opened).items()]
    return looks, problems


def _layout(where: Place, name: str) -> Layout:
    files = where.files((name,))
    return sniffed(files[0]) if files and not name.lower().endswith(".parquet") else CONTRACT


def _groups(where: Place, opened: dict[str, tuple[str, Layout, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Files with the same columns, layout and folder whose names begin alike are one table cut in pieces: pattern -> files."""
    alike: dict[tuple[str, Layout, tuple[str, ...]], list[str]] = {}
    for name, (_, layout, columns) in opened.items():
        alike.setdefault((name.rpartition("/")[0], layout, columns), []).append(name)
    found: dict[str, tuple[str, ...]] = {}
    for (folder, _, _), names in alike.items():
        begin = _beginning(names)
        end = _beginning([name[::-1] for name in names])[::-1]
        pattern = f"{begin.rstrip('0123456789')}*{end.lstrip('0123456789')}"
        begins_alike = len(begin.removeprefix(folder).strip("/")) >= 3 or folder
        if len(names) > 1 and begins_alike and matching(where, pattern) == tuple(names):
            found[pattern] = tuple(names)
        else:
            found |= {name: (name,) for name in names}
    return dict(sorted(found.items()))


def _beginning(names: Sequence[str]) -> str:
    """The letters with which all of the names begin."""
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in same)


def _look_at(
    connection: DuckDBPyConnection,
    name: str,
    files: tuple[str, ...],
    opened: dict[str, tuple[str, Layout, tuple[str, ...]]],
    params: MappingParams,
) -> FileLook:
    relation = f"all_{opened[files[0]][0]}"
    union = " UNION ALL BY NAME ".join(f"SELECT * FROM {quoted(opened[file][0])}" for file in files)
    connection.execute(f"CREATE VIEW {quoted(relation)} AS {union}")
    rows = connection.execute(f"SELECT count(*) FROM {quoted(relation)}").fetchall()[0][0]
    every = max(1, -(-rows // params.rows_looked_at))
    thin = f"SELECT * FROM (SELECT *, row_number() OVER () AS _looked_at FROM {quoted(relation)}) WHERE _looked_at % {every} = 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE thin AS {thin}")
    seen = connection.execute("SELECT count(*) FROM thin").fetchall()[0][0]
    types = describe(connection, relation)
    columns = tuple(_column(connection, column, kind, params) for column, kind in types.items())
    return FileLook(name, opened[files[0]][1], relation, rows, seen, columns, files)


def _column(connection: DuckDBPyConnection, name: str, sql_type: str, params: MappingParams) -> Look:
    text = RawColumn(quoted(name), sql_type).as_text
    blank = f"trim(lower({text})) IN ({literals(sorted(vocabulary().missing))})"
    blanks = connection.execute(f"SELECT DISTINCT trim({text}) FROM thin WHERE {blank} ORDER BY 1").fetchall()
    filled, distinct = connection.execute(
        f"SELECT count(*), count(DISTINCT {text}) FROM thin WHERE trim({text}) <> '' AND NOT {blank}"
    ).fetchall()[0]
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE cells AS SELECT DISTINCT {text} AS cell FROM thin
        WHERE trim({text}) <> '' AND NOT {blank} ORDER BY hash(cell), cell LIMIT {params.cells_looked_at}""")
    cells = tuple(cell for (cell,) in connection.execute("SELECT cell FROM cells ORDER BY cell").fetchall())
    few = cells if distinct <= _FEW else ()
    seen = Look(name, words_of(name), sql_type, filled, distinct, None, None, _flags(few), few, (), tuple(b for (b,) in blanks))
    known = kinds_of(sql_type)
    if "time" in known:
        return replace(seen, times=Times((), 1.0))
    numbers = Numbers(None, 1.0) if "number" in known else read_numbers(connection, "cells")
    signs = currencies(connection, "cells") if numbers and numbers.decimal else ()
    return replace(seen, times=read_times(connection, "cells", cells), numbers=numbers, signs=signs)


def _flags(cells: Sequence[str]) -> bool:
    """Whether the cells are a yes and a no, or one of them."""
    said = {vocabulary().flags.get(folded(cell)) for cell in cells}
    return bool(said) and None not in said and len(cells) <= 4
