"""How well and how fast texts are read: `text.py CSV …`, each with `kind,lang,signals,text` or, for the tone, `lang,label,text`.

`signals` are names with `;` between them; rows without any are those that must stay silent. Labels above 0 (or `positive`) are
praise, below 0 (`negative`) complaints; others are left out. `ANALYZER=embed` (or `package.module:function`) reads with another
analyzer than `params.yaml` names; `MISSED=1` also lists every text that was read wrongly. A long text is rows run on, up to 750
characters, half of them rows that say nothing: real tickets are no string of complaints.
"""

import csv
import gzip
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from features.text.analyzer import HIT_FROM, SIGNALS, Text, TextAnalyzer, scores
from features.text.choice import open_analyzer
from models.metrics import auc
from pipelines.params import load

SECONDS = 3.0
SHORT, LONG = "short", "750 characters"
LONG_CHARACTERS = 750
Row = dict[str, str]


def texts(rows: Iterable[Row]) -> list[Text]:
    """The rows as texts of customers, the language left for the analyzer to find."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [Text(str(number), "a", row["text"], at, "tickets") for number, row in enumerate(rows)]


def found(rows: Sequence[Row], analyzer: TextAnalyzer) -> list[set[str]]:
    """The signals of each row."""
    read = [scores(each) for each in analyzer.analyze(texts(rows))]
    return [{signal for signal in SIGNALS if score[signal] >= HIT_FROM} for score in read]


def wanted(row: Row) -> set[str]:
    """What the row says by its author."""
    return {signal.strip() for signal in row["signals"].split(";") if signal.strip()}


def figures(name: str, pairs: Sequence[tuple[set[str], set[str]]]) -> str:
    """One Markdown row: precision, recall and F1 over (text, signal) pairs."""
    right = sum(len(want & got) for want, got in pairs)
    extra = sum(len(got - want) for want, got in pairs)
    missed = sum(len(want - got) for want, got in pairs)
    precision = right / (right + extra) if right + extra else float("nan")
    recall = right / (right + missed) if right + missed else float("nan")
    f1 = 2 * right / (2 * right + extra + missed) if right + extra + missed else float("nan")
    return f"| {name} | {len(pairs)} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"


def signals_table(rows: Sequence[Row], got: Sequence[set[str]]) -> None:
    """Print the figures by kind, kind and language, language and signal, and how often a silent row is hit."""
    pairs = [(wanted(row), each) for row, each in zip(rows, got, strict=True)]
    print("| of | texts | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    print(figures("all", pairs))
    for key in ("lang", "kind"):
        for value in sorted({row[key] for row in rows}):
            print(figures(value, [pair for row, pair in zip(rows, pairs, strict=True) if row[key] == value]))
    for kind, lang in sorted({(row["kind"], row["lang"]) for row in rows}):
        own = [pair for row, pair in zip(rows, pairs, strict=True) if (row["kind"], row["lang"]) == (kind, lang)]
        print(figures(f"{kind}, {lang}", own))
    for signal in SIGNALS:
        print(figures(signal, [(want & {signal}, each & {signal}) for want, each in pairs if signal in want | each]))
    silent = [each for want, each in pairs if not want]
    if silent:
        print(f"\nrows without a signal that are hit: {sum(map(bool, silent)) / len(silent):.3f} of {len(silent)}")


def list_wrong(rows: Sequence[Row], got: Sequence[set[str]]) -> None:
    """Print every row that was read wrongly: what is missing, what is too much, the text."""
    for row, each in zip(rows, got, strict=True):
        want = wanted(row)
        if want != each:
            print(f"{row['kind']}, {row['lang']}: -{sorted(want - each)} +{sorted(each - want)} {row['text']}")


def tone_table(rows: Sequence[Row], analyzer: TextAnalyzer) -> None:
    """Print the AUC of the sentiment, complaints below praise, by language."""
    tone = [each.sentiment for each in analyzer.analyze(texts(rows))]
    print("| language | praise | complaints | AUC |\n| --- | --- | --- | --- |")
    for lang in sorted({row["lang"] for row in rows}):
        polar = [(sign(row["label"]), value) for row, value in zip(rows, tone, strict=True) if row["lang"] == lang]
        polar = [(label, value) for label, value in polar if label]
        counts = Counter(label for label, _ in polar)
        area = auc(np.array([float(label > 0) for label, _ in polar]), np.array([value for _, value in polar]))
        print(f"| {lang} | {counts[1]} | {counts[-1]} | {area:.3f} |")


def sign(label: str) -> int:
    """1 for praise, -1 for a complaint, 0 for neither; `ValueError` names a label that is none of them."""
    words = {"positive": 1, "pos": 1, "negative": -1, "neg": -1, "neutral": 0, "neu": 0, "mixed": 0}
    if label.strip().casefold() in words:
        return words[label.strip().casefold()]
    number = float(label)
    return (number > 0) - (number < 0)


def speed(rows: Sequence[Row], analyzer: TextAnalyzer) -> None:
    """Print texts per CPU second: the rows as they are, and each run on with the next ones up to 750 characters."""
    lines = [row["text"] for row in rows]
    silent = [row["text"] for row in rows if not row.get("signals", "")] or lines
    mixed = [words for at, line in enumerate(lines) for words in (line, silent[at % len(silent)])]
    run_on = [" ".join(mixed[at : at + 60])[:LONG_CHARACTERS] for at in range(len(lines))]
    for name, some in ((SHORT, lines), (LONG, run_on)):
        batch = texts({"text": line} for line in some)
        analyzer.analyze(batch[:50])
        started, read = time.process_time(), 0
        while time.process_time() - started < SECONDS:
            analyzer.analyze(batch)
            read += len(batch)
        print(f"{name}: {read / (time.process_time() - started):,.0f} texts per CPU second")


def main() -> None:
    """Read every CSV that was named, the speed with the rows of all."""
    params = load(None).text
    chosen = params.model_copy(update={"analyzer": os.environ.get("ANALYZER", params.analyzer)})
    analyzer = open_analyzer(chosen)
    every: list[Row] = []
    for name in sys.argv[1:]:
        with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        print(f"\n{Path(name).name}: {len(rows)} texts, read by {analyzer.name} {analyzer.version}\n")
        if rows and "signals" in rows[0]:
            got = found(rows, analyzer)
            signals_table(rows, got)
            if os.environ.get("MISSED"):
                list_wrong(rows, got)
        elif rows:
            tone_table(rows, analyzer)
        every += rows
    if every:
        print()
        speed(every, analyzer)


if __name__ == "__main__":
    main()
