"""A cell of a mapping as SQL. A cell that cannot be read as mapped becomes one that the contract check refuses: nothing is lost
without a word.
"""

from collections.abc import Sequence

import duckdb
import sqlglot
from duckdb import DuckDBPyConnection
from sqlglot import exp
from sqlglot.errors import SqlglotError

from features.cleaning.casting import RawColumn
from features.sql import literal, literals, quoted
from pipelines.sources.mapping_cell import EPOCHS, ISO, Cell

UNREAD = "not as mapped: "
# A sign, a currency (code or sign) before or after, digits with or without thousands, a decimal part; nothing else.
_AMOUNT = (
    r"^([+-]?)[\s\p{Z}]*(?:[A-Z]{2,3}|[A-Z]{0,2}\p{Sc})?[\s\p{Z}]*([+-]?)"
    r"((?:\d{1,3}(?:[%(group)s\s\p{Z}'’]\d{3})+|\d+)(?:%(point)s\d+)?)[\s\p{Z}]*(?:[A-Z]{3}|\p{Sc}|%%|(?i:euros?|dollars?|pesos?))?$"
)
_NAMES = "a name that is a word of SQL, or holds spaces, stands in double quotes"
_ZONED = r".*\d{1,2}:\d{2}.*([Zz]|[+-]\d{2}(:?\d{2})?)$"
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")


def cell_sql(cell: Cell, raw: RawColumn, missing: Sequence[str]) -> str:
    """SQL for the cell as the contract wants it; `raw` is where it comes from. What is taken as it stands keeps its type."""
    none = [*missing, *cell.missing]
    text = _text(raw, none)
    is_time = bool(cell.time or cell.zone or cell.pick or cell.plus_days is not None)
    if not (is_time or cell.decimal or cell.values or cell.times is not None):
        return text if none and raw.sql_type == "VARCHAR" else raw.expression
    converted = text
    if is_time:
        converted = _or_unread(_moment(cell, raw, text), text)
    elif cell.decimal or cell.times is not None:
        converted = _or_unread(_number(cell, text), text)
    if not cell.values:
        return converted
    words = " ".join(
        f"WHEN {literal(word.strip().lower())} THEN {'NULL' if to is None else literal(to)}" for word, to in cell.values.items()
    )
    return f"CASE lower(trim({text})) {words} ELSE {converted} END"


def _text(raw: RawColumn, missing: Sequence[str]) -> str:
    text = raw.as_text
    return f"CASE WHEN trim({text}) NOT IN ({literals(missing)}) THEN {text} END" if missing else text


def _or_unread(converted: str, text: str) -> str:
    return f"CASE WHEN {text} IS NOT NULL THEN coalesce(CAST({converted} AS VARCHAR), {literal(UNREAD)} || {text}) END"


def _moment(cell: Cell, raw: RawColumn, text: str) -> str:
    """The time, naive in UTC; NULL where no way of writing fits."""
    if raw.sql_type in _TIMES:
        moment = _shifted(raw.cast("time"), "" if raw.sql_type.endswith("ZONE") else cell.zone)
    else:
        moment = f"coalesce({', '.join(written(f'trim({text})', way, cell.zone) for way in cell.time or (ISO,))})"
    if cell.plus_days is None:
        return moment
    return f"({moment}) + to_seconds(CAST({cell.plus_days * 86_400} AS BIGINT))"


def written(text: str, way: str, zone: str | None = None) -> str:
    """SQL for the moment that a text says in one way of writing, naive in UTC; NULL where it says none."""
    if way in EPOCHS:
        per_second, digits = (1_000_000, 11) if way == EPOCHS[0] else (1_000, 14)
        whole = f"regexp_full_match({text}, '\\d{{1,{digits}}}(\\.\\d+)?')"
        return f"CASE WHEN {whole} THEN make_timestamp(CAST(CAST({text} AS DECIMAL(24, 6)) * {per_second} AS BIGINT)) END"
    if way == ISO:
        moment = RawColumn(text, "VARCHAR").cast("time")
        if not zone:
            return moment
        return f"CASE WHEN regexp_full_match({text}, {literal(_ZONED)}) THEN {moment} ELSE {_shifted(moment, zone)} END"
    return _shifted(f"TRY_STRPTIME({text}, {literal(way)})", zone)


def _shifted(moment: str, zone: str | None) -> str:
    return f"timezone('UTC', timezone({literal(zone)}, {moment}))" if zone else moment


def _number(cell: Cell, text: str) -> str:
    """The number; NULL where the text is none as it is written here."""
    number = amount_sql(text, cell.decimal) if cell.decimal else f"TRY_CAST({text} AS DOUBLE)"
    return number if cell.times is None else f"round({number} * {cell.times!r}, 9)"


def amount_sql(text: str, decimal: str) -> str:
    """SQL for the number in a text with a decimal sign, perhaps thousands and a currency; NULL where it is not written so."""
    point, group = (",", ".") if decimal == "," else (".", ",")
    pattern = _AMOUNT % {"group": "\\" + group, "point": "\\" + point}
    before, after, amount = (f"regexp_extract(trim({text}), {literal(pattern)}, {part})" for part in (1, 2, 3))
    digits = f"replace(regexp_replace({amount}, '[^0-9{point}]', '', 'g'), {literal(point)}, '.')"
    return f"TRY_CAST(nullif({before} || {after} || {digits}, '') AS DOUBLE)"


def expression_problem(connection: DuckDBPyConnection, expression: str, relation: str) -> str:
    """What is wrong with an expression over the rows of a relation; empty when it can be computed.

    It is an expression over the row alone: a query inside it, which could read anything, is refused.
    """
    try:
        parsed = sqlglot.parse_one(f"SELECT ({expression})", read="duckdb")
    except SqlglotError as error:
        return f"{expression!r} is no SQL expression: {str(error).splitlines()[0].partition('. Line')[0]}; {_NAMES}"
    if not isinstance(parsed, exp.Select) or len(list(parsed.find_all(exp.Query))) > 1 or parsed.find(exp.Table):
        return f"{expression!r} holds a query. Write an expression over the columns of the row"
    try:
        connection.execute(f"DESCRIBE SELECT ({expression}) FROM {quoted(relation)} s")
    except duckdb.Error as error:
        said = str(error).splitlines()[0].partition(": ")[2].removeprefix("syntax error ")
        return f"{expression!r} cannot be computed: {said.strip()}; {_NAMES}"
    return ""


def format_problem(way: str) -> str:
    """What is wrong with a way of writing times; empty when it is one."""
    if way == ISO or way in EPOCHS:
        return ""
    known = f"it is {ISO}, {', '.join(EPOCHS)} or a strptime format such as %d/%m/%Y"
    if "%" not in way:
        return f"{way!r} is no way of writing times; {known}"
    try:
        duckdb.execute("SELECT TRY_STRPTIME('1', ?)", [way])
    except duckdb.Error:
        return f"{way!r} is no way of writing times; {known}"
    return ""
