"""Reading what people wrote: the texts of all clean tables into the derived table `texts`."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from features.clean_files import clean_files
from features.contracts import Table
from features.tables import TABLES
from features.text.analyzer import TextAnalyzer
from features.text.table import text_rows
from features.texts import TEXTS

# News is written by outsiders; an exit interview tells of an outcome that is over: neither is a sign of what may come.
NO_SIGN = ("company_events", "exit_interviews")
ROWS_AT_ONCE = 20_000  # bounds memory


def sources_of_text() -> dict[str, str]:
    """The tables that hold words of people who may stay or leave, each with its column."""
    found = {name: [c.name for c in table.columns if c.free_text] for name, table in TABLES.items()}
    return {name: columns[0] for name, columns in found.items() if columns and name not in NO_SIGN}


def write_texts(folder: Path, analyzer: TextAnalyzer) -> int:
    """Analyse every text of the clean tables in `folder` into `texts.parquet`; the number of texts.

    Without any table that could hold words nothing is written: no text data is not "nothing was said".
    """
    parts = [
        _of_table(files, TABLES[name], column, analyzer)
        for name, column in sources_of_text().items()
        if (files := clean_files(folder, name))
    ]
    if not parts:
        return 0
    texts = pd.concat(parts, ignore_index=True).sort_values(["account_id", "at", "source", "row_id", "known_at"])
    texts.to_parquet(folder / f"{TEXTS.name}.parquet", index=False)
    return len(texts)


def _of_table(files: Sequence[Path], table: Table, column: str, analyzer: TextAnalyzer) -> pd.DataFrame:
    """A text is known when its row and its column are: a survey's comment with its answer, notes after the meeting.

    Versions of a row may share their `row_id`: each text keeps the dates of its own row.
    """
    late = f"{column}_known_at"
    rows = pd.concat([pd.read_parquet(file).dropna(subset=[column]) for file in files], ignore_index=True)
    if late in rows:
        rows = rows.assign(known_at=rows[["known_at", late]].max(axis=1, skipna=False)).dropna(subset=["known_at"])
    rows = rows.reset_index(drop=True)
    numbered = rows.assign(row_id=rows.index.astype(str))
    blocks = [numbered[at : at + ROWS_AT_ONCE] for at in range(0, max(1, len(rows)), ROWS_AT_ONCE)]
    analysed = pd.concat([text_rows(table.name, block, analyzer, {}) for block in blocks], ignore_index=True)
    own = rows.iloc[analysed["row_id"].astype("int64")].reset_index(drop=True)
    dates = {"at": own[table.time], "known_at": own["known_at"], "superseded_at": own["superseded_at"]}
    return analysed.assign(row_id=own["row_id"], **dates, source=table.name)
