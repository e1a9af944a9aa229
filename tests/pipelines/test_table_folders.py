"""A table that is a folder of files is their rows together."""

from pathlib import Path

import pandas as pd
import pytest

from features.errors import BadInput
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare

COMPANY = {
    "accounts": [{"account_id": "a", "created_at": "2024-01-01"}],
    "subscriptions": [
        {"subscription_id": "s", "account_id": "a", "started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 1000}
    ],
    "renewals": [{"account_id": "a", "renews_at": "2024-01-01", "decided_at": "2023-12-01", "outcome": "renewed"}],
}


def use(day, **columns):
    return {"account_id": "a", "occurred_at": day, "feature": "reports", **columns}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "tables"
    (place / "usage").mkdir(parents=True)
    for name, rows in COMPANY.items():
        pd.DataFrame(rows).to_csv(place / f"{name}.csv", index=False)
    return place


def read(folder):
    made = prepare(str(folder), "contract", Home(folder.parent / "home"), load(None), lambda *_: None)
    return pd.read_parquet(made.folder / "usage.parquet"), made.report


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_a_file_a_day_is_one_table(folder, ending):
    for number in (1, 2, 3):
        frame = pd.DataFrame([use(f"2025-02-0{number}")])
        write = frame.to_parquet if ending == "parquet" else frame.to_csv
        write(folder / "usage" / f"{number}.{ending}", index=False)
    rows, report = read(folder)
    assert sorted(rows["occurred_at"].dt.day) == [1, 2, 3]
    assert report.ignored == ()


def test_a_column_that_only_some_files_have_is_empty_in_the_others(folder):
    pd.DataFrame([use("2025-02-01")]).to_csv(folder / "usage" / "1.csv", index=False)
    pd.DataFrame([use("2025-02-02", user_id="u")]).to_parquet(folder / "usage" / "2.parquet", index=False)
    rows, _ = read(folder)
    assert rows["user_id"].isna().tolist() == [True, False]


def test_broken_lines_of_every_file_are_kept(folder):
    for number in (1, 2):
        text = f"account_id,occurred_at,feature\na,2025-02-0{number},reports\na,2025\n"
        (folder / "usage" / f"{number}.csv").write_text(text, encoding="utf-8")
    _, report = read(folder)
    assert report.table("usage").reasons == {"line cannot be read: too few columns": 2}


def test_what_holds_no_rows_is_named(folder):
    pd.DataFrame([use("2025-02-01")]).to_csv(folder / "usage" / "1.csv", index=False)
    (folder / "usage" / "notes.txt").touch()
    (folder / "messages").mkdir()
    _, report = read(folder)
    assert report.ignored == ("usage/notes.txt", "messages (a folder, put its files there)")


def test_a_folder_beside_a_file_of_the_same_table_is_fatal(folder):
    for path in (Path("usage/1.csv"), Path("usage.csv")):
        pd.DataFrame([use("2025-02-01")]).to_csv(folder / path, index=False)
    with pytest.raises(BadInput, match="table usage has two files"):
        read(folder)


def test_files_whose_columns_do_not_go_together_are_told(folder):
    pd.DataFrame([use("2025-02-01", quantity=1)]).to_parquet(folder / "usage" / "1.parquet", index=False)
    pd.DataFrame([use("2025-02-01", quantity=[1, 2])]).to_parquet(folder / "usage" / "2.parquet", index=False)
    with pytest.raises(BadInput, match="the files of usage hold columns of one name and types that do not go together"):
        read(folder)


def test_a_file_that_is_no_parquet_is_named(folder):
    for number in (1, 2):
        (folder / "usage" / f"{number}.parquet").write_bytes(b"nothing")
    with pytest.raises(BadInput, match=r"usage/1\.parquet cannot be read as Parquet"):
        read(folder)
