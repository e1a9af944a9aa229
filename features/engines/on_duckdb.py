"""DuckDB, in this process: the default, and what holds the tables whatever computes the signals."""

from collections.abc import Sequence
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends.duckdb import Backend


class OnDuckDB:
    """Parquet files as tables of a DuckDB connection, and the answers to what is asked of them.

    `in_parts`: whether memory is bounded here, so that a long log is aggregated for some accounts at a time.
    """

    in_parts = True

    def __init__(self, con: Backend) -> None:
        self.con = con

    def read(self, files: Sequence[Path]) -> ibis.Table:
        """The rows of files of the same columns, as one table; nothing is read yet."""
        return self.con.read_parquet([str(file) for file in files])

    def keep(self, name: str, rows: ibis.Table) -> ibis.Table:
        """The rows, computed once, as a table of that name; it replaces one of the same name."""
        return self.con.create_table(name, rows, temp=True, overwrite=True)

    def answer(self, question: ibis.Table) -> pd.DataFrame:
        """The rows of an expression over what `read` and `keep` gave, in its order."""
        found: pd.DataFrame = question.to_pandas()
        return found
