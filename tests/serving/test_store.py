"""The store: whole batches, kept by day, asked from one state."""

import json
import sqlite3
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from features.errors import BadInput
from serving.store import Filters, Store, UnfitBatchError, bulk, publishing, reading
from serving.store.schema import DRIVERS

EARLIER, AS_OF = (date(2026, 1, 5), date(2026, 2, 2)), date(2026, 3, 2)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request, tmp_path, postgres_url):
    store = Store(f"sqlite:///{tmp_path}/fresh.db" if request.param == "sqlite" else postgres_url)
    yield store
    store.close()


def ask(store: Store, *, page: int = 1, page_rows: int = 25, **filters):
    queue = store.queue(Filters(**filters), page=page, page_rows=page_rows)
    assert queue is not None
    return queue


def test_an_empty_store_has_no_day_no_list_and_no_account(fresh):
    assert fresh.latest_as_of() is None
    assert fresh.queue(Filters(), page=1, page_rows=10) is None
    assert fresh.account("A-001", None) is None
    assert fresh.history("A-001") == ()


def test_a_published_account_reads_back_as_it_was_scored(fresh, batch):
    fresh.publish(batch)
    account = fresh.account("A-001", None)
    row = batch.assessments.iloc[0]
    assert account.as_of == AS_OF
    assert account.newest
    assert [horizon.days for horizon in account.horizons] == [30, 90, 180, 365]
    assert account.probability == pytest.approx(row["p_churn_90d"])
    assert account.arr_at_risk == pytest.approx(row["p_churn_90d"] * row["arr"])
    assert account.margin == pytest.approx(account.base + sum(driver.push for driver in account.drivers))
    assert account.drivers[0].family == "support"
    assert [ref.row_id for ref in account.drivers[0].measures[0].rows] == ["T-9", "T-7", "T-4", "T-2"]
    assert [row.row_id for row in account.evidence] == ["T-9", "T-7", "T-4", "T-2"]
    assert (account.margin_from, account.margin_to) == (date(2026, 5, 1), date(2026, 5, 31))
    assert account.strategic
    assert account.name == "Ñandú Logística, S.A."
    assert account.plan.steps[0].owner == "csm"
    assert {row.table for row in account.coverage if row.reason == "no_data"} == {"goals", "messages"}


def test_publishing_a_day_again_replaces_it_and_keeps_the_others(fresh, batch, make_batch):
    for day in EARLIER:
        fresh.publish(make_batch(day))
    fresh.publish(batch)
    fewer = batch.only({"A-001"})
    lowered = replace(fewer, assessments=fewer.assessments.assign(p_churn_90d=0.11))
    fresh.publish(lowered)
    assert ask(fresh).totals.accounts == 1
    points = fresh.history("A-001")
    assert [point.as_of for point in points] == [*EARLIER, AS_OF]
    assert points[-1].probability == 0.11
    assert [point.as_of for point in fresh.history("A-002")] == list(EARLIER)


def test_a_batch_that_breaks_half_way_leaves_nothing_behind(fresh, batch, monkeypatch):
    fresh.publish(batch.only({"A-001", "A-002"}))

    def fail_at_drivers(connection, table, frame):
        if table is DRIVERS:
            raise RuntimeError("the disk is full")
        bulk.insert_frame(connection, table, frame)

    monkeypatch.setattr(publishing, "insert_frame", fail_at_drivers)
    with pytest.raises(RuntimeError):
        fresh.publish(batch)
    assert ask(fresh).totals.accounts == 2
    assert len(fresh.account("A-001", None).drivers) == 11


def test_a_reader_sees_the_old_batch_while_the_new_one_is_written(fresh, batch, monkeypatch):
    fresh.publish(batch.only({"A-001"}))
    seen = []

    def look_meanwhile(connection, table, frame):
        bulk.insert_frame(connection, table, frame)
        seen.append((ask(fresh).totals.accounts, len(fresh.account("A-001", None).drivers)))

    monkeypatch.setattr(publishing, "insert_frame", look_meanwhile)
    fresh.publish(batch)
    assert set(seen) == {(1, 11)}
    assert ask(fresh).totals.accounts == 30


def test_one_answer_is_about_one_state_even_when_a_batch_arrives_meanwhile(fresh, batch, monkeypatch):
    fresh.publish(batch)
    thinner = replace(batch, drivers=batch.drivers.loc[batch.drivers["family"] == "usage"])
    read_drivers = reading.drivers

    def publish_first(*asked):
        fresh.publish(thinner)
        return read_drivers(*asked)

    monkeypatch.setattr(reading, "drivers", publish_first)
    assert len(fresh.account("A-001", None).drivers) == 11
    monkeypatch.undo()
    assert len(fresh.account("A-001", None).drivers) == 1


def test_second_outcomes_come_back_shortest_horizon_first_and_none_of_an_unscored_account(fresh, batch):
    fresh.publish(batch)
    less, early = fresh.account("A-003", None).second_outcomes
    assert (less.outcome, less.lost_share, less.family) == ("contracted", 0.25, None)
    assert [(each.days, each.probability) for each in early.horizons] == [(30, 0.001), (90, 0.004), (180, 0.007), (365, 0.012)]
    assert fresh.account("A-030", None).second_outcomes == ()


def test_what_a_driver_tells_besides_comes_back_and_may_be_absent(fresh, batch):
    said = {
        "signal": "open_tickets",
        "value": 9.0,
        "typical": 1.0,
        "before": 0.4,
        "after": 0.3,
        "sentence_en": "x",
        "sentence_es": "y",
    }
    mine = batch.drivers["account_id"].eq("A-001") & batch.drivers["family"].eq("support")
    told = batch.drivers.assign(
        chance=0.7,
        since=pd.Series(pd.Timestamp("2026-02-10 08:00"), index=mine.index).where(mine),
        before=pd.Series(True, index=mine.index, dtype="boolean").where(mine),
        what_if=pd.Series(json.dumps(said), index=mine.index, dtype=object).where(mine, None),
    )
    fresh.publish(replace(batch, drivers=told))
    by_family = {driver.family: driver for driver in fresh.account("A-001", None).drivers}
    support, usage = by_family["support"], by_family["usage"]
    assert (support.chance, support.before, support.what_if.after) == (0.7, True, 0.3)
    assert support.since.isoformat() == "2026-02-10T08:00:00+00:00"
    assert (usage.since, usage.before, usage.what_if) == (None, None, None)
    fresh.publish(replace(batch, drivers=batch.drivers.drop(columns="chance")))
    assert {driver.chance for driver in fresh.account("A-001", None).drivers} == {None}


def test_the_list_puts_the_most_revenue_at_risk_first_and_the_unscored_last(store):
    rows = ask(store, page_rows=100).rows
    at_risk = [row.arr_at_risk for row in rows[:-1]]
    assert at_risk == sorted(at_risk, reverse=True)
    assert (rows[-1].account_id, rows[-1].status, rows[-1].arr_at_risk) == ("A-030", "too_new", None)


def test_totals_are_of_everything_that_passes_the_filters_not_of_the_page(store):
    queue = ask(store, page_rows=3, csm="ana.ruiz")
    everything = ask(store, page_rows=100, csm="ana.ruiz")
    assert (len(queue.rows), queue.pages) == (3, 4)
    assert queue.totals == everything.totals
    assert queue.totals.accounts == 10
    assert queue.totals.arr == pytest.approx(sum(row.arr for row in everything.rows))


def test_pages_hold_every_account_once(store):
    ids = [row.account_id for page in (1, 2, 3, 4, 5) for row in ask(store, page=page, page_rows=7).rows]
    assert sorted(ids) == [f"A-{number:03d}" for number in range(1, 31)]
    past = ask(store, page=99, page_rows=7)
    assert (past.rows, past.page, past.pages, past.totals.accounts) == ((), 99, 5, 30)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"search": "nandu logistica"}, 5),
        ({"search": "MONTAÑA"}, 5),
        ({"search": "a-017"}, 1),
        ({"search": "%"}, 0),
        ({"band": "critical"}, 10),
        ({"renews_within_days": 83}, 2),
        ({"renews_within_days": 82}, 1),
        ({"csm": "nobody"}, 0),
        ({"search": "", "csm": ""}, 30),
    ],
)
def test_filters_keep_what_they_say(store, filters, expected):
    assert ask(store, page_rows=100, **filters).totals.accounts == expected


def test_an_earlier_day_shows_only_what_was_known_then(store):
    account = store.account("A-001", EARLIER[1])
    assert not account.newest
    assert [point.as_of for point in account.history] == list(EARLIER)
    assert store.account("A-001", date(2020, 1, 1)) is None


def test_a_held_out_account_shows_no_plan(store):
    assert store.account("A-003", None).arm == "holdout"
    assert store.account("A-003", None).plan is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda b: {"drivers": b.drivers.drop(columns="push")}, "drivers: no column push"),
        (lambda b: {"coverage": b.coverage.assign(as_of=pd.Timestamp("2026-01-01"))}, "coverage: 180 rows are not of 2026-03-02"),
        (lambda b: {"assessments": b.assessments.iloc[1:]}, "1 accounts have no assessment"),
        (lambda b: {"plans": b.plans.iloc[1:]}, "1 accounts have a playbook but no plan"),
        (lambda b: {"accounts": pd.concat([b.accounts, b.accounts.iloc[:2]])}, "accounts: 2 rows repeat"),
        (lambda _: {"horizon_days": 60}, "assessments: no column p_churn_60d"),
    ],
)
def test_a_batch_nobody_could_read_is_refused_with_a_count(batch, change, message):
    with pytest.raises(UnfitBatchError, match=message):
        replace(batch, **change(batch))


def test_an_account_without_details_is_listed_by_its_id(fresh, batch):
    fresh.publish(replace(batch, accounts=batch.accounts.iloc[1:]))
    assert fresh.account("A-001", None).name == "A-001"
    assert ask(fresh, search="A-001").totals.accounts == 1


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        Store("mysql://somewhere/db")
    with pytest.raises(ValueError, match="sqlite:///FILE"):
        Store("just a file")


@pytest.mark.parametrize(
    "address", ["postgresql://me:hu@sh@host:port/db", "postgresql+nothing://me:hush@host/db", "mysql://me:hush@host/db"]
)
def test_an_address_nobody_can_open_is_named_without_its_password(address):
    with pytest.raises(ValueError, match=r"://me:\*\*\*@host.*is no address of a database"):
        Store(address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sqlite:///{folder}/nowhere/store.db", "unable to open database file"),
        ("sqlite:///{folder}/words.txt", "file is not a database"),
        ("postgresql://me:hush@127.0.0.1:1/db", "Can't create a connection"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_with_the_reason_and_without_its_password(tmp_path, address, told):
    (tmp_path / "words.txt").write_text("no database " * 200, encoding="utf-8")
    with pytest.raises(BadInput, match=f"the store .* cannot be used: {told}") as caught:
        Store(address.format(folder=tmp_path))
    assert "hush" not in str(caught.value)


def test_a_database_of_somebody_else_is_told_when_it_is_asked(tmp_path):
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE tenure_assessments (id INTEGER)")
    connection.execute("CREATE TABLE tenure_batches (id INTEGER)")
    connection.close()
    with pytest.raises(BadInput, match="no such column"):
        Store(f"sqlite:///{tmp_path}/other.db").latest_as_of()


def test_a_batch_of_no_account_is_a_day_without_accounts(fresh, batch):
    fresh.publish(batch.only(set()))
    assert fresh.latest_as_of() == AS_OF
    assert ask(fresh).rows == ()
