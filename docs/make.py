"""Writes the reference pages that are made from declarations: tables, signals and their phrases."""

import csv
from pathlib import Path

from features.catalogue import catalogue
from features.contracts import FIRST_YEAR, LAST_YEAR, OPEN_END, Column, Table
from features.forms import Forms
from features.signal import FAMILIES, Signal
from features.tables import TABLES
from features.languages import LANGUAGES
from features.wording import say_signal

HERE = Path(__file__).parent
ABLATION = HERE / "signals" / "ablation.csv"
MEASURES = ("auc", "average_precision", "brier")
TOLD = {
    "category": (("retail", None),),
    "flag": ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (1.0, 0.5), (0.0, None)),
    "share": ((0.0, 0.384), (0.01, 0.0), (0.384, 1.0), (1.0, 0.01), (2.5, 0.384), (0.384, None)),
    "rank": ((0.0, None), (0.01, None), (0.384, None), (1.0, None)),
    "change": ((0.0, -0.384), (0.01, 0.0), (-0.384, 0.12), (1.0, -1.0), (2.5, 12.5), (-1.0, None)),
}
NUMBERS = ((0.0, 1.0), (1.0, 2.5), (2.5, 0.0), (1234.5, 1.0), (1234.5, None))
BELOW_ZERO = ((-1.0, 1.0), (-18.4, -1.0), (0.0, -18.4))
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
    intro += "Every phrase as a reader sees it: [phrases](phrases.md). The pictures (`docs/pictures.py`) show of each signal how its\n"
    intro += "values spread, from the 1st to the 99th percentile, and beside it the share that left within 90 days by tenth of the accounts, lowest values\n"
    intro += "first; the line is the share of all. They were drawn from `tenure world --accounts 1200 --months 24 --seed 71`, until 2026-07-01.\n"
    return "\n".join([intro, _added(), *(_family(family, [s for s in signals if s.family == family]) for family in FAMILIES)])


def _added() -> str:
    """What each family adds, as `benchmarks/ablation.py` last found it; – where it was not run."""
    rows = list(csv.DictReader(ABLATION.open(encoding="utf-8"))) if ABLATION.exists() else []
    found = {(row["data"], row["family"]): row for row in rows}
    sources = list(dict.fromkeys(row["data"] for row in rows)) or ["world"]
    head = "## What each family adds\n\nOut of time, the whole catalogue less the catalogue without the family, with 95 % intervals (`benchmarks/ablation.py`).\n\n"
    head += "".join(["| family |", *(f" {data}: AUC | AP | Brier, fewer | adds |" for data in sources), "\n| --- |", " --- | --- | --- | --- |" * len(sources)])
    lines = [f"| {family} |" + "".join(_gain(found.get((data, family)), known=bool(rows)) for data in sources) for family in FAMILIES]
    return "\n".join([head, *lines, ""])


def _gain(row: dict[str, str] | None, *, known: bool) -> str:
    if row is None:
        return " – | – | – | no data there |" if known else " – | – | – | – |"
    told = [f"{float(row[m]):+.4f} ({float(row[m + '_low']):+.4f} to {float(row[m + '_high']):+.4f})" for m in MEASURES]
    shows = any(float(row[f"{measure}_low"]) > 0 for measure in MEASURES)
    return f" {' | '.join(told)} | {'yes' if shows else 'nothing that shows'} |"


def _family(family: str, signals: list[Signal]) -> str:
    head = f"## {family}\n\n![{family}](signals/{family}.svg)\n\n| signal | meaning | unit | window | riskier when | missing | phrase |\n| --- | --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *(_signal(each) for each in signals), ""])


def _signal(each: Signal) -> str:
    window = f"{each.window_days} d" if each.window_days else "–"
    meaning = " ".join(each.meaning.split())
    said = each.phrase
    phrases = [said.en, said.es] if said.amount is None else [_spelled(said.en, said.amount.en), _spelled(said.es, said.amount.es)]
    phrase = " / ".join(phrases)
    return f"| `{each.name}` | {meaning} | {each.unit} | {window} | {WORST[each.direction]}{', actionable' if each.actionable else ''} | {each.missing} | {phrase} |"


def _spelled(phrase: str, forms: Forms) -> str:
    """The phrase with the forms of its value (of a flag: what most accounts do) in the place of the bare number."""
    told = " · ".join(form for form in (forms.more, forms.less, forms.zero) if form is not None)
    return phrase.replace("{value}" if "{value}" in phrase else "{comparison}", f"[{told}]")


def phrases_page() -> str:
    """`docs/phrases.md`: every phrase with 0, 1, a broken number and many, beside a typical account and alone."""
    intro = "# Phrases\n\nEvery signal as a reader sees it, made by `make docs`: its value, the typical account's (– where it is not known), the sentence.\n"
    return "\n".join([intro, *(_spoken(each) for each in catalogue())])


def _spoken(each: Signal) -> str:
    told = list(TOLD.get(each.unit, NUMBERS))
    if each.unit != "change" and each.phrase.amount is not None and each.phrase.amount.en.less is not None:
        told += [(-0.25, 0.384)] if each.unit == "share" else BELOW_ZERO
    seen: dict[tuple[str, ...], str] = {}
    for value, typical in told:
        said = tuple(say_signal(each, value, typical, language) for language in LANGUAGES)
        shown = "–" if typical is None else typical if isinstance(typical, str) else f"{typical:g}"
        number = value if isinstance(value, str) else f"{value:g}"
        seen.setdefault(said, f"| {number} | {shown} | {' | '.join(said)} |")
    return "\n".join([f"## `{each.name}`\n\n| value | typical | en | es |\n| --- | --- | --- | --- |", *seen.values(), ""])


def pages() -> dict[Path, str]:
    """Every generated page with its text."""
    return {HERE / "tables.md": tables_page(), HERE / "signals.md": signals_page(), HERE / "phrases.md": phrases_page()}


if __name__ == "__main__":
    for path, page in pages().items():
        path.write_text(page, encoding="utf-8")
        print(path.name)
