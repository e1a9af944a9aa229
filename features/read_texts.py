"""Reading what people wrote: the texts of all clean tables into the derived table `texts`."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import pandas as pd

from features.clean_files import clean_files
from features.contracts import Table
from features.tables import TABLES
from features.text.analyzer import TextAnalyzer
from features.text.table import COLUMNS, text_rows
from features.texts import TEXTS

# News is written by outsiders; an exit interview tells of an outcome that is over: neither is a sign of what may come.
KNOWN = "analysed/texts.parquet"  # beside the clean tables: what was found in each different text, by a hash of it
NO_SIGN = ("company_events", "exit_interviews")


def sources_of_text() -> dict[str, str]:
    """The tables that hold words of people who may stay or leave, each with its column."""
    found = {name: [c.name for c in table.columns if c.free_text] for name, table in TABLES.items()}
    return {name: columns[0] for name, columns in found.items() if columns and name not in NO_SIGN}


def write_texts(folder: Path, analyzer: TextAnalyzer, earlier: Path | None = None) -> int:
    """Analyse every text of the clean tables in `folder` into `texts.parquet`; the number of texts.

    A text that was analysed in the folder `earlier`, by the same analyzer, is not analysed again. Without any table that could
    hold words nothing is written: no text data is not "nothing was said".
    """
    known = pd.read_parquet(earlier / KNOWN) if earlier and (earlier / KNOWN).exists() else None
    found = [
        _of_table(files, TABLES[name], column, analyzer, known)
        for name, column in sources_of_text().items()
        if (files := clean_files(folder, name))
    ]
    if not found:
        return 0
    texts = pd.concat([rows for rows, _ in found], ignore_index=True)
    texts = texts.sort_values(["account_id", "at", "source", "row_id", "known_at"])
    texts.to_parquet(folder / f"{TEXTS.name}.parquet", index=False)
    (folder / KNOWN).parent.mkdir(exist_ok=True)
    read = pd.concat([analysed for _, analysed in found], ignore_index=True)
    read.to_parquet(folder / KNOWN, index=False)
    return len(texts)


def _of_table(
    files: Sequence[Path], table: Table, column: str, analyzer: TextAnalyzer, known: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The texts of a table, and what was found in each different one.

    A text is known when its row and its column are: a survey's comment with its answer, notes after the meeting.
    """
    late = f"{column}_known_at"
    rows = pd.concat([pd.read_parquet(file).dropna(subset=[column]) for file in files], ignore_index=True)
    if late in rows:
        rows = rows.assign(known_at=rows[["known_at", late]].max(axis=1, skipna=False)).dropna(subset=["known_at"])
    rows = rows.loc[rows[column].str.strip().astype(bool)].reset_index(drop=True)
    rows = rows.assign(key=_keys(table.name, rows, column))
    analysed = _analysed(table.name, rows, analyzer, known)
    own = rows[["account_id", "row_id"]].reset_index(drop=True)
    said = analysed.set_index("key").reindex(rows["key"]).reset_index(drop=True)
    dates = {"at": rows[table.time], "known_at": rows["known_at"], "superseded_at": rows["superseded_at"]}
    return pd.concat([own, said], axis=1)[list(COLUMNS)].assign(**dates, source=table.name), analysed


def _keys(table: str, rows: pd.DataFrame, column: str) -> list[str]:
    """What a text's analysis depends on, as a hash: its words and who speaks to whom."""
    told = [rows[name].fillna("").tolist() if name in rows else [""] * len(rows) for name in ("direction", "channel")]
    said = zip(rows[column].tolist(), *told, strict=True)
    return [blake2b("\x1f".join((table, *each)).encode(), digest_size=16).hexdigest() for each in said]


def _analysed(table: str, rows: pd.DataFrame, analyzer: TextAnalyzer, known: pd.DataFrame | None) -> pd.DataFrame:
    """One row a different text: its key and what the analyzer finds, or found before."""
    asked = rows.drop_duplicates("key")
    before = [] if known is None else [known.loc[known["key"].isin(asked["key"])]]
    new = asked if known is None else asked.loc[~asked["key"].isin(known["key"])]
    if before and new.empty:
        return before[0]
    read = text_rows(table, new.assign(row_id=new["key"]), analyzer, {}).rename(columns={"row_id": "key"})
    return pd.concat([*before, read.drop(columns="account_id")], ignore_index=True)
