"""Aggregates over many rows of one account, first by a finer key, then by account and as_of: the same numbers for less work.

Different users are counted by marking each user once, instead of remembering every user for each signal; and what an account
is beside its rows (its seats, its terms) is looked up once an account, instead of beside every row.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import ibis
from ibis.expr import operations as ops

DAY = "age"
ONCE = (ops.Max, ops.Min, ops.Any, ops.All)  # the same over rows and over the results of groups of them
Second = Callable[[ibis.Table], ibis.Value]


def aggregated(
    rows: ibis.Table,
    people: ibis.Table,
    joined: ibis.Table,
    key: Sequence[str],
    grain: Sequence[str],
    values: Mapping[str, ibis.Value],
    *,
    single_days: bool = False,
) -> ibis.Table:
    """`joined.group_by(key).aggregate(**values)`, where `joined` is `rows.join(people, key)`, in two steps.

    `grain` are columns of `rows` that divide an account's; `single_days` says that each day (`age`) comes in one row. Values
    that cannot be taken apart are aggregated as they stand. Keys that nobody in `people` has may be in the result too.
    """
    first: dict[str, ibis.Value] = {}
    second: dict[ops.Reduction, Second] = {}
    for reduction in (each for value in values.values() for each in reductions(value)):
        apart = _taken_apart(reduction, joined, rows, grain, f"step_{len(first)}", single_days)
        if reduction not in second and apart is not None:
            first |= apart[0]
            second[reduction] = apart[1]
    stepped = {name: value for name, value in values.items() if all(each in second for each in reductions(value))}
    left = {name: value for name, value in values.items() if name not in stepped}
    found = []
    if stepped:
        steps = rows.group_by([*key, *grain]).aggregate(**first)
        found.append(second_step(steps, people, key, stepped, second, rows.columns))
    if left:
        found.append(joined.group_by(list(key)).aggregate(**left))
    return found[0] if len(found) == 1 else found[0].join(found[1], list(key))


def spans_of(people: ibis.Table, count: int) -> list[tuple[str, str]]:
    """`count` spans of account_id (first, last) that share the accounts of `people` out; nobody there: one that holds nobody."""
    names = sorted(people.select("account_id").distinct().to_pandas()["account_id"])
    size = max(1, math.ceil(len(names) / count))
    parts = [names[at : at + size] for at in range(0, len(names), size)]
    return [(part[0], part[-1]) for part in parts] or [("", "")]


def second_step(
    steps: ibis.Table,
    people: ibis.Table,
    key: Sequence[str],
    values: Mapping[str, ibis.Value],
    second: Mapping[ops.Reduction, Second],
    columns: Sequence[str],
) -> ibis.Table:
    """The values by key, where `second` says what stands for each of their reductions over `steps`.

    `columns`: those of the rows that the steps were made of; a value that asks for any other asks for what `people` has.
    """
    used = {each for value in values.values() for each in reductions(value)}
    if {name for each in used for name in fields(each)} - set(columns):
        steps = steps.join(people, list(key))
    stand_ins = {each: second[each](steps).op() for each in used}
    rewritten = {name: value.op().replace(stand_ins).to_expr() for name, value in values.items()}
    return steps.group_by(list(key)).aggregate(**rewritten)


def reductions(value: ibis.Value) -> list[ops.Reduction]:
    """The sums, counts and the like that a value is made of."""
    return list(value.op().find(ops.Reduction, filter=ops.Value))


def fields(value: ops.Value) -> set[str]:
    """The names of the columns it reads."""
    return {each.name for each in value.find(ops.Field, filter=ops.Value)}


def _taken_apart(
    reduction: ops.Reduction, joined: ibis.Table, rows: ibis.Table, grain: Sequence[str], name: str, single_days: bool
) -> tuple[dict[str, ibis.Value], Second] | None:
    """What is aggregated by key and grain, and what stands for the reduction over that; None when it cannot be said so."""
    read = fields(reduction)
    if not read <= set(rows.columns):
        beside = not read & set(rows.columns) and isinstance(reduction, ONCE)
        return ({}, lambda steps: reduction.replace({joined.op(): steps.op()}).to_expr()) if beside else None
    moved = reduction.replace({joined.op(): rows.op()})
    if single_days and isinstance(moved, ops.CountDistinct) and getattr(moved.arg, "name", None) == DAY:
        days = rows.count(where=None if moved.where is None else moved.where.to_expr())
        return {name: days}, lambda steps: steps[name].max()
    if not grain:
        return {name: moved.to_expr()}, lambda steps: steps[name].max()
    if isinstance(reduction, ONCE):
        again = {ops.Max: "max", ops.Min: "min", ops.Any: "any", ops.All: "all"}[type(reduction)]
        return {name: moved.to_expr()}, lambda steps: getattr(steps[name], again)()
    if isinstance(reduction, ops.Sum | ops.Count | ops.CountStar):
        return {name: moved.to_expr()}, lambda steps: steps[name].sum()
    if isinstance(reduction, ops.CountDistinct) and list(grain) == [getattr(reduction.arg, "name", None)]:
        there = moved.arg.to_expr().notnull()
        marked = there if moved.where is None else there & moved.where.to_expr()
        return {name: marked.any()}, lambda steps: steps.count(where=steps[name])
    return None
