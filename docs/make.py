"""Writes the reference pages that are made from declarations: tables, signals, plays, command line."""

from pathlib import Path

from features.catalogue import catalogue
from features.contracts import FIRST_YEAR, LAST_YEAR, OPEN_END, Column, Table
from features.forms import Forms
from features.signal import FAMILIES, Signal
from features.tables import TABLES

HERE = Path(__file__).parent
WORST = {1: "higher", -1: "lower", 0: "depends"}


def tables_page() -> str:
    """`docs/tables.md`: every table and column of the contract."""
    intro = "# Tables\n\nMade from `features/tables.py` by `make docs`. `*` is required. Every table may carry `known_at`.\n"
    intro += "Times are ISO 8601: without a zone (UTC), with `Z`, or with a numeric offset such as `+02:00`; "
    intro += f"years {FIRST_YEAR} to {LAST_YEAR}. A row with another time is rejected. Only what is planned may lie later, as the 9999-12-31\n"
    intro += f"of many systems: it is read as {OPEN_END}, counted, and no renewal is seen ahead of such a term.\n"
    return "\n".join([intro, *(_table(table) for table in TABLES.values())])


def _table(table: Table) -> str:
    head = f"## `{table.name}`{' (required)' if table.required else ''}\n\nOne row is {table.one_row}. Key: {' + '.join(table.key)}. "
    head += f"Without `known_at`, {table.stand_in} stands in for it.\n\n| column | kind | meaning | values | known |\n| --- | --- | --- | --- | --- |"
    return "\n".join([head, *(_column(column) for column in table.columns), ""])


def _column(column: Column) -> str:
    bounds = [f"{bound:g}" for bound in (column.minimum, column.maximum) if bound is not None]
    values = ", ".join(f"`{value}`" for value in column.allowed) or (" to ".join(bounds) if len(bounds) > 1 else "")
    known = f"with `{column.follows}`" if column.follows else "at its own time" if column.late else "with its row"
    return f"| `{column.name}`{'*' if column.required else ''} | {column.kind} | {column.meaning} | {values} | {known} |"


def signals_page() -> str:
    """`docs/signals.md`: every signal by family."""
    signals = catalogue()
    intro = f"# Signals\n\nMade from the {len(signals)} declarations in `features/signals/` by `make docs`. 0 = nothing happened, missing = unknown.\n"
    return "\n".join([intro, *(_family(family, [s for s in signals if s.family == family]) for family in FAMILIES)])


def _family(family: str, signals: list[Signal]) -> str:
    head = f"## {family}\n\n| signal | meaning | unit | window | riskier when | missing | phrase |\n| --- | --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *(_signal(each) for each in signals), ""])


def _signal(each: Signal) -> str:
    window = f"{each.window_days} d" if each.window_days else "–"
    meaning = " ".join(each.meaning.split())
    said = each.phrase
    phrases = [said.en, said.es] if said.amount is None else [_spelled(said.en, said.amount.en), _spelled(said.es, said.amount.es)]
    phrase = " / ".join(phrases)
    return f"| `{each.name}` | {meaning} | {each.unit} | {window} | {WORST[each.direction]} | {each.missing} | {phrase} |"


def _spelled(phrase: str, forms: Forms) -> str:
    """The phrase with the forms of its value (of a flag: what most accounts do) in the place of the bare number."""
    told = " · ".join(form for form in (forms.more, forms.less, forms.zero) if form is not None)
    return phrase.replace("{value}" if "{value}" in phrase else "{comparison}", f"[{told}]")


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    return {HERE / "tables.md": tables_page(), HERE / "signals.md": signals_page()}


if __name__ == "__main__":
    for path, page in pages().items():
        path.write_text(page, encoding="utf-8")
        print(path.name)
