"""A time with a zone reads as the moment that the calendar of UTC says, whatever zone the machine is in."""

import duckdb
import pytest

from features.cleaning.casting import RawColumn

ZONED = RawColumn("x", "TIMESTAMP WITH TIME ZONE")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("value", "plan", "read"),
    [
        ("2024-03-31 02:30:00+02", False, "2024-03-31 00:30:00"),
        ("2024-03-31 01:30:00.123456+01", False, "2024-03-31 00:30:00.123456"),
        ("1969-12-31 23:59:59.999999+00", False, "1969-12-31 23:59:59.999999"),
        ("1900-01-01 00:00:00+00", False, "1900-01-01 00:00:00"),
        ("1899-12-31 23:59:59.999999+00", False, None),
        ("2200-12-31 23:59:59.999999+00", False, "2200-12-31 23:59:59.999999"),
        ("2201-01-01 00:00:00+00", False, None),
        ("2201-01-01 00:00:00+00", True, "2200-12-31 00:00:00"),
        ("0044-03-15 (BC) 00:00:00+00", True, None),
        ("infinity", False, None),
        ("infinity", True, "2200-12-31 00:00:00"),
        ("-infinity", True, None),
    ],
)
def test_a_zoned_time_reads_as_its_moment_in_utc(zone, value, plan, read):
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{zone}'")
    rows = f"(SELECT TIMESTAMPTZ '{value}' AS x)"
    (found,) = connection.execute(f"SELECT CAST({ZONED.cast('time', plan=plan)} AS VARCHAR) FROM {rows}").fetchone()
    assert found == read
