"""What Ibis says otherwise to Spark than to DuckDB, or cannot say to it, in words that mean the same to both."""

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr import operations as ops

EXACT_UNITS = 2**53  # of a decimal's last place: beyond, DuckDB makes a double of the whole and of the rest apart


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def datediff(end: date, start: date) -> int:  # type: ignore[empty-body]
    """Days from start to end, in Spark."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def isnull(value: float) -> bool:  # type: ignore[empty-body]
    """Whether there is no value, in Spark; NaN is one."""


@ibis.udf.scalar.builtin(name="round")  # type: ignore[untyped-decorator]
def rounded(value: float) -> float:  # type: ignore[empty-body]
    """The nearest whole number, a half away from 0, in Spark: Ibis's own goes through 64 bits."""


def in_spark_words(question: ops.Node) -> ops.Node:
    """The same expression, each operation in Spark's words."""
    return question.replace(_said)


def _said(node: ops.Node, arguments: dict[str, Any] | None) -> ops.Node:
    same = node.__recreate__(arguments) if arguments else node
    say = WORDS.get(type(same))
    return say(same) if say else same


def _count(node: ops.CountStar) -> ops.Node:
    """Ibis adds up the condition: where it is unknown for every row, the count would be unknown, not 0."""
    return node if node.where is None else ops.CountStar(node.arg, where=node.where.to_expr().fill_null(False).op())


def _days(node: ops.DateDelta) -> ops.Node:
    return datediff(node.left.to_expr(), node.right.to_expr()).op()


def _seconds(node: ops.TimestampDelta) -> ops.Node:
    """Seconds by the clock, as DuckDB counts them: from 0.9 to 1.1 is one."""
    if node.part.value != "second":
        return node
    return (node.left.to_expr().epoch_seconds() - node.right.to_expr().epoch_seconds()).op()


def _missing(node: ops.IsNull | ops.NotNull) -> ops.Node:
    """To Ibis, NaN is missing in Spark; here it says that something happened, but not how much."""
    if not node.arg.dtype.is_floating():
        return node
    missing = isnull(node.arg.to_expr())
    return (missing if isinstance(node, ops.IsNull) else ~missing).op()


def _cast(node: ops.Cast | ops.TryCast) -> ops.Node:
    if node.arg.dtype.is_floating() and node.to.is_decimal():
        return _rounded(node)
    return _divided(node) if node.arg.dtype.is_decimal() and node.arg.dtype.scale and node.to.is_floating() else node


def _rounded(node: ops.Cast | ops.TryCast) -> ops.Node:
    """A double as a decimal: its product with a power of ten rounded, as in DuckDB, where Spark rounds its shortest digits."""
    scale = node.to.scale
    units = rounded(node.arg.to_expr() * 10.0**scale).try_cast("int64")
    value = units * ibis.literal(Decimal(1).scaleb(-scale), type=f"decimal({scale}, {scale})")
    return type(node)(value, to=node.to)


def _divided(node: ops.Cast | ops.TryCast) -> ops.Node:
    """A decimal as a double: of many digits, the whole and the rest apart, as in DuckDB."""
    value = node.arg.to_expr()
    most = ibis.literal(Decimal(EXACT_UNITS).scaleb(-node.arg.dtype.scale), type=f"decimal(38, {node.arg.dtype.scale})")
    rest = value % ibis.literal(1)
    apart = (value - rest).cast(node.to) + rest.cast(node.to)
    return ibis.ifelse(value.between(-most, most), value.cast(node.to), apart).op()


WORDS = {
    ops.CountStar: _count,
    ops.DateDelta: _days,
    ops.TimestampDelta: _seconds,
    ops.IsNull: _missing,
    ops.NotNull: _missing,
    ops.Cast: _cast,
    ops.TryCast: _cast,
}
