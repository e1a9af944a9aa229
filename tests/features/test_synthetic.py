"""Made-up rows obey the declared tables: the real check refuses none of them."""

from datetime import date

import pandas as pd
import pytest

from features.check import check
from features.params import DataParams
from features.synthetic import synthetic
from features.tables import TABLES
from tests.conftest import InMemory

UNTIL = date(2025, 6, 1)


@pytest.fixture(scope="module")
def rows():
    return synthetic(8, 25, until=UNTIL, seed=3)


@pytest.fixture(scope="module")
def report(rows, settings, tmp_path_factory):
    return check(InMemory(rows), DataParams(**settings["data"]), tmp_path_factory.mktemp("clean"))


@pytest.mark.parametrize("name", TABLES)
def test_the_contract_check_accepts_every_row_of(name, rows, report):
    found = report.table(name)
    assert dict(found.reasons) == {}
    assert found.read == found.accepted == len(rows[name]) > 0
    assert (found.duplicates, found.versions, found.unknown_columns) == (0, 0, ())


@pytest.mark.parametrize("name", TABLES)
def test_every_declared_column_is_there_and_known_before_until_in(name, rows):
    assert set(rows[name].columns) == {column.name for column in TABLES[name].columns} | {"known_at"}
    assert (rows[name]["known_at"] < pd.Timestamp(UNTIL)).all()


def test_amounts_are_all_in_one_currency(report):
    assert report.reporting_currency == "USD"
    assert not [finding for finding in report.findings if "currency" in finding.what]


@pytest.mark.parametrize("name", [name for name in TABLES if name != "accounts"])
def test_references_hold_in(name, rows):
    assert set(rows[name]["account_id"]) <= set(rows["accounts"]["account_id"])
    for column, table in (("contact_id", "contacts"), ("subscription_id", "subscriptions")):
        if column in rows[name]:
            joined = rows[name].merge(rows[table][[column, "account_id"]], on=column, suffixes=("", "_there"))
            assert len(joined) == len(rows[name])
            assert (joined["account_id"] == joined["account_id_there"]).all()


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(rows):
    again, other = synthetic(8, 25, until=UNTIL, seed=3), synthetic(8, 25, until=UNTIL, seed=4)
    for name in TABLES:
        pd.testing.assert_frame_equal(rows[name], again[name])
    assert not rows["tickets"].equals(other["tickets"])
