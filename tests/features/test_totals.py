"""Account-day totals: kept beside the tables, made once, and never out of step with them."""

from datetime import date

import ibis
import pandas as pd
import pytest

from features.history import History
from features.signal import View
from features.snapshots import KEY
from features.totals.two_step import aggregated

AS_OF = date(2025, 3, 1)
DAY, USERS = (), ("user_id",)


def usage(day, **columns):
    return {"account_id": "a", "user_id": "u", "occurred_at": day, "feature": "reports", "quantity": 1, **columns}


def kept(folder):
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("totals/**/*.parquet")}


def quantity(history, grain=DAY, as_of=AS_OF):
    return history.totals("usage", [as_of], 60, grain).quantity.sum().to_pandas()


def test_they_lie_beside_the_tables_and_are_made_once(history_of, tmp_path):
    history = history_of(usage=[usage("2025-02-10 08:00"), usage("2025-02-10 09:00")])
    assert kept(tmp_path) == {}
    assert quantity(history) == 2
    made = kept(tmp_path / "clean")
    assert list(made) == ["totals/usage/day/usage.parquet"]
    assert quantity(History.open(tmp_path / "clean")) == 2
    assert kept(tmp_path / "clean") == made


def test_of_a_file_that_changed_they_are_made_again(history_of, tmp_path):
    assert quantity(history_of(usage=[usage("2025-02-10")])) == 1
    path = tmp_path / "clean" / "usage.parquet"
    rows = pd.read_parquet(path)
    pd.concat([rows, rows.assign(occurred_at=rows["occurred_at"] + pd.Timedelta(hours=1))]).to_parquet(path, index=False)
    assert quantity(History.open(tmp_path / "clean")) == 2


def test_a_check_into_the_same_folder_leaves_none_of_the_old_ones(history_of):
    assert quantity(history_of(usage=[usage("2025-02-10")])) == 1
    assert quantity(history_of(usage=[usage("2025-02-10", quantity=5)])) == 5


def test_a_grain_that_hardly_shrinks_the_log_is_read_as_rows(history_of, tmp_path):
    many = [usage(f"2025-02-10 0{n}:00", user_id=f"u{n % 2}") for n in range(9)]
    apart = [usage(f"2025-02-{n + 10}", user_id=f"u{n}") for n in range(9)]
    for uses, files in ((many, 1), (apart, 0)):
        history = history_of(usage=uses)
        assert history.totals("usage", [AS_OF], 60, USERS).quantity.sum().to_pandas() == 9
        assert len(list((tmp_path / "clean").rglob("totals/usage/day-user_id/*.parquet"))) == files


def test_a_row_that_was_edited_counts_as_it_stood_then(history_of):
    rows = [usage("2025-02-10", event_id="e", quantity=n, known_at=known) for n, known in ((3, "2025-02-10"), (8, "2025-03-05"))]
    history = history_of(usage=rows)
    assert [quantity(history, as_of=as_of) for as_of in (AS_OF, date(2025, 3, 5), date(2025, 3, 6))] == [3, 3, 8]


def test_whole_and_broken_quantities_of_two_files_add_up(history_of, monkeypatch):
    monkeypatch.setattr("features.clean_files.PART_ROWS", 1)
    history = history_of(usage=[usage("2025-02-10", quantity="2"), usage("2025-02-12", quantity="0.000000001")])
    assert str(quantity(history)) == "2.000000001"


def test_a_large_quantity_with_a_fraction_beside_it_loses_no_digit(history_of):
    history = history_of(usage=[usage("2025-02-10", quantity="100000000000000"), usage("2025-02-12", quantity="0.123456789")])
    assert str(quantity(history)) == "100000000000000.123456789"


@pytest.mark.parametrize("whole", [1, 2**40 + 1, 2**49 - 1])
def test_a_whole_number_is_the_same_double_from_an_integer_and_from_a_decimal(whole):
    con = ibis.duckdb.connect()
    query = f"SELECT sum(CAST({whole} AS BIGINT))::DOUBLE, sum(CAST({whole} AS DECIMAL(38, 9)))::DOUBLE"
    assert con.raw_sql(query).fetchall() == [(float(whole), float(whole))]


def test_progress_is_told_file_by_file(history_of, monkeypatch):
    monkeypatch.setattr("features.clean_files.PART_ROWS", 1)
    history, told = history_of(usage=[usage("2025-02-10"), usage("2025-02-12")]), []
    history.make_totals([View("days", "usage", 60, by_day=True)], lambda *step: told.append(step))
    assert told == [("totals of usage", n, 2) for n in range(3)]


VALUES = {
    "users": lambda t: t.user_id.nunique(where=(t.age <= 28) & (t.quantity > 0)),
    "seat_use": lambda t: t.user_id.nunique() / t.seats.max().nullif(0),
    "sum": lambda t: t.quantity.sum(where=t.age <= 28),
    "nearest": lambda t: t.age.min(where=t.quantity > 0),
    "rows": lambda t: t.count(where=t.age > 2),
    "ages": lambda t: t.age.nunique(),
    "by_seat": lambda t: (t.quantity * t.seats).sum(),
    "mean": lambda t: t.quantity.mean(),
}


@pytest.mark.parametrize(
    ("rows", "single", "lag"),
    [
        ([usage("2025-02-10 08:00"), usage("2025-02-10 09:00"), usage("2025-02-12")], True, 0),
        ([usage("2025-02-10", known_at="2025-02-11"), usage("2025-02-12", known_at="2025-02-13")], True, 1),
        ([usage("2025-02-10"), usage("2025-02-12", known_at="2025-02-13")], False, None),
        ([usage("2025-02-10", event_id="e", quantity=n, known_at=f"2025-02-1{n}") for n in (1, 5)], False, None),
    ],
)
def test_where_all_rows_are_learned_alike_each_day_is_one_row_and_its_age_says_what_was_known(history_of, rows, single, lag):
    history = history_of(usage=rows)
    totals, span = history._totals["usage"], (date(2025, 1, 1), AS_OF)
    assert history.single_days(View("days", "usage", 60, by_day=True), [AS_OF]) is single
    assert totals.lag(*span) == lag
    known = history.totals("usage", [date(2025, 2, 13)], 60, DAY).day.nunique().to_pandas()
    assert known == {0: 2, 1: 1}.get(lag, 1)


def test_a_day_divided_between_two_files_is_not_one_row(history_of, tmp_path):
    history_of(usage=[usage("2025-02-10 08:00")])
    whole = tmp_path / "clean" / "usage.parquet"
    later = pd.read_parquet(whole).assign(occurred_at=pd.Timestamp("2025-02-10 09:00"), known_at=pd.Timestamp("2025-02-10 09:00"))
    (tmp_path / "clean" / "usage").mkdir()
    whole.rename(tmp_path / "clean" / "usage" / "2025-02-10.parquet")
    later.to_parquet(tmp_path / "clean" / "usage" / "2025-02-11.parquet", index=False)
    history = History.open(tmp_path / "clean")
    assert quantity(history) == 2
    assert not history.single_days(View("days", "usage", 60, by_day=True), [AS_OF])


class TestTwoSteps:
    """What is aggregated in two steps is what one step gives."""

    ROWS = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "a", "b", "c"],
            "as_of": pd.Timestamp(AS_OF),
            "user_id": ["u", "v", "u", None, "u", "u"],
            "age": [1, 2, 40, 3, 50, 1],
            "quantity": [1, 0, 5, 2, 4, 1],
        }
    )
    PEOPLE = pd.DataFrame({"account_id": ["a", "b", "d"], "as_of": pd.Timestamp(AS_OF), "seats": [4.0, None, 1.0]})

    @pytest.mark.parametrize("name", VALUES)
    @pytest.mark.parametrize("grain", [DAY, USERS])
    def test_is_the_same(self, name, grain):
        con = ibis.duckdb.connect()
        rows, people = con.create_table("rows_", self.ROWS), con.create_table("people", self.PEOPLE)
        joined = rows.join(people, KEY)
        values = {name: VALUES[name](joined), "users": VALUES["users"](joined)}
        found = aggregated(rows, people, joined, KEY, grain, values)
        plain = joined.group_by(KEY).aggregate(**values)
        told, expected = (each.semi_join(people, KEY).order_by(KEY).select(*KEY, *values).to_pandas() for each in (found, plain))
        pd.testing.assert_frame_equal(told, expected, check_exact=True, check_dtype=False)

    def test_days_that_come_in_one_row_each_are_counted_as_rows(self):
        con = ibis.duckdb.connect()
        single = self.ROWS.drop_duplicates(["account_id", "age"])
        rows, people = con.create_table("rows_", single), con.create_table("people", self.PEOPLE)
        joined = rows.join(people, KEY)
        values = {"used": joined.age.nunique(where=joined.quantity > 0), "all": joined.age.nunique()}
        found = aggregated(rows, people, joined, KEY, DAY, values, single_days=True)
        assert not found.op().find(ibis.expr.operations.CountDistinct)
        told, expected = (
            each.semi_join(people, KEY).order_by(KEY).select(*KEY, *values).to_pandas()
            for each in (found, joined.group_by(KEY).aggregate(**values))
        )
        pd.testing.assert_frame_equal(told, expected, check_exact=True, check_dtype=False)
