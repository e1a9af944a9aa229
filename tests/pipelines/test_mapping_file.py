"""A mapping file as a source: what it says is done, and what it cannot mean is told, all at once."""

import pyarrow.parquet as pq
import pytest
import yaml
from sqlalchemy import create_engine, text

from features.check import check
from features.errors import BadInput
from pipelines.params import load
from pipelines.sources import open_source

ACCOUNTS = {"account_id": "id", "created_at": "since"}
TERMS = {"subscription_id": "term", "account_id": "client", "started_at": "begin", "renews_at": "finish", "arr": "money"}
OUTCOMES = {"account_id": "client", "renews_at": "finish", "decided_at": "finish", "outcome": {"value": "churned"}}
MAPPING = {
    "tables": {
        "accounts": [{"file": "clients.csv", "columns": ACCOUNTS}],
        "subscriptions": [{"file": "terms.csv", "columns": TERMS}],
        "renewals": [{"file": "terms.csv", "where": "finish < '2024-06-01'", "columns": OUTCOMES}],
    }
}
CLIENTS = "id,since,grade,size\nA,2023-01-01,gold,1\nB,2023-02-01,tin,2\n"
TERMS_CSV = "term,client,begin,finish,money\n1,A,2023-01-01,2024-01-01,1000\n2,B,2023-02-01,2025-02-01,2000\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "own"
    place.mkdir()
    (place / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    (place / "terms.csv").write_text(TERMS_CSV, encoding="utf-8")
    return place


@pytest.fixture
def mapped(folder, tmp_path):
    """`mapped(accounts={"name": "grade"}, …)` -> the report and a function that gives the rows of a clean table."""

    def run(tables=None, *, place=None, **columns):
        said = yaml.safe_load(yaml.safe_dump(tables or MAPPING))
        for name, more in columns.items():
            said["tables"][name][0]["columns"] |= more
        path = tmp_path / "own.yaml"
        path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        report = check(
            open_source(str(place or folder), str(path)),
            load(None).data.model_copy(update={"allowed_reject_share": 1}),
            tmp_path / "out",
        )
        return report, lambda table: pq.read_table(tmp_path / "out" / f"{table}.parquet").to_pylist()

    return run


def _cells(folder, *cells):
    """One account a cell, in the column `cell` of clients.csv; the terms of A alone."""
    lines = [f'{chr(65 + n)},2023-01-01,"{cell}"' for n, cell in enumerate(cells)]
    (folder / "clients.csv").write_text("\n".join(["id,since,cell", *lines, ""]), encoding="utf-8")


def test_columns_are_renamed_and_rows_left_out_are_counted(mapped):
    report, rows = mapped()
    assert [(row["account_id"], row["created_at"].isoformat()) for row in rows("accounts")] == [
        ("A", "2023-01-01T00:00:00"),
        ("B", "2023-02-01T00:00:00"),
    ]
    assert [row["account_id"] for row in rows("renewals")] == ["A"]
    assert [(f.table, f.count, f.of) for f in report.findings if "left out by the mapping" in f.what] == [("renewals", 1, 2)]
    assert report.source == "own.yaml"


@pytest.mark.parametrize(
    ("said", "cell", "expected"),
    [
        ({"time": "%d/%m/%Y"}, "05/01/2024", "2024-01-05T00:00:00"),
        ({"time": "%m/%d/%Y"}, "05/01/2024", "2024-05-01T00:00:00"),
        ({"time": ["%d/%m/%Y", "%d/%m/%Y %H:%M"]}, "5/1/2024 9:05", "2024-01-05T09:05:00"),
        ({"time": "epoch_seconds"}, "1704412800", "2024-01-05T00:00:00"),
        ({"time": "epoch_milliseconds"}, "1704412800250", "2024-01-05T00:00:00.250000"),
        ({"zone": "Europe/Madrid"}, "2024-07-01 10:00", "2024-07-01T08:00:00"),
        ({"zone": "Europe/Madrid"}, "2024-07-01T10:00:00Z", "2024-07-01T10:00:00"),
        ({"zone": "America/Mexico_City", "time": "%d/%m/%Y %H:%M"}, "01/07/2024 20:00", "2024-07-02T02:00:00"),
        ({"plus_days": 1.5}, "2024-01-05", "2024-01-06T12:00:00"),
        ({"time": "%d.%m.%Y", "plus_days": 1}, "31.12.2023", "2024-01-01T00:00:00"),
    ],
)
def test_a_time_is_read_as_it_is_written(mapped, folder, said, cell, expected):
    _cells(folder, cell)
    _, rows = mapped(accounts={"created_at": {"column": "cell", **said}})
    assert rows("accounts")[0]["created_at"].isoformat() == expected


@pytest.mark.parametrize(
    ("said", "cell", "expected"),
    [
        ({"decimal": ","}, "1.234,56", 1234.56),
        ({"decimal": ","}, "€ 1.234,56", 1234.56),
        ({"decimal": ","}, "1 234,56 EUR", 1234.56),
        ({"decimal": ","}, "12,5", 12.5),
        ({"decimal": "."}, "$1,234", 1234),
        ({"decimal": "."}, "USD 1,234.50", 1234.5),
        ({"decimal": ".", "times": 12}, "100.1", 1201.2),
        ({"times": 0.5}, "7", 3.5),
        ({"values": {"unlimited": 9999}}, "Unlimited ", 9999),
    ],
)
def test_a_number_is_read_as_it_is_written(mapped, folder, said, cell, expected):
    _cells(folder, cell)
    _, rows = mapped(accounts={"employees": {"column": "cell", **said}})
    assert rows("accounts")[0]["employees"] == expected


@pytest.mark.parametrize(
    ("column", "said", "cell", "reason"),
    [
        ("created_at", {"time": "%d/%m/%Y"}, "2024-01-05", "created_at: not a time"),
        ("created_at", {"time": "%d/%m/%Y"}, "31/02/2024", "created_at: not a time"),
        ("created_at", {"time": "epoch_seconds"}, "1704412800000", "created_at: not a time"),
        ("employees", {"decimal": ","}, "1.5", "employees: not a number"),
        ("employees", {"decimal": "."}, "12 or so", "employees: not a number"),
        ("employees", {"times": 12}, "many", "employees: not a number"),
        ("strategic", {"values": {"sí": True}}, "quizás", "strategic: not true or false"),
        ("language", {"values": {"castellano": "es"}}, "français", "language: not one of en, es"),
    ],
)
def test_a_cell_that_is_not_as_mapped_is_a_rejected_row_and_never_a_blank(mapped, folder, column, said, cell, reason):
    _cells(folder, cell)
    (folder / "clients.csv").write_text(
        (folder / "clients.csv").read_text(encoding="utf-8") + "Z,2023-01-01,\n", encoding="utf-8"
    )
    (folder / "terms.csv").write_text(TERMS_CSV.replace(",A,", ",Z,"), encoding="utf-8")
    created = {"created_at": {"expression": "coalesce(nullif('', ''), since)"}} if column != "created_at" else {}
    said = {"column": "cell", **said}
    if column == "created_at":
        (folder / "clients.csv").write_text(f"id,since,cell\nA,2023-01-01,{cell}\n", encoding="utf-8")
        with pytest.raises(BadInput, match=reason):
            mapped(accounts={column: said})
        return
    report, _ = mapped(accounts={column: said, **created})
    assert dict(report.table("accounts").reasons) == {reason: 1}


def test_words_flags_constants_and_blanks(mapped, folder):
    _cells(folder, "SÍ", " no", "n/d", "")
    said = {"strategic": {"column": "cell", "values": {"sí": True, "no": False}, "missing": ["n/d"]}, "country": {"value": "ES"}}
    _, rows = mapped(accounts=said)
    assert [(row["strategic"], row["country"]) for row in rows("accounts")] == [
        (True, "ES"),
        (False, "ES"),
        (None, "ES"),
        (None, "ES"),
    ]


def test_a_word_mapped_to_null_is_not_known(mapped, folder):
    _cells(folder, "es", "other")
    _, rows = mapped(accounts={"language": {"column": "cell", "values": {"other": None}}})
    assert [row["language"] for row in rows("accounts")] == ["es", None]


def test_an_expression_sees_the_row_and_a_window_over_all_rows(mapped):
    said = {"outcome": {"expression": "CASE WHEN lead(begin) OVER (ORDER BY begin) IS NULL THEN 'churned' ELSE 'renewed' END"}}
    _, rows = mapped(renewals=said, accounts={"name": {"expression": "upper(grade) || ' ' || size"}})
    assert [row["name"] for row in rows("accounts")] == ["GOLD 1", "TIN 2"]
    assert [row["outcome"] for row in rows("renewals")] == ["renewed"]  # its successor is left out by `where`, and is seen


def test_a_column_of_another_file_is_found_by_what_both_have(mapped):
    said = {
        "industry": {"column": "grade", "of": "clients.csv", "by": {"id": "id"}},
        "created_at": {"column": "begin", "of": "terms.csv", "by": {"id": "client"}, "pick": "first"},
    }
    _, rows = mapped(accounts=said, subscriptions={"plan": {"column": "grade", "of": "clients.csv", "by": {"client": "id"}}})
    assert [row["plan"] for row in rows("subscriptions")] == ["gold", "tin"]
    assert [row["industry"] for row in rows("accounts")] == ["gold", "tin"]


def test_the_first_of_several_times_is_chosen_as_a_time_not_as_a_text(mapped, folder):
    terms = (
        "term,client,begin,finish,money\n1,A,03/01/2024,2025-01-01,1\n2,A,20/12/2023,2025-01-01,1\n3,B,01/02/2023,2025-01-01,1\n"
    )
    (folder / "terms.csv").write_text(terms, encoding="utf-8")
    begin = {"column": "begin", "time": "%d/%m/%Y"}
    of = {"of": "terms.csv", "by": {"id": "client"}, "pick": "first"}
    _, rows = mapped(accounts={"created_at": {**begin, **of}}, subscriptions={"started_at": begin})
    assert [row["created_at"].date().isoformat() for row in rows("accounts")] == ["2023-12-20", "2023-02-01"]


def test_a_table_in_pieces_is_one_table_and_a_pattern_stands_for_many_files(mapped, folder):
    for month in ("01", "02"):
        (folder / f"uses_2024_{month}.csv").write_text(f"who;day;what\nA;2024-{month}-05;login\n", encoding="utf-8")
    (folder / "calls.csv").write_text("who,at\nB,2024-03-05\n", encoding="utf-8")
    uses = [
        {"file": "uses_*.csv", "columns": {"account_id": "who", "occurred_at": "day", "feature": "what"}},
        {"file": "calls.csv", "columns": {"account_id": "who", "occurred_at": "at", "feature": {"value": "call"}}},
    ]
    tables = {**MAPPING["tables"], "usage": uses}
    _, rows = mapped({"files": {"uses_*.csv": {"delimiter": ";"}}, "tables": tables})
    assert sorted((row["account_id"], row["feature"], row["occurred_at"].month) for row in rows("usage")) == [
        ("A", "login", 1),
        ("A", "login", 2),
        ("B", "call", 3),
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_in_another_encoding_and_with_another_sign_is_read(mapped, folder, encoding):
    (folder / "clients.csv").write_bytes('id;since;name\r\nA;2023-01-01;"Núñez; hijos"\r\nB;2023-01-01;Añil\r\n'.encode(encoding))
    said = {"files": {"clients.csv": {"delimiter": ";", "encoding": encoding}}, **MAPPING}
    _, rows = mapped(said, accounts={"name": "name"})
    assert [row["name"] for row in rows("accounts")] == ["Núñez; hijos", "Añil"]


def test_broken_lines_are_counted_once_though_two_tables_read_the_file(mapped, folder):
    with (folder / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("3,A,2023-01-01\n")
    report, _ = mapped()
    told = [dict(report.table(name).reasons) for name in ("subscriptions", "renewals")]
    assert sorted(told, key=len) == [{}, {"line cannot be read: too few columns": 1}]


def test_what_stands_in_for_known_at_is_said_in_words(mapped):
    report, rows = mapped(accounts={"known_at": {"column": "since", "plus_days": 2}})
    assert report.table("accounts").stand_in == "since plus 2 days"
    assert rows("accounts")[0]["known_at"].isoformat() == "2023-01-03T00:00:00"
    stated = yaml.safe_load(yaml.safe_dump(MAPPING))
    stated["tables"]["accounts"][0]["stand_in"] = "the day of the first invoice"
    assert mapped(stated)[0].table("accounts").stand_in == "the day of the first invoice"


def test_tables_of_a_database_are_mapped_alike(mapped, tmp_path):
    url = f"sqlite:///{tmp_path / 'own.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE clients (id INTEGER, since TEXT)"))
        connection.execute(text("INSERT INTO clients VALUES (1, '05/01/2024')"))
        connection.execute(text("CREATE TABLE terms (term TEXT, client INTEGER, begin DATE, finish DATE, money NUMERIC)"))
        connection.execute(text("INSERT INTO terms VALUES ('t', 1, '2024-01-05', '2025-01-05', 10.5)"))
    engine.dispose()
    said = yaml.safe_load(yaml.safe_dump(MAPPING).replace("clients.csv", "clients").replace("terms.csv", "terms"))
    _, rows = mapped(said, place=url, accounts={"created_at": {"column": "since", "time": "%d/%m/%Y"}})
    assert [(row["account_id"], row["created_at"].day) for row in rows("accounts")] == [("1", 5)]
    assert rows("subscriptions")[0]["arr"] == 10.5


def _refused(tmp_path, folder, text):
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        check(open_source(str(folder), str(path)), load(None).data, tmp_path / "out")
    return str(caught.value)


BAD = {
    "accounts: [": "is not YAML",
    "- a list": "holds no mapping",
    "tables: {}": "tables: Dictionary should have at least 1 item",
    "tables: {accounts: '?'}": r"tables.accounts: still open (?). Write its `- file: …` and `columns:` with account_id, created_at",
    "tabels: {}": "tabels: no such key. Did you mean tables?",
    "tables: {acounts: [{file: f, columns: {a: b}}]}": "tables.acounts: the contract has no such table. Did you mean accounts?",
    "tables: {accounts: [{file: f, colums: {}}]}": "colums: no such key. Did you mean columns?",
    "tables: {accounts: [{file: f, columns: {nme: a}}]}": "columns.nme: no such column. Did you mean name?",
    "tables: {accounts: [{file: f, columns: {name: a}}]}": "required and not mapped: account_id, created_at",
    "tables: {accounts: [{file: f, columns: {account_id: '?', created_at: b}}]}": "columns.account_id: still open (?)",
    "tables: {accounts: [{file: f, columns: {account_id: {column: a, vlaue: b}}}]}": "vlaue: no such key. Did you mean value?",
    "tables: {accounts: [{file: f, columns: {account_id: {column: a, value: b}}}]}": "give one of column, expression and value; it has column and value",
    "tables: {accounts: [{file: f, columns: {account_id: {values: {a: b}}}}]}": "give one of column, expression and value; it has none",
    "tables: {accounts: [{file: f, columns: {account_id: 7}}]}": "write the name of a column in quotes",
    "tables: {accounts: [{file: f, columns: {account_id: {column: a, of: g}}}]}": "a column of another file needs column, of (the file) and by",
    "tables: {accounts: [{file: f, columns: {created_at: {column: a, zone: Madrid}}}]}": "no such time zone; write it as Europe/Madrid",
    "tables: {accounts: [{file: f, columns: {created_at: {column: a, plus_days: -1}}}]}": "greater than or equal to 0",
    "tables: {accounts: [{file: f, columns: {strategic: {column: a, values: {yes: 'true'}}}}]}": "put these words in quotes",
    "tables: {accounts: [{file: f, columns: {language: {column: a, values: {x: fr}}}}]}": "language, values: x: 'fr' is no value of it. It takes en, es",
    "files: {f: {encoding: klingon}}\ntables: {accounts: [{file: f, columns: {a: b}}]}": "no such encoding; write it as utf-8, cp1252 or utf-16",
    "files: {f: {delimiter: '||'}}\ntables: {accounts: [{file: f, columns: {a: b}}]}": "files.f.delimiter",
}


@pytest.mark.parametrize("said", BAD)
def test_what_a_mapping_cannot_mean_is_told(tmp_path, folder, said):
    assert BAD[said] in _refused(tmp_path, folder, said)


UNFIT = [
    ("account_id: id", "account_id: ID", "there is no column ID. Did you mean id? The file has id, since, grade, size."),
    ("file: clients.csv", "file: clients.csf", "there is no clients.csf in"),
    ("created_at: since", "created_at: {column: since, time: '%d/%Q'}", "'%d/%Q' is no way of writing times"),
    ("arr: money", "arr: {expression: 'money +'}", "'money +' is no SQL expression"),
    ("arr: money", "arr: {expression: '1) FROM terms; DROP TABLE terms; SELECT (1'}", "holds a query"),
    ("arr: money", "arr: {expression: '(SELECT 1)'}", "holds a query"),
    ("arr: money", "arr: {expression: sum(money)}", "cannot be computed"),
    ("arr: money", "arr: {expression: read_text('terms.csv')}", "cannot be computed"),
    ("renews_at: finish", "renews_at: {expression: nothing}", 'Referenced column "nothing" not found'),
    (
        "renews_at: finish",
        "renews_at: {expression: end}",
        "a name that is a word of SQL, or holds spaces, stands in double quotes",
    ),
    ("arr: money", "arr: {expression: CAST(client AS INTEGER)}", "an expression fails on some row (Conversion Error)"),
    (
        "arr: money",
        "arr: {column: size, of: clients.csv, by: {client: ids}}",
        "of clients.csv: there is no column ids. Did you mean id?",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), UNFIT)
def test_what_does_not_fit_the_files_is_told_with_what_they_have(tmp_path, folder, old, new, words):
    told = _refused(tmp_path, folder, yaml.safe_dump(MAPPING).replace(old, new))
    assert "bad.yaml does not fit" in told
    assert words in told


def test_all_that_does_not_fit_the_files_is_told_at_once(tmp_path, folder):
    text = yaml.safe_dump(MAPPING)
    for old, new, _ in UNFIT[2:4]:
        text = text.replace(old, new)
    told = _refused(tmp_path, folder, text)
    assert all(words in told for _, _, words in UNFIT[2:4])


def test_a_key_of_another_file_that_leads_to_several_values_is_told(tmp_path, folder):
    (folder / "clients.csv").write_text(CLIENTS + "A,2023-05-05,iron,3\n", encoding="utf-8")
    said = yaml.safe_dump(MAPPING).replace("arr: money", "arr: {column: size, of: clients.csv, by: {client: id}}")
    assert "id of clients.csv does not lead to one size: 1 of its values stand beside several size" in _refused(
        tmp_path, folder, said
    )


def test_a_mapping_that_is_not_there_is_told(folder):
    with pytest.raises(BadInput, match=r"nowhere\.yaml does not exist.*tenure map"):
        open_source(str(folder), "nowhere.yaml")


def test_the_fingerprint_is_made_of_the_files_used_and_of_the_mapping(folder, tmp_path):
    (folder / "weather.csv").write_text("day\n2024-01-01\n", encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    assert [file.name for file in open_source(str(folder), str(path)).files] == ["clients.csv", "terms.csv", "own.yaml"]
