"""Other people's data, mapped onto the contract: the OULAD extract that ships, and small made-up folders of the others."""

from datetime import date, datetime
from pathlib import Path
from shutil import copytree

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from features.check import check
from features.clean_files import clean_files
from features.errors import BadInput
from features.params import DataParams
from features.sql import literals
from features.tables import TABLES
from pipelines.sources import open_source

EXTRACT = Path(__file__).resolve().parents[2] / "data" / "oulad"


def _check(folder, source, out):
    section = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["data"]
    return check(open_source(str(folder), source), DataParams(**section), out)


@pytest.fixture(scope="module")
def oulad(tmp_path_factory):
    """The report of the extract and a function that asks its clean tables in SQL."""
    out = tmp_path_factory.mktemp("oulad")
    report = _check(EXTRACT, "oulad", out)
    connection = duckdb.connect()
    for name in TABLES:
        if files := clean_files(out, name):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{literals(map(str, files))}])")
    return report, lambda query: connection.execute(query).fetchall()


def test_the_extract_is_small_and_attributed():
    assert sum(path.stat().st_size for path in EXTRACT.rglob("*") if path.is_file()) < 10_000_000
    assert "CC BY 4.0" in (EXTRACT / "ATTRIBUTION.md").read_text(encoding="utf-8")


def test_every_row_of_the_extract_is_accepted(oulad):
    report, _ = oulad
    assert [table.rejected for table in report.tables] == [0] * 5
    assert report.table("subscriptions").accepted == 10_745 - 20
    assert all(table.stand_in for table in report.tables)


def test_the_clicks_add_up(oulad):
    _, ask = oulad
    files = EXTRACT / "studentVle" / "*.parquet"
    (raw,) = duckdb.execute(f"SELECT sum(sum_click) FROM '{files}'").fetchall()
    (clean,) = ask("SELECT sum(quantity) FROM usage")
    assert 0.999 * raw[0] < clean[0] <= raw[0]


def test_an_enrolment_is_one_account_with_its_days_in_place(oulad):
    _, ask = oulad
    raw = duckdb.execute(f"""
        SELECT CAST(id_student AS BIGINT), CAST(date_registration AS INTEGER), CAST(date_unregistration AS INTEGER)
        FROM '{EXTRACT / "studentRegistration.parquet"}'
        WHERE code_module = 'BBB' AND code_presentation = '2014J' AND date_unregistration BETWEEN 14 AND 30
            AND date_registration < 0 ORDER BY 1 LIMIT 1
    """).fetchall()[0]
    account = f"BBB_2014J_{raw[0]}"
    start = datetime.fromisoformat("2014-10-06T00:00:00")
    ((created, known),) = ask(f"SELECT created_at, min(known_at) FROM accounts WHERE account_id = '{account}' GROUP BY 1")
    assert created == known
    assert (created - start).days == raw[1]
    ((decided, ends),) = ask(f"SELECT decided_at, renews_at FROM renewals WHERE account_id = '{account}'")
    assert ((decided - start).days, (ends - start).days) == (raw[2], 262)


def test_the_public_protocol_counts_the_same_rows_and_churns(oulad):
    _, ask = oulad
    ((rows, churned),) = ask("""
        WITH weeks AS (SELECT s.*, started_at + to_days(CAST(7 * w AS INTEGER)) AS as_of FROM subscriptions s, range(1, 11) t(w)),
        seen AS (SELECT as_of, decided_at FROM weeks w LEFT JOIN renewals r USING (account_id) WHERE w.known_at < as_of)
        SELECT count(*), count(*) FILTER (decided_at < as_of + INTERVAL 7 DAY) FROM seen WHERE decided_at IS NULL OR decided_at >= as_of
    """)
    files = EXTRACT / "studentRegistration.parquet"
    expected = duckdb.execute(f"""
        WITH e AS (SELECT coalesce(CASE WHEN NOT isnan(date_registration) THEN date_registration END, -1) AS joined,
                CASE WHEN NOT isnan(date_unregistration) THEN date_unregistration END AS left_on, final_result
            FROM '{files}' JOIN '{EXTRACT / "studentInfo.parquet"}' USING (code_module, code_presentation, id_student)),
        weeks AS (SELECT *, 7 * w AS day FROM e, range(1, 11) t(w) WHERE NOT (final_result = 'Withdrawn' AND left_on IS NULL))
        SELECT count(*), count(*) FILTER (left_on < day + 7) FROM weeks WHERE joined < day AND (left_on IS NULL OR left_on >= day)
    """).fetchall()[0]
    assert (rows, churned) == expected
    assert churned > 500


def test_the_outcome_reaches_nothing_but_renewals(oulad):
    _, ask = oulad
    columns = {name for table in ("accounts", "subscriptions", "usage", "goals") for name, *_ in ask(f"DESCRIBE {table}")}
    assert not {name for name in columns if "result" in name or "unregistration" in name}


def test_a_score_counts_from_its_submission(oulad):
    _, ask = oulad
    assert ask(
        "SELECT count(*) FROM accounts WHERE known_at = created_at AND attr_score_mean IS NOT NULL AND created_at < '2013-10-01'"
    ) == [(0,)]
    assert ask("SELECT count(*) > 10000 FROM accounts WHERE attr_score_mean BETWEEN 0 AND 100 AND known_at > created_at") == [
        (True,)
    ]


def test_an_oulad_folder_without_clicks_is_named(tmp_path):
    for path in EXTRACT.glob("*.parquet"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(BadInput, match=r"studentVle/\*\.parquet cannot be read"):
        _check(tmp_path, "oulad", tmp_path / "out")


@pytest.fixture
def ravenstack(tmp_path):
    folder = tmp_path / "ravenstack"
    folder.mkdir()
    files = {
        "accounts": """account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag
A,One,EdTech,US,2024-01-01,ads,Pro,5,False,True
B,Two,EdTech,US,2024-01-01,ads,Pro,5,False,False""",
        "subscriptions": """subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,upgrade_flag,downgrade_flag,churn_flag,billing_frequency,auto_renew_flag
S1,A,2024-01-10,2024-03-20,Pro,5,10,120,False,False,False,True,monthly,True
S2,A,2024-04-01,,Pro,5,10,120,False,False,False,False,annual,True
S3,B,2024-01-15,,Pro,5,10,120,False,False,False,False,monthly,True""",
        "churn_events": """churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,preceding_upgrade_flag,preceding_downgrade_flag,is_reactivation,feedback_text
C1,B,2024-02-20,pricing,0.0,False,False,False,missing features""",
        "feature_usage": """usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count,is_beta_feature
U1,S1,2024-01-05,f1,3,10,0,False
U1,S3,2024-02-05,f1,4,10,0,False""",
        "support_tickets": """ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,first_response_time_minutes,satisfaction_score,escalation_flag
T1,A,2023-12-31,2024-01-01 03:00:00,27.0,medium,90,4.0,False
T2,A,2024-05-31,2024-06-01 03:00:00,27.0,low,90,,True""",
    }
    for name, content in files.items():
        (folder / f"ravenstack_{name}.csv").write_text(content + "\n", encoding="utf-8")
    return folder


def test_ravenstack_terms_roll_on_until_a_subscription_or_its_account_ends(ravenstack, tmp_path):
    _check(ravenstack, "ravenstack", tmp_path / "out")
    rows = pq.read_table(tmp_path / "out" / "subscriptions.parquet").to_pylist()
    terms = [(row["account_id"], row["started_at"].date(), row["renews_at"].date()) for row in rows]
    assert terms == [
        ("A", date(2024, 1, 10), date(2024, 2, 10)),
        ("A", date(2024, 2, 10), date(2024, 3, 10)),
        ("A", date(2024, 3, 10), date(2024, 4, 10)),
        ("A", date(2024, 4, 1), date(2025, 4, 1)),
        ("B", date(2024, 1, 15), date(2024, 2, 15)),
        ("B", date(2024, 2, 15), date(2024, 3, 15)),
    ]
    churned = [row for row in pq.read_table(tmp_path / "out" / "renewals.parquet").to_pylist() if row["outcome"] == "churned"]
    assert [(row["account_id"], row["decided_at"].date(), row["reason"]) for row in churned] == [
        ("A", date(2024, 3, 20), None),
        ("B", date(2024, 2, 20), "budget"),
    ]


def test_ravenstack_contradictions_are_told_with_counts(ravenstack, tmp_path):
    found = {f"{f.table}: {f.what}": (f.count, f.of) for f in _check(ravenstack, "ravenstack", tmp_path / "out").findings}
    assert found["usage: before the start of its own subscription"] == (1, 2)
    assert found["usage: usage_id used before for another row"] == (1, 2)
    assert found["tickets: submitted before the account signed up"] == (1, 2)
    assert found["renewals: accounts.churn_flag contradicts churn_events"] == (2, 2)
    assert found["renewals: churn event while a subscription of the account runs on"] == (1, 1)
    assert found["renewals: feedback_text gives another reason than reason_code"] == (1, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "subscriptions",
            "2024-01-15",
            "banana",
            r"subscriptions\.csv: the column start_date holds 1 cell that is no DATE, the first in row 3",
        ),
        ("subscriptions", "start_date", "startdate", r"subscriptions\.csv lacks the columns start_date; it has subscription_id"),
        ("feature_usage", ",3,10,", ",lots,10,", r"feature_usage\.csv: the column usage_count holds 1 cell that is no BIGINT"),
        ("support_tickets", "T2,", "T2,A,B,C,", r"support_tickets\.csv: broken lines: 1, the first is line 3: too many columns"),
    ],
    ids=["no day", "renamed", "no number", "too many cells"],
)
def test_a_ravenstack_file_that_does_not_fit_is_named_with_its_column(ravenstack, tmp_path, file, old, new, told):
    path = ravenstack / f"ravenstack_{file}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        _check(ravenstack, "ravenstack", tmp_path / "out")


def test_every_ravenstack_file_that_cannot_be_read_is_told_at_once(ravenstack, tmp_path):
    (ravenstack / "ravenstack_accounts.csv").write_text("", encoding="utf-8")
    (ravenstack / "ravenstack_feature_usage.csv").unlink()
    with pytest.raises(BadInput) as caught:
        _check(ravenstack, "ravenstack", tmp_path / "out")
    assert "ravenstack_accounts.csv has no header line" in str(caught.value)
    assert "ravenstack_feature_usage.csv is missing" in str(caught.value)


@pytest.mark.parametrize("damage", ["renamed", "text", "junk"])
@pytest.mark.parametrize("table", ["studentInfo", "studentRegistration", "courses", "assessments", "studentAssessment", "vle"])
def test_an_oulad_file_that_does_not_fit_is_named(tmp_path, table, damage):
    folder = tmp_path / "oulad"
    copytree(EXTRACT, folder)
    _damage(folder / f"{table}.parquet", damage)
    with pytest.raises(BadInput, match=rf"{table}\.parquet"):
        _check(folder, "oulad", tmp_path / "out")


@pytest.mark.parametrize("damage", ["renamed", "text", "junk"])
@pytest.mark.parametrize("table", ["account", "event", "subscription"])
def test_a_crm5_file_that_does_not_fit_is_named(crm5, tmp_path, table, damage):
    _damage(crm5 / f"{table}.parquet", damage)
    with pytest.raises(BadInput, match=rf"{table}\.parquet"):
        _check(crm5, "crm5", tmp_path / "out")


def _damage(path, how):
    """Its columns get other names, or words where numbers were, or it is no Parquet at all."""
    if how == "junk":
        path.write_bytes(b"PAR1 junk")
        return
    table = pq.read_table(path)
    if how == "renamed":
        table = table.rename_columns([f"{name}_x" for name in table.column_names])
    else:
        table = pa.table({name: ["banana"] * table.num_rows for name in table.column_names})
    path.unlink()
    pq.write_table(table, path)


@pytest.fixture
def crm5(tmp_path):
    folder = tmp_path / "crm5"
    folder.mkdir()
    days = [date(2022, 1, 9), date(2022, 2, 9), date(2022, 3, 9), date(2022, 6, 1)]
    terms = [(1, days[0], days[1]), (1, days[1], days[2]), (2, days[3], date(2022, 7, 1))]
    rows = [
        (a, p, s, e, m, q, u, 1, 0.5)
        for a, s, e in terms
        for p, m, q, u in (("pro_mthly", 50.0, 10, "users"), ("meetings", 25.0, 99, "schedule_meeting"))
    ]
    names = ["account_id", "product", "start_date", "end_date", "mrr", "quantity", "units", "bill_period", "discount"]
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), folder / "subscription.parquet")
    pq.write_table(
        pa.table({"account_id": [1, 2], "channel": ["web", "web"], "country": ["NY", None]}), folder / "account.parquet"
    )
    event = {
        "account_id": [1],
        "date": [datetime.fromisoformat("2022-01-09T00:00:00")],
        "event_type": ["search"],
        "n": [4],
        "users": [2],
        "value": [0.0],
    }
    pq.write_table(pa.table(event), folder / "event.parquet")
    return folder


def test_crm5_terms_become_one_row_and_a_term_without_successor_a_churn(crm5, tmp_path):
    _check(crm5, "crm5", tmp_path / "out")
    terms = pq.read_table(tmp_path / "out" / "subscriptions.parquet").to_pylist()
    assert [(row["arr"], row["list_arr"], row["seats"], row["plan"], row["billing"]) for row in terms] == [
        (900, 1800, 10, "pro", "monthly")
    ] * 3
    outcomes = pq.read_table(tmp_path / "out" / "renewals.parquet").to_pylist()
    outcomes.sort(key=lambda row: row["renews_at"])
    assert [(row["account_id"], row["outcome"], row["arr_after"]) for row in outcomes] == [
        ("1", "renewed", 900),
        ("1", "churned", None),
    ]
