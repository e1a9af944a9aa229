"""What the cells of a column can be read as: tried with the very SQL that a mapping runs, on the cells looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from features.sql import literal
from pipelines.sources.mapping_cell import EPOCHS, ISO
from pipelines.sources.mapping_sql import amount_sql, written

_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
_DAY_FIRST = tuple(f"%d{s}%m{s}%{y}{clock}" for y in "Yy" for s in "/-." for clock in _CLOCKS)
_MONTH_FIRST = tuple(f"%m{s}%d{s}%{y}{clock}" for y in "Yy" for s in "/-." for clock in _CLOCKS)
_NAMED = ("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%y")
WAYS = (ISO, *_DAY_FIRST, *_MONTH_FIRST, "%Y%m%d", "%Y.%m.%d", *_NAMED, *EPOCHS)
_YEARS = "BETWEEN TIMESTAMP '1990-01-01' AND TIMESTAMP '2100-01-01'"  # in which a company's own times lie
MOST = 0.9  # share of the cells that must be readable in a way for the way to be proposed


@dataclass(frozen=True)
class Times:
    """The ways in which the cells are times (none: they are times already), the share that is, and ways that fit as well but
    say other days.
    """

    ways: tuple[str, ...]
    share: float
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbers:
    """The decimal sign that has to be said (None: none, `?`: both fit and say other numbers), and the share that is a number."""

    decimal: str | None
    share: float


def read_times(connection: DuckDBPyConnection, cells: str, shown: Sequence[str]) -> Times | None:
    """How the texts `cell` of the table `cells` are times; None when less than `MOST` of them are.

    Only ways whose signs between the digits stand in one of the cells `shown` are tried.
    """
    ways = _possible(shown)
    if not ways:
        return None
    named = [f"CASE WHEN t{n} {_YEARS} THEN t{n} END AS t{n}" for n in range(len(ways))]
    moments = ", ".join(f"{written('trim(cell)', way)} AS t{n}" for n, way in enumerate(ways))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE moments AS SELECT {', '.join(named)} FROM (SELECT {moments} FROM {cells})")
    counts = ", ".join(f"count(t{n})" for n in range(len(ways)))
    total, *fits = connection.execute(f"SELECT count(*), {counts} FROM moments").fetchall()[0]
    if max(fits) == 0:
        return None
    chosen = [fits.index(max(fits))]
    for _ in range(2):  # days beside days with a clock
        rest = " AND ".join(f"t{n} IS NULL" for n in chosen)
        more = connection.execute(f"SELECT {counts} FROM moments WHERE {rest}").fetchall()[0]
        if max(more) >= max(1, 0.01 * total) and ways[more.index(max(more))] not in EPOCHS:
            chosen.append(more.index(max(more)))
    read = connection.execute(f"SELECT count(coalesce({_listed(chosen)})) FROM moments").fetchall()[0][0]
    if read / total < MOST:
        return None
    used = tuple(ways[n] for n in chosen)
    return Times(used if used != (ISO,) else (), read / total, _rivals(connection, ways, used, read))


def _possible(shown: Sequence[str]) -> list[str]:
    signs = {frozenset(sign for sign in cell.strip() if not sign.isalnum()) for cell in shown if any(map(str.isdigit, cell))}
    found = [way for way in WAYS if way not in (ISO, *EPOCHS) and _signs(way) in signs]
    dated = any({"-", "/"} & each for each in signs)
    digits = frozenset[str]() in signs or frozenset(".") in signs
    return [*([ISO] if dated else []), *found, *(EPOCHS if digits else [])]


def _signs(way: str) -> frozenset[str]:
    return frozenset(sign for sign in way if not sign.isalnum() and sign != "%")


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(f"t{number}" for number in numbers)


def _rivals(connection: DuckDBPyConnection, ways: list[str], used: tuple[str, ...], read: int) -> tuple[str, ...]:
    """The same ways with day and month exchanged, where they read as many cells and say other days; none otherwise."""
    swapped = tuple(way.translate(str.maketrans("dm", "md")) for way in used)
    if swapped == used or not all(way in ways for way in swapped):
        return ()
    one, other = (_listed([ways.index(way) for way in each]) for each in (used, swapped))
    query = f"SELECT count(coalesce({other})), count(*) FILTER (coalesce({one}) <> coalesce({other})) FROM moments"
    count, differ = connection.execute(query).fetchall()[0]
    return swapped if count == read and differ else ()


def read_numbers(connection: DuckDBPyConnection, cells: str) -> Numbers | None:
    """How the texts `cell` of the table `cells` are numbers; None when less than `MOST` of them are."""
    grouped = r"^[1-9]\d{0,2}(\.\d{3})+$"
    total, plain, dotted, thousands, comma, point, other = connection.execute(f"""
        WITH read AS (SELECT cell, TRY_CAST(cell AS DOUBLE) AS plain, {amount_sql("cell", ",")} AS comma,
            {amount_sql("cell", ".")} AS point FROM {cells})
        SELECT count(*), count(plain), count(*) FILTER (contains(cell, '.')),
            count(*) FILTER (regexp_full_match(trim(cell), {literal(grouped)})), count(comma), count(point),
            count(*) FILTER (comma <> point) FROM read
    """).fetchall()[0]
    if not total or max(plain, comma, point) / total < MOST:
        return None
    if plain >= max(comma, point) and not (thousands and thousands == dotted):
        return Numbers(None, plain / total)
    if comma == point and other:
        return Numbers("?", comma / total)
    if plain == point == total and thousands == dotted and comma == total:
        return Numbers("?", comma / total)
    return Numbers("," if comma > point else ".", max(comma, point) / total)


def currencies(connection: DuckDBPyConnection, cells: str) -> tuple[str, ...]:
    """The currency signs and codes that stand beside numbers."""
    found = connection.execute(f"""
        SELECT DISTINCT regexp_extract(upper(cell), '(\\p{{Sc}}|[A-Z]{{3}})') AS sign FROM {cells}
        WHERE regexp_matches(cell, '\\d') ORDER BY 1
    """).fetchall()
    return tuple(sign for (sign,) in found if sign)


def kinds_of(sql_type: str) -> Sequence[str]:
    """What a native type is without reading its cells: `time`, `number`, `flag`, or nothing for texts."""
    if sql_type.startswith(("TIMESTAMP", "DATE")):
        return ("time",)
    if sql_type == "BOOLEAN":
        return ("flag",)
    numbers = ("INT", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "REAL")
    return ("number",) if any(word in sql_type for word in numbers) else ()
