"""The gate: what it lets through, what it refuses, and that it says why with numbers."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.evaluation import evaluated
from models.explanation_check import PushCheck
from models.gate import judged
from models.hygiene import Hygiene, Suspect
from models.rivalry import Rivalry
from tests.models.conftest import settings

CLEAN = Hygiene(0.51, 0.4, 0.6, ())
EXACT = PushCheck(1e-9, {})


@pytest.fixture(scope="module")
def params():
    """The thresholds that ship."""
    return settings()


def table(good=1.2, n=3000, seed=1, slope=1.0, shift=0.0, champion=None):
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=n)
    margin = -2.2 + good * risk
    churned = rng.random(n) < 1 / (1 + np.exp(-(-2.2 + 1.2 * risk)))
    frame = pd.DataFrame(
        {
            "account_id": [f"a{i}" for i in range(n)],
            "as_of": pd.Timestamp("2021-01-01"),
            "origin": "2021-01-01",
            "due": True,
            "arr": rng.lognormal(10, 1, n),
            "churned": churned,
            "model": 1 / (1 + np.exp(-(slope * margin + shift))),
            "anchor": 1 / (1 + np.exp(-(margin + 0.2 * rng.normal(size=n)))),
            "base_rate": np.full(n, churned.mean()),
            "calendar": np.full(n, churned.mean()),
            "rule_score": 1 / (1 + np.exp(-(-2 + 0.2 * risk + 0.3 * rng.normal(size=n)))),
            "recency": np.full(n, churned.mean()) + 1e-3 * rng.random(n),
        }
    )
    if champion is not None:
        frame["champion"] = 1 / (1 + np.exp(-(-2.2 + champion * risk)))
    return frame


def measured(frame, params):
    return evaluated(frame, pd.DataFrame(), horizon_days=90, capacity_share=0.1, params=params.evaluation)


def verdict(frame, params, hygiene=CLEAN, kind="blend", rivalry=None, pushes=EXACT):
    return judged(measured(frame, params), hygiene, pushes, kind=kind, params=params.gate, rivalry=rivalry)


def against(frame, params, *, seen=False, simpler=False, age_days=0):
    """The frame with its champion, as a rivalry."""
    return Rivalry(measured(frame, params), age_days=age_days, seen=seen, simpler=simpler)


def failed(result):
    return {reason.check for reason in result.refusals}


def test_a_good_candidate_passes_and_every_check_has_a_sentence(params):
    result = verdict(table(), params)
    assert result.passed, result.as_text()
    assert all(reason.sentence for reason in result.reasons)
    assert "ok  beats_base_rate" in result.as_text()


def test_noise_is_refused_as_no_usable_signal(params):
    frame = table()
    frame["model"] = np.clip(frame["churned"].mean() + 0.02 * np.random.default_rng(3).normal(size=len(frame)), 0.01, 0.9)
    result = verdict(frame, params)
    assert not result.passed
    assert "signal" in failed(result)
    assert any("there is no usable signal" in reason.sentence for reason in result.refusals)


def test_nothing_tested_is_no_usable_signal(params):
    result = verdict(table().iloc[:0], params)
    assert not result.passed
    assert any("there is no usable signal" in reason.sentence for reason in result.refusals)


def test_a_leak_is_named_with_its_auc(params):
    result = verdict(table(), params, hygiene=replace(CLEAN, suspects=(Suspect("final_invoice", 0.97),)))
    assert failed(result) == {"leak"}
    assert "final_invoice (AUC 0.970)" in result.refusals[0].sentence


def test_permuted_labels_that_can_be_predicted_are_refused(params):
    result = verdict(table(), params, hygiene=replace(CLEAN, permuted_auc=0.7))
    assert failed(result) == {"permuted_labels"}
    assert "0.700" in result.refusals[0].sentence


@pytest.mark.parametrize(("slope", "shift", "check"), [(2.2, 2.0, "calibration_slope"), (1.0, 0.9, "observed_expected")])
def test_a_miscalibrated_candidate_is_refused_with_the_band(params, slope, shift, check):
    result = verdict(table(slope=slope, shift=shift), params)
    reason = next(reason for reason in result.refusals if reason.check == check)
    assert "is asked" in reason.sentence


def test_a_value_outside_the_band_by_chance_is_let_through(params):
    result = verdict(table(n=150, seed=8), params, kind="anchor")
    for reason in result.reasons:
        if reason.check in ("observed_expected", "calibration_slope"):
            assert reason.passed


def test_a_blend_worse_than_the_anchor_is_refused_by_how_much(params):
    frame = table()
    frame["anchor"] = table()["model"]
    frame["model"] = 1 / (1 + np.exp(-(-2.2 + 0.7 * np.log(frame["model"] / (1 - frame["model"])) + 1.2)))
    result = verdict(frame, params)
    reason = next(reason for reason in result.refusals if reason.check == "not_worse_than_anchor")
    assert "% above the anchor's" in reason.sentence


def test_an_anchor_is_not_compared_with_itself(params):
    assert "not_worse_than_anchor" not in {r.check for r in verdict(table(), params, kind="anchor").reasons}


def test_few_outcomes_are_refused_with_the_count(params):
    frame = table(n=60)
    frame["churned"] = np.arange(60) < 4
    assert "outcomes" in failed(verdict(frame, params))


def test_a_better_challenger_passes_and_an_equal_one_does_not(params):
    weak, same = (against(table(champion=level), params, seen=level == 1.2) for level in (0.3, 1.2))
    assert verdict(table(), params, rivalry=weak).passed
    result = verdict(table(), params, rivalry=same)
    assert failed(result) == {"beats_champion"}
    assert "favours" in next(r for r in result.refusals if r.check == "beats_champion").sentence


def test_an_equal_challenger_that_is_far_simpler_passes(params):
    assert verdict(table(), params, rivalry=against(table(champion=1.2), params, simpler=True)).passed


def test_a_simpler_challenger_that_is_worse_is_refused_by_how_much(params):
    result = verdict(table(), params, rivalry=against(table(good=0.9, champion=1.2), params, simpler=True))
    sentence = next(r for r in result.refusals if r.check == "beats_champion").sentence
    assert "at most 1.0% above" in sentence


def test_a_challenger_that_loses_churned_money_is_refused_by_how_much(params):
    frame = table(champion=0.3)
    large = frame["arr"] > frame["arr"].quantile(0.9)
    frame.loc[large, "model"] = 0.01
    result = verdict(frame, params, rivalry=against(frame, params))
    assert "keeps_arr" in failed(result)
    assert "-0.030 is allowed" in next(r for r in result.refusals if r.check == "keeps_arr").sentence


def test_few_outcomes_never_replace_a_champion_without_a_person(params):
    frame = table(champion=0.3).iloc[:280]
    result = verdict(table(), params, rivalry=against(frame, params))
    sentence = next(r for r in result.refusals if r.check == "enough_to_replace").sentence
    assert f"{int(frame['churned'].sum())} churned accounts" in sentence
    assert "tenure promote" in sentence


def test_the_sentence_says_how_old_the_champion_was_at_every_origin(params):
    result = verdict(table(), params, rivalry=against(table(champion=0.3), params, age_days=90))
    assert "trained 90 days before the candidate's" in next(r for r in result.reasons if r.check == "beats_champion").sentence


def test_a_candidate_that_misses_the_money_is_refused_although_it_ranks(params):
    frame = table()
    large = frame["arr"] > frame["arr"].quantile(0.9)
    frame.loc[large, "model"] = 0.01
    result = verdict(frame, params)
    assert any(check.startswith("catches_arr_of") for check in failed(result))
    assert "25% is asked" in next(r for r in result.refusals if r.check.startswith("catches_arr_of")).sentence


def test_a_blend_that_may_be_worse_than_the_anchor_is_refused_although_its_mean_is_not(params):
    frame = table(n=400, seed=5)
    noise = np.random.default_rng(4).normal(0, 0.45, len(frame))
    frame["anchor"] = 1 / (1 + np.exp(-(np.log(frame["model"] / (1 - frame["model"])) + noise)))
    found = measured(frame, params)
    frame["model"], better = frame["anchor"], found.value("model", "log_loss") < found.value("anchor", "log_loss")
    frame["anchor"] = table(n=400, seed=5)["model"]
    reason = next(r for r in verdict(frame, params).reasons if r.check == "not_worse_than_anchor")
    assert better
    assert not reason.passed
    assert "with 90% confidence at most" in reason.sentence


def test_probabilities_that_are_off_in_places_are_refused_by_their_calibration_error(params):
    frame = table(n=6000)
    p = frame["model"]
    frame["model"] = np.where((p > 0.05) & (p < 0.15), p * 0.4, np.where(p >= 0.15, p * 1.12, p)).clip(0, 0.99)
    reason = next(r for r in verdict(frame, params).reasons if r.check == "calibration_error")
    assert not reason.passed
    assert "would be chance" in reason.sentence


def test_a_trait_in_which_the_candidate_ranks_clearly_worse_is_named(params):
    frame = table(champion=1.2, n=6000).assign(trait_region=np.where(np.arange(6000) % 4 == 0, "north", "south"))
    north = frame["trait_region"] == "north"
    frame.loc[north, "model"] = frame.loc[north, "model"].to_numpy()[::-1]
    sentence = next(r for r in verdict(frame, params, rivalry=against(frame, params)).refusals if r.check == "slices").sentence
    assert "region = north: AUC 0." in sentence
    assert "south" not in sentence


def test_pushes_that_do_not_sum_and_drivers_of_the_wrong_sign_are_refused(params):
    result = verdict(table(), params, pushes=PushCheck(0.02, {"support": 0.4}))
    assert failed(result) == {"pushes_sum", "driver_signs"}
    assert "support (40% of accounts)" in result.as_text()


def test_a_baseline_that_does_not_exist_is_no_obstacle(params):
    result = verdict(table().drop(columns="recency"), params)
    assert result.passed
    assert any("could not be computed" in reason.sentence for reason in result.reasons)


def test_of_few_churns_the_measured_difference_to_the_anchor_decides():
    frame = table(n=400, seed=5)
    frame["anchor"] = frame["model"]
    noise = 0.05 * np.random.default_rng(1).normal(size=len(frame))
    frame["model"] = 1 / (1 + np.exp(-(np.log(frame["anchor"] / (1 - frame["anchor"])) + noise)))
    apart = measured(frame, settings()).value("model", "log_loss") / measured(frame, settings()).value("anchor", "log_loss") - 1

    def asked(automatic_from):
        found = verdict(frame, settings(gate={"automatic_from_churned": automatic_from}))
        return next(reason.value for reason in found.reasons if reason.check == "not_worse_than_anchor")

    assert asked(10_000) == pytest.approx(apart)
    assert asked(1) > apart


def test_a_verdict_is_strict_json_where_something_could_not_be_measured(params):
    silent = table()
    silent["churned"] = False
    text = verdict(silent, params).as_json()
    said = json.loads(text)
    assert "NaN" not in text
    assert {each["check"]: each["value"] for each in said["reasons"]}["signal"] is None
    assert said["passed"] is False
