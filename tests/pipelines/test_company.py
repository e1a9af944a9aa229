"""A company opened for work, and matrices read back from a file."""

from datetime import date

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.check import check
from features.errors import BadInput
from pipelines.company import Company, read_matrix
from pipelines.params import load
from pipelines.preparing import Prepared
from tests.conftest import ACCOUNT, RENEWAL, TERM, InMemory

SIGNALS = [signal for signal in catalogue() if signal.name in ("arr", "events_28d")]
UNTIL = date(2025, 3, 1)


def matrix(days, tz="UTC", **columns):
    rows = {"account_id": [f"a{number}" for number in range(len(days))], "as_of": pd.to_datetime(days), "arr": 1.0}
    frame = pd.DataFrame(rows | {"events_28d": 2.0} | columns)
    return frame.assign(as_of=frame["as_of"].dt.tz_localize(tz))


@pytest.fixture
def read(tmp_path):
    def made(frame):
        path = tmp_path / "features.parquet"
        frame.to_parquet(path, index=False)
        return read_matrix(path, UNTIL, SIGNALS)

    return made


class TestReadMatrix:
    def test_rows_at_or_after_until_are_left_out(self, read):
        found = read(matrix(["2025-02-01", "2025-02-28", "2025-03-01", "2025-04-01"]))
        assert found["as_of"].tolist() == [pd.Timestamp("2025-02-01"), pd.Timestamp("2025-02-28")]

    def test_rows_are_sorted_by_day_and_account(self, read):
        found = read(matrix(["2025-02-01", "2025-01-01", "2025-01-01"], account_id=["c", "b", "a"]))
        assert found["account_id"].tolist() == ["a", "b", "c"]

    @pytest.mark.parametrize("tz", ["UTC", "Europe/Madrid", None])
    def test_days_are_naive_utc_whatever_zone_the_file_has(self, tz, read):
        frame = matrix(["2025-02-01"], None).assign(as_of=pd.to_datetime(["2025-02-01"]).tz_localize("UTC").tz_convert(tz))
        found = read(frame)
        assert found["as_of"].tolist() == [pd.Timestamp("2025-02-01")]
        assert str(found["as_of"].dtype) == "datetime64[us]"

    def test_attributes_come_along(self, read):
        assert read(matrix(["2025-02-01"], attr_size=3.0))["attr_size"].tolist() == [3.0]

    def test_every_column_stays_in_its_row_and_its_place_whatever_index_the_file_has(self, tmp_path):
        days = ["2025-02-01", "2025-04-01", "2025-01-01"]
        frame = matrix(days, attr_tier=["b", None, "a"], attr_size=[1.0, 2.0, None]).set_index(pd.Index([7, 0, 1]))
        frame.to_parquet(tmp_path / "features.parquet")
        found = read_matrix(tmp_path / "features.parquet", UNTIL, SIGNALS)
        kept = frame.iloc[[2, 0]].assign(as_of=lambda rows: rows["as_of"].dt.tz_localize(None).astype("datetime64[us]"))
        pd.testing.assert_frame_equal(found, kept.reset_index(drop=True))

    def test_a_file_without_the_signals_names_them(self, read):
        with pytest.raises(BadInput, match=r"lacks events_28d\. Make it again with `tenure features`"):
            read(matrix(["2025-02-01"]).drop(columns="events_28d"))

    def test_a_file_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(BadInput, match=r"none\.parquet does not exist\. Make it with `tenure features`"):
            read_matrix(tmp_path / "none.parquet", UNTIL, SIGNALS)

    def test_a_file_that_is_no_parquet_is_told_not_a_defect(self, tmp_path):
        path = tmp_path / "features.parquet"
        path.write_text("account_id,as_of\n", encoding="utf-8")
        with pytest.raises(BadInput, match=r"features\.parquet cannot be read as Parquet"):
            read_matrix(path, UNTIL, SIGNALS)


@pytest.fixture
def company(tmp_path):
    """A company whose log begins on 10 January 2025; `company(warm_up_days=…)` opens it with settings changed."""
    rows = {
        "accounts": [ACCOUNT],
        "subscriptions": [TERM],
        "renewals": [RENEWAL | {"account_id": "a"}],
        "usage": [{"account_id": "a", "occurred_at": "2025-01-10", "feature": "api"}],
        "meetings": [{"account_id": "a", "kind": "qbr", "scheduled_for": "2026-12-01", "known_at": "2025-01-05"}],
    }
    params = load(None)
    report = check(InMemory({name: pd.DataFrame(each) for name, each in rows.items()}), params.data, tmp_path)

    def opened(**snapshots):
        changed = {"snapshots": params.snapshots.model_copy(update=snapshots)}
        return Company(Prepared(tmp_path, report, "x"), params.model_copy(update=changed))

    return opened


def test_the_grid_follows_the_settings(company):
    assert company(warm_up_days=10).grid(date(2025, 4, 1)) == [date(2025, 2, 1), date(2025, 3, 1)]
    assert company(warm_up_days=10, step=30).grid(date(2025, 4, 1)) == [date(2025, 1, 31), date(2025, 3, 2)]


def test_the_data_ends_with_what_happened_not_with_what_is_planned(company):
    assert company().ended_before(date(2025, 4, 1)) == ""
    assert company().ended_before(date(2026, 1, 1)).startswith("the data ends on 2025-01-10, long before 2026-01-01")


def test_data_too_short_for_one_look_says_when_it_begins_and_what_to_do(company):
    with pytest.raises(
        BadInput, match=r"before 2025-02-01: the data begins on 2025-01-10 .* 90 days later\. Give a later --until"
    ):
        company(warm_up_days=90).grid(date(2025, 2, 1))
