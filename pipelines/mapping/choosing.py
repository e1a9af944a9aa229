"""Which file is which table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from features.cleaning.casting import RawColumn
from features.errors import BadInput
from features.sql import quoted
from features.tables import TABLES
from pipelines.mapping.looking import FileLook
from pipelines.mapping.matching import SAME, Fit, fit
from pipelines.params import MappingParams

_FAINT = 0.35  # likeness below which a file is not even worth a question


@dataclass(frozen=True)
class Choice:
    """`chosen`: files whose table is clear. `undecided`: a file -> the tables it may be, best first. `unplaced`: the others."""

    chosen: Sequence[Fit]
    undecided: Mapping[str, Sequence[Fit]]
    unplaced: Sequence[str]

    def of(self, table: str) -> list[Fit]:
        """The files that are this table."""
        return [each for each in self.chosen if each.table.name == table]


def choose(looks: Sequence[FileLook], shown: str, problems: Sequence[str], params: MappingParams) -> Choice:
    """The table of each file.

    `BadInput`, with the `problems` of files that cannot be read, when no file looks like accounts: nothing goes without them.
    """
    chosen, undecided, unplaced = [], dict[str, Sequence[Fit]](), []
    for look in looks:
        fits = sorted((fit(look, table, params.possible) for table in TABLES.values()), key=lambda each: -each.likeness)
        near = [each for each in fits if each.likeness >= max(fits[0].likeness - SAME, _FAINT)]
        if fits[0].likeness >= params.possible and len(near) == 1:
            chosen.append(fits[0])
        elif near:
            undecided[look.name] = near
        else:
            unplaced.append(look.name)
    if not any(each.table.name == "accounts" for each in chosen):
        raise BadInput(_no_accounts(looks, shown, problems, params))
    return Choice(chosen, undecided, unplaced)


def _no_accounts(looks: Sequence[FileLook], shown: str, problems: Sequence[str], params: MappingParams) -> str:
    fits = [fit(look, TABLES["accounts"], params.possible) for look in looks]
    listed = "".join(
        f"\n  {each.file.name}: likeness {each.likeness:.2f}; columns {', '.join(look.name for look in each.file.columns)}"
        for each in sorted(fits, key=lambda each: -each.likeness)[:5]
    )
    listed += "".join(f"\n  not read: {problem}" for problem in problems)
    needs = "one row a customer, with its id and the day it became one"
    return f"{shown}: no file looks like accounts ({needs}). The nearest are:{listed}\nAdd it, or name it after what it holds."


def share_inside(connection: DuckDBPyConnection, file: FileLook, column: str, other: FileLook, key: str) -> float:
    """The share of the different cells of a column that stand in the key column of another file; 0 without any cell."""
    here = RawColumn(quoted(column), file.column(column).sql_type).as_text
    there = RawColumn(quoted(key), other.column(key).sql_type).as_text
    found, of = connection.execute(f"""
        SELECT count(*) FILTER (cell IN (SELECT {there} FROM {quoted(other.relation)})), count(*)
        FROM (SELECT DISTINCT {here} AS cell FROM {quoted(file.relation)}) WHERE cell IS NOT NULL
    """).fetchall()[0]
    return found / of if of else 0.0
