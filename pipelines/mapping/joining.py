"""Columns that stand in another file: the account of a use through its subscription, the end of a term through its id."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from pipelines.mapping.choosing import Choice, share_inside
from pipelines.mapping.columns import shown
from pipelines.mapping.habits import Habits, habits
from pipelines.mapping.looking import FileLook
from pipelines.mapping.matching import Fit
from pipelines.mapping.names import nearness
from pipelines.mapping.proposal import Suggestion, says_open
from pipelines.params import MappingParams

INSIDE = 0.9  # share of the keys that must be found in the other file


def through(
    connection: DuckDBPyConnection, file: FileLook, wanted: str, choice: Choice, params: MappingParams
) -> Suggestion | None:
    """A column of the contract that the file lacks, from another file that has it, by a column both have; None without one."""
    for other in _with(choice, wanted, params):
        key = other.match(other.table.key[0])
        keys = [
            look.name for look in other.file.columns if look.unique and look.name in {m.column for m in other.chosen.values()}
        ]
        if other.file is file or key is None or not keys:
            continue
        for there in keys:
            for here in file.columns:
                if nearness(here.words, other.file.column(there).words) < params.sure:
                    continue
                share = share_inside(connection, file, here.name, other.file, there)
                if share >= INSIDE:
                    return _looked_up(wanted, here.name, there, other, share)
    return None


def _with(choice: Choice, wanted: str, params: MappingParams) -> Sequence[Fit]:
    return [each for each in choice.chosen if each.match(wanted) and each.is_sure(wanted, params.sure)]


def _looked_up(wanted: str, here: str, there: str, other: Fit, share: float) -> Suggestion:
    match = other.chosen[wanted]
    said, remarks = shown(
        other.file.column(match.column), other.table.column(wanted), other.table, habits(other.file, [other.file])
    )
    keys = {"column": said} if isinstance(said, str) else dict(said)
    by = here if here == there else {here: there}
    why = f"not in this file; {share:.0%} of its {here} are in {other.file.name}, which has it"
    whole = {**keys, "of": other.file.name, "by": by}
    return Suggestion(wanted, whole, "; ".join([why, *remarks]), "open" if says_open(whole) else "sure")


def first_term(connection: DuckDBPyConnection, accounts: Fit, choice: Choice, params: MappingParams) -> Suggestion | None:
    """The start of an account as that of its first term, where the accounts say none; None when the terms do not say it."""
    key = accounts.match("account_id")
    for terms in choice.of("subscriptions"):
        if key is None or not (terms.is_sure("account_id", params.sure) and terms.is_sure("started_at", params.sure)):
            continue
        there = terms.chosen["account_id"].column
        share = share_inside(connection, accounts.file, key.column, terms.file, there)
        if share < INSIDE:
            continue
        found = _looked_up("started_at", key.column, there, terms, share)
        said = {**found.said, "pick": "first"} if not isinstance(found.said, str) else found.said
        why = f"no column is like it: the start of the first term; {share:.0%} of the accounts have terms in {terms.file.name}"
        return Suggestion("created_at", said, why, found.state)
    return None


def split_columns(
    connection: DuckDBPyConnection, first: Fit, second: Fit, params: MappingParams, ways: Habits
) -> list[Suggestion] | None:
    """Columns that a second file of the same table has and the first has not, by their key; None when it is no such file.

    It is one when the key tells the rows of both apart, nearly all of its keys are in the first, and the first has more of what
    is required.
    """
    name = first.table.key[0]
    here, there = first.match(name), second.match(name)
    if len(first.table.key) > 1 or here is None or there is None:
        return None
    if not (first.file.column(here.column).unique and second.file.column(there.column).unique):
        return None
    if share_inside(connection, second.file, there.column, first.file, here.column) < INSIDE:
        return None
    by = here.column if here.column == there.column else {here.column: there.column}
    found = []
    for column in first.table.columns:
        match = second.match(column.name)
        if (
            match
            and column.name != name
            and not first.is_sure(column.name, params.sure)
            and second.is_sure(column.name, params.sure)
        ):
            said, remarks = shown(second.file.column(match.column), column, second.table, ways)
            keys = {"column": said} if isinstance(said, str) else dict(said)
            why = "; ".join([f"{match.likeness:.2f} by name, in {second.file.name}", *remarks])
            whole = {**keys, "of": second.file.name, "by": by}
            found.append(Suggestion(column.name, whole, why, "open" if says_open(whole) else "sure"))
    return found
