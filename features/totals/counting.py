"""Signals that count different users or features, read off the bits of features.totals.bits: the same numbers for less work."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import ibis
from ibis.expr import operations as ops

from features.totals.bits import BITS, Window
from features.totals.two_step import ONCE, Second, fields, reductions, second_step

AGE, QUANTITY = "age", "quantity"
OF_A_DAY = {AGE, QUANTITY, "n", "day", "known_day", "superseded_day"}  # what differs between the rows of one user or feature
COMPARED = {
    ops.Less: operator.lt,
    ops.LessEqual: operator.le,
    ops.Greater: operator.gt,
    ops.GreaterEqual: operator.ge,
    ops.Equals: operator.eq,
}


@dataclass(frozen=True)
class Counting:
    """What the values of a view by `grain` are made of.

    `windows`: asked for, each once; the first is any row of any day, so that nobody who has one is left out. `counted`: counts
    of what is different, the window of each and what else must hold; `summed`: sums over rows of some values of the grain, and
    the condition that says which.
    """

    grain: str
    windows: tuple[Window, ...]
    counted: Mapping[ops.CountDistinct, tuple[Window, tuple[ops.Value, ...]]]
    summed: Mapping[ops.Sum, ops.Value]


def counting(values: Mapping[str, ibis.Value], grain: Sequence[str], days: int) -> Counting | None:
    """How the values can be read off bits; None when one of them, over rows of so many days, asks for more than that."""
    if len(grain) != 1:
        return None
    counted, summed = {}, {}
    for reduction in {each for value in values.values() for each in reductions(value)}:
        conditions = list(_conditions(getattr(reduction, "where", None)))
        if isinstance(reduction, ops.CountDistinct) and getattr(reduction.arg, "name", None) == grain[0]:
            asked = _window(conditions, days)
            if asked is None:
                return None
            counted[reduction] = asked
        elif isinstance(reduction, ops.Sum) and (some := [each for each in conditions if fields(each) == {grain[0]}]):
            summed[reduction] = reduce(ops.And, some)
        elif not isinstance(reduction, ONCE) or conditions or fields(reduction) & OF_A_DAY:
            return None
    everything = Window(frozenset(range(1, days + 1)), used=False)
    windows = tuple(dict.fromkeys([everything, *(window for window, _ in counted.values())]))
    return Counting(grain[0], windows, counted, summed) if counted and len(windows) <= BITS else None


def counted(
    plan: Counting,
    seen: ibis.Table,
    rows: ibis.Table,
    people: ibis.Table,
    joined: ibis.Table,
    key: Sequence[str],
    values: Mapping[str, ibis.Value],
) -> ibis.Table:
    """What `two_step.aggregated` gives of the same `rows`, `people` and `joined`, read off `seen` (bits.expanded).

    `seen` has the columns of the rows that are the same for all days of one user or feature.
    """
    grain, second = seen[plan.grain], {}
    columns: dict[str, ibis.Value] = {}
    for number, (reduction, (window, rest)) in enumerate(plan.counted.items()):
        bit = 1 << plan.windows.index(window)
        there = grain.notnull() & ((seen.seen & bit) != 0)
        for each in rest:
            there &= each.replace({joined.op(): seen.op()}).to_expr()
        columns[f"step_{number}"] = there
        second[reduction] = _count_of(f"step_{number}")
    steps = seen.mutate(**columns)
    if plan.summed:
        names = {each: f"sum_{number}" for number, each in enumerate(plan.summed)}
        some = rows.filter(reduce(ops.Or, plan.summed.values()).replace({joined.op(): rows.op()}).to_expr())
        sums = {names[each]: each.replace({joined.op(): some.op()}).to_expr() for each in plan.summed}
        steps = steps.left_join(some.group_by([*key, plan.grain]).aggregate(**sums), [*key, plan.grain], rname="sum_{name}")
        second |= {each: _sum_of(name) for each, name in names.items()}
    for reduction in {each for value in values.values() for each in reductions(value)} - set(second):
        second[reduction] = _over(reduction, joined)
    return second_step(steps, people, key, values, second, seen.columns)


def _conditions(where: ops.Value | None) -> Iterator[ops.Value]:
    """What must hold, one by one."""
    if isinstance(where, ops.And):
        yield from _conditions(where.left)
        yield from _conditions(where.right)
    elif where is not None:
        yield where


def _window(conditions: Sequence[ops.Value], days: int) -> tuple[Window, tuple[ops.Value, ...]] | None:
    """The window that the conditions ask for, and those that ask for nothing of a single day; None when one asks for both."""
    ages, used, rest = set(range(1, days + 1)), False, []
    for each in conditions:
        if fields(each) == {AGE} and (test := _test(each)) is not None:
            ages = {age for age in ages if test(age)}
        elif (
            isinstance(each, ops.Greater)
            and _is(each.left, QUANTITY)
            and isinstance(each.right, ops.Literal)
            and each.right.value == 0
        ):
            used = True
        elif fields(each) & OF_A_DAY:
            return None
        else:
            rest.append(each)
    return Window(frozenset(ages), used), tuple(rest)


def _test(condition: ops.Value) -> Callable[[int], bool] | None:
    """The condition on an age, to be asked of each; None when it compares the age with anything but a number."""
    if isinstance(condition, ops.Between) and _is(condition.arg, AGE):
        lower, upper = condition.lower_bound, condition.upper_bound
        if isinstance(lower, ops.Literal) and isinstance(upper, ops.Literal):
            return lambda age: lower.value <= age <= upper.value
    compare = COMPARED.get(type(condition))
    if compare is not None and _is(condition.left, AGE) and isinstance(condition.right, ops.Literal):
        return lambda age: compare(age, condition.right.value)
    return None


def _is(value: ops.Value, column: str) -> bool:
    return isinstance(value, ops.Field) and value.name == column


def _count_of(name: str) -> Second:
    return lambda steps: steps.count(where=steps[name])


def _sum_of(name: str) -> Second:
    return lambda steps: steps[name].sum()


def _over(reduction: ops.Reduction, joined: ibis.Table) -> Second:
    return lambda steps: reduction.replace({joined.op(): steps.op()}).to_expr()
