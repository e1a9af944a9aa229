"""The champion as it would have scored then: its recipe, as old at every origin as it is today."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from models.fitting import Material
from models.replay import replayed
from models.rivalry import rivalry, simpler
from models.splits import rolling_origins
from models.training import microseconds

PERIODS = (30, 60, 90)


@pytest.fixture(scope="module")
def quick(settings_of):
    return settings_of(
        evaluation={"origins": 2, "bootstrap": 50, "null_draws": 20}, training={"anchor_only_below_churned": 10_000}
    )


@pytest.fixture(scope="module")
def stage(world_of, quick):
    """A replay of anchors over 24 months, and a function that holds a champion against it."""
    made = world_of(accounts=200, rate=-1.8)
    material = Material.of(made.matrix, made.follow_up, made.catalogue, periods=PERIODS, grace_days=30)
    until = microseconds(made.until)
    origins = rolling_origins(material.outcomes.as_of, until=until, horizon_days=90, step_days=90, count=2)
    how = {"until": until, "horizon_days": 90}
    replay = replayed(material, origins, made.arr, params=quick, progress=lambda *_: None, **how)

    def against(champion):
        return rivalry(material, replay, origins, made.arr, candidate=champion, champion=champion, params=quick, **how)

    return SimpleNamespace(material=material, replay=replay, until=made.until, against=against)


@pytest.fixture(scope="module")
def champion_of(stage, quick):
    """A champion trained so many days before the candidate, on the signals of the matrix."""
    from models.fitting import fit

    rows = stage.material.rows(quick.rows, before=microseconds(stage.until), cut=microseconds(stage.until))
    model = fit(stage.material, rows, quick.training, kind="anchor", share=1.0, rounds=1, seeds=1)
    settings = {name: getattr(quick, name).model_dump(mode="json") for name in ("rows", "training")}
    recipe = {"rows_params": settings["rows"], "training_params": settings["training"]}

    def made(days_before, **training):
        until = (stage.until - pd.Timedelta(days=days_before)).date().isoformat()
        changed = recipe | {"training_params": settings["training"] | training}
        return model.calibrated(model.calibration, 1.0, changed | {"until": until})

    return made


def test_a_champion_of_the_same_day_scores_as_the_candidate_does(stage, champion_of):
    found = stage.against(champion_of(0))
    table = found.evaluation.predictions
    assert found.age_days == 0
    assert len(table) == len(stage.replay.predictions)
    np.testing.assert_allclose(table["champion"], table["model"])


def test_an_older_champion_knows_less_at_every_origin(stage, champion_of):
    found = stage.against(champion_of(120))
    table = found.evaluation.predictions
    assert (found.age_days, found.seen) == (120, False)
    assert set(table["origin"]) == set(stage.replay.predictions["origin"])
    assert not np.allclose(table["champion"], table["model"])
    whole = champion_of(120).churn_probability(
        stage.material.matrix.merge(table[["account_id", "as_of"]], on=["account_id", "as_of"]), 90
    )
    assert not np.allclose(np.sort(table["champion"]), np.sort(whole))


def test_a_champion_is_judged_by_its_own_settings(stage, champion_of):
    stiff = stage.against(champion_of(0, anchor_l2=500.0, anchor_signal_l2=500.0, a_setting_of_old=1))
    table = stiff.evaluation.predictions
    assert table.groupby("origin")["champion"].std().mean() < 0.9 * table.groupby("origin")["model"].std().mean()


def test_a_champion_is_judged_by_its_own_signals(stage, champion_of):
    few = champion_of(0)
    few = replace(few, features=tuple(each for each in few.features if each.family == "sentiment"))
    found = stage.against(few).evaluation
    assert found.value("champion", "auc_in_cohort") < found.value("model", "auc_in_cohort")


def test_where_history_is_too_short_for_the_recipe_the_champion_itself_scores_what_came_after_it(stage, champion_of):
    old = champion_of(640)
    found = stage.against(old)
    table = found.evaluation.predictions
    assert not found.seen
    rows = table[["account_id", "as_of"]].merge(stage.material.matrix, on=["account_id", "as_of"])
    np.testing.assert_allclose(table["champion"], old.churn_probability(rows, 90))


def test_without_any_row_both_can_be_held_to_the_champion_is_favoured_and_said_to_be(stage, champion_of):
    alone = replace(champion_of(0), features=(replace(champion_of(0).features[0], name="a_signal_of_old"),))
    with pytest.raises(Exception, match="a_signal_of_old"):
        stage.against(alone)


def test_far_simpler_is_half_of_the_signals_and_no_more_trees(champion_of):
    whole = champion_of(0)
    half = replace(whole, features=whole.features[: len(whole.features) // 2])
    assert simpler(half, whole, 0.5)
    assert not simpler(whole, whole, 0.5)
    assert not simpler(whole, half, 0.5)
