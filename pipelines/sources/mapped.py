"""Somebody's own files or tables, read by a mapping file: `--source FILE.yaml`."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from features.cleaning.casting import RawColumn
from features.cleaning.staging import describe
from features.errors import BadInput
from features.source import Finding, Loaded, RawTable
from features.sql import literal, quoted
from pipelines.sources.mapping_cell import Cell
from pipelines.sources.mapping_file import MappingFile, Part, near, read_mapping
from pipelines.sources.mapping_sql import cell_sql, expression_problem, format_problem
from pipelines.sources.place import Bring, Place, matching, place

FAILS = (duckdb.DataError, duckdb.InvalidInputException)  # of a cell's content; anything else is a defect


class MappedTables:
    """The tables of a place, fitted to the contract by a mapping file, whose words say what stands in for `known_at`."""

    def __init__(self, tables: str, mapping_path: Path) -> None:
        self._path = mapping_path
        self.name = mapping_path.name
        self.mapping: MappingFile = read_mapping(mapping_path)
        self.place: Place = place(tables)
        self._used = tuple(dict.fromkeys(name for pattern in self._patterns() for name in matching(self.place, pattern)))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read and the mapping itself; empty for a database."""
        read = self.place.files(self._used)
        return (*sorted(read), self._path) if read else ()

    def load(self, connection: DuckDBPyConnection) -> Loaded:
        """Every mapped table; `BadInput` names at once all that does not fit the files."""
        loading = _Loading(connection, self.place, self.mapping)
        with self.place.reading(connection) as bring:
            loading.bring(bring, self._patterns())
        tables = loading.tables()
        loading.refuse(self._path)
        beside = tuple(name for name in self.place.names if name not in self._used)
        return Loaded(tables, ignored=beside, findings=tuple(loading.findings))

    def _patterns(self) -> tuple[str, ...]:
        """Every file that the mapping names."""
        parts = [part for parts in self.mapping.tables.values() for part in parts]
        others = [cell.of for part in parts for cell in part.columns.values() if cell.of is not None]
        return tuple(dict.fromkeys([*(part.file for part in parts), *others]))


class _Loading:
    """One reading of a place by a mapping: its files as relations, a table's parts as queries, and all that does not fit."""

    def __init__(self, connection: DuckDBPyConnection, where: Place, mapping: MappingFile) -> None:
        self.connection = connection
        self.place = where
        self.mapping = mapping
        self.problems: list[str] = []
        self.findings: list[Finding] = []
        self._relations: dict[str, str] = {}
        self._broken: dict[str, list[str]] = {}

    def bring(self, bring: Bring, patterns: tuple[str, ...]) -> None:
        """Each pattern as one relation over all the files that it finds."""
        for number, pattern in enumerate(patterns):
            relations, broken = [], []
            for inner, name in enumerate(matching(self.place, pattern)):
                try:
                    lines = bring(name, f"own_{number}_{inner}", self.mapping.layout(name))
                except BadInput as error:
                    self.problems.append(str(error))
                    continue
                relations.append(f"SELECT * FROM {quoted(f'own_{number}_{inner}')}")
                broken += [lines] if lines else []
            if not relations and not matching(self.place, pattern):
                self.problems.append(f"there is no {pattern} in {self.place.shown}.{near(pattern, self.place.names)}")
            if relations:
                self._relations[pattern] = f"own_{number}"
                self.connection.execute(f"CREATE VIEW {quoted(f'own_{number}')} AS {' UNION ALL BY NAME '.join(relations)}")
                self._broken[pattern] = broken

    def tables(self) -> dict[str, RawTable]:
        """The contract's tables, made from the parts that can be."""
        found = {}
        for name, parts in self.mapping.tables.items():
            queries = [query for part in parts for query in self._query(name, part)]
            if len(queries) == len(parts) and not self.problems:
                self._make(name, queries)
                words = tuple(dict.fromkeys(_stand_in(part) for part in parts if _stand_in(part)))
                found[name] = RawTable(name, f"raw_{name}", stand_in="; ".join(words), broken=self._broken_lines(name, parts))
        return found

    def refuse(self, path: Path) -> None:
        """`BadInput` when anything did not fit."""
        if self.problems:
            listed = "".join(f"\n  {problem}" for problem in dict.fromkeys(self.problems))
            raise BadInput(f"--source {path} does not fit {self.place.shown}:{listed}")

    def _make(self, name: str, queries: list[str]) -> None:
        try:
            self.connection.execute(f"CREATE TABLE {quoted(f'raw_{name}')} AS {' UNION ALL BY NAME '.join(queries)}")
        except FAILS as error:
            kind = str(error).partition(":")[0]
            said = f"tables.{name}: an expression fails on some row ({kind}). Let it give NULL there, for example with TRY_CAST."
            self.problems.append(said)

    def _query(self, table: str, part: Part) -> Iterator[str]:
        """The query of a part; none when something about it does not fit."""
        if part.file not in self._relations:
            return
        where = f"tables.{table}, file {part.file}"
        relation, before = self._relations[part.file], len(self.problems)
        types = describe(self.connection, relation)
        joins: list[str] = []
        cells = []
        for name, cell in part.columns.items():
            raw = self._origin(f"{where}, columns.{name}", cell, relation, types, joins)
            self.problems += [f"{where}, columns.{name}: {said}." for way in cell.time if (said := format_problem(way))]
            if raw is not None:
                made = raw.expression if cell.of else cell_sql(cell, raw, self.mapping.missing)
                cells.append(f"{made} AS {quoted(name)}")
        kept = self._kept(where, part, relation)
        if len(self.problems) == before:
            self._count_left_out(table, part, relation)
            rows = f"SELECT {', '.join(cells)}, {kept} AS _kept FROM {quoted(relation)} s {' '.join(joins)}"
            yield f"SELECT * EXCLUDE (_kept) FROM ({rows}) WHERE _kept"

    def _origin(self, where: str, cell: Cell, relation: str, types: dict[str, str], joins: list[str]) -> RawColumn | None:
        if cell.value is not None:
            return RawColumn(literal(cell.value), "VARCHAR")
        if cell.expression is not None:
            said = expression_problem(self.connection, cell.expression, relation)
            if said:
                self.problems.append(f"{where}: {said}. The file has {', '.join(types)}.")
                return None
            query = f"DESCRIBE SELECT ({cell.expression}) AS e FROM {quoted(relation)} s"
            return RawColumn(f"({cell.expression})", str(self.connection.execute(query).fetchall()[0][1]))
        if cell.of is not None:
            return self._looked_up(where, cell, types, joins)
        name = cell.column or ""
        return RawColumn(f"s.{quoted(name)}", types[name]) if self._has(where, name, types) else None

    def _looked_up(self, where: str, cell: Cell, types: dict[str, str], joins: list[str]) -> RawColumn | None:
        other, name, by = cell.of or "", cell.column or "", cell.by or {}
        if other not in self._relations:
            return None
        there = describe(self.connection, self._relations[other])
        fits = [self._has(where, here, types) for here in by]
        fits += [self._has(f"{where}, of {other}", each, there) for each in (name, *by.values())]
        if not all(fits):
            return None
        alias = f"l{len(joins)}"
        keys = [f"{RawColumn(quoted(each), there[each]).as_text} AS {_key(n)}" for n, each in enumerate(by.values())]
        listed = ", ".join(_key(n) for n in range(len(by)))
        value = cell_sql(cell, RawColumn(quoted(name), there[name]), self.mapping.missing)
        rows = f"SELECT {', '.join(keys)}, {value} AS _looked_up FROM {quoted(self._relations[other])}"
        several = f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) GROUP BY {listed} HAVING count(DISTINCT _looked_up) > 1)"
        count = 0 if cell.pick else self.connection.execute(several).fetchall()[0][0]
        if count:
            told = f"{count:,} of its values stand beside several {name}. by must tell the rows of {other} apart, "
            told += "or pick: first (or last) chooses the earliest (or latest) time"
            self.problems.append(f"{where}: {', '.join(by.values())} of {other} does not lead to one {name}: {told}.")
            return None
        same = [f"{alias}.{_key(n)} = {RawColumn(f's.{quoted(here)}', types[here]).as_text}" for n, here in enumerate(by)]
        chosen = {"first": "min", "last": "max", None: "any_value"}[cell.pick]
        found = f"(SELECT {listed}, {chosen}(_looked_up) AS _looked_up FROM ({rows}) GROUP BY {listed})"
        joins.append(f"LEFT JOIN {found} {alias} ON {' AND '.join(same)}")
        return RawColumn(f"{alias}._looked_up", "VARCHAR")

    def _has(self, where: str, name: str, types: dict[str, str]) -> bool:
        if name in types:
            return True
        self.problems.append(f"{where}: there is no column {name}.{near(name, types)} The file has {', '.join(types)}.")
        return False

    def _kept(self, where: str, part: Part, relation: str) -> str:
        """The condition of a part; it sees every row of the file, as its expressions do."""
        if part.where is None:
            return "true"
        said = expression_problem(self.connection, part.where, relation)
        if said:
            columns = ", ".join(describe(self.connection, relation))
            self.problems.append(f"{where}, where: {said}. The file has {columns}.")
        return f"({part.where})"

    def _count_left_out(self, table: str, part: Part, relation: str) -> None:
        if part.where is None:
            return
        rows = f"SELECT ({part.where}) AS kept FROM {quoted(relation)} s"
        try:
            query = f"SELECT count(*) FILTER (kept IS NOT TRUE), count(*) FROM ({rows})"
            left_out, of = self.connection.execute(query).fetchall()[0]
        except FAILS:
            return  # said when the table is made
        if left_out:
            what = f"rows of {part.file} left out by the mapping's where"
            self.findings.append(Finding(table, what, int(left_out), int(of)))

    def _broken_lines(self, table: str, parts: tuple[Part, ...]) -> str | None:
        """The broken lines of the files of a table; those of a file that several tables read are told with the first."""
        relations = [line for part in parts for line in self._broken.pop(part.file, [])]
        if not relations:
            return None
        union = " UNION ALL ".join(f"SELECT * FROM {quoted(each)}" for each in relations)
        self.connection.execute(f"CREATE TABLE {quoted(f'unread_{table}')} AS {union}")
        return f"unread_{table}"


def _stand_in(part: Part) -> str:
    """What stands for `known_at` in a part, in words; empty when the file gives it or the contract's own stand-in holds."""
    known = part.columns.get("known_at")
    if part.stand_in or known is None or known.plus_days is None:
        return part.stand_in
    days = f"{known.plus_days:g} day" + ("" if known.plus_days == 1 else "s")
    return f"{known.column or known.expression} plus {days}"


def _key(number: int) -> str:
    """The name of a key of the other file, which no column of anybody's bears."""
    return quoted(f"_looked_up_by_{number}")
