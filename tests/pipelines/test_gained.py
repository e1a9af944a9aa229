"""A folder that only gained rows is prepared from what is new, and gives what a full preparation gives."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import duckdb
import pandas as pd
import pytest
from hypothesis import given

from features.clean_files import clean_files
from features.errors import BadInput
from features.history import DECLARED
from features.tables import TABLES
from features.text.rules import RuleAnalyzer
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare
from pipelines.sources.folder import load_file
from tests.generative.made_up import drawn_rows, made
from tests.generative.test_time_law import DAYS_BEGAN, company, few
from tests.spec.cases import AS_OF, NOW

PARAMS = load(None)
A = {"account_id": "a", "created_at": "2024-01-01"}
TERM = {"subscription_id": "s", "account_id": "a", "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 1000}
OUTCOME = {"account_id": "a", "renews_at": "2024-01-01", "decided_at": "2023-12-01", "outcome": "renewed"}


def use(day, **columns):
    return {"account_id": "a", "occurred_at": day, "feature": "reports", "quantity": 1, "known_at": day, **columns}


def message(day, text, **columns):
    return {"account_id": "a", "sent_at": day, "direction": "in", "text": text, **columns}


def write(folder, rows):
    folder.mkdir(parents=True, exist_ok=True)
    for name, listed in rows.items():
        pd.DataFrame(listed).to_csv(folder / f"{name}.csv", index=False)


def content(prepared):
    """Everything that a preparation says: the rows of every table in some order, what was refused, and the report."""
    connection = duckdb.connect()
    found = {}
    for name in DECLARED:
        files = [str(path) for path in clean_files(prepared.folder, name)]
        if files:
            columns = sorted(f'"{each[0]}"' for each in connection.execute("DESCRIBE FROM read_parquet(?)", [files]).fetchall())
            rows = f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY ALL"
            found[name] = [columns, *connection.execute(rows, [files]).fetchall()]
    rejects = {path.stem: pd.read_parquet(path).to_dict("records") for path in (prepared.folder / "rejects").glob("*.parquet")}
    return found, {name: json.dumps(rows, default=str) for name, rows in rejects.items()}, prepared.report.as_dict()


class Day:
    """Prepares a folder again and again in one home, and compares with a preparation that knows nothing of before."""

    def __init__(self, root):
        self.root, self.tables, self.said = root, root / "tables", []
        self.fresh = 0

    def prepared(self):
        self.said.clear()
        return prepare(str(self.tables), "contract", Home(self.root / "home"), PARAMS, lambda stage, *_: self.said.append(stage))

    def afresh(self):
        self.fresh += 1
        return prepare(str(self.tables), "contract", Home(self.root / f"fresh{self.fresh}"), PARAMS, lambda *_: None)

    def same(self):
        """What was read in full, after what is prepared was found to be the same as afresh."""
        found, expected = self.prepared(), self.afresh()
        assert content(found) == content(expected)
        assert found.fingerprint == expected.fingerprint
        return list(self.said)


@pytest.fixture(scope="module")
def first_day(tmp_path_factory):
    """The folder of a first day, prepared once."""
    first = {
        "accounts": [A],
        "subscriptions": [TERM],
        "renewals": [OUTCOME],
        "usage": [use("2025-02-01", user_id="u"), use("2025-02-02", user_id="nobody", account_id="zz")],
        "messages": [message("2025-02-01", "We want to cancel.")],
        "tickets": [
            {"ticket_id": "t1", "account_id": "a", "opened_at": "2025-02-01", "severity": "low", "known_at": "2025-02-01"}
        ],
    }
    folder = tmp_path_factory.mktemp("first")
    write(folder / "tables", first)
    Day(folder).prepared()
    return folder


@pytest.fixture
def day(tmp_path, first_day):
    return Day(shutil.copytree(first_day, tmp_path, dirs_exist_ok=True))


def add(day, table, *rows):
    frame = pd.DataFrame(rows)
    path = day.tables / f"{table}.csv"
    columns = pd.read_csv(path, nrows=0).columns
    frame.reindex(columns=columns).to_csv(path, mode="a", header=False, index=False)


def in_parquet(day, rows, **how):
    """The usage of the company as one Parquet file."""
    for old in day.tables.glob("usage*"):
        old.unlink()
    pd.DataFrame(rows).to_parquet(day.tables / "usage.parquet", index=False, **how)


def rows_read(monkeypatch):
    """How many rows each file of usage had that is loaded from now on."""
    found = []

    def seen(connection, name, path):
        raw = load_file(connection, name, path)
        if name == "usage":
            found.append(connection.execute(f"SELECT count(*) FROM {raw.relation}").fetchall()[0][0])
        return raw

    monkeypatch.setattr("pipelines.sources.folder.load_file", seen)
    return found


class TestWhatIsNew:
    def test_lines_at_the_end_of_a_file_are_all_that_is_read(self, day, monkeypatch):
        add(day, "usage", use("2025-02-03", user_id="u"))
        add(day, "messages", message("2025-02-03", "We love it."))
        texts = []

        def seen(analyzer, asked):
            texts.extend(text.text for text in asked)
            return analyze(analyzer, asked)

        analyze = RuleAnalyzer.analyze
        monkeypatch.setattr(RuleAnalyzer, "analyze", seen)
        day.prepared()
        assert day.said == []
        assert texts == ["We love it."]
        monkeypatch.undo()
        assert day.same() == []

    def test_a_file_more_in_the_folder_of_a_table_is_all_that_is_read(self, day, monkeypatch):
        (day.tables / "usage.csv").unlink()
        write(day.tables / "usage", {"2025-02-01": [use("2025-02-01")]})
        day.prepared()
        write(day.tables / "usage", {"2025-02-02": [use("2025-02-02"), use("2025-01-09", known_at="2025-02-02")]})
        loaded = []

        def seen(connection, name, path):
            loaded.append(path.name)
            return load_file(connection, name, path)

        monkeypatch.setattr("pipelines.sources.folder.load_file", seen)
        assert day.prepared().report.table("usage").read == 3
        assert {name for name in loaded if name.startswith("2025")} == {"2025-02-02.csv"}
        monkeypatch.undo()
        assert day.same() == []

    @pytest.mark.parametrize("how", [{}, {"row_group_size": 2}, {"compression": "snappy"}])
    def test_rows_at_the_end_of_a_parquet_file_that_was_written_anew(self, day, monkeypatch, how):
        rows = [use(f"2025-02-0{number}", user_id=f"user {number}") for number in range(1, 6)]
        in_parquet(day, rows)
        day.prepared()
        in_parquet(day, [*rows, use("2025-02-06"), use("2025-02-07", account_id="zz")], **how)
        read = rows_read(monkeypatch)
        assert day.prepared().report.table("usage").read == 7
        assert read == [2]
        monkeypatch.undo()
        assert day.same() == []

    def test_nothing_new_in_a_table_leaves_its_files_and_totals_as_they_are(self, day):
        first = day.prepared()
        Company(first, PARAMS).matrix([AS_OF], lambda *_: None)
        add(day, "messages", message("2025-02-03", "We love it."))
        second = day.prepared()
        for name in ("usage.parquet", "totals/usage/day/usage.parquet", "totals/usage/usage.json"):
            assert (second.folder / name).stat().st_ino == (first.folder / name).stat().st_ino

    def test_a_new_account_comes_with_its_rows(self, day):
        add(day, "accounts", A | {"account_id": "b"})
        add(day, "usage", use("2025-02-03", account_id="b"))
        assert day.same() == []


class TestWhatCannotBeAdded:
    @pytest.mark.parametrize(
        "now",
        [
            [use("2025-02-01", quantity=2), use("2025-02-02"), use("2025-02-03")],
            [use("2025-02-02"), use("2025-02-01"), use("2025-02-03")],
            [use("2025-02-03"), use("2025-02-01"), use("2025-02-02")],
            [use("2025-02-01", quantity=1.0), use("2025-02-02", quantity=1.0), use("2025-02-03", quantity=1.0)],
            [use("2025-02-01")],
        ],
        ids=["a changed cell", "another order", "a row before them", "another type", "fewer rows"],
    )
    def test_a_parquet_file_whose_first_rows_are_not_those_of_before(self, day, monkeypatch, now):
        in_parquet(day, [use("2025-02-01"), use("2025-02-02")])
        day.prepared()
        in_parquet(day, now)
        read = rows_read(monkeypatch)
        assert day.prepared().report.table("usage").read == len(now)
        assert read == [len(now)]
        monkeypatch.undo()
        assert day.same() == []

    @pytest.mark.parametrize(
        ("table", "row", "why"),
        [
            (
                "tickets",
                {"ticket_id": "t1", "account_id": "a", "opened_at": "2025-02-01", "severity": "urgent", "known_at": "2025-02-05"},
                "versions",
            ),
            (
                "tickets",
                {"ticket_id": "t1", "account_id": "a", "opened_at": "2025-02-01", "severity": "high", "known_at": "2025-02-01"},
                "versions",
            ),
            ("usage", use("2025-02-01", user_id="u"), "copies"),
            ("messages", message("2025-02-01", "We want to cancel."), "versions"),
        ],
    )
    def test_another_version_or_a_copy_of_an_earlier_row(self, day, table, row, why):
        add(day, table, row)
        assert [each for each in day.same() if why in each]
        assert len(day.said) == 1

    def test_rows_that_had_waited_for_their_account(self, day):
        add(day, "accounts", A | {"account_id": "zz"})
        assert day.same() == ["usage in full: rows of it waited for an account that is known now"]

    def test_an_account_that_is_known_since_earlier(self, day):
        add(day, "accounts", A | {"created_at": "2023-01-01"})
        assert {each.split(":")[1] for each in day.same()} == {" what was first known of 1 accounts has changed"}

    def test_a_changed_cell(self, day):
        path = day.tables / "usage.csv"
        path.write_text(path.read_text().replace("nobody", "anybody"))
        add(day, "usage", use("2025-02-03"))
        assert day.same() == []
        assert clean_files(day.prepared().folder, "usage")

    def test_a_file_that_is_gone(self, day):
        (day.tables / "messages.csv").unlink()
        assert day.same() == []

    @pytest.mark.parametrize("column", ["account_id", "created_at"])
    def test_a_required_column_of_the_accounts_that_is_gone_is_named(self, day, column):
        pd.DataFrame([A]).drop(columns=column).to_csv(day.tables / "accounts.csv", index=False)
        with pytest.raises(BadInput, match=f"accounts.*{column}"):
            day.prepared()

    def test_a_column_more(self, day):
        (day.tables / "usage.csv").unlink()
        write(day.tables / "usage", {"1": [use("2025-02-01")]})
        day.prepared()
        write(day.tables / "usage", {"2": [use("2025-02-02", user_id="u")]})
        assert day.same() == ["usage in full: its new rows have other columns, or other types"]

    def test_a_second_currency(self, day):
        add(day, "subscriptions", TERM | {"subscription_id": "s2"})
        write(
            day.tables,
            {
                "invoices": [
                    {"invoice_id": "i", "account_id": "a", "issued_at": "2025-01-01", "due_at": "2025-02-01", "amount": 5}
                ]
            },
        )
        day.prepared()
        write(day.tables, {"subscriptions": [TERM | {"currency": "EUR"}, TERM | {"subscription_id": "s2", "currency": "USD"}]})
        assert "invoices in full: amounts are in several currencies" in day.same()

    def test_lines_that_could_not_be_read(self, day):
        with (day.tables / "usage.csv").open("a") as file:
            file.write('a,"2025\n')
        day.prepared()
        add(day, "usage", use("2025-02-03"))
        assert day.same() == ["usage in full: lines of it could not be read before"]


class TestParts:
    def test_days_are_added_as_parts_and_joined_when_there_are_many(self, day, monkeypatch):
        monkeypatch.setattr("features.clean_files.PART_ROWS", 4)
        monkeypatch.setattr("features.cleaning.appending.SMALL_PARTS", 2)
        add(day, "usage", *(use(f"2025-02-0{number}", user_id="u") for number in range(3, 7)))
        assert day.same() == ["usage in full: it has become long enough to be kept in parts"]
        held = []
        for number in range(7, 10):
            add(day, "usage", use(f"2025-02-0{number}", user_id="u"))
            day.prepared()
            assert day.said == []
            held.append(len(clean_files(day.prepared().folder, "usage")))
        assert held == [3, 2, 3]
        day.same()

    def test_rows_of_one_day_learned_on_one_day_in_two_loads_are_one_total(self, day, monkeypatch):
        monkeypatch.setattr("features.clean_files.PART_ROWS", 2)
        for hour in range(4):
            add(day, "usage", use(f"2025-02-03 0{hour}:00", user_id="u"))
            day.same()
        totals = Company(day.prepared(), PARAMS).history.totals("usage", [AS_OF], 182, ())
        assert totals.filter(totals.n == 4).count().to_pandas() == 1


def batches(drawn, accounts):
    """The company's rows in three loads, as they were learned."""
    rows = company({account: [(one.table, made(one, account)) for one in drawn] for account in accounts})
    kept = {name: listed for name, listed in rows.items() if name in TABLES}
    edges = [NOW - pd.Timedelta(days=60), NOW - pd.Timedelta(days=1), pd.Timestamp.max]
    return [
        {name: [row for row in listed if since <= pd.Timestamp(row["known_at"]) < until] for name, listed in kept.items()}
        for since, until in zip([pd.Timestamp.min, *edges[:-1]], edges, strict=True)
    ]


@few(2)
@given(drawn=drawn_rows)
def test_any_rows_in_any_loads_give_what_all_of_them_give_at_once(drawn):
    with TemporaryDirectory() as folder, mock.patch("features.clean_files.PART_ROWS", 12):
        day = Day(Path(folder))
        for number, rows in enumerate(batches(drawn, DAYS_BEGAN)):
            for name, listed in rows.items():
                if listed:
                    columns = [*(column.name for column in TABLES[name].columns), "known_at", "row_id"]
                    (day.tables / name).mkdir(parents=True, exist_ok=True)
                    pd.DataFrame(listed).reindex(columns=columns).to_csv(day.tables / name / f"{number}.csv", index=False)
            found = day.prepared()
            expected = day.afresh()
            assert content(found) == content(expected)
        both = [Company(each, PARAMS).matrix([AS_OF], lambda *_: None).frame for each in (found, expected)]
        pd.testing.assert_frame_equal(*both, check_exact=True)
