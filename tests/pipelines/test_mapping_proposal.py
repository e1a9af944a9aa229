"""What `tenure map` proposes: nothing silently guessed, and each line with its reason."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from features.errors import BadInput
from features.tables import TABLES
from pipelines.cli import app
from pipelines.mapping.handing_over import map_to_file
from pipelines.mapping.names import nearness, words_of
from pipelines.mapping.vocabulary import vocabulary
from pipelines.params import load

CLIENTS = "id,name,signup_date\nA,One,2023-01-15\nB,Two,2023-02-20\n"
TERMS = "contract_id,client_id,start_date,end_date,arr\n1,A,2023-01-15,2024-01-15,10\n2,B,2023-02-20,2024-02-20,20\n"
OUTCOMES = "client_id,renewal_date,decision_date,result\nA,2024-01-15,2024-01-02,renewed\nB,2024-02-20,2024-02-02,lost\n"


@pytest.fixture
def folder(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    for name, content in {"clients": CLIENTS, "contracts": TERMS, "renewals": OUTCOMES}.items():
        (own / f"{name}.csv").write_text(content, encoding="utf-8")
    return own


@pytest.fixture
def proposed(folder, tmp_path):
    """`proposed()` -> the proposal for the folder and what its file says of a table's only part."""

    def run(tables=None):
        out = tmp_path / "own.yaml"
        mapped = map_to_file(str(tables or folder), out, load(None), lambda *_: None)
        said = yaml.safe_load(out.read_text(encoding="utf-8"))["tables"]
        return mapped, lambda table: said[table][0]

    return run


def _put(folder, name, content):
    (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["fechaAlta", "FECHA_ALTA", "Fecha de alta", "fecha-alta", "fecha  alta", "Fechas de Alta", "fechá.alta"]
)
def test_a_name_is_its_words_however_they_are_joined(name):
    assert words_of(name) == ("fecha", "alta")


@pytest.mark.parametrize(
    ("name", "phrase", "near"),
    [
        ("customer_id", "customer id", 1.0),
        ("customerid", "customer id", 1.0),
        ("id_customer", "customer id", 0.95),
        ("custommer_id", "customer id", pytest.approx(0.86, abs=0.03)),
        ("region", "origin", 0.0),
        ("id", "ip", 0.0),
        ("", "id", 0.0),
    ],
)
def test_near_names_are_near(name, phrase, near):
    assert nearness(words_of(name), words_of(phrase)) == near


def test_no_name_stands_for_two_columns_of_a_table():
    for table, columns in vocabulary().columns.items():
        seen = {}
        for column, phrases in columns.items():
            for phrase in phrases:
                assert seen.setdefault(phrase, column) == column, f"{table}: {' '.join(phrase)} is {seen[phrase]} and {column}"


def test_every_word_for_a_value_leads_to_a_value_of_the_contract():
    for place, words in vocabulary().values.items():
        table, column = place.split(".")
        assert set(words.values()) == set(TABLES[table].column(column).allowed)


def test_a_plain_company_is_mapped_whole(proposed):
    mapped, part = proposed()
    assert mapped.proposal.open == ()
    assert mapped.refused == ""
    assert part("accounts")["columns"]["created_at"] == "signup_date"
    assert part("subscriptions")["columns"]["account_id"] == "client_id"
    assert part("renewals")["columns"]["outcome"] == {"column": "result", "values": {"lost": "churned", "renewed": "renewed"}}


def test_without_a_column_of_knowledge_the_event_and_a_stated_delay_stand_in_with_a_warning(proposed):
    mapped, part = proposed()
    assert part("renewals")["columns"]["known_at"] == {"column": "decision_date", "plus_days": 1}
    assert part("renewals")["stand_in"] == "decision_date plus 1 day: no column says when a row was learned"
    assert "NO column says when a row was learned" in mapped.out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("column", "taken"),
    [("loaded_at", True), ("fecha de carga", True), ("created_at", True), ("updated_at", False), ("notes", False)],
)
def test_a_column_of_knowledge_is_taken_and_that_of_the_last_change_is_not(proposed, folder, column, taken):
    lines = OUTCOMES.splitlines()
    lines = [f"{lines[0]},{column}", *(f"{line},2024-03-{n:02d}" for n, line in enumerate(lines[1:], 1))]
    _put(folder, "renewals.csv", "\n".join([*lines, ""]))
    mapped, part = proposed()
    assert (part("renewals")["columns"]["known_at"] == column) is taken
    assert ("it hides what was known before" in mapped.out.read_text(encoding="utf-8")) is (column == "updated_at")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("05/06/2023", "25/06/2023"), "%d/%m/%Y"),
        (("05/06/2023", "06/25/2023"), "%m/%d/%Y"),
        (("05/06/2023", "07/06/2023"), "?"),
        (("5.6.23", "25.6.23"), "%d.%m.%y"),
        (("1685923200", "1687651200"), "epoch_seconds"),
        (("20230605", "20230625"), "%Y%m%d"),
        (("5 Jun 2023", "25 Jun 2023"), "%d %b %Y"),
    ],
)
def test_a_way_of_writing_days_is_found_or_left_open(proposed, folder, days, said):
    _put(folder, "clients.csv", f"id,name,signup_date\nA,One,{days[0]}\nB,Two,{days[1]}\n")
    mapped, part = proposed()
    assert part("accounts")["columns"]["created_at"] == {"column": "signup_date", "time": said}
    assert mapped.proposal.open == (("accounts.created_at",) if said == "?" else ())


def test_a_day_that_could_be_two_is_settled_by_the_other_columns_of_the_file(proposed, folder):
    terms = "contract_id,client_id,start_date,end_date,arr\n1,A,05/06/2023,04/06/2024,10\n2,B,07/06/2023,25/06/2024,20\n"
    _put(folder, "contracts.csv", terms)
    mapped, part = proposed()
    assert part("subscriptions")["columns"]["started_at"] == {"column": "start_date", "time": "%d/%m/%Y"}
    assert "day first as in other columns" in mapped.out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (("10.5", "20"), "arr"),
        (('"1.200,50"', '"3,5"'), {"column": "arr", "decimal": ","}),
        (("$1200", "$35"), {"column": "arr", "decimal": "."}),
        (('"1,200"', '"3,500"'), {"column": "arr", "decimal": "?"}),
    ],
)
def test_a_decimal_sign_is_found_or_left_open(proposed, folder, money, said):
    lines = TERMS.splitlines()
    lines = [lines[0], lines[1].removesuffix("10") + money[0], lines[2].removesuffix("20") + money[1]]
    _put(folder, "contracts.csv", "\n".join([*lines, ""]))
    mapped, part = proposed()
    assert part("subscriptions")["columns"]["arr"] == said
    assert mapped.proposal.open == (("subscriptions.arr",) if "?" in str(said) else ())


def test_money_a_month_is_multiplied(proposed, folder):
    _put(folder, "contracts.csv", TERMS.replace(",arr", ",MRR"))
    assert proposed()[1]("subscriptions")["columns"]["arr"] == {"column": "MRR", "times": 12}


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (("€10.5", "€20"), {"value": "EUR"}),
        (("10.5 GBP", "20 GBP"), {"value": "GBP"}),
        (("$10.5", "$20"), None),
        (("€10.5", "$20"), {"value": "?"}),
        (("10.5", "20"), None),
    ],
)
def test_a_currency_beside_the_amounts_is_said_unless_it_could_be_several(proposed, folder, money, said):
    lines = TERMS.splitlines()
    lines = [lines[0], lines[1].removesuffix("10") + money[0], lines[2].removesuffix("20") + money[1]]
    _put(folder, "contracts.csv", "\n".join([*lines, ""]))
    mapped, part = proposed()
    assert part("subscriptions")["columns"].get("currency") == said
    assert mapped.proposal.open == (("subscriptions.currency",) if said == {"value": "?"} else ())
    assert ("#? currency: {value: USD}" in mapped.out.read_text(encoding="utf-8")) is (money[0] == "$10.5")


def test_a_word_nobody_knows_is_left_open_with_what_it_may_be(proposed, folder):
    _put(folder, "renewals.csv", OUTCOMES.replace("lost", "paused"))
    mapped, part = proposed()
    assert part("renewals")["columns"]["outcome"]["values"] == {"paused": "?", "renewed": "renewed"}
    assert mapped.proposal.open == ("renewals.outcome",)
    assert "one of renewed, expanded, contracted, churned, or null" in " ".join(re.sub("#", " ", mapped.out.read_text()).split())


def test_two_columns_that_fit_alike_are_no_choice(proposed, folder):
    _put(
        folder, "clients.csv", "id,name,signup_date,registration_date\nA,One,2023-01-15,2023-01-16\nB,Two,2023-02-20,2023-02-21\n"
    )
    mapped, part = proposed()
    assert part("accounts")["columns"]["created_at"] == "?"
    assert "could be registration_date (1.00), signup_date (1.00)" in " ".join(mapped.out.read_text(encoding="utf-8").split())


def test_a_required_column_that_is_mostly_empty_is_left_open(proposed, folder):
    rows = "".join(f"{n},A,2023-01-15,{'2024-01-15' if n < 3 else ''},10\n" for n in range(10))
    _put(folder, "contracts.csv", "contract_id,client_id,start_date,end_date,arr\n" + rows)
    assert proposed()[0].proposal.open == ("subscriptions.renews_at",)


def test_an_account_that_is_none_of_the_accounts_is_left_open(proposed, folder):
    _put(folder, "contracts.csv", TERMS.replace(",A,", ",X9,").replace(",B,", ",Y9,"))
    mapped, part = proposed()
    assert part("subscriptions")["columns"]["account_id"] == "?"
    assert "0% of them are in clients.csv; could be client_id" in " ".join(
        mapped.out.read_text(encoding="utf-8").replace("#", "").split()
    )


def test_the_account_of_a_row_is_found_through_another_file(proposed, folder):
    _put(folder, "usage.csv", "contract_id,date,feature\n1,2023-03-01,login\n2,2023-03-02,export\n")
    assert proposed()[1]("usage")["columns"]["account_id"] == {"column": "client_id", "of": "contracts.csv", "by": "contract_id"}


def test_an_account_without_a_start_begins_with_its_first_term(proposed, folder):
    _put(folder, "clients.csv", "id,name\nA,One\nB,Two\n")
    assert proposed()[1]("accounts")["columns"]["created_at"] == {
        "column": "start_date",
        "of": "contracts.csv",
        "by": {"id": "client_id"},
        "pick": "first",
    }


def test_without_outcomes_those_who_left_are_taken_from_the_terms(proposed, folder):
    (folder / "renewals.csv").unlink()
    lines = TERMS.splitlines()
    _put(folder, "contracts.csv", "\n".join([f"{lines[0]},cancelled_at", f"{lines[1]},", f"{lines[2]},2023-12-24", ""]))
    mapped, part = proposed()
    assert mapped.proposal.open == ()
    assert part("renewals")["where"] == '"cancelled_at" IS NOT NULL'
    assert part("renewals")["columns"]["decided_at"] == "cancelled_at"
    assert part("renewals")["columns"]["outcome"] == {"value": "churned"}
    assert "NO file holds outcomes" in mapped.out.read_text(encoding="utf-8")


def test_without_any_outcome_the_table_is_left_open(proposed, folder):
    (folder / "renewals.csv").unlink()
    mapped, _ = proposed()
    assert mapped.proposal.open == ("renewals",)
    with pytest.raises(BadInput, match=r"tables\.renewals: still open"):
        _opened(folder, mapped.out)


def _opened(folder, out):
    from pipelines.sources import open_source

    return open_source(str(folder), str(out))


def test_todays_state_and_the_outcome_are_never_offered(proposed, folder):
    lines = CLIENTS.splitlines()
    extra = [f"{lines[0]},channel,status,health_score,churn_flag,cancelled_on"]
    extra += [f"{line},web,active,{n},no,2024-01-01" for n, line in enumerate(lines[1:])]
    _put(folder, "clients.csv", "\n".join([*extra, ""]))
    mapped, part = proposed()
    assert not {"status", "health_score", "churn_flag", "cancelled_on"} & set(map(str, part("accounts")["columns"].values()))
    written = mapped.out.read_text(encoding="utf-8")
    assert "#? attr_channel: channel" in written
    assert written.count("sounds like today's state or the outcome itself") == 4


def test_names_of_the_contract_beyond_its_columns_are_kept(proposed, folder):
    _put(folder, "clients.csv", "id,name,created_at,attr_segment,Sales Channel\nA,One,2023-01-15,x,web\nB,Two,2023-02-20,y,web\n")
    _put(
        folder,
        "renewals.csv",
        "account_id,renews_at,decided_at,outcome,reason,reason_known_at\nA,2024-01-15,2024-01-02,churned,value,2024-03-01\n",
    )
    mapped, part = proposed()
    assert part("accounts")["columns"]["attr_segment"] == "attr_segment"
    assert part("renewals")["columns"]["reason_known_at"] == "reason_known_at"
    assert "#? attr_sales_channel: Sales Channel" in mapped.out.read_text(encoding="utf-8")


def test_a_repeated_id_of_events_is_offered_not_taken(proposed, folder):
    _put(folder, "usage.csv", "usage_id,client_id,date,feature\n1,A,2023-03-01,login\n1,B,2023-03-02,export\n")
    mapped, part = proposed()
    assert "event_id" not in part("usage")["columns"]
    assert "NOT different in 1 of 2 rows" in mapped.out.read_text(encoding="utf-8")


def test_a_database_is_looked_at_alike(proposed, folder, tmp_path):
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with create_engine(url).begin() as connection:
        for path in sorted(folder.iterdir()):
            lines = [line.split(",") for line in path.read_text().splitlines()]
            connection.execute(text(f"CREATE TABLE {path.stem} ({', '.join(f'{name} TEXT' for name in lines[0])})"))
            for row in lines[1:]:
                connection.execute(text(f"INSERT INTO {path.stem} VALUES ({', '.join(repr(cell) for cell in row)})"))
    mapped, part = proposed(url)
    assert mapped.proposal.open == ()
    assert part("accounts")["file"] == "clients"


def test_what_is_like_no_table_or_two_of_them_is_named_and_not_mapped(proposed, folder):
    _put(folder, "weather.csv", "station,rain\nx,1\n")
    _put(folder, "empty.csv", "a,b\n")
    mapped, _ = proposed()
    assert mapped.proposal.unplaced == ("weather.csv", "empty.csv (no rows)")
    assert "not mapped: weather.csv is like no table" in mapped.text


BAD = {
    "no files": ({}, "holds nothing that can be read"),
    "only others": ({"a.xlsx": b"x"}, "holds nothing that can be read"),
    "only headers": ({"clients.csv": b"id,name,signup_date\n"}, r"no file holds a row.*Every file is empty"),
    "no accounts": (
        {"rain.csv": b"station,rain\nx,1\n"},
        r"no file looks like accounts.*rain\.csv: likeness 0\.\d\d; columns station",
    ),
    "repeated": (
        {"clients.csv": b"id,ID,signup_date\nA,A,2023-01-01\n"},
        r"clients\.csv: the header repeats or leaves out names",
    ),
    "no Parquet": ({"clients.parquet": b"PAR1 junk"}, r"clients\.parquet cannot be read as Parquet"),
    "damaged": ({"clients.csv.gz": b"no gzip", "rain.csv": b"a,b\n1,2\n"}, r"clients\.csv\.gz is a damaged \.gz"),
    "binary": ({"clients.csv": bytes(range(256)) * 4}, r"clients\.csv"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_and_nothing_is_written(tmp_path, case):
    files, words = BAD[case]
    (tmp_path / "own").mkdir()
    for name, content in files.items():
        (tmp_path / "own" / name).write_bytes(content)
    with pytest.raises(BadInput, match=re.compile(words, re.DOTALL)):
        map_to_file(str(tmp_path / "own"), tmp_path / "own.yaml", load(None), lambda *_: None)
    assert not (tmp_path / "own.yaml").exists()


def test_a_file_that_cannot_be_read_beside_others_is_named(proposed, folder):
    (folder / "tickets.parquet").write_bytes(b"PAR1 junk")
    mapped, _ = proposed()
    assert mapped.proposal.problems == ("tickets.parquet cannot be read as Parquet. Write the file again.",)
    assert "tickets.parquet cannot be read as Parquet" in mapped.out.read_text(encoding="utf-8")


def test_a_folder_that_a_source_reads_already_is_named_as_such(proposed, tmp_path):
    contract = tmp_path / "contract"
    contract.mkdir()
    pq.write_table(pa.table({"account_id": ["A"], "created_at": ["2024-01-01"]}), contract / "accounts.parquet")
    assert "is in the form of contract: every verb reads it as it is" in proposed(contract)[0].text


def test_the_verb_writes_once_and_says_what_is_left_to_decide(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["map", "own", "--out", "own.yaml"]
    assert CliRunner().invoke(app, words).exit_code == 0
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "own.yaml exists, and somebody may have corrected it" in again.output
    Path("own.yaml").unlink()
    (folder / "renewals.csv").unlink()
    opened = CliRunner().invoke(app, [*words, "--json"])
    assert opened.exit_code == 1
    assert json.loads(opened.stdout)["open"] == ["renewals"]
    assert CliRunner().invoke(app, ["check", "own", "--source", "own.yaml"]).exit_code == 2
    assert CliRunner().invoke(app, ["map", "own", "--out", "own.txt"]).exit_code == 2
