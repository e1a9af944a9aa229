"""What one actionable signal would change in the model's view, said as such."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.drivers import standing
from models.what_if import what_ifs


@pytest.fixture(scope="module")
def latest(company):
    newest = company.matrix["as_of"].max()
    return company.matrix.loc[company.matrix["as_of"] == newest].reset_index(drop=True)


@pytest.fixture(scope="module")
def told(latest, training, company):
    """`told(*names)`: the what-ifs of every account's families usage and support with these signals actionable."""
    model = training.model

    def made(*names, least_fall=0.0):
        signals = tuple(replace(signal, actionable=signal.name in names) for signal in company.catalogue)
        asked = pd.DataFrame(
            [(a, f) for f in ("usage", "support") for a in latest["account_id"]], columns=["account_id", "family"]
        )
        side = standing(model.anchor.indices, latest)
        settings = {"horizon_days": 90, "notable_z": 0.5, "least_fall": least_fall}
        return what_ifs(model, latest, side, asked, signals, **settings)

    return made


def test_the_chance_is_the_models_with_the_one_signal_at_its_median(told, latest, training):
    found = told("usage_0")
    assert len(found) > 10
    assert set(found["family"]) == {"usage"}
    row = found.iloc[0]
    one = latest.loc[latest["account_id"] == row["account_id"]]
    said = json.loads(row["what_if"])
    assert said["typical"] == latest["usage_0"].median()
    assert said["value"] == one["usage_0"].item()
    assert said["before"] == pytest.approx(training.model.churn_probability(one, 90)[0])
    assert said["after"] == pytest.approx(training.model.churn_probability(one.assign(usage_0=said["typical"]), 90)[0])


def test_a_better_signal_never_raises_the_risk_and_small_falls_are_not_told(told):
    every = [json.loads(each) for each in told("usage_0", "usage_1", "support_0")["what_if"]]
    assert all(each["after"] <= each["before"] for each in every)
    large = [json.loads(each) for each in told("usage_0", "usage_1", "support_0", least_fall=0.02)["what_if"]]
    assert 0 < len(large) < len(every)
    assert all(each["before"] - each["after"] >= 0.02 for each in large)


def test_of_several_signals_of_a_family_the_one_that_lowers_it_most_is_told(told):
    alone = {name: told(name).set_index(["account_id", "family"])["what_if"].map(json.loads) for name in ("usage_0", "usage_1")}
    both = told("usage_0", "usage_1").set_index(["account_id", "family"])["what_if"].map(json.loads)
    for key, each in both.items():
        options = [found[key]["after"] for found in alone.values() if key in found.index]
        assert each["after"] == pytest.approx(min(options))


def test_nothing_is_asked_of_what_nobody_can_act_on(told):
    assert list(told().columns) == ["account_id", "family", "what_if"]
    assert told().empty


def test_it_is_said_as_the_models_view_in_both_languages(told):
    said = json.loads(told("usage_0", least_fall=0.02)["what_if"].iloc[0])
    assert said["sentence_en"].startswith("In the model's view, no promise: with “")
    assert said["sentence_es"].startswith("A ojos del modelo, sin promesa: con «")
    assert "within 90 days" in said["sentence_en"]
    assert not np.isnan(said["after"])
