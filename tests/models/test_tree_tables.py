"""Trees as tables: the margins are LightGBM's to the bit, the pushes its own to the rounding."""

from dataclasses import replace
from functools import cache

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.boosting import contributions_of, margins_of
from models.model import Model
from models.tree_pushes import PushTables
from models.tree_tables import TreeTables

STILL, MOVING = 5, 2  # a category is the second of the still columns
GROUPS = (0, 1, 0, 2, 1, 3, 3)


def rows(seed, count, *, missing=True):
    """Columns in steps, so that values fall on thresholds; the third is never missing where the trees learn."""
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(count, STILL + MOVING)), 1).astype(np.float32)
    X[:, 1] = rng.integers(0, 7, count)
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, 2] = X[:, 2] if missing else np.round(rng.normal(size=count), 1)
    return X


@cache
def boosters(seed, leaves=8, depth=4, number=2):
    X = rows(seed, 600, missing=False)
    rng = np.random.default_rng(seed + 1)
    odds = np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 1] % 2) + np.nan_to_num(X[:, 2] * X[:, 5]) + np.isnan(X[:, 3])
    y = (rng.random(600) < 1 / (1 + np.exp(1 - odds))).astype(float)
    shape = {"objective": "binary", "num_leaves": leaves, "max_depth": depth, "min_data_in_leaf": 10, "verbosity": -1}
    shape |= {"num_threads": 1, "cat_smooth": 1, "cat_l2": 1, "min_data_per_group": 5, "deterministic": True}
    data = lgb.Dataset(X, y, categorical_feature=[1], params=shape, free_raw_data=False)
    made = [lgb.train(shape | {"seed": n, "feature_fraction": 0.7}, data, 25) for n in range(number)]
    return tuple(lgb.Booster(model_str=each.model_to_string()) for each in made)


def test_the_trees_of_these_tests_split_by_category_and_send_missing_values_every_way():
    found = {("level" if each.levels else each.missing) for seed in range(3) for each in TreeTables.of(boosters(seed)).codings}
    assert found == {"level", "left", "right", "zero"}


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 50), few=st.integers(1, 30))
def test_margins_in_every_period_are_those_of_lightgbm_to_the_bit(seed, few):
    made = boosters(seed % 3)
    still, moving = rows(seed, 40)[:, :STILL], np.stack([rows(seed + n, 40)[:, STILL:] for n in range(3)])
    for rounds in (None, few):
        found = TreeTables.of(made).margins(still, moving, rounds)
        said = np.stack([margins_of(made, np.hstack([still, each]), rounds) for each in moving])
        assert np.array_equal(found, said)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 50))
def test_pushes_are_the_shapley_values_of_lightgbm_summed_by_group(seed):
    made, X = boosters(seed % 3), rows(seed, 40)
    pushes = PushTables.of(TreeTables.of(made), GROUPS)
    said = contributions_of(made, X)
    by_group = np.column_stack([said[:, :-1][:, np.array(GROUPS) == group].sum(axis=1) for group in range(4)])
    np.testing.assert_allclose(pushes(X[:, :STILL], X[:, STILL:]), by_group, rtol=0, atol=1e-12)
    assert pushes.expected == pytest.approx(said[0, -1], abs=1e-12)


def test_a_row_is_looked_up_alike_alone_and_among_many(monkeypatch):
    made, X = boosters(0), rows(9, 50)
    tables = TreeTables.of(made)
    whole, pushed = tables.margins(X[:, :STILL], X[None, :, STILL:]), PushTables.of(tables, GROUPS)
    together = pushed(X[:, :STILL], X[:, STILL:])
    monkeypatch.setattr("models.tree_tables.ROWS_AT_ONCE", 7)
    monkeypatch.setattr("models.tree_pushes.ROWS_AT_ONCE", 7)
    assert np.array_equal(tables.margins(X[:, :STILL], X[None, :, STILL:]), whole)
    assert np.array_equal(pushed(X[:, :STILL], X[:, STILL:]), together)


def test_trees_without_a_split_say_the_same_of_everybody():
    X = rows(1, 100)
    flat = lgb.train({"objective": "binary", "verbosity": -1}, lgb.Dataset(np.zeros((100, 7)), np.arange(100) % 4 == 0), 2)
    tables = TreeTables.of((flat,))
    assert np.array_equal(tables.margins(X[:, :STILL], X[None, :, STILL:])[0], margins_of((flat,), X))
    assert (PushTables.of(tables, GROUPS)(X[:, :STILL], X[:, STILL:]) == 0).all()


def test_trees_too_large_for_tables_are_walked(training, company):
    assert TreeTables.of(boosters(0, leaves=31, depth=7)) is None
    some, model = company.matrix.iloc[:20], training.model
    walked = replace(model)
    walked.__dict__["tables"] = None  # as of trees that are too large
    assert model.tables is not None
    assert walked.family_pushes is None
    assert np.array_equal(Model.margins(walked, some), model.margins(some))
