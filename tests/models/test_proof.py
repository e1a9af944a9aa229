"""What is measured besides the panel: decisions by lead, how early, and what a random split would have claimed."""

import numpy as np
import pandas as pd

from models.bootstrap import Worth, draws_of
from models.proof import Proof
from models.split_gap import split_gap


def test_every_lead_has_one_row_an_account_decision_beside_every_baseline(training):
    decisions = training.proof.decisions
    assert set(decisions) == {30, 90, 180}
    for days, found in decisions.items():
        rows = found.predictions
        assert not rows.duplicated(["account_id", "as_of"]).any()
        assert (rows["opens_days"] >= days).all()
        assert (rows["opens_days"] < days + 31).all()
        assert {"model", "anchor", "rule_score", "recency", "calendar", "base_rate"} <= set(found.metrics["model"])
        assert rows[["model", "calendar", "rule_score"]].notna().all(axis=None)
        assert rows["model"].between(0, 1).all()


def test_decisions_are_predicted_better_than_their_cohorts_rate_does(training):
    found = training.proof.decisions[30]
    assert found.value("model", "brier_skill") > 0
    assert found.value("model", "auc") > found.value("base_rate", "auc")
    assert found.value("base_rate", "log_loss_skill") == 0


def test_no_decision_is_tested_before_its_origin(training):
    for found in training.proof.decisions.values():
        rows = found.predictions
        assert (rows["as_of"] >= pd.to_datetime(rows["origin"])).all()


def test_alerts_come_earlier_by_the_model_than_by_chance(training):
    table = training.proof.lead_time
    share = table.loc[(table["metric"] == "alerted") & (table["days"] == 30)].set_index("model")
    assert share.loc["model", "value"] > share.loc["base_rate", "value"]
    assert (table["low"].fillna(0) <= table["high"].fillna(1)).all()


def test_a_random_split_claims_more_than_is_there_and_says_so(training):
    gap = training.proof.split_gap
    assert gap.random_auc > gap.auc
    assert f"would have claimed AUC {gap.random_auc:.3f}" in gap.sentence()


def test_nothing_tested_has_no_gap_and_no_text(training, params):
    assert (
        split_gap(None, None, pd.DataFrame(), kind="blend", share=0.5, trees=1, horizon_days=90, params=params.training) is None
    )
    assert Proof().as_text() == ""


def test_the_text_names_each_lead_the_days_and_the_warning(training):
    said = training.proof.as_text()
    for words in (
        "30 d ahead",
        "90 d ahead",
        "180 d ahead",
        "rule_score",
        "Brier skill",
        "days from first alert",
        "warning: a random split",
    ):
        assert words in said


def test_an_account_worked_on_brings_what_is_saved_less_what_the_work_costs():
    rows = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "as_of": pd.Timestamp("2026-01-01"),
            "arr": [1000.0, 100, 100, 100],
            "churned": [True, False, True, False],
            "model": [0.5, 0.4, 0.1, 0.1],
            "calendar": 0.1,
        }
    )
    draws = draws_of(rows, ("model",), capacity_share=0.5, draws=50, seed=1, worth=Worth(0.4, 50.0))
    assert draws.exact["model", "value_at_capacity"] == (0.4 * 1000 - 2 * 50) / 2
    assert draws.exact["model", "lift_at_capacity"] == 1
    assert ("model", "value_at_capacity") not in draws_of(rows, ("model",), capacity_share=0.5, draws=50, seed=1).exact
    assert np.isfinite(draws.values["model", "value_at_capacity"]).any()
