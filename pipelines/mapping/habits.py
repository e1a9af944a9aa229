"""How a file, or else the whole place, writes days and decimals: what settles the columns that could be read two ways."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.mapping.looking import FileLook
from pipelines.sources.mapping_cell import OPEN


@dataclass(frozen=True)
class Habits:
    """`day_first`: 05/06 is the fifth of June; `decimal`: the sign. None: nothing tells, or columns disagree."""

    day_first: bool | None = None
    decimal: str | None = None


def habits(file: FileLook, every: Sequence[FileLook]) -> Habits:
    """Those of the file, as far as its unambiguous columns tell; else those of all files of the place."""
    own, common = _of([file]), _of(every)
    day_first = common.day_first if own.day_first is None else own.day_first
    return Habits(day_first, own.decimal or common.decimal)


def _of(files: Sequence[FileLook]) -> Habits:
    columns = [column for file in files for column in file.columns]
    days = {
        times.ways[0].startswith("%d")
        for column in columns
        if (times := column.times) and times.ways and not times.rivals and times.ways[0][:2] in ("%d", "%m")
    }
    signs = {n.decimal for column in columns if (n := column.numbers) and n.decimal not in (None, OPEN)}
    return Habits(days.pop() if len(days) == 1 else None, signs.pop() if len(signs) == 1 else None)
