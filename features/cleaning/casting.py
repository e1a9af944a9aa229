"""From a raw cell of any type to the declared kind, in SQL: a cell that does not fit becomes NULL and gets a reason."""

from dataclasses import dataclass

from features.contracts import Column, Kind
from features.sql import literals

_FLOATS = ("DOUBLE", "FLOAT", "REAL")
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_WORDS: dict[Kind, str] = {
    "number": "a number",
    "integer": "a number",
    "bool": "true or false",
    "time": "a time",
}
SQL_TYPES: dict[Kind, str] = {
    "string": "VARCHAR",
    "number": "DOUBLE",
    "integer": "DOUBLE",
    "bool": "BOOLEAN",
    "time": "TIMESTAMP",
}


@dataclass(frozen=True)
class RawColumn:
    """A column as it came: an SQL expression for it and its DuckDB type."""

    expression: str
    sql_type: str

    @property
    def given(self) -> str:
        """The cell, NULL where it is missing: an empty text and NaN are missing."""
        if self.sql_type in _FLOATS:
            return f"CASE WHEN NOT isnan({self.expression}) THEN {self.expression} END"
        if self._is_text:
            return f"nullif(CAST({self.expression} AS VARCHAR), '')"
        return self.expression

    @property
    def as_text(self) -> str:
        """The cell as text; a whole number kept as a float (an id with gaps) loses its `.0`."""
        if self.sql_type in _FLOATS:
            whole = f"{self.expression} = trunc({self.expression}) AND abs({self.expression}) < 1e15"
            text = f"CAST({self.expression} AS VARCHAR)"
            given = f"CASE WHEN {whole} THEN CAST(CAST({self.expression} AS BIGINT) AS VARCHAR) ELSE {text} END"
            return f"CASE WHEN NOT isnan({self.expression}) THEN {given} END"
        return f"CAST({self.given} AS VARCHAR)"

    @property
    def _is_text(self) -> bool:
        known = self.sql_type in (*_FLOATS, *_TIMES, *_INTEGERS, "BOOLEAN", "TIMESTAMP WITH TIME ZONE")
        return not known and not self.sql_type.startswith("DECIMAL")

    @property
    def _is_number(self) -> bool:
        return self.sql_type in (*_INTEGERS, *_FLOATS) or self.sql_type.startswith("DECIMAL")

    def cast(self, kind: Kind) -> str:
        """SQL for the cell as `kind`; NULL where it does not fit. Times come out naive in UTC."""
        if kind == "string":
            return self.as_text
        if kind == "time":
            return self._time()
        if kind == "bool":
            return self._bool()
        return self._number()

    def _number(self) -> str:
        if not (self._is_text or self._is_number):
            return "CAST(NULL AS DOUBLE)"
        number = f"TRY_CAST({self.given} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"

    def _bool(self) -> str:
        if self.sql_type == "BOOLEAN":
            return self.expression
        if self._is_number:
            return f"CASE {self.expression} WHEN 1 THEN true WHEN 0 THEN false END"
        text = f"lower({self.given})"
        return f"CASE WHEN {text} IN ('true', '1') THEN true WHEN {text} IN ('false', '0') THEN false END"

    def _time(self) -> str:
        if self.sql_type in _TIMES:
            time = f"CAST({self.expression} AS TIMESTAMP)"
        elif self.sql_type == "TIMESTAMP WITH TIME ZONE":
            time = f"timezone('UTC', {self.expression})"
        elif self._is_text:
            time = f"({self._time_from_text()})"
        else:
            return "CAST(NULL AS TIMESTAMP)"
        return f"CASE WHEN {time} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59' THEN {time} END"

    def _time_from_text(self) -> str:
        # The plain cast is three times as fast but drops an offset, so it only takes shapes that cannot hold one.
        text = self.given
        plain = f"length({text}) = 10 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':')"
        seconds = f"regexp_replace({text}, '^(.{{16}})([Z+-])', '\\1:00\\2')"
        zoned = f"timezone('UTC', TRY_CAST({seconds} AS TIMESTAMPTZ))"
        return (
            f"CASE WHEN NOT {text} BETWEEN '0' AND ':' THEN NULL WHEN {plain} THEN TRY_CAST({text} AS TIMESTAMP) ELSE {zoned} END"
        )


def reasons(column: Column, given: str, value: str) -> list[str]:
    """SQL conditions paired with reasons (`CASE WHEN ... THEN 'reason' END`) for one column; never with a cell's content."""
    found = []
    if column.kind != "string":  # anything reads as a text
        found.append((f"{given} AND {value} IS NULL", f"not {_WORDS[column.kind]}"))
    if column.required:
        found.append((f"NOT {given}", "missing"))
    if column.allowed:
        found.append((f"{value} NOT IN ({literals(column.allowed)})", f"not one of {', '.join(column.allowed)}"))
    if column.minimum is not None and column.maximum is not None:
        between = f"{value} NOT BETWEEN {column.minimum} AND {column.maximum}"
        found.append((between, f"outside {column.minimum:g} to {column.maximum:g}"))
    elif column.minimum is not None:
        found.append((f"{value} < {column.minimum}", f"below {column.minimum:g}"))
    elif column.maximum is not None:
        found.append((f"{value} > {column.maximum}", f"above {column.maximum:g}"))
    return [reason(condition, f"{column.name}: {words}") for condition, words in found]


def reason(condition: str, words: str) -> str:
    """SQL that is the reason where the condition holds, else NULL."""
    return f"CASE WHEN {condition} THEN {literals([words])} END"
