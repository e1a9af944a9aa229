"""Tables come in from a folder or a database, and a place nobody can read says why."""

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from sqlalchemy import create_engine, text

from features.check import check
from features.errors import BadInput
from features.params import DataParams
from pipelines.sources import SOURCES, open_source

ACCOUNTS = "account_id,created_at\nA,2024-01-01\n"
TERMS = "subscription_id,account_id,started_at,renews_at,arr\nS,A,2024-01-01,2025-01-01,100\n"
RENEWALS = "account_id,renews_at,decided_at,outcome\nA,2025-01-01,2024-11-01,churned\n"
REQUIRED = {"accounts": ACCOUNTS, "subscriptions": TERMS, "renewals": RENEWALS}


@pytest.fixture
def folder(tmp_path):
    tables = tmp_path / "tables"
    tables.mkdir()
    for name, content in REQUIRED.items():
        (tables / f"{name}.csv").write_text(content, encoding="utf-8")
    return tables


@pytest.fixture
def checked(tmp_path):
    section = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["data"]
    return lambda tables: check(open_source(str(tables), "contract"), DataParams(**section), tmp_path / "out")


@pytest.fixture
def messages(folder, tmp_path):
    """Write the lines of messages.csv after its header; read back (rows, broken lines)."""

    def read(lines, *, encoding="utf-8", end="\n"):
        header = "account_id,sent_at,direction,text"
        (folder / "messages.csv").write_bytes(end.join([header, *lines, ""]).encode(encoding, "surrogateescape"))
        connection = duckdb.connect()
        table = open_source(str(folder), "contract").load(connection).tables["messages"]
        rows = connection.execute(f"SELECT * FROM {table.relation}").fetchall()
        return rows, connection.execute(f"SELECT line, reason, text FROM {table.broken} ORDER BY line").fetchall()

    return read


def test_csv_csv_gz_and_parquet_are_read_alike(folder, checked):
    (folder / "usage.csv.gz").write_bytes(gzip.compress(b"account_id,occurred_at,feature\nA,2024-02-01,reports\n"))
    pq.write_table(
        pa.table({"account_id": ["A"], "goal": ["g"], "agreed_at": [datetime(2024, 2, 1, tzinfo=UTC)]}), folder / "goals.parquet"
    )
    report = checked(folder)
    assert {table.name: table.accepted for table in report.tables} == dict.fromkeys([*REQUIRED, "usage", "goals"], 1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_accents_quotes_commas_and_line_breaks_stay_as_they_are(messages, end):
    said = f'Adiós, dijo ""él"" 😀{end}-- {end}Núñez'
    rows, broken = messages([f'A,2024-02-01,in,"{said}"', "A,2024-02-02,out,ok"], end=end)
    assert [row[3] for row in rows] == [said.replace('""', '"'), "ok"]
    assert broken == []


def test_a_byte_order_mark_is_no_part_of_the_first_column(messages):
    rows, _ = messages(["A,2024-02-01,in,hola"], encoding="utf-8-sig")
    assert rows == [("A", "2024-02-01", "in", "hola")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A,2024-02-01,in", "too few columns"),
        ("A,2024-02-01,in,a,b", "too many columns"),
        ('A,2024-02-01,in,"he said "no" again"', "a quote out of place"),
        ('A,2024-02-01,in,"never closed', "a quote out of place"),
        ("A,2024-02-01,in,caf\udce9", "not UTF-8"),
    ],
)
def test_a_broken_line_is_kept_with_its_reason_and_the_rest_is_read(messages, line, reason):
    rows, broken = messages(["A,2024-02-01,in,before", line, *["A,2024-02-02,out,after"] * 3])
    assert [row[3] for row in rows] == ["before", "after", "after", "after"]
    assert [(number, why) for number, why, _ in broken] == [(3, reason)]


def test_a_quote_that_is_never_closed_loses_no_other_row_of_a_large_file(messages):
    lines = [f"A,2024-02-01,in,text {n}" for n in range(60_000)]
    lines[1000] = 'A,2024-02-01,in,"open'
    rows, broken = messages(lines)
    assert (len(rows), len(broken)) == (59_999, 1)


def test_broken_lines_are_counted_as_read_and_rejected(folder, checked):
    (folder / "usage.csv").write_text("account_id,occurred_at,feature\nA,2024-02-01\nA,2024-02-01,f\n", encoding="utf-8")
    table = checked(folder).table("usage")
    assert (table.read, table.accepted, table.rejected) == (2, 1, 1)
    assert dict(table.reasons) == {"line cannot be read: too few columns": 1}


def test_a_file_nobody_can_read_and_a_missing_table_are_told_together(folder, checked):
    (folder / "goals.parquet").write_bytes(b"no parquet")
    (folder / "renewals.csv").rename(folder / "renewal.csv")
    with pytest.raises(BadInput) as caught:
        checked(folder)
    assert "goals.parquet cannot be read" in str(caught.value)
    assert "Rename renewal to renewals" in str(caught.value)


@pytest.mark.parametrize("header", ["", "account_id,Account_ID,created_at", "account_id,,created_at"])
def test_a_header_that_says_too_little_is_fatal(folder, checked, header):
    (folder / "accounts.csv").write_text(header + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"accounts\.csv"):
        checked(folder)


PACKED = gzip.compress(b"account_id,occurred_at,feature\n" + b"A,2024-02-01,reports\n" * 2000)
DAMAGED = {
    "cut short": PACKED[: len(PACKED) // 2],
    "changed": PACKED[:-6] + b"\0" + PACKED[-5:],
    "changed inside": PACKED[:40] + b"\xff" * 20 + PACKED[60:],
    "bytes after the end": PACKED + b"garbage",
    "not packed": b"account_id,occurred_at,feature\n",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_gz_file_is_named_with_the_other_problems(folder, checked, damage):
    (folder / "usage.csv.gz").write_bytes(DAMAGED[damage])
    (folder / "renewals.csv").unlink()
    with pytest.raises(BadInput) as caught:
        checked(folder)
    assert "usage.csv.gz is a damaged .gz file" in str(caught.value)
    assert "table renewals is missing" in str(caught.value)


def test_a_damaged_file_beside_a_sound_one_of_the_same_table_is_still_two_files(folder, checked):
    (folder / "usage.csv.gz").write_bytes(DAMAGED["cut short"])
    pq.write_table(pa.table({"account_id": ["A"], "occurred_at": ["2024-01-01"]}), folder / "usage.parquet")
    with pytest.raises(BadInput, match="table usage has two files"):
        checked(folder)


@pytest.mark.parametrize(
    "content",
    [ACCOUNTS.encode("utf-16"), b"\0" + ACCOUNTS.encode(), ACCOUNTS.replace("created_at", "año").encode("latin-1")],
    ids=["UTF-16", "NUL", "Latin-1"],
)
def test_a_header_that_is_no_utf8_is_told(folder, checked, content):
    (folder / "accounts.csv").write_bytes(content)
    with pytest.raises(BadInput, match=r"accounts\.csv is not UTF-8.*Export it again"):
        checked(folder)


def test_what_bears_the_name_of_a_table_and_is_not_read_is_named_with_what_to_do(folder, checked):
    (folder / "Usage.CSV").write_text("account_id,occurred_at,feature\n", encoding="utf-8")
    (folder / "tickets.csv").mkdir()
    (folder / "messages.parquet").symlink_to(folder / "nothing")
    (folder / "surveys.xlsx").touch()
    assert checked(folder).ignored == (
        "Usage.CSV (rename it to usage.csv)",
        "messages.parquet (a link to nothing, put the file in its place)",
        "surveys.xlsx (write it as surveys.csv or surveys.csv.gz or surveys.parquet)",
        "tickets.csv (a folder, put one file in its place)",
    )


def test_a_part_of_a_table_is_named_once_with_what_to_do(folder, checked):
    header = "account_id,occurred_at,feature\n"
    for name in ("usage.2024.csv", "tickets.csv", "tickets.old.csv"):
        (folder / name).write_text(header if "usage" in name else "ticket_id,account_id,opened_at\n", encoding="utf-8")
    assert checked(folder).ignored == (
        "tickets.old.csv (tickets.csv is read; put its rows there)",
        "usage.2024.csv (rename it to usage.csv)",
    )


def test_a_required_table_of_which_there_is_only_an_old_file_is_told_its_name(folder, checked):
    (folder / "subscriptions.csv").rename(folder / "subscriptions.old.csv")
    with pytest.raises(BadInput, match=r"subscriptions\.old\.csv is not read: rename it to subscriptions\.csv\."):
        checked(folder)


def test_a_required_table_under_a_name_that_is_not_read_is_named_as_a_problem(folder, checked):
    for name in REQUIRED:
        (folder / f"{name}.csv").rename(folder / f"{name.title()}.CSV")
    with pytest.raises(BadInput, match=r"Accounts\.CSV is not read: rename it to accounts\.csv") as caught:
        checked(folder)
    assert "missing" not in str(caught.value)


def test_two_files_for_one_table_are_fatal(folder, checked):
    pq.write_table(pa.table({"account_id": ["A"], "created_at": ["2024-01-01"]}), folder / "accounts.parquet")
    with pytest.raises(BadInput, match="table accounts has two files"):
        checked(folder)


def test_a_file_the_contract_does_not_know_is_named(folder, checked):
    (folder / "weather.csv").write_text("day\n2024-01-01\n", encoding="utf-8")
    assert checked(folder).ignored == ("weather",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("nowhere", "nowhere does not exist"),
        ("sqlite:///nowhere.db", "there is no file nowhere.db"),
        ("oracle+nothing://host/db", "no database URL we can open"),
        ("postgresql://me:hu sh@host:port/db", r"postgresql://me:\*\*\*@host:port/db is no database URL we can open"),
    ],
)
def test_a_place_that_is_not_there_is_named(given, message):
    with pytest.raises(BadInput, match=message):
        open_source(given, "contract")


def test_a_database_nobody_answers_at_is_named_without_its_password(checked):
    with pytest.raises(BadInput, match="cannot be read") as caught:
        checked("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["", "  "])
def test_tables_without_a_name_are_not_the_folder_we_stand_in(given, folder, monkeypatch):
    monkeypatch.chdir(folder)
    with pytest.raises(BadInput, match=r"TABLES is .*Give the folder"):
        open_source(given, "contract")


def test_an_empty_folder_and_an_unknown_source_are_named(tmp_path):
    with pytest.raises(BadInput, match="is empty"):
        open_source(str(tmp_path), "contract")
    with pytest.raises(BadInput, match=f"Give one of {', '.join(SOURCES)}"):
        open_source(str(tmp_path), "excel")


@pytest.mark.parametrize(
    ("file", "name"),
    [("studentInfo.parquet", "oulad"), ("ravenstack_accounts.csv", "ravenstack"), ("account.parquet", "crm5")],
)
def test_a_folder_of_another_source_is_named(tmp_path, file, name):
    for each in (file, *(("event.parquet", "subscription.parquet") if name == "crm5" else ())):
        (tmp_path / each).touch()
    with pytest.raises(BadInput, match=f"this looks like {name}.*add --source {name}"):
        open_source(str(tmp_path), "contract")


def test_a_contract_folder_read_as_another_source_is_named(folder):
    with pytest.raises(BadInput, match=r"this looks like contract.*leave --source out"):
        open_source(str(folder), "oulad")


def _fill(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE accounts (account_id INTEGER, created_at TIMESTAMP, strategic BOOLEAN)"))
        connection.execute(text("INSERT INTO accounts VALUES (1, '2024-01-01 00:00:00', true), (2, NULL, NULL)"))
        connection.execute(
            text(
                "CREATE TABLE subscriptions (subscription_id TEXT, account_id INTEGER, started_at DATE, renews_at DATE, arr NUMERIC(9, 2))"
            )
        )
        terms = text("INSERT INTO subscriptions VALUES (:s, 1, '2024-01-01', '2025-01-01', 100.50)")
        connection.execute(terms, [{"s": f"S{n}"} for n in range(3)])
        connection.execute(text("CREATE TABLE renewals (account_id INTEGER, renews_at DATE, decided_at DATE, outcome TEXT)"))
        connection.execute(text("CREATE TABLE messages (account_id INTEGER, sent_at TEXT, direction TEXT, text TEXT)"))
        said = {"said": 'Adiós "él",\nNúñez 😀'}
        connection.execute(text("INSERT INTO messages VALUES (1, '2024-02-01T10:00:00+01:00', 'in', :said)"), said)
        connection.execute(text("CREATE TABLE weather (day TEXT)"))
    engine.dispose()


def _read(url, checked, out):
    report = checked(url)
    assert {table.name: table.accepted for table in report.tables} == {
        "accounts": 1,
        "subscriptions": 3,
        "renewals": 0,
        "messages": 1,
    }
    assert dict(report.table("accounts").reasons) == {"created_at: missing": 1}
    assert "weather" in report.ignored
    message = pq.read_table(out / "messages.parquet").to_pylist()[0]
    assert message["text"] == 'Adiós "él",\nNúñez 😀'
    assert message["sent_at"] == datetime.fromisoformat("2024-02-01T09:00:00")
    account = pq.read_table(out / "accounts.parquet").to_pylist()[0]
    assert (account["account_id"], account["strategic"]) == ("1", True)
    assert pq.read_table(out / "subscriptions.parquet").to_pylist()[0]["arr"] == float(Decimal("100.50"))


def test_sqlite_is_read(tmp_path, checked):
    url = f"sqlite:///{tmp_path / 'company.db'}"
    _fill(url)
    _read(url, checked, tmp_path / "out")


def test_a_text_in_a_date_column_of_sqlite_is_one_rejected_row(tmp_path, checked):
    url = f"sqlite:///{tmp_path / 'company.db'}"
    _fill(url)
    with create_engine(url).begin() as connection:
        connection.execute(text("INSERT INTO accounts VALUES (3, 'soon', false)"))
    assert dict(checked(url).table("accounts").reasons) == {"created_at: missing": 1, "created_at: not a time": 1}


def test_postgres_is_read(tmp_path, checked, postgres_url):
    _fill(postgres_url)
    _read(postgres_url, checked, tmp_path / "out")
