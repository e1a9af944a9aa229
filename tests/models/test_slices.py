"""Figures by group of accounts: which are told, and that small groups say so."""

import numpy as np
import pandas as pd
import pytest

from models.metrics import auc
from models.slices import measured_slices, slices_of, with_traits


@pytest.fixture(scope="module")
def predictions():
    """600 accounts, two rows each; the model knows the big ones only, and no small one of the region `far` churned."""
    rng = np.random.default_rng(0)
    n = 600
    risk = np.repeat(rng.normal(size=n), 2)
    churned = rng.random(2 * n) < 1 / (1 + np.exp(1.5 - 1.5 * risk))
    big, far = np.repeat(rng.random(n) < 0.5, 2), np.repeat(rng.random(n) < 0.05, 2)
    p = np.where(big, 1 / (1 + np.exp(1.5 - 1.5 * risk)), rng.uniform(0.1, 0.3, 2 * n))
    return pd.DataFrame(
        {
            "account_id": np.repeat([f"A{i:03}" for i in range(n)], 2),
            "as_of": np.tile(pd.to_datetime(["2026-01-01", "2026-04-01"]), n),
            "arr": 1000.0,
            "churned": churned & ~far,
            "model": p,
            "calendar": 0.2,
            "base_rate": 0.2,
            "trait_segment": np.where(big, "1000+", "0-1000"),
            "trait_region": pd.Series(np.where(far, "far", "near")).where(np.arange(2 * n) > 3, None),
        }
    )


def of(found, trait, level, metric, model="model"):
    here = (found["trait"] == trait) & (found["level"] == level) & (found["metric"] == metric) & (found["model"] == model)
    return found.loc[here].iloc[0]


def test_each_level_holds_its_own_rows_and_what_is_not_known_is_in_none(predictions):
    slices = {(each.trait, each.level): each for each in slices_of(predictions, 20)}
    assert list(slices) == [("segment", "0-1000"), ("segment", "1000+"), ("region", "far"), ("region", "near")]
    assert sum(len(each.rows) for (trait, _), each in slices.items() if trait == "segment") == len(predictions)
    assert sum(len(each.rows) for (trait, _), each in slices.items() if trait == "region") == len(predictions) - 4
    big = predictions.iloc[slices["segment", "1000+"].rows]
    assert set(big["trait_segment"]) == {"1000+"}
    assert slices["segment", "1000+"].churned_accounts == big.loc[big["churned"], "account_id"].nunique()


def test_a_model_that_knows_one_group_only_is_seen_to(predictions, params):
    found = measured_slices(predictions, capacity_share=0.1, params=params.evaluation)
    big, small = (of(found, "segment", level, "auc") for level in ("1000+", "0-1000"))
    part = predictions.loc[predictions["trait_segment"] == "1000+"]
    assert big["value"] == pytest.approx(auc(part["churned"].to_numpy(float), part["model"].to_numpy()))
    assert big["low"] > small["high"]
    assert of(found, "segment", "1000+", "brier_skill")["value"] > 0.1
    assert of(found, "segment", "1000+", "brier_skill", "base_rate")["value"] == 0


def test_of_a_small_group_nothing_is_said(predictions, params):
    found = measured_slices(predictions, capacity_share=0.1, params=params.evaluation)
    far = found.loc[found["level"] == "far"]
    assert len(far) == 1
    assert not far["enough"].iloc[0]
    assert far["churned_accounts"].iloc[0] == 0
    assert far[["metric", "value"]].isna().all(axis=None)


def test_a_group_of_which_everybody_left_is_not_enough(predictions):
    everybody = predictions.assign(churned=True)
    assert not any(each.enough for each in slices_of(everybody, 20))


def test_traits_are_put_beside_the_rows_of_their_account_and_day(predictions):
    matrix = predictions[["account_id", "as_of"]].sample(frac=1, random_state=1).reset_index(drop=True)
    traits = pd.DataFrame({"twice": matrix["account_id"] + matrix["as_of"].astype(str), "unasked": "x"})
    found = with_traits(predictions, matrix, traits, ("twice", "not_there"))
    assert (found["trait_twice"] == predictions["account_id"] + predictions["as_of"].astype(str)).all()
    assert "trait_unasked" not in found


def test_without_traits_or_rows_there_are_no_slices(predictions, params):
    bare = predictions.drop(columns=["trait_segment", "trait_region"])
    assert measured_slices(bare, capacity_share=0.1, params=params.evaluation).empty
    assert slices_of(predictions.iloc[:0], 20) == ()
