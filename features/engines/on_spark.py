"""Spark, for a log that outgrows one machine: the same expressions over the same files, with the same numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis.backends.duckdb import Backend
from ibis.common.exceptions import IbisError
from ibis.expr import operations as ops

from features.engines.on_duckdb import OnDuckDB
from features.engines.spark_words import in_spark_words
from features.errors import BadInput

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class OnSpark(OnDuckDB):
    """What is asked of a matrix is answered by a Spark session, over the files themselves; every machine of it must see them.

    Tables are declared in DuckDB too, which keeps answering the small questions about the company, and picks evidence.
    """

    in_parts = False

    def __init__(self, con: Backend, session: "SparkSession") -> None:
        super().__init__(con)
        self._session = session.newSession()  # views of one company are not those of another
        self._spark = ibis.pyspark.connect(self._session)
        self._session.conf.set("spark.sql.ansi.enabled", "true")
        self._session.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
        self._files: dict[str, list[str]] = {}
        self._seen: set[str] = set()

    def read(self, files: Sequence[Path]) -> ibis.Table:
        """As in DuckDB; Spark reads the files when they are asked for."""
        table = super().read(files)
        self._files[table.get_name()] = [str(file) for file in files]
        return table

    def keep(self, name: str, rows: ibis.Table) -> ibis.Table:
        """As in DuckDB, and sent to Spark."""
        kept = super().keep(name, rows)
        sent = ibis.memtable(kept.to_pandas(), schema=kept.schema())
        self._spark.create_view(name, sent, overwrite=True)
        self._seen.add(name)
        return kept

    def answer(self, question: ibis.Table) -> pd.DataFrame:
        """As in DuckDB; `BadInput` says what Spark cannot do, and never is anything else computed in its stead."""
        from pyspark.errors import PySparkException

        tables = question.op().find(ops.DatabaseTable)
        for each in tables:
            self._show(each.name)
        plain = {each: ops.UnboundTable(name=each.name, schema=each.schema) for each in tables}
        asked = in_spark_words(question.op().replace(plain)).to_expr()
        try:
            found: pd.DataFrame = self._spark.to_pandas(asked)
        except (IbisError, PySparkException) as error:
            raise BadInput(
                f"Spark cannot compute {', '.join(question.columns)}: {str(error).splitlines()[0]} "
                "Set snapshots.engine: duckdb in params.yaml."
            ) from error
        return found

    def _show(self, name: str) -> None:
        if name not in self._seen:
            self._session.read.parquet(*self._files[name]).createOrReplaceTempView(name)
            self._seen.add(name)
