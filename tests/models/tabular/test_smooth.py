import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tabular.curves import curve_of
from models.tabular.smooth import fit_smooth
from models.tabular.table import Table


def fitted(table, params, **changes):
    return fit_smooth(table, table.known, table.features, params.table.model_copy(update=changes), 30)


def test_what_columns_add_is_nothing_on_average_and_sums_to_the_margin(table, params):
    anchor = fitted(table, params)
    terms = anchor.terms(table.frame)
    assert np.allclose(terms.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(anchor.intercept + terms.sum(axis=1), anchor.margins(table.frame))


def test_a_bend_is_found_where_a_straight_line_sees_nothing(params):
    x = np.linspace(-3, 3, 600)
    churned = (np.random.default_rng(3).random(600) < np.where(np.abs(x) > 1.5, 0.8, 0.1)).astype(float)
    table = Table.of(pd.DataFrame({"x": x}), churned)
    bent, straight = fitted(table, params), fitted(table, params, anchor_bends_from=1e9)
    ends_less_middle = [each.margins(pd.DataFrame({"x": [-3.0, 0.0, 3.0]})) for each in (bent, straight)]
    assert (ends_less_middle[0][[0, 2]] - ends_less_middle[0][1] > 2).all()
    assert np.ptp(ends_less_middle[1]) < 0.5


@pytest.mark.parametrize("direction", [1, -1])
def test_a_column_with_a_direction_never_turns_round(params, direction):
    x = np.linspace(-3, 3, 300)
    churned = (np.random.default_rng(3).random(300) < np.where(np.abs(x) > 1.5, 0.8, 0.1)).astype(float)
    table = Table.of(pd.DataFrame({"x": x}), churned, directions={"x": direction})
    risk = fitted(table, params).margins(pd.DataFrame({"x": np.linspace(-9, 9, 50)}))
    assert (direction * np.diff(risk) >= -1e-9).all()


def test_missing_and_unseen_values_are_scored(table, params):
    anchor = fitted(table, params)
    strange = pd.DataFrame({"use": [np.nan, 1e12], "seats": [np.inf, -5.0], "plan": [None, "Z"], "region": ["north", None]})
    assert np.isfinite(anchor.margins(strange)).all()


def test_a_thinned_table_keeps_every_churn_and_the_level(params, customers_of):
    table = Table.of(*customers_of(3000, seed=5))
    full, thin = fitted(table, params), fitted(table, params, anchor_max_rows=2500)
    assert abs(full.margins(table.frame).mean() - thin.margins(table.frame).mean()) < 0.15


@given(st.lists(st.floats(-1e9, 1e9), min_size=5, max_size=60), st.sampled_from([0, 1, -1]))
@settings(max_examples=60, deadline=None)
def test_the_design_of_any_column_is_finite_and_has_average_nothing(values, direction):
    column = np.array([*values, np.nan])
    curve = curve_of(column, direction, 5)
    design = curve.design(column)
    assert np.isfinite(design).all()
    assert np.allclose(design.mean(axis=0), 0, atol=1e-4)
    assert design.shape[1] == 2 + curve.bends
