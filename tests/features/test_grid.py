"""The days on which training looks."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from features.check import check
from features.grid import as_of_grid
from features.history import History
from features.params import DataParams
from tests.conftest import ACCOUNT, RENEWAL, TERM, InMemory

FIRST = date(2024, 1, 10)


@pytest.fixture(scope="module")
def history(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("company")
    used = {"account_id": "a", "occurred_at": FIRST.isoformat(), "feature": "reports"}
    rows = {"accounts": ACCOUNT, "subscriptions": TERM, "renewals": RENEWAL | {"account_id": "a"}, "usage": used}
    check(InMemory({name: pd.DataFrame([row]) for name, row in rows.items()}), DataParams(**settings["data"]), folder)
    return History.open(folder)


def grid(history, until, step="month", *, warm_up_days=30, history_months=48):
    return as_of_grid(history, until, step=step, warm_up_days=warm_up_days, history_months=history_months)


def test_by_month_it_is_every_first_after_the_warm_up_and_before_until(history):
    assert grid(history, date(2024, 5, 1)) == [date(2024, 3, 1), date(2024, 4, 1)]
    assert grid(history, date(2024, 5, 2)) == [date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1)]


def test_the_last_day_of_the_warm_up_is_not_lost(history):
    assert grid(history, date(2024, 4, 1), warm_up_days=22)[0] == date(2024, 2, 1)
    assert grid(history, date(2024, 4, 1), warm_up_days=23)[0] == date(2024, 3, 1)


def test_by_days_it_counts_back_from_until_which_it_leaves_out(history):
    assert grid(history, date(2024, 3, 1), 7) == [date(2024, 2, 9), date(2024, 2, 16), date(2024, 2, 23)]


@pytest.mark.parametrize("step", [1, 7, 30])
def test_by_days_no_day_lies_in_the_warm_up(history, step):
    found = grid(history, date(2024, 6, 1), step)
    assert found[0] - timedelta(days=step) < FIRST + timedelta(days=30) <= found[0]
    assert {later - day for day, later in pairwise(found)} == {timedelta(days=step)}


def test_it_looks_back_so_many_months_at_most(history):
    assert grid(history, date(2024, 12, 1), history_months=3) == [date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1)]
    assert grid(history, date(2024, 12, 15), 30, history_months=2) == [date(2024, 10, 16), date(2024, 11, 15)]


@pytest.mark.parametrize("step", ["month", 7])
def test_data_that_is_too_short_has_no_day(history, step):
    assert grid(history, date(2024, 2, 9), step) == []
    assert grid(history, date(2023, 2, 9), step) == []


def test_contracts_older_than_the_log_do_not_begin_it(history):
    assert grid(history, date(2024, 3, 2)) == [date(2024, 3, 1)]


def test_without_a_log_the_first_contract_begins_it(history_of):
    since_2020 = history_of(accounts=[ACCOUNT | {"created_at": "2020-01-01"}])
    assert grid(since_2020, date(2020, 4, 1)) == [date(2020, 2, 1), date(2020, 3, 1)]
