"""From raw rows to typed rows: every cell cast to its declared kind, every broken rule named, nothing dropped yet.

`typed_<table>` has the contract columns that are there, `known_at`, `row_id`, attributes as text, explicit knowledge dates,
and `_n` (rowid of the raw row), `_reason` (NULL = sound), `_content` (hash of the content), `_stood_in` (bool),
`_heard_at`: when the row says something of the company, which is not before its account is known. What a row decides for
others (which money, which version, how far back a source reaches) counts from then on.
"""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from features.cleaning.casting import SQL_TYPES, RawColumn, reason, reasons
from features.contracts import Column, Table
from features.source import RawTable
from features.sql import literal, quoted
from features.tables import LEAST_USE

KNOWN_AT = Column("known_at", "time", "when we learned it")
ROW_ID = Column("row_id", "string", "the row")
ATTRIBUTE = "attr_"
UNKNOWN_ACCOUNT = "account_id: not in accounts"
SEPARATOR = "; "
_LINKED = "the account's created_at"
_RULES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "subscriptions": (("renews_at <= started_at", "renews_at: not after started_at", ("renews_at", "started_at")),),
    "usage": ((f"quantity > 0 AND quantity < {LEAST_USE}", f"quantity: above 0 but below {LEAST_USE:g}", ("quantity",)),),
    "surveys": (
        ("kind = 'csat' AND score NOT BETWEEN 1 AND 5", "score: outside 1 to 5 for csat", ("kind", "score")),
        ("kind = 'ces' AND score NOT BETWEEN 1 AND 7", "score: outside 1 to 7 for ces", ("kind", "score")),
    ),
}


@dataclass(frozen=True)
class Staged:
    """A table whose rows are typed: the declaration, what came, and which of its columns mean something."""

    table: Table
    raw: RawTable
    present: tuple[Column, ...]
    attributes: tuple[str, ...]
    knowledge: tuple[str, ...]
    unknown: tuple[str, ...]
    gives_known_at: bool

    @property
    def relation(self) -> str:
        """The typed table."""
        return quoted(f"typed_{self.table.name}")

    def has(self, name: str) -> bool:
        """Whether the declared column came at all."""
        return any(column.name == name for column in self.present)


def describe(connection: DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Columns of a table, in order, each with its DuckDB type."""
    rows = connection.execute(f"DESCRIBE SELECT * FROM {quoted(relation)}").fetchall()
    return {name: kind for name, kind, *_ in rows}


def stage(connection: DuckDBPyConnection, table: Table, raw: RawTable, *, accounts_known: bool) -> Staged:
    """Type the rows of one table. Needs every required column; `accounts_known`: the table `known_accounts` exists."""
    types = describe(connection, raw.relation)
    staged = _sorted_out(table, raw, types)
    columns = [*staged.present, *([KNOWN_AT] if staged.gives_known_at else [])]
    columns += [ROW_ID] if "row_id" in types else []
    columns += [Column(name, "time", "when the value was known") for name in staged.knowledge]
    columns += [Column(name, "string", "an attribute") for name in staged.attributes]
    cells = {c.name: RawColumn(quoted(c.name), types[c.name]) for c in columns}
    values = [f"{cells[c.name].cast(c.kind, plan=c.plan)} AS {quoted(c.name)}" for c in columns]
    given = [f"{cells[c.name].given} AS {quoted('_given_' + c.name)}" for c in columns]
    found = [r for c in columns for r in reasons(c, cells[c.name].named("_given_" + c.name), f"v.{quoted(c.name)}")]
    linked = accounts_known and table.name != "accounts"
    if linked:
        found.append(reason("k.account_id IS NULL AND v.account_id IS NOT NULL", UNKNOWN_ACCOUNT))
    for condition, words, needed in _RULES.get(table.name, ()):
        if all(staged.has(name) for name in needed):
            found.append(reason(condition, words))
    names = ", ".join(f"v.{quoted(c.name)}" for c in columns if c.name not in ("known_at", "row_id"))
    join = "LEFT JOIN known_accounts k ON k.account_id = v.account_id" if linked else ""
    connection.execute(f"""
        CREATE OR REPLACE TABLE {staged.relation} AS
        WITH cells AS (SELECT rowid AS _n, {", ".join([*values, *given])} FROM {quoted(raw.relation)}),
        judged AS (
            SELECT v._n, {names}, {_known_at(staged, linked=linked)} AS known_at,
                {"v.row_id" if "row_id" in types else "CAST(NULL AS VARCHAR)"} AS row_id,
                {"k.known_at" if linked else "CAST(NULL AS TIMESTAMP)"} AS _account_known_at,
                {"v.known_at IS NULL" if staged.gives_known_at else "true"} AS _stood_in,
                nullif(concat_ws({literal(SEPARATOR)}, {", ".join(found)}), '') AS _reason
            FROM cells v {join})
        SELECT * EXCLUDE (_account_known_at), greatest(known_at, _account_known_at) AS _heard_at,
            md5_number({_content(staged)}) AS _content FROM judged
    """)
    return staged


def _sorted_out(table: Table, raw: RawTable, types: dict[str, str]) -> Staged:
    declared = {column.name for column in table.columns}
    attributes = tuple(sorted(n for n in types if n.startswith(ATTRIBUTE))) if table.name == "accounts" else ()
    knowledge = tuple(sorted(n for n in types if n.endswith("_known_at") and n.removesuffix("_known_at") in declared))
    understood = {*declared, *attributes, *knowledge, "known_at", "row_id"}
    return Staged(
        table=table,
        raw=raw,
        present=tuple(column for column in table.columns if column.name in types),
        attributes=attributes,
        knowledge=knowledge,
        unknown=tuple(name for name in types if name not in understood),
        gives_known_at="known_at" in types,
    )


def _known_at(staged: Staged, *, linked: bool) -> str:
    """The row's own known_at, else what stands in for it."""
    table = staged.table
    if table.stand_in == _LINKED:
        stand_in = f"coalesce(k.created_at, v.{quoted(table.time)})" if linked else f"v.{quoted(table.time)}"
    else:
        stand_in = f"v.{quoted(table.stand_in)}"
    return f"coalesce(v.known_at, {stand_in})" if staged.gives_known_at else stand_in


def _content(staged: Staged) -> str:
    """One text of all that a row says, the same whichever absent or empty columns its file has.

    A `row_id` only tells rows apart where no key does; else two loads of one event would contradict each other.
    """
    parts = []
    for column in staged.table.columns:
        value = quoted(column.name) if staged.has(column.name) else f"CAST(NULL AS {SQL_TYPES[column.kind]})"
        value = f"coalesce({value}, 1)" if (staged.table.name, column.name) == ("usage", "quantity") else value
        parts.append(f"coalesce(CAST({value} AS VARCHAR), '')")
    parts.append("coalesce(CAST(known_at AS VARCHAR), '')")
    extra = (*staged.attributes, *staged.knowledge)
    parts += [f"{literal(name + '=')} || CAST({quoted(name)} AS VARCHAR)" for name in extra]
    if staged.table.name == "usage":
        parts.append(f"CASE WHEN {'event_id' if staged.has('event_id') else 'NULL'} IS NULL THEN row_id END")
    return f"concat_ws(chr(31), {', '.join(parts)})"
