"""The arithmetic of signals: the same to the last bit whatever the order of the rows and the number of threads.

Sums are of integers or decimals, never of doubles; a mean is an exact sum over a count. A number too large for the decimal
(10^15) reads as unknown.
"""

import ibis

EXACT = "decimal(18, 3)"
CLEAR = 0.5  # a text says a thing from this strength on


def total(values: ibis.Value, where: ibis.Value) -> ibis.Value:
    """The exact sum of the values under `where`, as a double; null when there are none."""
    return _exact(values).sum(where=where).cast("float64")


def whole_total(values: ibis.Value, where: ibis.Value) -> ibis.Value:
    """The exact sum of the values under `where`, as a double; null when there are none, NaN (unknown) when one is missing."""
    exact = _exact(values)
    lost = exact.isnull().any(where=where).fill_null(False)
    return ibis.ifelse(lost, ibis.literal(float("nan")), exact.sum(where=where).cast("float64"))


def weighed(values: ibis.Value, weight: ibis.Value) -> ibis.Value:
    """Each value times its whole weight (-99 to 99), exactly; a decimal of 10^19 or more is unknown."""
    if values.type().is_integer():
        return values * weight
    return values.try_cast("decimal(28, 9)") * weight.cast("decimal(2, 0)")  # both engines keep every digit of 38


def mean(values: ibis.Value, where: ibis.Value, at_least: int = 1) -> ibis.Value:
    """The exact sum over the count of the values under `where`; null below `at_least` values."""
    exact = _exact(values)
    counted = exact.count(where=where).cast("float64")
    return ibis.ifelse(counted >= at_least, exact.sum(where=where).cast("float64") / counted, ibis.null("float64"))


def before_and_now(
    rows: ibis.Table, values: ibis.Value, where: ibis.Value, *, recent: int, until: int, at_least: int = 1
) -> tuple[ibis.Value, ibis.Value]:
    """Two means (as `mean`): of ages `recent + 1` to `until` days, and of the last `recent` days."""
    before = mean(values, where=where & rows.age.between(recent + 1, until), at_least=at_least)
    return before, mean(values, where=where & (rows.age <= recent), at_least=at_least)


def change(now: ibis.Value, before: ibis.Value) -> ibis.Value:
    """`now` over `before`, minus 1: 0 is no change, -1 all gone; nothing now counts as 0; null when nothing was before."""
    return now.cast("float64").fill_null(0.0) / before.cast("float64").nullif(0.0) - 1.0


def share(part: ibis.Value, whole: ibis.Value) -> ibis.Value:
    """`part` over `whole`; null when the whole is 0 or unknown."""
    return part.cast("float64") / whole.cast("float64").nullif(0.0)


def gaps_passed(ages: ibis.Value, where: ibis.Value, at_least: int) -> ibis.Value:
    """Days since the newest age under `where`, over the mean gap between its days; null below `at_least` different days."""
    days = ages.nunique(where=where)
    newest, oldest = ages.min(where=where), ages.max(where=where)
    passed = share(newest * (days - 1), oldest - newest)
    return ibis.ifelse(days >= at_least, passed, ibis.null("float64"))


def days_since(rows: ibis.Table, time: ibis.Value) -> ibis.Value:
    """Whole days from the time's day to as_of: 1 is yesterday, 0 or less lies ahead."""
    return rows.as_of.date().delta(time.date(), unit="day")


def past(rows: ibis.Table, time: ibis.Value, days: int) -> ibis.Value:
    """Whether the time lies in `[as_of - days, as_of)`."""
    return days_since(rows, time).between(1, days)


def happened(rows: ibis.Table, time: ibis.Value) -> ibis.Value:
    """Whether the time is known and lies before as_of; never null."""
    return (days_since(rows, time) >= 1).fill_null(False)  # what is not known has not happened


def said(strength: ibis.Value) -> ibis.Value:
    """Whether a text clearly says it."""
    return strength.between(CLEAR, 1.0)


def _exact(values: ibis.Value) -> ibis.Value:
    return values if values.type().is_decimal() or values.type().is_integer() else values.try_cast(EXACT)
