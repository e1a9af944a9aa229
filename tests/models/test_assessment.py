"""Assessments: one row an account, probabilities that rise, nulls where nothing may be said; and the rule health."""

import numpy as np
import pandas as pd
import pytest

from models.assessment import BANDS, assess
from models.encoding import features_of
from models.errors import UnableToScore
from models.health import health, rule_score


@pytest.fixture(scope="module")
def latest(company):
    return company.matrix.loc[company.matrix["as_of"] == company.matrix["as_of"].max()].reset_index(drop=True)


def assessed(model, matrix, statuses, params, more=()):
    return assess(
        model,
        matrix,
        statuses,
        model_version="3",
        decision=params.decision,
        explanation=params.explanation,
        health_params=params.health,
        more_horizons=more,
    )


@pytest.fixture(scope="module")
def found(latest, training, params):
    statuses = ["scored"] * (len(latest) - 2) + ["no_usage", "decided"]
    return assessed(training.model, latest, statuses, params, more=(45,))


def test_columns_are_those_of_the_design_and_the_horizon_asked_for(found):
    assert list(found.assessments.columns) == [
        *("account_id", "as_of", "p_churn_30d", "p_churn_90d", "p_churn_180d", "p_churn_365d", "p_churn_45d"),
        *("margin", "base", "margin_from", "margin_to", "risk_band", "health", "driver_1", "driver_2"),
        *("model_version", "status"),
    ]
    assert str(found.assessments["as_of"].dtype) == "datetime64[us]"
    assert found.assessments["account_id"].is_monotonic_increasing


def test_an_account_that_is_not_scored_keeps_its_place_without_numbers(found, latest):
    assert len(found.assessments) == len(latest)
    rest = found.assessments.loc[found.assessments["status"] != "scored"]
    assert len(rest) == 2
    empty = ["p_churn_30d", "p_churn_365d", "margin", "base", "margin_from", "risk_band", "driver_1", "driver_2"]
    assert rest[empty].isna().all().all()
    assert not set(rest["account_id"]) & set(found.pushes["account_id"])


def test_bands_follow_the_cuts(found, params):
    scored = found.assessments.loc[found.assessments["status"] == "scored"]
    p = scored["p_churn_90d"].to_numpy(dtype=float)
    assert scored["risk_band"].tolist() == [BANDS[n] for n in np.digitize(p, params.decision.band_cuts)]
    assert scored["risk_band"].nunique() >= 3


def test_probabilities_rise(found):
    scored = found.assessments.loc[found.assessments["status"] == "scored"]
    names = ["p_churn_30d", "p_churn_45d", "p_churn_90d", "p_churn_180d", "p_churn_365d"]
    assert (np.diff(scored[names].to_numpy(dtype=float), axis=1) >= 0).all()


def test_nobody_scored_is_a_table_of_places(latest, training, params):
    found = assessed(training.model, latest, ["too_new"] * len(latest), params)
    assert len(found.assessments) == len(latest)
    assert found.assessments["p_churn_90d"].isna().all()
    assert len(found.pushes) == 0


def test_an_unknown_status_or_a_wrong_number_of_them_is_refused(latest, training, params):
    with pytest.raises(UnableToScore, match="maybe"):
        assessed(training.model, latest, ["maybe"] * len(latest), params)
    with pytest.raises(UnableToScore, match="1 statuses"):
        assessed(training.model, latest, ["scored"], params)


def rule(signal_of, params, **values):
    kinds = {"events_28d": ("usage", -1, "count"), "late_share": ("budget", 1, "share"), "use_change": ("usage", -1, "change")}
    catalogue = tuple(signal_of(name, *kinds[name]) for name in values)
    frame = pd.DataFrame({name: [value] for name, value in values.items()})
    return frame, features_of(frame, catalogue), params.health


def test_health_is_hundred_when_nothing_is_wrong_and_nothing_at_the_worst(signal_of, params):
    assert health(*rule(signal_of, params, events_28d=50.0, late_share=0.0))[0] == 100
    assert health(*rule(signal_of, params, events_28d=0.0, late_share=1.0))[0] == 0


def test_missing_is_not_zero_in_the_rule(signal_of, params):
    known = rule_score(*rule(signal_of, params, late_share=1.0))[0]
    beside_missing = rule_score(*rule(signal_of, params, events_28d=np.nan, late_share=1.0))[0]
    assert known == beside_missing == 1.0
    assert np.isnan(rule_score(*rule(signal_of, params, events_28d=np.nan))[0])


def test_a_signal_may_have_its_own_ramp(signal_of, settings_of):
    own = settings_of(health={"signals": {"events_28d": {"safe": 100, "danger": 0}}})
    assert health(*rule(signal_of, own, events_28d=50.0))[0] == 50
