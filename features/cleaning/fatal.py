"""Problems that leave nothing to work with: missing tables and columns, told all at once with the nearest name there is."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from features.contracts import Table
from features.source import Loaded
from features.tables import TABLES

NEEDS_ROWS = ("accounts", "subscriptions")  # a young company may have no outcome yet


def missing_tables(loaded: Loaded, present: Collection[str]) -> list[str]:
    """Required tables that are not `present`, each with the name that looks like it."""
    found = []
    unreadable = " ".join(loaded.problems)
    for table in TABLES.values():
        if table.required and table.name not in present and table.name not in unreadable:
            like = get_close_matches(table.name, loaded.ignored, n=1, cutoff=0.6)
            hint = f"Rename {like[0]} to {table.name}" if like else f"Add {table.name}"
            found.append(f"table {table.name} is missing. {hint}; columns: {_needed(table)}.")
    return found


def missing_columns(table: Table, names: Iterable[str]) -> list[str]:
    """Required columns the table lacks, in one sentence with what it has and the nearest match of each; else empty."""
    has = list(names)
    lacking = [c.name for c in table.columns if c.required and c.name not in has]
    if not lacking:
        return []
    spare = {name.lower().strip(): name for name in has if name not in {c.name for c in table.columns}}
    hints = []
    for name in lacking:
        like = get_close_matches(name, spare, n=1, cutoff=0.6)
        hints.append(f"{name} (rename {spare[like[0]]}?)" if like else name)
    return [f"table {table.name} lacks required columns: {', '.join(hints)}. It has: {', '.join(has)}."]


def without_rows(table: Table, read: int, accepted: int, reasons: Mapping[str, int]) -> list[str]:
    """A table that nothing can be said without and in which no row is left, in one sentence; else empty."""
    if table.name in NEEDS_ROWS and read and not accepted:
        why = ", ".join(f"{reason} ({count:,})" for reason, count in reasons.items())
        return [f"table {table.name}: every one of its {read:,} rows was rejected: {why}. Correct them and try again."]
    if table.name in NEEDS_ROWS and not read:
        return [f"table {table.name} is empty. Export its rows; nothing can be said without them."]
    return []


def _needed(table: Table) -> str:
    return ", ".join(c.name for c in table.columns if c.required)
