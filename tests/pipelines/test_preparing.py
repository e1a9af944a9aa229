"""Tables are cleaned once for each content, and what was refused is kept."""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine

from features.check import check
from features.errors import BadInput
from pipelines import preparing
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare
from pipelines.sources import open_source

COMPANY = {
    "accounts": [{"account_id": "a", "created_at": "2024-01-01"}],
    "subscriptions": [
        {"subscription_id": "s", "account_id": "a", "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 1000}
    ],
    "renewals": [{"account_id": "a", "renews_at": "2024-01-01", "decided_at": "2023-12-01", "outcome": "renewed"}],
    "messages": [{"account_id": "a", "sent_at": "2025-02-01", "direction": "in", "text": "We want to cancel."}],
    "tickets": [
        {"ticket_id": "t1", "account_id": "a", "opened_at": "2025-02-01", "severity": "low"},
        {"ticket_id": "t2", "account_id": "a", "opened_at": "2025-02-02", "severity": "dreadful"},
    ],
}


def write(folder, **tables):
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return str(folder)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A folder whose tables were cleaned once into the home beside them."""
    folder = tmp_path_factory.mktemp("once")
    prepare(write(folder / "tables", **COMPANY), "contract", Home(folder / "home"), load(None))
    return folder


@pytest.fixture
def tables(tmp_path, once):
    return str(shutil.copytree(once / "tables", tmp_path / "tables"))


@pytest.fixture
def home(tmp_path, once):
    return Home(shutil.copytree(once / "home", tmp_path / "home"))


@pytest.fixture
def prepared(tables, home):
    """`prepared()` prepares the tables as they are now."""
    return lambda params=None, where=tables: prepare(where, "contract", home, params or load(None))


def contents(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}


class TestCache:
    def test_the_clean_tables_and_the_texts_lie_in_a_folder_of_the_cache(self, prepared, home):
        made = prepared()
        assert made.folder == home.cache / made.fingerprint
        assert {*COMPANY, "texts"} == {path.stem for path in made.folder.glob("*.parquet")}
        assert made.report.table("tickets").rejected == 1

    def test_the_same_content_is_not_cleaned_again(self, prepared, monkeypatch):
        first = prepared()
        monkeypatch.setattr(preparing, "check", None)
        again = prepared()
        assert again.folder == first.folder
        assert again.report == first.report

    def test_content_written_anew_is_the_same_content(self, prepared, tables):
        first = prepared()
        before = contents(first.folder)
        write(Path(tables), **COMPANY)
        os.utime(Path(tables) / "accounts.csv", (1, 1))
        assert prepared().fingerprint == first.fingerprint
        assert contents(first.folder) == before

    def test_a_changed_cell_is_a_new_folder_and_the_old_one_stays(self, prepared, tables):
        first = prepared()
        write(Path(tables), accounts=[COMPANY["accounts"][0] | {"created_at": "2024-01-02"}])
        second = prepared()
        assert second.fingerprint != first.fingerprint
        assert (first.folder / "done.json").exists()
        dates = [pd.read_parquet(each.folder / "accounts.parquet")["created_at"].dt.day.item() for each in (first, second)]
        assert dates == [1, 2]

    def test_a_table_more_is_a_new_folder(self, prepared, tables):
        first = prepared()
        write(Path(tables), usage=[{"account_id": "a", "occurred_at": "2025-01-01", "feature": "x"}])
        assert prepared().folder != first.folder

    @pytest.mark.parametrize(
        ("section", "values", "same"),
        [
            ("data", {"exchange_rates": {"USD": 2.0}}, False),
            ("text", {"negation_words": 9}, False),
            ("decision", {"min_days": 99}, True),
        ],
    )
    def test_only_settings_by_which_tables_are_read_make_a_new_one(self, section, values, same, tables):
        params, source = load(None), open_source(tables, "contract")
        other = params.model_copy(update={section: getattr(params, section).model_copy(update=values)})
        assert (preparing._rules(source, other) == preparing._rules(source, params)) is same

    def test_a_folder_that_a_broken_run_left_half_filled_is_filled_again(self, prepared, home, monkeypatch):
        def breaks(*_):
            raise KeyboardInterrupt

        (home.cache / prepared().fingerprint / "done.json").unlink()
        with monkeypatch.context() as patch:
            patch.setattr(preparing, "write_texts", breaks)
            with pytest.raises(KeyboardInterrupt):
                prepared()
        made = prepared()
        assert (made.folder / "texts.parquet").exists()

    def test_what_lay_in_a_half_filled_folder_is_gone(self, prepared):
        made = prepared()
        (made.folder / "done.json").unlink()
        (made.folder / "half_written").write_bytes(b"half")
        assert not (prepared().folder / "half_written").exists()

    def test_of_two_runs_that_prepare_the_same_one_waits_and_finds_it_done(self, tables, tmp_path, monkeypatch):
        told, filled, waits = [], [], threading.Event()

        def slowly(*args):
            filled.append(args)
            assert waits.wait(60)
            return check(*args)

        def run():
            return prepare(
                tables, "contract", Home(tmp_path / "new"), load(None), lambda stage, *_: (told.append(stage), waits.set())
            )

        monkeypatch.setattr(preparing, "check", slowly)
        with ThreadPoolExecutor(2) as pool:
            first, second = (each.result() for each in [pool.submit(run), pool.submit(run)])
        assert first == second
        assert (len(filled), told) == (1, [preparing.WAITING])

    def test_every_module_that_makes_a_clean_row_counts_as_its_rule(self):
        code = "import sys, features.check, features.read_texts, features.text.rules; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
        rules = {".".join(path.relative_to(preparing.ROOT).with_suffix("").parts) for path in preparing._code()}
        no_rules = {"features", "features.errors", "features.params"}  # settings count by their values
        packages = {name.removesuffix(".__init__") for name in rules}
        assert {name for name in loaded if name.split(".")[0] == "features"} - packages <= no_rules
        assert any(path.suffix == ".yaml" for path in preparing._code())


class TestDatabase:
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'company.db'}"

    def fill(self, url, **changes):
        engine = create_engine(url)
        for name, rows in (COMPANY | changes).items():
            pd.DataFrame(rows).to_sql(name, engine, index=False, if_exists="replace")
        engine.dispose()

    def test_it_is_read_again_each_time(self, url, prepared):
        self.fill(url)
        first = prepared(where=url)
        self.fill(url, accounts=[COMPANY["accounts"][0] | {"name": "Ñandú"}])
        second = prepared(where=url)
        assert pd.read_parquet(second.folder / "accounts.parquet")["name"].tolist() == ["Ñandú"]
        assert first.fingerprint != second.fingerprint

    def test_the_same_rows_have_the_same_fingerprint_and_their_folder_is_not_written_again(self, url, prepared):
        self.fill(url)
        first = prepared(where=url)
        before = contents(first.folder)
        assert prepared(where=url) == first
        assert contents(first.folder) == before

    def test_the_same_rows_with_other_rejected_ones_have_the_report_of_the_last_reading(self, url, prepared):
        self.fill(url)
        first = prepared(where=url)
        self.fill(url, tickets=COMPANY["tickets"][:1])
        second = prepared(where=url)
        assert second.folder == first.folder
        assert [each.report.table("tickets").rejected for each in (first, second)] == [1, 0]

    def test_a_run_keeps_what_it_reads_while_others_prepare_what_the_database_has_become(self, url, prepared, home):
        made = []
        for number in range(4):
            self.fill(url, accounts=[COMPANY["accounts"][0] | {"name": f"name {number}"}])
            made.append(prepared(where=url).folder)
        there = [folder.exists() for folder in made]
        assert there == [False, True, True, True]
        assert not [path for path in home.cache.iterdir() if path.is_dir() and path.name.startswith(".")]


class TestRejects:
    def kept(self, home):
        return {path.stem: pd.read_parquet(path) for path in home.rejects.glob("*.parquet")}

    def test_refused_rows_are_kept_with_their_reason(self, prepared, home):
        prepared()
        rows = self.kept(home)
        assert list(rows) == ["tickets"]
        assert rows["tickets"]["ticket_id"].tolist() == ["t2"]
        assert "severity" in rows["tickets"]["reject_reason"].item()

    def test_they_are_there_again_when_the_clean_tables_come_from_the_cache(self, prepared, home):
        prepared()
        for path in home.rejects.glob("*.parquet"):
            path.unlink()
        prepared()
        assert list(self.kept(home)) == ["tickets"]

    def test_those_of_other_tables_do_not_stay(self, prepared, home, tables):
        prepared()
        write(Path(tables), tickets=COMPANY["tickets"][:1])
        prepared()
        assert self.kept(home) == {}

    def test_tables_that_cannot_be_used_leave_theirs_too(self, prepared, home, tables):
        write(Path(tables), accounts=[{"account_id": "a", "created_at": "some day"}])
        with pytest.raises(BadInput, match="the tables cannot be used"):
            prepared()
        assert "created_at" in self.kept(home)["accounts"]["reject_reason"].item()
        assert len(list(home.cache.rglob("done.json"))) == 1  # that of the sound tables
