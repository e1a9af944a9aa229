"""The log of assignments in the store: of no batch, kept for both arms, and read back as episodes."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from serving.learning.log import ASSIGNMENT_COLUMNS
from serving.store import Store

DAY = date(2026, 3, 2)


def row(account, day, arm="treated", began=None, **changed):
    began = day if began is None else began
    given = {"model_version": "3", "probability": 0.4, "families": '["support"]', "playbook": "budget", "eligible": True}
    given |= {"exempt": None, "stratum": "high value, high risk", "propensity": 0.1, "arm": arm, "first_playbook": "budget"}
    return {"account_id": account, "as_of": pd.Timestamp(day), "began": pd.Timestamp(began), **given, **changed}


@pytest.fixture
def kept(make_batch):
    """`kept(rows, day)` publishes a batch of the day with these assignments."""
    store = Store("sqlite://")

    def publish(rows, day=DAY):
        log = pd.DataFrame(rows, columns=list(ASSIGNMENT_COLUMNS))
        store.publish(replace(make_batch(day), assignments=log))
        return store

    yield publish
    store.close()


def test_an_assignment_is_read_back_while_its_episode_lasts(kept):
    store = kept([row("A-001", DAY, "holdout"), row("A-002", DAY)])
    found = store.episodes(DAY + timedelta(days=30), 180)
    assert {account: each.arm for account, each in found.items()} == {"A-001": "holdout", "A-002": "treated"}
    assert (found["A-001"].began, found["A-001"].playbook, found["A-001"].propensity) == (DAY, "budget", 0.1)
    assert store.episodes(DAY + timedelta(days=180), 180) == {}


def test_a_day_scored_again_replaces_its_rows_and_keeps_those_of_accounts_without_a_play_now(kept):
    kept([row("A-001", DAY, "holdout"), row("A-002", DAY)])
    store = kept([row("A-002", DAY, probability=0.2)])
    log = store.assignments(DAY + timedelta(days=1))
    assert log.set_index("account_id")["probability"].to_dict() == {"A-001": 0.4, "A-002": 0.2}
    assert store.episodes(DAY, 180)["A-001"].arm == "holdout"


def test_later_days_are_logged_too_but_begin_no_new_episode(kept):
    kept([row("A-001", DAY, "holdout")])
    store = kept([row("A-001", DAY + timedelta(days=1), "holdout", began=DAY, playbook="value_roi")], DAY + timedelta(days=1))
    assert len(store.assignments(DAY + timedelta(days=5))) == 2
    assert store.assignments(DAY + timedelta(days=1))["playbook"].tolist() == ["budget"]
    assert store.episodes(DAY + timedelta(days=1), 180)["A-001"].began == DAY


def test_an_exempt_account_is_logged_and_has_no_episode(kept):
    store = kept([row("A-001", DAY, exempt="large", eligible=False, began=pd.NaT, first_playbook=None, propensity=0.0)])
    assert store.assignments(DAY + timedelta(days=1))["exempt"].tolist() == ["large"]
    assert store.episodes(DAY, 180) == {}
