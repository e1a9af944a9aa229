"""The gate: what it lets through, what it refuses, and that it says why with numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.evaluation import evaluated
from models.gate import Rivalry, judged
from models.hygiene import Hygiene, Suspect

CLEAN = Hygiene(0.51, 0.4, 0.6, ())


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


def verdict(frame, params, hygiene=CLEAN, kind="blend", rivalry=None):
    return judged(measured(frame, params), hygiene, kind=kind, params=params.gate, rivalry=rivalry)


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
    weak, same = (measured(table(champion=level), params) for level in (0.3, 1.2))
    assert verdict(table(), params, rivalry=Rivalry(weak, seen=False)).passed
    result = verdict(table(), params, rivalry=Rivalry(same, seen=True))
    assert "beats_champion" in failed(result)
    assert "favours" in next(r for r in result.refusals if r.check == "beats_champion").sentence


def test_a_baseline_that_does_not_exist_is_no_obstacle(params):
    result = verdict(table().drop(columns="recency"), params)
    assert result.passed
    assert any("could not be computed" in reason.sentence for reason in result.reasons)
