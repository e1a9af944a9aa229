"""Metrics against their definitions, and the account-cluster bootstrap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from models.bootstrap import draws_of, interval
from models.calibration import fit_platt, logistic_slope
from models.metrics import (
    Ranking,
    auc,
    average_precision,
    calibration_error,
    calibration_error_by_chance,
    log_losses,
    top_share,
)

RNG = np.random.default_rng(0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=60))
def test_auc_and_average_precision_equal_their_reference_with_ties(rows):
    events = np.array([float(event) for event, _ in rows])
    score = np.array([float(value) for _, value in rows])
    if 0 < events.sum() < len(events):
        assert auc(events, score) == pytest.approx(roc_auc_score(events, score))
        assert average_precision(events, score) == pytest.approx(average_precision_score(events, score))
    else:
        assert np.isnan(auc(events, score))


def test_weighted_auc_equals_repeated_rows():
    events, score = np.array([1, 0, 1, 0.0]), np.array([0.9, 0.8, 0.4, 0.4])
    weight = np.array([2, 1, 3, 0.0])
    repeated = np.repeat(np.arange(4), weight.astype(int))
    assert Ranking(score).auc(events, weight[None, :])[0] == pytest.approx(roc_auc_score(events[repeated], score[repeated]))


def test_a_perfect_model_stays_within_the_calibration_error_of_chance():
    p = RNG.beta(1, 9, 4000)
    events = (RNG.random(4000) < p).astype(float)
    assert calibration_error(events, p, 10) <= calibration_error_by_chance(p, 10, 200, 1)
    assert calibration_error(events, p * 1.8, 10) > calibration_error_by_chance(p * 1.8, 10, 200, 1)


def test_top_share_takes_its_share_of_every_group_and_breaks_ties_by_money():
    score = np.array([0.5, 0.5, 0.1, 0.9, 0.2, 0.3])
    money = np.array([1, 2, 9, 1, 1, 1.0])
    chosen = top_share(score, money, np.array([0, 0, 0, 1, 1, 1]), 0.3)
    assert chosen.tolist() == [0, 1, 0, 1, 0, 0]


def test_platt_recovers_a_stretched_margin():
    true = RNG.normal(-2, 1, 20_000)
    events = (RNG.random(20_000) < 1 / (1 + np.exp(-true))).astype(float)
    found = fit_platt(true / 0.5 + 1, events, np.ones(20_000), churned_accounts=3000, needed=20, slope_sd=0.25, level_sd=0.1)
    assert found.slope == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(found(true / 0.5 + 1), true, atol=0.2)


def test_platt_never_makes_the_log_loss_of_its_own_rows_worse():
    margins = RNG.normal(-2, 2, 3000)
    events = (RNG.random(3000) < 1 / (1 + np.exp(-0.4 * margins))).astype(float)
    found = fit_platt(margins, events, np.ones(3000), churned_accounts=500, needed=20, slope_sd=0.25, level_sd=0.1)
    before, after = (log_losses(events, 1 / (1 + np.exp(-m))).mean() for m in (margins, found(margins)))
    assert after < before


def test_a_turned_margin_keeps_a_slope_above_zero():
    margins = RNG.normal(0, 2, 2000)
    events = (RNG.random(2000) < 1 / (1 + np.exp(margins))).astype(float)
    assert fit_platt(margins, events, np.ones(2000), churned_accounts=900, needed=20, slope_sd=0.25, level_sd=0.1).slope > 0


def test_few_churned_accounts_leave_margins_alone_and_say_so():
    found = fit_platt(np.zeros(5), np.ones(5), np.ones(5), churned_accounts=5, needed=20, slope_sd=0.25, level_sd=0.1)
    assert (found.slope, found.intercept) == (1.0, 0.0)
    assert "5 churned accounts" in found.note


def test_a_quarter_with_few_churns_moves_the_level_little_and_many_such_quarters_do():
    truth = np.random.default_rng(3).normal(-4.5, 1.0, 40_000)
    half_as_many = (np.random.default_rng(4).random(40_000) < 0.5 / (1 + np.exp(-truth))).astype(float)

    def level(churned):
        fit = fit_platt(truth, half_as_many, np.ones(40_000), churned_accounts=churned, needed=10, slope_sd=0.25, level_sd=0.1)
        expected = 1 / (1 + np.exp(-fit(truth)))
        return expected.sum() / half_as_many.sum()

    assert level(15) > 1.3
    assert level(4000) < 1.25


def test_slope_of_one_class_is_unknown():
    assert np.isnan(logistic_slope(RNG.normal(size=9), np.zeros(9), np.arange(9.0))[0])


def table(accounts=300, repeats=4):
    account = np.repeat(np.arange(accounts), repeats)
    risk = np.repeat(RNG.normal(size=accounts), repeats)
    churned = RNG.random(len(account)) < 1 / (1 + np.exp(2 - risk))
    p = 1 / (1 + np.exp(2 - 0.8 * risk))
    return pd.DataFrame(
        {
            "account_id": account.astype(str),
            "as_of": np.tile(np.arange(repeats), accounts),
            "due": True,
            "arr": 1.0,
            "churned": churned,
            "model": p,
            "calendar": 0.1,
            "twin": p,
        }
    )


def test_rows_of_one_account_are_drawn_together():
    predictions = table().assign(churned=lambda t: t.groupby("account_id")["churned"].transform("first"))
    by_account = draws_of(predictions, ("model",), capacity_share=0.1, draws=300, seed=1)
    alone = draws_of(
        predictions.assign(account_id=np.arange(len(predictions))), ("model",), capacity_share=0.1, draws=300, seed=1
    )
    widths = [np.ptp(interval(draws.values[("model", "auc")])) for draws in (by_account, alone)]
    assert widths[0] > widths[1]
    low, high = interval(by_account.values[("model", "auc")])
    assert low < auc(predictions["churned"].to_numpy(float), predictions["model"].to_numpy()) < high


def test_a_model_is_neither_better_nor_worse_than_its_twin():
    draws = draws_of(table(), ("model", "twin"), capacity_share=0.1, draws=100, seed=1)
    assert draws.better("model", "twin", "log_loss") == 0.5
    assert np.isnan(draws.better("model", "nobody", "auc"))


def test_without_rows_there_are_no_draws():
    assert draws_of(table().iloc[:0], ("model",), capacity_share=0.1, draws=100, seed=1).values == {}
