"""From a raw cell of any type to the declared kind, in SQL: a cell that does not fit becomes NULL and gets a reason."""

from dataclasses import dataclass

from features.contracts import FIRST_YEAR, LAST_YEAR, OPEN_END, Column, Kind
from features.sql import literals, quoted

_FLOATS = ("DOUBLE", "FLOAT", "REAL")
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_ZONED = "TIMESTAMP WITH TIME ZONE"
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_WORDS: dict[Kind, str] = {
    "number": "not a number",
    "integer": "not a number",
    "bool": "not true or false",
    "time": "not a time",
}
# A named zone is no part of it: DuckDB's cast (1.5) keeps the last one named and reads later cells without a zone in it.
_MOMENT = r"\d+[-/]\d+[-/]\d+([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-](0\d|1[0-4])(:?[0-5]\d)?)?)?"
_ZONE_NAMED = r":\d\d[0-9:.]*\s*[A-Za-z][A-Za-z/_+-]{2,}"
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
        known = self.sql_type in (*_FLOATS, *_TIMES, *_INTEGERS, "BOOLEAN", _ZONED)
        return not known and not self.sql_type.startswith("DECIMAL")

    @property
    def _is_number(self) -> bool:
        return self.sql_type in (*_INTEGERS, *_FLOATS) or self.sql_type.startswith("DECIMAL")

    def named(self, name: str) -> "RawColumn":
        """The same cell where it stands under another name."""
        return RawColumn(quoted(name), self.sql_type)

    def cast(self, kind: Kind, *, plan: bool = False) -> str:
        """SQL for the cell as `kind`; NULL where it does not fit. Times come out naive in UTC, an open end as `OPEN_END`."""
        if kind == "string":
            return self.as_text
        if kind == "time":
            return self._time(open_end=plan)
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

    def misfit(self, kind: Kind) -> str:
        """SQL for the words on a cell that does not fit `kind`: what is wrong with it."""
        if kind != "time":
            return literals([_WORDS[kind]])
        outside = literals([f"outside the years {FIRST_YEAR} to {LAST_YEAR}"])
        if self.sql_type in (*_TIMES, _ZONED):  # it is a time, if perhaps one that no calendar holds
            return outside
        years = f"WHEN {self._instant()} IS NOT NULL THEN {outside}"
        zone = literals(["a named time zone (write Z or an offset such as +02:00)"])
        named = f"WHEN regexp_matches({self.given}, {literals([_ZONE_NAMED])}) THEN {zone} " if self._is_text else ""
        return f"CASE {named}{years} ELSE {literals([_WORDS[kind]])} END"

    def _time(self, *, open_end: bool) -> str:
        """The moment, if it lies in years that a business speaks of: others are typing errors, such as 25-05-01."""
        time = self._instant()
        first, after = f"TIMESTAMP '{FIRST_YEAR}-01-01'", f"TIMESTAMP '{LAST_YEAR + 1}-01-01'"
        beyond = f"WHEN {time} >= {after} THEN TIMESTAMP '{OPEN_END}' " if open_end else ""
        return f"CASE WHEN {time} >= {first} AND {time} < {after} THEN {time} {beyond}END"

    def _instant(self) -> str:
        if self.sql_type in _TIMES:
            return f"TRY(CAST({self.expression} AS TIMESTAMP))"
        if self.sql_type == _ZONED:
            # Its microseconds are those in UTC, and reading them takes a 25th of the time that the calendar of a zone takes.
            finite = f"WHEN isfinite({self.expression}) THEN make_timestamp(epoch_us({self.expression}))"
            return f"CASE {finite} ELSE TRY(timezone('UTC', {self.expression})) END"
        if self._is_text:
            return f"({self._time_from_text()})"
        return "CAST(NULL AS TIMESTAMP)"

    def _time_from_text(self) -> str:
        # The plain cast is three times as fast but drops an offset, so it only takes shapes that cannot hold one.
        text = self.given
        plain = f"length({text}) = 10 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':')"
        plain += f" OR (length({text}) = 20 AND substr({text}, 17, 1) = ':' AND substr({text}, 20, 1) = 'Z')"
        moment = f"CASE WHEN regexp_full_match({text}, {literals([_MOMENT])}) THEN upper({text}) END"
        seconds = f"regexp_replace({moment}, '^(.{{16}})([Z+-])', '\\1:00\\2')"
        zoned = f"timezone('UTC', TRY_CAST({seconds} AS TIMESTAMPTZ))"
        return (
            f"CASE WHEN NOT {text} BETWEEN '0' AND ':' THEN NULL WHEN {plain} THEN TRY_CAST({text} AS TIMESTAMP) ELSE {zoned} END"
        )


def reasons(column: Column, given: RawColumn, value: str) -> list[str]:
    """SQL that is a reason or NULL (`CASE WHEN ... THEN 'reason' END`), for one column; never with a cell's content.

    `given` is the raw cell, `value` the same cell cast to the column's kind.
    """
    there = f"{given.expression} IS NOT NULL"
    found = []
    misfits = []
    if column.kind != "string":  # anything reads as a text
        words = f"{literals([f'{column.name}: '])} || ({given.misfit(column.kind)})"
        misfits.append(f"CASE WHEN {there} AND {value} IS NULL THEN {words} END")
    if column.required:
        found.append((f"{given.expression} IS NULL", "missing"))
    if column.allowed:
        found.append((f"{value} NOT IN ({literals(column.allowed)})", f"not one of {', '.join(column.allowed)}"))
    if column.minimum is not None and column.maximum is not None:
        between = f"{value} NOT BETWEEN {column.minimum} AND {column.maximum}"
        found.append((between, f"outside {column.minimum:g} to {column.maximum:g}"))
    elif column.minimum is not None:
        found.append((f"{value} < {column.minimum}", f"below {column.minimum:g}"))
    elif column.maximum is not None:
        found.append((f"{value} > {column.maximum}", f"above {column.maximum:g}"))
    return [*misfits, *(reason(condition, f"{column.name}: {words}") for condition, words in found)]


def reason(condition: str, words: str) -> str:
    """SQL that is the reason where the condition holds, else NULL."""
    return f"CASE WHEN {condition} THEN {literals([words])} END"
