"""The rows of a Parquet file are known again, however the file that holds them was written."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import parquet_rows
from pipelines.parquet_rows import fingerprint, write_after

ROWS = st.lists(st.tuples(st.text(max_size=3) | st.none(), st.integers(-3, 3) | st.none(), st.booleans()), max_size=30)
SCHEMA = pa.schema({"text": pa.string(), "number": pa.int64(), "flag": pa.bool_()})


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(parquet_rows, "BLOCK_ROWS", 7)


def table(rows):
    return pa.table([pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), SCHEMA.types, strict=True)], SCHEMA)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS.filter(bool), more=ROWS, group=st.integers(1, 40))
def test_rows_are_known_again_whatever_comes_after_them_and_the_rest_is_that(tmp_path, rows, more, group):
    before, now, rest = (tmp_path / name for name in ("before", "now", "rest"))
    pq.write_table(table(rows), before)
    pq.write_table(table([*rows, *more]), now, row_group_size=group, compression="snappy")
    assert fingerprint(now, len(rows)) == fingerprint(before) == (len(rows), fingerprint(before)[1])
    write_after(now, len(rows), rest)
    assert pq.read_table(rest).to_pylist() == table([*rows, *more]).to_pylist()[len(rows) :]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS.filter(bool), other=ROWS.filter(bool))
def test_rows_that_differ_anywhere_have_another_fingerprint(tmp_path, rows, other):
    for name, each in (("rows", rows), ("other", other)):
        pq.write_table(table(each), tmp_path / name)
    same = fingerprint(tmp_path / "rows") == fingerprint(tmp_path / "other")
    assert same == (rows == other)


def test_names_and_types_of_the_columns_count(tmp_path):
    frames = [pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), pd.DataFrame({"a": [1.0]}), pd.DataFrame({"a": ["1"]})]
    frames.append(frames[-1].astype("category"))
    for number, frame in enumerate(frames):
        frame.to_parquet(tmp_path / str(number))
    assert len({fingerprint(tmp_path / str(number)) for number in range(len(frames))}) == len(frames)


def test_other_categories_are_other_rows_although_their_codes_are_the_same(tmp_path):
    for name in ("x", "y"):
        pd.DataFrame({"a": pd.Categorical([name] * 9)}).to_parquet(tmp_path / name)
    assert fingerprint(tmp_path / "x") != fingerprint(tmp_path / "y")


def test_what_is_no_parquet_has_none(tmp_path):
    (tmp_path / "usage.parquet").write_bytes(b"account_id,occurred_at\n")
    assert fingerprint(tmp_path / "usage.parquet") == (0, "")
