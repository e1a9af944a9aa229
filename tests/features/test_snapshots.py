"""The matrix: what is 0, what is missing, and which row and column a value stands in."""

from datetime import date

import pandas as pd
import pytest

from features.catalogue import catalogue
from features.check import check
from features.history import History
from features.params import DataParams, PeerParams
from features.snapshots import Setting, matrix
from tests.conftest import RENEWAL, InMemory

AS_OF, NEXT_DAY = date(2025, 3, 1), date(2025, 3, 2)
NOW = pd.Timestamp(AS_OF)
PEERS = PeerParams(segments_from_arr=(), at_least=3)
ODD_NAMES = ("é", "Z", "10", "9", "𝒶")  # sorted differently by different collations


def before(days):
    return (NOW - pd.Timedelta(days=days)).isoformat()


def account(name, created="2024-01-01", **columns):
    return {"account_id": name, "created_at": created, **columns}


def term(name, start="2024-01-01"):
    return {"subscription_id": f"s-{name}", "account_id": name, "started_at": start, "renews_at": "2027-01-01", "arr": 1000}


def usage(name, days, feature="reports", **columns):
    at = before(days)
    return {"account_id": name, "user_id": "u", "occurred_at": at, "known_at": at, "feature": feature, "quantity": 1, **columns}


def ticket(name, days, **columns):
    return {"ticket_id": f"{name}{days}", "account_id": name, "opened_at": before(days), "kind": "bug", **columns}


BEGAN = {
    "quiet": 425,
    "busy": 425,
    "dormant": 425,
    "gap": 425,
    "short": 55,
    "enough": 56,
    "young": 20,
    **dict.fromkeys(ODD_NAMES, 425),
}
COMPANY = {
    "accounts": [
        *(account(name, before(days)) for name, days in BEGAN.items()),
        account("busy", before(425), attr_size="9", attr_new="7", known_at=NOW.isoformat()),
        account("busy", before(425), attr_size="3", attr_lane="north", known_at=before(400)),
        account("young", before(20), attr_size="4.5", attr_size_known_at=before(1), attr_word="x", known_at=NOW.isoformat()),
        account("young", before(20), attr_size="4.5", attr_size_known_at=before(1), known_at=before(19)),
        account("gap", before(425), attr_size="6", attr_size_known_at=NOW.isoformat(), known_at=before(400)),
        account("gone"),
        account("later"),
    ],
    "subscriptions": [
        *(term(n, before(days)) for n, days in BEGAN.items()),
        term("gone"),
        term("later", "2025-03-02") | {"known_at": before(30)},
    ],
    "renewals": [RENEWAL | {"account_id": "gone", "renews_at": "2027-01-01", "decided_at": "2025-02-01", "outcome": "churned"}],
    "tickets": [ticket("busy", 200)],
    "messages": [{"account_id": "busy", "sent_at": before(0), "direction": "in"}],
    "usage": [
        usage("busy", 400, "api"),
        usage("busy", 40, "alerts"),
        usage("dormant", 400, "api"),
        *(usage("gap", days) for days in (100, 2)),
        *(usage(name, days) for name in ("short", "enough") for days in (30, 2)),
        usage("young", 2, "alerts"),
        usage("young", 3),
        usage("young", 1, "mobile", known_at=NOW.isoformat()),
        *(usage(name, 1, quantity=number) for number, name in enumerate(ODD_NAMES, 11)),
    ],
}
NAMES = (
    *("active_users_28d", "active_users_change_28d", "core_breadth_84d", "days_since_message", "days_since_use", "events_28d"),
    *("industry", "seats", "tenure_days", "tickets_90d", "usage_change_28d"),
)


def opened(tables, folder, settings):
    check(InMemory({name: pd.DataFrame(rows) for name, rows in tables.items()}), DataParams(**settings["data"]), folder)
    return History.open(folder)


def made(history, names=NAMES, as_ofs=(AS_OF,), core=(), progress=lambda *_: None):
    return matrix(history, as_ofs, [signal for signal in catalogue() if signal.name in names], Setting(core, 30, PEERS), progress)


def told(frame, signal):
    """{account: value} of one signal, None where it is missing."""
    column = frame.set_index("account_id")[signal].astype(object)
    return column.where(column.notna(), None).to_dict()


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    return opened(COMPANY, tmp_path_factory.mktemp("company"), settings)


@pytest.fixture(scope="module")
def today(history):
    return made(history).frame


@pytest.fixture(scope="module")
def tomorrow(history):
    return made(history, as_ofs=[NEXT_DAY]).frame


@pytest.fixture(scope="module")
def bare(tmp_path_factory, settings):
    """A company that has contracts only."""
    tables = {name: COMPANY[name] for name in ("accounts", "subscriptions", "renewals")}
    return opened(tables, tmp_path_factory.mktemp("bare"), settings)


class TestNothingHappenedAndNotKnown:
    def test_a_covered_account_to_which_nothing_happened_has_zero(self, today):
        assert told(today, "tickets_90d")["quiet"] == 0.0
        assert told(today, "tickets_90d")["busy"] == 0.0

    def test_without_the_table_every_signal_of_it_is_missing_and_none_is_zero(self, bare):
        own = [s.name for s in catalogue() if s.view.table not in ("accounts", "subscriptions", "renewals")]
        assert len(own) > 50
        assert made(bare, own).frame[own].isna().all(axis=None)

    def test_a_table_without_rows_before_as_of_is_as_good_as_none(self, today, tomorrow):
        assert set(told(today, "days_since_message").values()) == {None}
        assert told(tomorrow, "days_since_message")["busy"] == 1.0

    def test_an_account_without_any_use_is_unknown_while_others_have_some(self, today):
        assert told(today, "events_28d")["quiet"] is None
        assert told(today, "days_since_use")["quiet"] is None

    def test_an_account_that_was_used_before_and_not_lately_has_zero(self, today):
        assert told(today, "events_28d")["busy"] == 0.0
        assert told(today, "days_since_use")["busy"] == 40.0

    def test_nothing_in_the_window_is_what_the_signal_says_it_is(self, today):
        assert told(today, "days_since_use")["dormant"] == 182.0

    def test_a_signal_needs_its_source_for_long_enough(self, today):
        found = told(today, "usage_change_28d")
        assert (found["short"], found["enough"]) == (None, 0.0)

    def test_one_short_signal_does_not_hide_another_of_the_same_view(self, today):
        assert told(today, "active_users_change_28d")["young"] is None
        assert told(today, "active_users_28d")["young"] == 1.0

    def test_what_cannot_be_computed_is_missing_though_the_source_covers_it(self, today):
        assert told(today, "usage_change_28d")["gap"] is None

    def test_a_contract_fact_needs_no_coverage(self, today):
        assert told(today, "tenure_days")["quiet"] == 425.0

    def test_a_category_that_is_not_known_is_none(self, today):
        assert today["industry"].tolist() == [None] * len(today)


class TestRowsAndColumns:
    def test_each_value_stands_in_the_row_of_its_account(self, today):
        found = told(today, "events_28d")
        assert {name: found[name] for name in ODD_NAMES} == {name: float(n) for n, name in enumerate(ODD_NAMES, 11)}

    def test_who_has_left_or_not_begun_has_no_row(self, today, tomorrow):
        assert set(today["account_id"]) == set(BEGAN)
        assert set(tomorrow["account_id"]) == {*BEGAN, "later"}

    def test_columns_are_the_key_the_signals_in_their_order_and_then_the_attributes(self, today):
        order = [signal.name for signal in catalogue() if signal.name in NAMES]
        assert list(today.columns) == ["account_id", "as_of", *order, "attr_lane", "attr_size"]

    def test_days_and_passes_change_nothing_but_the_order_of_the_rows(self, history, today, tomorrow, monkeypatch):
        monkeypatch.setattr("features.snapshots.AS_OFS_A_PASS", 1)
        steps = []
        found = made(history, as_ofs=[NEXT_DAY, AS_OF, NEXT_DAY], progress=lambda *step: steps.append(step))
        names = [name for name in today.columns if not name.startswith("attr_")]
        one_after_the_other = pd.concat([today[names], tomorrow[names]], ignore_index=True)
        pd.testing.assert_frame_equal(found.frame[names], one_after_the_other, check_exact=True)
        assert found.frame["account_id"].tolist() == found.state["account_id"].tolist()
        assert steps == [("features", 0, 2), ("features", 1, 2), ("features", 2, 2)]

    def test_two_days_in_one_pass_say_what_each_says_alone(self, history, today, tomorrow):
        names = [name for name in today.columns if not name.startswith("attr_")]
        found = made(history, as_ofs=[AS_OF, NEXT_DAY]).frame[names]
        pd.testing.assert_frame_equal(found, pd.concat([today[names], tomorrow[names]], ignore_index=True), check_exact=True)

    def test_where_nobody_is_alive_there_are_no_rows_and_all_columns(self, history):
        found = made(history, as_ofs=[date(2023, 1, 1)])
        assert found.frame.shape == (0, 2 + len(NAMES))
        assert found.state.empty


class TestCoreFeatures:
    def test_without_a_statement_every_feature_that_anybody_used_counts(self, today):
        found = told(today, "core_breadth_84d")  # api, alerts, reports
        assert (found["busy"], found["young"]) == (1 / 3, 2 / 3)

    def test_a_feature_learned_of_at_as_of_does_not_count_yet(self, tomorrow):
        found = told(tomorrow, "core_breadth_84d")  # and mobile
        assert (found["busy"], found["young"]) == (1 / 4, 3 / 4)

    def test_stated_ones_are_what_use_is_measured_against(self, history):
        found = told(made(history, ["core_breadth_84d"], core=("reports", "exports")).frame, "core_breadth_84d")
        assert (found["busy"], found["young"]) == (0.0, 0.5)

    def test_without_a_usage_log_only_stated_ones_can_be_counted(self, bare):
        assert made(bare, ["seats"]).state["core_count"].isna().all()
        assert set(made(bare, ["seats"], core=("reports",)).state["core_count"]) == {1.0}


class TestAttributes:
    def test_numbers_are_floats_and_names_are_texts(self, today):
        assert (today["attr_size"].dtype, today["attr_lane"].dtype) == ("float64", object)
        assert told(today, "attr_lane")["busy"] == "north"
        assert told(today, "attr_lane")["quiet"] is None

    def test_the_latest_version_known_before_as_of_counts(self, today, tomorrow):
        assert told(today, "attr_size")["busy"] == 3.0
        assert told(tomorrow, "attr_size")["busy"] == 9.0

    def test_one_that_nobody_has_yet_has_no_column(self, today, tomorrow):
        assert not {"attr_new", "attr_word"} & set(today.columns)
        assert {"attr_new", "attr_word"} < set(tomorrow.columns)

    def test_a_day_of_many_is_to_the_bit_what_that_day_alone_would_be(self, history, today, tomorrow):
        both = made(history, as_ofs=[AS_OF, NEXT_DAY])
        for day, alone in ((AS_OF, today), (NEXT_DAY, tomorrow)):
            pd.testing.assert_frame_equal(both.at(day).frame, alone, check_exact=True)
            assert both.at(day).state["account_id"].tolist() == alone["account_id"].tolist()

    def test_one_with_a_knowledge_date_of_its_own_waits_for_it(self, today, tomorrow):
        assert "attr_size_known_at" not in today
        assert (told(today, "attr_size")["gap"], told(today, "attr_size")["young"]) == (None, 4.5)
        assert told(tomorrow, "attr_size")["gap"] == 6.0
