"""Which source covers whom since when, and why one does not."""

from datetime import date

import pandas as pd
import pytest

from features.check import check
from features.coverage import Coverage
from features.history import DECLARED, History
from features.params import DataParams
from features.population import population
from tests.conftest import ACCOUNT, RENEWAL, TERM, InMemory

AS_OF, NEXT_DAY = date(2025, 3, 1), date(2025, 3, 2)
CREATED = {"old": "2024-01-01", "at_limit": "2024-09-02", "past_limit": "2024-09-01", "young": "2025-01-10"}


def usage(name, day):
    return {"account_id": name, "user_id": "u", "occurred_at": day, "feature": "reports"}


def ticket(name, opened, **columns):
    return {"ticket_id": f"{name}{opened}", "account_id": name, "opened_at": opened, **columns}


def survey(sent, known):
    return {"account_id": "old", "kind": "nps", "sent_at": sent, "known_at": known}


COMPANY = {
    "accounts": [{"account_id": name, "created_at": day} for name, day in CREATED.items()],
    "subscriptions": [
        {"subscription_id": name, "account_id": name, "started_at": day, "renews_at": "2027-01-01", "arr": 10}
        for name, day in CREATED.items()
    ],
    "renewals": [RENEWAL | {"account_id": "old"}],
    "usage": [usage("old", "2024-05-01"), usage("young", "2025-02-27 18:00")],
    "tickets": [ticket("old", "2024-06-01 18:00")],
    "surveys": [survey("2024-06-01", "2025-03-01"), survey("2024-09-01", "2024-09-01")],
    "messages": [{"account_id": "old", "sent_at": "2024-06-01", "direction": "in", "known_at": "2025-03-01"}],
    "meetings": [{"account_id": "old", "kind": "qbr", "scheduled_for": "2025-03-20", "known_at": "2025-02-01"}],
    "onboarding": [{"account_id": "old", "step": "import", "due_at": "2024-02-01"}],
}


def coverage(history, *as_ofs):
    state = population(history, as_ofs, grace_days=30)
    return Coverage(history, state.loc[state["alive"]].reset_index(drop=True), as_ofs)


def told(found, table):
    """{account: (covered_from, reason)} of one table, None for what is missing."""
    rows = found.table().astype(object)
    rows = rows.loc[rows["table"] == table]
    rows = rows.where(rows.notna(), None)
    return {row.account_id: (row.covered_from and str(row.covered_from.date()), row.reason) for row in rows.itertuples()}


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("company")
    frames = {name: pd.DataFrame(rows) for name, rows in COMPANY.items()}
    check(InMemory(frames), DataParams(**settings["data"]), folder)
    return History.open(folder)


@pytest.fixture(scope="module")
def today(history):
    return coverage(history, AS_OF)


@pytest.fixture(scope="module")
def tomorrow(history):
    return coverage(history, NEXT_DAY)


def test_an_account_older_than_the_source_is_covered_from_the_sources_first_day(today):
    assert told(today, "tickets")["old"] == ("2024-06-01", None)


def test_an_account_younger_than_the_source_is_covered_from_its_own_beginning(today):
    assert told(today, "tickets")["young"] == ("2025-01-10", None)


def test_a_missing_table_has_no_data(today):
    assert set(told(today, "invoices").values()) == {(None, "no_data")}


def test_a_source_covers_only_from_what_was_known_of_it_at_as_of(today, tomorrow):
    assert told(today, "surveys")["old"] == ("2024-09-01", None)
    assert told(tomorrow, "surveys")["old"] == ("2024-06-01", None)


def test_a_source_that_knows_nothing_before_as_of_has_no_data(today, tomorrow):
    assert told(today, "messages")["old"] == (None, "no_data")
    assert told(tomorrow, "messages")["old"] == ("2024-06-01", None)


def test_a_source_that_knows_of_days_to_come_only_covers_nobody_yet(today):
    assert set(told(today, "meetings").values()) == {(None, "no_data")}


def test_an_account_without_any_use_is_not_covered_while_another_is(today):
    found = told(today, "usage")
    assert (found["old"], found["at_limit"]) == (("2024-05-01", None), (None, "no_data"))


def test_an_account_without_any_ticket_is_covered_because_having_none_is_usual(today):
    assert told(today, "tickets")["past_limit"] == ("2024-09-01", None)


def test_the_table_of_first_days_does_not_apply_to_an_account_that_is_older(today):
    found = told(today, "onboarding")
    assert found["at_limit"] == ("2024-09-02", None)
    assert found["past_limit"] == (None, "not_applicable")


def test_a_young_account_without_onboarding_data_has_no_data(history_of):
    found = told(coverage(history_of(), date(2024, 2, 1)), "onboarding")
    assert found == {"a": (None, "no_data")}


def test_days_count_whole_days_before_as_of_and_are_minus_one_where_nothing_is_covered(today):
    accounts = ["at_limit", "old", "past_limit", "young"]
    assert dict(zip(accounts, today.days("tickets"), strict=True)) == {
        "old": 273,
        "at_limit": 180,
        "past_limit": 181,
        "young": 50,
    }
    assert list(today.days("usage")) == [-1, 304, -1, 50]
    assert list(today.days("meetings")) == [-1, -1, -1, -1]
    assert len(today) == 4


def test_the_table_has_a_row_for_every_account_day_and_declared_table(history):
    found = coverage(history, AS_OF, date(2025, 2, 1)).table()
    assert list(found.columns) == ["account_id", "as_of", "table", "covered_from", "reason"]
    assert len(found) == len(found[["account_id", "as_of", "table"]].drop_duplicates()) == 4 * 2 * len(DECLARED)
    assert (found["covered_from"].isna() == found["reason"].notna()).all()


def late_account(**account):
    """A company whose source began on 2025-01-10, and the use of an account long before, which is known from `account`."""
    term = {"started_at": "2024-01-01", "renews_at": "2027-01-01", "arr": 10, "known_at": "2024-01-01"}
    uses = [("a", "2025-01-10"), ("a", "2025-02-10"), ("late", "2023-06-01")]
    accounts = [ACCOUNT | {"known_at": "2024-01-01"}, {"account_id": "late", "created_at": "2023-01-01", **account}]
    return {
        "accounts": accounts if account else accounts[:1],
        "subscriptions": [TERM | term, {"account_id": "late", "subscription_id": "l", **term}],
        "usage": [usage(name, day) | {"known_at": day} for name, day in uses],
        "tickets": [ticket(name, day, known_at=day, csat=3, resolved_at=day) for name, day in uses],
    }


def test_a_row_of_an_account_that_is_known_later_does_not_reach_back_before(history_of):
    without = history_of(**late_account())
    found = {table: told(coverage(without, AS_OF), table)["a"] for table in ("usage", "tickets")}
    first = without.first_day()
    learned = history_of(**late_account(known_at="2025-03-01"))
    assert found == {table: told(coverage(learned, AS_OF), table)["a"] for table in ("usage", "tickets")}
    assert found["tickets"] == ("2025-01-10", None)
    assert told(coverage(learned, NEXT_DAY), "tickets")["a"] == ("2024-01-01", None)
    assert (first, learned.first_day()) == (date(2025, 1, 10), date(2025, 1, 10))
    assert learned.first_told("tickets", "csat") == pd.Timestamp("2025-01-10")
    assert learned.first_known("usage", "feature").to_dict() == {"reports": pd.Timestamp("2025-01-10")}


def test_with_nobody_alive_the_table_is_empty(history):
    assert coverage(history, date(2020, 1, 1)).table().empty
