"""Training end to end on a tiny world with known truth."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

import models.ladder
from models.errors import UnableToTrain
from models.metrics import auc
from models.replay import replayed
from models.training import microseconds


def test_the_blend_finds_the_planted_risk_beyond_its_baselines(training):
    found = training.evaluation
    assert training.model.kind == "blend"
    for rival in ("base_rate", "calendar", "recency", "rule_score"):
        assert found.value("model", "auc") > found.value(rival, "auc") + 0.02
        assert found.value("model", "log_loss") < found.value(rival, "log_loss")
    assert found.value("model", "auc_in_cohort") > 0.6


def test_every_model_is_measured_on_the_same_rows(training):
    assert set(training.evaluation.metrics["n"]) == {len(training.evaluation.predictions)}
    assert not training.evaluation.predictions.drop(columns="leaves_in_days").isna().any().any()
    assert set(training.evaluation.metrics["model"]) == {
        "model",
        "boosting",
        "anchor",
        "rule_score",
        "recency",
        "calendar",
        "base_rate",
    }


def test_intervals_hold_their_value(training):
    shown = training.evaluation.metrics.dropna(subset=["low"])
    assert (shown["low"] <= shown["value"] + 1e-9).all()
    assert (shown["value"] <= shown["high"] + 1e-9).all()


def test_the_tested_rows_come_after_what_was_learned(training):
    predictions = training.evaluation.predictions
    assert (predictions["as_of"] >= pd.to_datetime(predictions["origin"])).all()
    assert training.evaluation.origins["train_churned_accounts"].is_monotonic_increasing


@pytest.fixture(scope="module")
def again(company, params, train_on):
    """A second training of the company, and the replay inside it."""
    replays = []

    def kept(*given, **named):
        replays.append(replayed(*given, **named))
        return replays[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.ladder, "replayed", kept)
        found = train_on(company, params)
    return found, replays[0]


def test_each_origin_blends_by_what_the_origins_before_it_saw_and_the_model_by_all_of_them(params, again):
    found, replay = again
    origins = found.evaluation.origins.to_dict("records")
    for line in origins:
        seen = replay.later.before(microseconds(date.fromisoformat(line["origin"])))
        assert len(seen.account) > 0
        assert line["anchor_share"] == seen.anchor_share("blend", params.training)
    assert found.model.anchor_share == replay.later.anchor_share("blend", params.training)
    assert len({found.model.anchor_share, *(line["anchor_share"] for line in origins)}) > 1


def test_the_report_names_every_model_and_the_counts(training):
    text = training.evaluation.as_text()
    for name in ("model", "anchor", "rule_score", "recency", "base_rate", "churned accounts", "calibration slope"):
        assert name in text


def test_the_same_input_gives_the_same_bytes(training, again, tmp_path):
    first = [p.read_bytes() for p in training.model.to_dir(tmp_path / "a")]
    second = [p.read_bytes() for p in again[0].model.to_dir(tmp_path / "b")]
    assert first == second
    pd.testing.assert_frame_equal(training.evaluation.metrics, again[0].evaluation.metrics)


def test_below_fifty_churned_accounts_the_anchor_serves_alone_and_says_so(world_of, settings_of, train_on):
    small = train_on(world_of(accounts=90, seed=4), settings_of())
    assert small.rows.churned_accounts < 50
    assert small.model.kind == "anchor"
    assert small.model.boosters == ()
    assert any("anchor serves alone" in note for note in small.notes)


def test_outcomes_learned_later_do_not_reach_the_model(company, params, training, train_on, tmp_path):
    """Absurd follow-up known only at or after the end changes no byte of the model."""
    follow = company.follow_up.copy()
    late = follow["churned_at"].isna() & (follow["followed_until"] >= company.until)
    follow.loc[late, "churned_at"] = company.until
    follow.loc[late, "outcome_known_at"] = company.until
    changed = type(company)(company.matrix, follow, company.catalogue, company.arr, company.causes, company.until)
    again = train_on(changed, params)
    assert [p.read_bytes() for p in training.model.to_dir(tmp_path / "a")] == [
        p.read_bytes() for p in again.model.to_dir(tmp_path / "b")
    ]


def test_a_company_where_nobody_or_everybody_leaves_cannot_be_learned(company, params, train_on):
    def with_follow(follow):
        return type(company)(company.matrix, follow, company.catalogue, company.arr, company.causes, company.until)

    nobody = company.follow_up.assign(churned_at=pd.NaT, outcome_known_at=pd.NaT, followed_until=company.until)
    with pytest.raises(UnableToTrain, match="0 accounts churned"):
        train_on(with_follow(nobody), params)
    unknown = nobody.assign(followed_until=company.follow_up["as_of"])
    with pytest.raises(UnableToTrain, match="no outcome is known yet"):
        train_on(with_follow(unknown), params)
    soon = company.follow_up["as_of"] + pd.Timedelta(days=3)
    everybody = nobody.assign(churned_at=soon, outcome_known_at=soon, followed_until=soon)
    with pytest.raises(UnableToTrain, match="every training row is a churn"):
        train_on(with_follow(everybody), params)


def test_an_empty_matrix_is_refused(company, params, train_on):
    empty = type(company)(
        company.matrix.iloc[:0], company.follow_up.iloc[:0], company.catalogue, company.arr[:0], company.causes, company.until
    )
    with pytest.raises(UnableToTrain, match="no rows"):
        train_on(empty, params)


def test_an_all_missing_signal_changes_nothing_else(company, params, signal_of, train_on):
    wide = type(company)(
        company.matrix.assign(never=np.nan),
        company.follow_up,
        (*company.catalogue, signal_of("never", "budget", 1)),
        company.arr,
        company.causes,
        company.until,
    )
    found = train_on(wide, params)
    assert found.evaluation.value("model", "auc") > 0.8
    assert found.model.anchor.indices.scales["never"].spread == 0.0


def test_a_short_history_trains_and_says_that_nothing_was_tested(world_of, settings_of, train_on):
    found = train_on(world_of(accounts=500, months=5, monthly_share=0.9, rate=-1.5), settings_of())
    assert found.evaluation.churned_accounts >= 0
    assert any("origin" in note for note in found.notes)
    assert found.model.churn_probability is not None


def test_weekly_periods_and_horizon_work_alike(company, params, settings_of):
    from models.training import train

    found = train(
        company.matrix,
        company.follow_up,
        company.catalogue,
        until=company.until.date(),
        arr=company.arr,
        periods=(7, 14, 21, 28),
        grace_days=30,
        params=settings_of(decision={"horizon_days": 28}, evaluation={"origin_step_days": 60}),
        progress=lambda stage, done, total: None,
    )
    latest = company.matrix.tail(50)
    assert found.evaluation.horizon_days == 28
    assert np.isnan(found.model.churn_probability(latest, 90)).all()
    assert (found.model.churn_probability(latest, 28) >= found.model.churn_probability(latest, 7)).all()


def test_a_horizon_behind_the_last_period_is_cut_there_and_noted(company, params):
    from models.training import train

    found = train(
        company.matrix,
        company.follow_up,
        company.catalogue,
        until=company.until.date(),
        arr=company.arr,
        periods=(30,),
        grace_days=30,
        params=params,
        progress=lambda stage, done, total: None,
    )
    assert found.evaluation.horizon_days == 30
    assert any("decision.horizon_days is 90" in note for note in found.notes)


def test_calibrated_probabilities_are_near_the_truth_they_predict(training):
    low, high = training.evaluation.bounds("model", "observed_expected")
    assert low < 1.1
    assert high > 0.9
    table = training.evaluation.calibration
    assert table["predicted"].is_monotonic_increasing
    assert auc(np.r_[np.zeros(5), np.ones(5)], table["observed"].to_numpy()) > 0.8


def test_progress_is_told_and_ends(company, params, train_on):
    from models.training import train

    told = []
    train(
        company.matrix,
        company.follow_up,
        company.catalogue,
        until=company.until.date(),
        arr=company.arr,
        periods=(90,),
        grace_days=30,
        params=params,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert told[-1][1] == told[-1][2]
    assert any(stage.startswith("origin 2021") for stage, _, _ in told)


@pytest.mark.parametrize("day", ["2021-03-01", "2021-03-01T00:00:00", "2021-03-01T01:00:00+01:00"])
def test_until_is_midnight_utc_in_microseconds(day):
    assert microseconds(pd.Timestamp(day)) == 1_614_556_800_000_000


def test_a_champion_of_the_same_day_and_recipe_stays(company, params, training, train_on):
    found = train_on(company, params, champion=training.model)
    assert found.rivalry is not None
    table = found.rivalry.evaluation.predictions
    np.testing.assert_allclose(table["champion"], table["model"])
    refused = {reason.check for reason in found.judged(params).refusals}
    assert "beats_champion" in refused


def test_a_training_knows_whether_its_explanations_hold(training):
    assert training.pushes.gap < 1e-6
    assert training.pushes.lowering == {}
