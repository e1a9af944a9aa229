"""The synthetic tables obey the contract and the time law, and hold the traps that a reader must not step on."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from features.tables import TABLES
from features.world.generate import World, generate
from features.world.params import WorldParams

END = pd.Timestamp("2026-07-01")
PLANNED = {"subscriptions", "meetings", "onboarding"}


@pytest.fixture(scope="module")
def world() -> World:
    raw = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8"))["world"]
    return generate(400, 24, 11, WorldParams.model_validate(raw), ("Rivalio", "Contendo"))


@pytest.mark.parametrize("name", TABLES)
class TestEveryTable:
    def test_has_the_declared_columns(self, world, name):
        declared = [column.name for column in TABLES[name].columns]
        extra = [each for each in world.tables[name] if each not in declared and not each.startswith("attr_")]
        assert extra == ["known_at"]
        missing = set(declared) - set(world.tables[name])
        assert missing <= {"event_id"}

    def test_has_values_of_the_declared_kind(self, world, name):
        for column in TABLES[name].columns:
            if column.name not in world.tables[name]:
                continue
            values = world.tables[name][column.name]
            kinds = {"string": "str", "time": "datetime64[us]", "bool": "boolean"}
            if column.kind in kinds:
                assert str(values.dtype) == kinds[column.kind], column.name
            else:
                assert pd.api.types.is_numeric_dtype(values), column.name

    def test_has_only_allowed_values(self, world, name):
        for column in TABLES[name].columns:
            if column.name not in world.tables[name]:
                continue
            values = world.tables[name][column.name]
            assert not (column.required and values.isna().any()), column.name
            if column.allowed:
                assert set(values.dropna()) <= set(column.allowed), column.name
            if column.kind == "number" and column.minimum is not None:
                assert (values.dropna() >= column.minimum).all(), column.name
            if column.kind == "number" and column.maximum is not None:
                assert (values.dropna() <= column.maximum).all(), column.name

    def test_has_unique_keys(self, world, name):
        key = [each for each in TABLES[name].key if each in world.tables[name]]
        key = key or ["account_id", "user_id", "feature", "occurred_at"]
        assert not world.tables[name].duplicated(key).any()

    def test_is_known_before_the_world_ends(self, world, name):
        assert (world.tables[name]["known_at"] < END).all()

    def test_is_known_after_it_happened_unless_planned(self, world, name):
        frame = world.tables[name]
        if name not in PLANNED:
            assert (frame["known_at"] >= frame[TABLES[name].time]).all()

    def test_tells_nothing_of_what_comes_after_the_end(self, world, name):
        frame = world.tables[name]
        for column in TABLES[name].columns:
            if column.name in frame and column.kind == "time" and not column.plan:
                assert not (frame[column.name] >= END).any(), column.name
            if column.name in frame and column.follows is not None:
                when = frame[column.follows]
                assert frame.loc[when.isna() | (when >= END), column.name].isna().all(), column.name

    def test_knows_only_accounts_that_exist(self, world, name):
        assert set(world.tables[name]["account_id"]) <= set(world.tables["accounts"]["account_id"])


def test_about_one_row_in_twenty_comes_late(world):
    messages = world.tables["messages"]
    late = (messages["known_at"] - messages["sent_at"]) > pd.Timedelta(days=1)
    assert 0.03 < late.mean() < 0.07


def test_terms_of_an_account_follow_one_another_without_gap_or_overlap(world):
    terms = world.tables["subscriptions"].sort_values(["account_id", "started_at"])
    before = terms.groupby("account_id")["renews_at"].shift()
    assert (terms["started_at"] == before)[before.notna()].all()
    assert (terms["renews_at"] > terms["started_at"]).all()


def test_a_churned_outcome_leaves_no_running_or_later_term(world):
    fates = world.truth["accounts"].dropna(subset="churned_at")
    terms = world.tables["subscriptions"].merge(fates, on="account_id")
    last = terms.sort_values("started_at").groupby("account_id").tail(1).set_index("account_id")["subscription_id"]
    churned = world.tables["renewals"].query("outcome == 'churned'").set_index("account_id")
    assert not churned.index.duplicated().any()
    assert (churned["subscription_id"] == last[churned.index]).all()
    assert set(churned.index) <= set(fates["account_id"])
    running = terms.merge(churned[["decided_at", "renews_at"]], left_on="account_id", right_index=True, suffixes=("", "_left"))
    assert not ((running["renews_at"] > running["decided_at"]) & (running["renews_at"] != running["renews_at_left"])).any()


def test_a_decision_falls_between_notice_deadline_and_end_of_the_term(world):
    joined = world.tables["renewals"].merge(
        world.tables["subscriptions"][["subscription_id", "notice_days"]], on="subscription_id"
    )
    stayed = joined[joined["outcome"] != "churned"]
    days = (stayed["renews_at"] - stayed["decided_at"]) / pd.Timedelta(days=1)
    assert (days > 0).all()
    assert (days <= stayed["notice_days"]).all()


def test_who_has_left_leaves_only_traps_behind(world):
    fates = world.truth["accounts"].dropna(subset="churned_at")[["account_id", "churned_at"]]
    for name in ("messages", "surveys", "goals", "promises", "company_events", "interventions", "notices", "invoices"):
        rows = world.tables[name].merge(fates, on="account_id")
        assert (rows[TABLES[name].time] < rows["churned_at"]).all(), name
    usage = world.tables["usage"].merge(fates, on="account_id")
    after = usage[usage["occurred_at"] >= usage["churned_at"]]
    assert len(after)
    assert set(after["feature"]) == {"exports"}
    tickets = world.tables["tickets"].merge(fates, on="account_id")
    late = tickets[tickets["opened_at"] >= tickets["churned_at"]]
    assert len(late)
    assert set(late["kind"]) == {"billing"}


def test_planned_meetings_of_leaving_accounts_stay_in_the_books(world):
    fates = world.truth["accounts"].dropna(subset="churned_at")[["account_id", "churned_at"]]
    planned = world.tables["meetings"].merge(fates, on="account_id").query("scheduled_for >= churned_at")
    assert len(planned)
    assert (planned["known_at"] < planned["churned_at"]).all()
    assert set(planned["status"].dropna()) <= {"cancelled"}


def test_most_surveys_go_unanswered(world):
    assert 0.2 < world.tables["surveys"]["answered_at"].notna().mean() < 0.4


def test_reasons_are_often_missing(world):
    left = world.tables["renewals"].query("outcome == 'churned'")
    assert 0.2 < left["reason"].isna().mean() < 0.6


def test_one_play_in_five_is_held_out_and_nothing_is_done_there(world):
    plays = world.tables["interventions"]
    held = plays[plays["arm"] == "holdout"]
    assert 0.12 < len(held) / len(plays) < 0.28
    assert held[["started_at", "finished_at", "outcome", "arr_saved"]].isna().all(axis=None)
    assert set(plays["intervention_id"]) == set(world.truth["plays"]["intervention_id"])
