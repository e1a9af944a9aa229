"""What the contract check accepts, refuses and counts."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from features.check import CheckReport, check
from features.errors import BadInput
from features.params import DataParams
from features.tables import TABLES

NAMED_ZONE = "a named time zone (write Z or an offset such as +02:00)"
YEARS = "outside the years 1900 to 2200"
TICKET = {"ticket_id": "T1", "account_id": "A", "opened_at": "2024-02-01T10:00:00Z"}
USE = {"account_id": "A", "occurred_at": "2024-02-01T10:00:00Z", "feature": "reports"}


def test_a_sound_company_passes(checked):
    found = checked()
    assert [table.accepted for table in found.report.tables] == [2, 2, 1]
    assert found.report.problems == ()
    assert found.report.too_many_rejects == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ticket_id": None}, "ticket_id: missing"),
        ({"account_id": ""}, "account_id: missing"),
        ({"opened_at": "soon"}, "opened_at: not a time"),
        ({"opened_at": "01/02/2024"}, "opened_at: not a time"),
        ({"opened_at": "infinity"}, "opened_at: not a time"),
        ({"opened_at": "20240201"}, "opened_at: not a time"),
        ({"opened_at": "2024-02-01T10:00:00+99:00"}, "opened_at: not a time"),
        ({"opened_at": "2024-02-01 10:00 Europe/Madrid"}, f"opened_at: {NAMED_ZONE}"),
        ({"opened_at": "2024-02-01T10:00:00 UTC"}, f"opened_at: {NAMED_ZONE}"),
        ({"opened_at": "2024-02-01T10:00:00.5PST"}, f"opened_at: {NAMED_ZONE}"),
        ({"opened_at": "24-02-01"}, f"opened_at: {YEARS}"),
        ({"opened_at": "1899-12-31"}, f"opened_at: {YEARS}"),
        ({"opened_at": "2201-01-01"}, f"opened_at: {YEARS}"),
        ({"opened_at": "290000-01-01"}, f"opened_at: {YEARS}"),
        ({"known_at": "later"}, "known_at: not a time"),
        ({"known_at": "0024-02-01T10:00:00Z"}, f"known_at: {YEARS}"),
        ({"csat": "high"}, "csat: not a number"),
        ({"csat": "inf"}, "csat: not a number"),
        ({"csat": "6"}, "csat: outside 1 to 5"),
        ({"reopened": "-1"}, "reopened: below 0"),
        ({"escalated": "maybe"}, "escalated: not true or false"),
        ({"severity": "medium"}, "severity: not one of low, normal, high, urgent"),
        ({"account_id": "Z"}, "account_id: not in accounts"),
    ],
)
def test_a_row_that_breaks_the_contract_is_rejected_with_its_reason(checked, changes, reason):
    found = checked({"tickets": [TICKET | changes]})
    table = found.report.table("tickets")
    assert (table.accepted, table.rejected, dict(table.reasons)) == (0, 1, {reason: 1})
    (kept,) = found.rejects("tickets")
    assert kept["reject_reason"] == reason
    assert kept["ticket_id"] == (TICKET | changes)["ticket_id"]


@pytest.mark.parametrize("end", ["9999-12-31", "2201-01-01", "9999-12-31T23:59:59Z"])
def test_a_term_with_an_open_end_is_kept_and_counted(checked, company, end):
    first, second = company["subscriptions"]
    found = checked({"subscriptions": [first, second | {"renews_at": end}]})
    assert (found.report.table("subscriptions").accepted, found.report.table("subscriptions").rejected) == (2, 0)
    assert max(row["renews_at"] for row in found.rows("subscriptions")) == datetime.fromisoformat("2200-12-31")
    assert found.finding("renews_at: an open end, 2200-12-31 or later, read as that day") == 1


def test_a_planned_time_long_past_is_still_a_mistake(checked, company):
    first, second = company["subscriptions"]
    table = checked({"subscriptions": [first, second | {"started_at": "0024-01-01"}]}).report.table("subscriptions")
    assert dict(table.reasons) == {f"started_at: {YEARS}": 1}


def test_a_row_with_two_faults_is_one_row_and_two_reasons(checked):
    table = checked({"tickets": [TICKET | {"csat": "9", "kind": "rant"}]}).report.table("tickets")
    assert table.rejected == 1
    assert sum(table.reasons.values()) == 2


def test_reasons_never_repeat_what_a_cell_said(checked):
    found = checked({"tickets": [TICKET | {"severity": "Lorem", "csat": "ipsum"}]})
    assert "Lorem" not in found.report.as_text()
    assert "ipsum" not in found.report.as_text()


@pytest.mark.parametrize("end", ["2023-12-31", "2024-01-01"])
def test_a_term_must_end_after_it_starts(checked, company, end):
    rows = [company["subscriptions"][0], company["subscriptions"][1] | {"renews_at": end}]
    table = checked({"subscriptions": rows}).report.table("subscriptions")
    assert dict(table.reasons) == {"renews_at: not after started_at": 1}


@pytest.mark.parametrize(
    ("kind", "score", "accepted"), [("nps", 10, 1), ("csat", 6, 0), ("ces", 7, 1), ("ces", 8, 0), ("csat", 0, 0)]
)
def test_each_kind_of_survey_has_its_own_scale(checked, kind, score, accepted):
    row = {"account_id": "A", "kind": kind, "sent_at": "2024-02-01", "answered_at": "2024-02-02", "score": score}
    assert checked({"surveys": [row]}).report.table("surveys").accepted == accepted


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-01", datetime.fromisoformat("2024-02-01T00:00:00")),
        ("2024-02-01T10:00", datetime.fromisoformat("2024-02-01T10:00:00")),
        ("2024-02-01 10:00:00.25", datetime.fromisoformat("2024-02-01T10:00:00.250000")),
        ("2024-02-01T10:00:00Z", datetime.fromisoformat("2024-02-01T10:00:00")),
        ("2024-02-01T10:00:00z", datetime.fromisoformat("2024-02-01T10:00:00")),
        ("2024-02-01T10:00Z", datetime.fromisoformat("2024-02-01T10:00:00")),
        ("2024-02-01 10:00:00.25z", datetime.fromisoformat("2024-02-01T10:00:00.250000")),
        ("1900-01-01", datetime.fromisoformat("1900-01-01T00:00:00")),
        ("2200-12-31T23:59:59.9", datetime.fromisoformat("2200-12-31T23:59:59.900000")),
        ("2024-02-01T10:00:00+02:00", datetime.fromisoformat("2024-02-01T08:00:00")),
        ("2024-02-01T10:00+02", datetime.fromisoformat("2024-02-01T08:00:00")),
        ("2024-02-01 10:00:00-0530", datetime.fromisoformat("2024-02-01T15:30:00")),
        (date(2024, 2, 1), datetime.fromisoformat("2024-02-01T00:00:00")),
        (datetime.fromisoformat("2024-02-01T10:00:00"), datetime.fromisoformat("2024-02-01T10:00:00")),
        (datetime(2024, 2, 1, 10, tzinfo=UTC), datetime.fromisoformat("2024-02-01T10:00:00")),
    ],
)
def test_times_come_out_in_utc(checked, written, read):
    assert checked({"usage": [USE | {"occurred_at": written}]}).rows("usage")[0]["occurred_at"] == read


def test_a_time_zone_named_in_one_cell_moves_no_other_cell(checked):
    odd = [USE | {"feature": f"f{n}", "occurred_at": "2024-02-01T10:00:00 Pacific/Kiritimati"} for n in range(3)]
    plain = [USE | {"feature": f"g{n}", "occurred_at": "2024-02-01 10:00"} for n in range(3)]
    found = checked({"usage": [*odd, *plain]})
    assert {row["occurred_at"] for row in found.rows("usage")} == {datetime.fromisoformat("2024-02-01T10:00:00")}
    assert dict(found.report.table("usage").reasons) == {f"occurred_at: {NAMED_ZONE}": 3}


def test_a_time_of_a_typed_column_outside_the_years_is_rejected(checked):
    days = pa.array([datetime(1677, 1, 1), datetime(2024, 2, 1)], pa.timestamp("us"))  # noqa: DTZ001 - a naive column
    uses = pa.table({"account_id": ["A", "A"], "feature": ["f", "g"], "occurred_at": days})
    assert dict(checked({"usage": uses}).report.table("usage").reasons) == {f"occurred_at: {YEARS}": 1}


@pytest.mark.parametrize("kind", [pa.timestamp("us", "UTC"), pa.timestamp("us"), pa.timestamp("ms"), pa.timestamp("s")])
def test_a_time_of_a_typed_column_that_no_calendar_holds_is_rejected_too(checked, kind):
    moments = pa.array([2**63 - 2, -(2**63) + 2, 0], pa.int64()).cast(kind)
    uses = pa.table({"account_id": ["A"] * 3, "feature": ["f", "g", "h"], "occurred_at": moments})
    table = checked({"usage": uses}).report.table("usage")
    assert (table.accepted, dict(table.reasons)) == (1, {f"occurred_at: {YEARS}": 2})


@pytest.mark.parametrize(
    ("written", "read"), [("true", True), ("True", True), ("1", True), ("0", False), (1.0, True), (False, False)]
)
def test_true_false_1_and_0_are_booleans(checked, written, read):
    found = checked({"tickets": [TICKET | {"escalated": written, "resolved_at": "2024-02-02"}]})
    assert found.rows("tickets")[0]["escalated"] is read


def test_nan_is_missing_and_an_id_kept_as_a_float_loses_its_point(checked, company):
    accounts = pa.table({"account_id": [1.0, 2.0], "created_at": ["2024-01-01"] * 2, "employees": [float("nan"), 5.0]})
    terms = [row | {"account_id": str(n)} for n, row in enumerate(company["subscriptions"], 1)]
    renewals = [company["renewals"][0] | {"account_id": "1"}]
    found = checked({"accounts": accounts, "subscriptions": terms, "renewals": renewals})
    assert [row["account_id"] for row in found.rows("accounts")] == ["1", "2"]
    assert [row["employees"] for row in found.rows("accounts")] == [None, 5.0]
    assert found.report.table("subscriptions").accepted == 2


def test_columns_we_do_not_know_are_named_once_and_ignored(checked):
    found = checked({"usage": [USE | {"colour": "red"}]})
    assert found.report.table("usage").unknown_columns == ("colour",)
    assert "colour" not in found.rows("usage")[0]


def test_use_without_a_quantity_counts_once(checked):
    rows = checked({"usage": [USE | {"quantity": None}, USE | {"feature": "alerts", "quantity": "3"}]}).rows("usage")
    assert {row["feature"]: row["quantity"] for row in rows} == {"reports": 1.0, "alerts": 3.0}


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ("2e15", "quantity: outside 0 to 1e+15"),
        ("-1", "quantity: outside 0 to 1e+15"),
        ("9e-10", "quantity: above 0 but below 1e-09"),
    ],
)
def test_use_that_cannot_be_counted_exactly_is_rejected(checked, quantity, reason):
    table = checked({"usage": [USE | {"quantity": quantity}]}).report.table("usage")
    assert dict(table.reasons) == {reason: 1}


def test_every_declared_column_is_there_with_its_type(checked):
    found = checked({"tickets": [TICKET]})
    row = found.rows("tickets")[0]
    for column in TABLES["tickets"].columns:
        assert column.name in row
        assert (f"{column.name}_known_at" in row) == column.late
    assert row["superseded_at"] is None
    assert len(row["row_id"]) == 12


def test_a_share_of_rejects_above_the_allowed_one_is_too_many(checked):
    rows = [USE | {"feature": f"f{n}"} for n in range(18)] + [USE | {"occurred_at": "no"}] * 2
    assert checked({"usage": rows}, allowed_reject_share=0.09).report.too_many_rejects == ("usage",)
    assert checked({"usage": rows}, allowed_reject_share=0.10).report.too_many_rejects == ()


@pytest.mark.parametrize(("allowed", "share"), [(0.005, "0.5%"), (0.0, "0%"), (0.05, "5%"), (1 / 3000, "0.0333%")])
def test_a_refusal_tells_the_share_allowed_once_and_exactly_enough(checked, allowed, share):
    report = checked({"usage": [USE, USE | {"occurred_at": "soon"}]}, allowed_reject_share=allowed).report
    told = f"More than {share} (data.allowed_reject_share) of the rows of usage were rejected; they are in rejects."
    assert report.refusal(Path("rejects")) == told
    assert report.refusal(Path("rejects"), "The gate refused it.") == f"The gate refused it. {told}"
    assert "allowed_reject_share" not in report.as_text()


def test_every_fatal_problem_is_told_at_once(tmp_path, company, in_memory):
    accounts = [{"acount_id": "A", "created_at": "2024-01-01"}]
    source = in_memory({"accounts": accounts, "renewals": company["renewals"]}, ignored=("subscription",))
    with pytest.raises(BadInput) as caught:
        check(source, _params(), tmp_path)
    message = str(caught.value)
    assert "account_id (rename acount_id?)" in message
    assert "table subscriptions is missing. Rename subscription to subscriptions" in message
    assert (tmp_path / "report.json").exists()


@pytest.mark.parametrize("name", ["accounts", "subscriptions"])
def test_an_empty_required_table_is_fatal(tmp_path, company, in_memory, name):
    columns = {column: pa.array([], pa.string()) for column in company[name][0]}
    with pytest.raises(BadInput, match=f"table {name} is empty"):
        check(in_memory({**company, name: pa.table(columns)}), _params(), tmp_path)


def test_a_young_company_may_have_no_outcome_yet(checked, company):
    columns = {column: pa.array([], pa.string()) for column in company["renewals"][0]}
    assert checked({"renewals": pa.table(columns)}).report.table("renewals").accepted == 0


def test_a_required_table_of_which_no_row_is_left_is_fatal(checked, company):
    rows = [row | {"started_at": "soon"} for row in company["subscriptions"]]
    with pytest.raises(BadInput, match=r"every one of its 2 rows was rejected: started_at: not a time \(2\)"):
        checked({"subscriptions": rows})


def test_the_report_can_be_read_back(checked, tmp_path):
    report = checked({"tickets": [TICKET | {"csat": "9"}]}).report
    report.write(tmp_path / "again.json")
    assert CheckReport.from_json(tmp_path / "again.json") == report


EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "account_id": st.sampled_from(["A", "B", "Z", None]),
            "occurred_at": st.sampled_from(["2024-02-01", "2024-02-02T00:00:00+01:00", "never"]),
            "feature": st.sampled_from(["reports", "alerts"]),
            "event_id": st.sampled_from(["1", "2", None]),
            "known_at": st.sampled_from(["2024-03-01", "2024-03-02", None]),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=EVENTS, data=st.data())
def test_no_row_is_lost_and_their_order_never_matters(checked, rows, data):
    first = checked({"usage": rows})
    again = checked({"usage": data.draw(st.permutations(rows))})
    table = first.report.table("usage")
    assert table.read == len(rows) == table.accepted + table.duplicates + table.rejected
    assert len(first.rows("usage")) == table.accepted
    assert len(first.rejects("usage")) == table.rejected
    assert first.report == again.report
    assert (first.out / "usage.parquet").read_bytes() == (again.out / "usage.parquet").read_bytes()
    assert first.rejects("usage") == again.rejects("usage")


def _params():
    return DataParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["data"])
