"""The stages as plain functions: what they write and what they refuse."""

import csv
import json
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.catalogue import catalogue
from features.errors import BadInput
from features.history import DECLARED
from features.tables import TABLES
from pipelines import steps
from pipelines.home import Home
from pipelines.params import load

AS_OF, EARLIER = date(2025, 3, 1), date(2025, 2, 1)
COMPANY = {
    "accounts": [{"account_id": name, "created_at": "2024-01-01", "attr_size": 3} for name in "ba"],
    "subscriptions": [
        {"subscription_id": name, "account_id": name, "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 10}
        for name in "ba"
    ],
    "renewals": [{"account_id": "a", "renews_at": "2024-01-01", "decided_at": "2023-12-01", "outcome": "renewed"}],
    "usage": [{"account_id": "a", "occurred_at": "2025-02-20", "feature": "api"}],
    "tickets": [{"ticket_id": "t", "account_id": "a", "opened_at": "2024-06-01"}],
}


def quiet(*_):
    """Nobody watches."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    for name, rows in COMPANY.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return steps.prepare(str(folder), "contract", Home(tmp_path_factory.mktemp("home")), load(None))


@pytest.fixture(scope="module")
def written(prepared, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "deep" / "features.parquet"
    result = steps.features(prepared, [AS_OF, EARLIER], out, load(None), quiet)
    return result, pd.read_parquet(out), pd.read_parquet(out.with_name("features.coverage.parquet")), out


class TestFeatures:
    def test_a_row_is_an_account_and_a_day_and_every_signal_has_a_column(self, written):
        _, frame, _, _ = written
        days = [pd.Timestamp(day, tz="UTC") for day in (EARLIER, AS_OF)]
        assert list(zip(frame["as_of"], frame["account_id"], strict=True)) == [(day, name) for day in days for name in "ab"]
        assert list(frame.columns) == ["account_id", "as_of", *(signal.name for signal in catalogue()), "attr_size"]
        assert str(frame["as_of"].dtype) == "datetime64[us, UTC]"

    def test_nothing_happened_is_0_and_unknown_is_null_not_nan(self, written):
        _, frame, _, out = written
        last = frame.loc[frame["as_of"] == pd.Timestamp(AS_OF, tz="UTC")].set_index("account_id")
        assert (last.loc["a", "events_28d"], last.loc["b", "tickets_90d"]) == (1.0, 0.0)
        stored = pq.read_table(out, columns=["events_28d", "meetings_held_90d", "tickets_90d"])
        assert [stored.column(name).null_count for name in stored.column_names] == [3, 4, 0]

    def test_coverage_stands_beside_it_with_its_reasons(self, written):
        _, frame, coverage, _ = written
        assert list(coverage.columns) == ["account_id", "as_of", "table", "covered_from", "reason"]
        assert len(coverage) == len(frame) * len(DECLARED)
        last = coverage.loc[coverage["as_of"] == pd.Timestamp(AS_OF, tz="UTC")].set_index(["account_id", "table"])
        assert last["covered_from"]["a", "tickets"] == pd.Timestamp("2024-06-01", tz="UTC")
        assert last["reason"]["b", "usage"] == "no_data"
        assert last["reason"]["a", "onboarding"] == "not_applicable"
        assert pd.isna(last["reason"]["a", "usage"])

    def test_it_counts_rows_and_signals(self, written):
        result, frame, _, _ = written
        assert (result.rows, result.signals) == (4, len(frame.columns) - 2)

    @pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31)])
    def test_a_day_of_no_year_of_business_is_told(self, prepared, tmp_path, day):
        with pytest.raises(BadInput, match=rf"nothing is known as of {day}: times are read from 1900 to 2200"):
            steps.features(prepared, [day], tmp_path / "none.parquet", load(None), quiet)
        with pytest.raises(BadInput, match=rf"nothing is known as of {day}"):
            steps.training_features(prepared, day, tmp_path / "none.parquet", load(None), quiet)

    def test_a_day_on_which_nobody_was_alive_gives_files_without_rows(self, prepared, tmp_path):
        out = tmp_path / "none.parquet"
        assert steps.features(prepared, [date(2020, 1, 1)], out, load(None), quiet).rows == 0
        assert {signal.name for signal in catalogue()} < set(pd.read_parquet(out).columns)
        assert pd.read_parquet(steps.coverage_path(out)).empty


class TestTrain:
    def test_too_little_to_learn_from_is_told(self, prepared, written):
        said = r"no model can be trained: (?!the data ends).+\. Also, the data ends on 2025-02-20, long before 2025-07-01"
        with pytest.raises(BadInput, match=said):
            steps.train(prepared, date(2025, 7, 1), load(None), written[3], quiet)

    def test_a_file_of_features_without_earlier_rows_is_told(self, prepared, tmp_path):
        out = tmp_path / "features.parquet"
        pd.DataFrame(
            {"account_id": ["a"], "as_of": pd.to_datetime(["2025-03-01"], utc=True)} | {s.name: [0.0] for s in catalogue()}
        ).to_parquet(out)
        with pytest.raises(BadInput, match=r"nobody was alive on any day before 2025-03-01"):
            steps.train(prepared, AS_OF, load(None), out, quiet)


class TestText:
    def read(self, folder, content, encoding="utf-8"):
        (folder / "in.csv").write_text(content, encoding=encoding, newline="")
        rows = steps.text(folder / "in.csv", folder / "out" / "read.csv", load(None))
        found = pd.read_csv(folder / "out" / "read.csv", dtype=str, keep_default_na=False)
        assert rows == len(found)
        return found

    def test_rows_columns_and_their_order_stay(self, tmp_path):
        content = 'id,text,team\n2,"We want to cancel,\nnow.",ñ\n007,,\n1,Gracias,NA\n'
        found = self.read(tmp_path, content)
        assert list(found.columns)[:5] == ["id", "text", "team", "lang", "sentiment"]
        assert list(found.columns)[-1] == "spans"
        assert found["id"].tolist() == ["2", "007", "1"]
        assert found["text"].tolist() == ["We want to cancel,\nnow.", "", "Gracias"]
        assert found["team"].tolist() == ["ñ", "", "NA"]

    @pytest.mark.parametrize("inner", ["\r", "\n", "\r\n"])
    def test_a_text_keeps_its_line_breaks_of_every_kind(self, tmp_path, inner):
        self.read(tmp_path, f'text\n"line one{inner}line two"\n')
        with (tmp_path / "out" / "read.csv").open(encoding="utf-8", newline="") as file:
            assert [line[0] for line in csv.reader(file)] == ["text", f"line one{inner}line two"]

    def test_a_hit_is_scored_and_its_place_told(self, tmp_path):
        found = self.read(tmp_path, "text\n😡 We want to cancel our subscription.\n")
        assert float(found["cancellation"].item()) >= 0.5
        (span,) = [each for each in json.loads(found["spans"].item()) if each["signal"] == "cancellation"]
        assert "cancel" in found["text"].item()[span["start"] : span["end"]]

    def test_a_language_given_stays(self, tmp_path):
        assert self.read(tmp_path, "text,lang\nok,es\nok,\n")["lang"].tolist()[0] == "es"

    def test_a_byte_order_mark_is_no_part_of_the_header(self, tmp_path):
        assert "text" in self.read(tmp_path, "text\nhi\n", "utf-8-sig")

    @pytest.mark.parametrize(
        ("content", "encoding", "told"),
        [
            ("note\nhi\n", "utf-8", r"has no column `text`; it has note\. Rename"),
            ("", "utf-8", "is not a CSV in UTF-8: it has no header line"),
            ("text\nqué\n", "latin-1", "is not a CSV in UTF-8"),
            ("text\nhi\nbye, then\n", "utf-8", "line 3: too many fields, 2 where the header has 1. Quote texts with commas"),
            ("text\nbye, then\nhi, there\n", "utf-8", "line 2: too many fields"),
            ('id,text\n1,"a\nb"\n2\n', "utf-8", "line 4: too few fields, 1 where the header has 2"),
            ("id,text\n1,a\n\n2,b\n", "utf-8", "line 3: too few fields, 0 where the header has 2"),
            ('text\nhi\n"unclosed\nx\n', "utf-8", "line 3: the quotes of the record"),
            ("text,text\na,b\n", "utf-8", "several columns named text"),
            ("text,sentiment,budget\na,1,2\n", "utf-8", "writes itself: sentiment, budget. Rename or remove"),
            ("text,spans\na,b\n", "utf-8", "writes itself: spans"),
        ],
        ids=[
            "another name",
            "empty",
            "another encoding",
            "a comma later",
            "a comma in every line",
            "a field less",
            "a blank line among several columns",
            "an open quote",
            "one name twice",
            "two of our own names",
            "spans",
        ],
    )
    def test_a_file_that_cannot_be_read_is_told(self, content, encoding, told, tmp_path):
        with pytest.raises(BadInput, match=told):
            self.read(tmp_path, content, encoding)

    def test_blank_lines_of_a_single_column_are_rows(self, tmp_path):
        assert self.read(tmp_path, 'text\nfirst\n\n""\nlast\n')["text"].tolist() == ["first", "", "", "last"]

    def test_blank_lines_at_the_end_of_several_columns_are_no_rows(self, tmp_path):
        assert self.read(tmp_path, "text,id\r\nfirst,1\r\n\r\n\r\n")["id"].tolist() == ["1"]

    def test_a_header_alone_has_no_rows(self, tmp_path):
        assert self.read(tmp_path, "id,text\n").empty

    def test_a_text_of_a_megabyte_is_read(self, tmp_path):
        assert len(self.read(tmp_path, f'text\n"{"a, " * 350_000}"\n')["text"].item()) == 1_050_000

    def test_the_file_that_is_read_is_never_written(self, tmp_path):
        (tmp_path / "in.csv").write_text("text\nhi\n", encoding="utf-8")
        (tmp_path / "link.csv").symlink_to(tmp_path / "in.csv")
        for out in ("in.csv", "link.csv"):
            with pytest.raises(BadInput, match="is the file that is read"):
                steps.text(tmp_path / "in.csv", tmp_path / out, load(None))
        assert (tmp_path / "in.csv").read_text(encoding="utf-8") == "text\nhi\n"

    def test_a_file_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(BadInput, match=r"none\.csv does not exist"):
            steps.text(tmp_path / "none.csv", tmp_path / "out.csv", load(None))


def test_a_world_is_written_with_its_truth_and_counted(tmp_path):
    rows = steps.world(5, 3, 1, tmp_path, load(None))
    assert list(rows) == list(TABLES)
    assert rows["accounts"] == len(pd.read_parquet(tmp_path / "accounts.parquet")) >= 5
    assert {path.stem for path in tmp_path.glob("*.parquet")} == set(TABLES)
    assert {path.stem for path in (tmp_path / "truth").glob("*.parquet")} == {"accounts", "account_months", "plays"}
