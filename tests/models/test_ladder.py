"""Trees beside the anchor serve only where they are not shown to do harm."""

import pandas as pd
import pytest

from models.gate_words import TREES_HARM


@pytest.fixture(scope="module")
def stepped(company, settings_of, train_on):
    """Trained where trees must gain what they cannot: the world is as linear as the anchor."""
    return train_on(company, settings_of(gate={"anchor_tolerance": 0.0}))


def test_the_anchor_serves_alone_where_trees_beside_it_may_do_harm_and_the_notes_say_so(stepped, training):
    assert training.model.kind == "blend"
    assert stepped.model.kind == "anchor"
    assert stepped.model.boosters == ()
    assert stepped.notes.count(TREES_HARM.en) == 1
    assert TREES_HARM.en not in training.notes


def test_what_is_measured_then_is_the_anchor_at_every_origin(stepped, training):
    found = stepped.evaluation
    assert set(found.origins["kind"]) == {"anchor"}
    assert found.predictions["model"].equals(found.predictions["anchor"])
    then = training.evaluation.predictions
    pd.testing.assert_series_equal(found.predictions["churned"], then["churned"])


def test_its_recipe_stays_an_anchor_when_it_is_trained_again(stepped):
    assert stepped.model.fingerprint["training_params"]["anchor_only_below_churned"] > 10**9


def test_many_outcomes_ask_as_much_of_an_anchor_as_of_trees(stepped, settings_of):
    churned = stepped.evaluation.churned_accounts
    few, many = (
        {each.check: each for each in stepped.judged(settings_of(gate={"automatic_from_churned": limit})).reasons}
        for limit in (churned + 1, churned)
    )
    assert few["beats_calendar"].threshold == ">= 0.65"
    assert many["beats_calendar"].threshold == ">= 0.90"
    assert many["signal"].threshold == "interval above 0.500"
    assert "not_worse_than_anchor" not in many
