"""From when each late column counts (rule 3 of the time law), as SQL over the typed rows `t` of a table."""

from features.cleaning.staging import Staged
from features.contracts import Column
from features.sql import quoted


def known_dates(staged: Staged) -> dict[str, str]:
    """`<column>_known_at` -> SQL, for every late column and every other column whose knowledge date the data gives.

    The data's own date wins; else a time is known at the later of itself and its row, any other column at the later of the
    time it follows and its row; NULL while that time is missing: the value is not known yet.
    """
    dates = {f"{c.name}_known_at": _known(staged, c) for c in staged.table.columns if c.late}
    return dates | {name: f"t.{quoted(name)}" for name in staged.knowledge if name not in dates}


def _known(staged: Staged, column: Column) -> str:
    if column.follows is None:
        rule = _later_of(staged, column.name)
    else:
        followed = staged.table.column(column.follows)
        rule = _known(staged, followed) if followed.late else _later_of(staged, followed.name)
    explicit = f"{column.name}_known_at"
    if explicit in staged.knowledge:
        value = f"t.{quoted(column.name)} IS NOT NULL" if staged.has(column.name) else "false"
        return f"CASE WHEN {value} THEN coalesce(t.{quoted(explicit)}, {rule}) ELSE {rule} END"
    return rule


def _later_of(staged: Staged, time: str) -> str:
    """The later of a time of the row and the row's `known_at`; NULL where that time is missing."""
    if not staged.has(time):
        return "CAST(NULL AS TIMESTAMP)"
    value = f"t.{quoted(time)}"
    return f"CASE WHEN {value} IS NOT NULL THEN greatest({value}, t.known_at) END"
