import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tabular.folds import dealt_folds, forward_blocks, outer_folds
from models.tabular.table import Table


def table_of(churned, *, group=None, time=None):
    churned = np.asarray(churned, dtype=float)
    made = pd.DataFrame({"use": np.linspace(0, 1, len(churned)) ** 2})
    return Table.of(made, churned, group=group, time=None if time is None else np.asarray(time, dtype=float))


def test_without_group_and_time_every_row_is_tested_once_a_repeat_and_outcomes_are_level(params_of):
    made = table_of([1.0] * 10 + [0.0] * 20)
    folds = outer_folds(made, params_of(table={"folds": 5, "repeats": 2}).table, 0.0)
    assert len(folds) == 10
    for repeat in (0, 1):
        assert sorted(np.concatenate([f.test for f in folds if f.repeat == repeat])) == list(range(30))
    assert {made.churned[fold.test].sum() for fold in folds} == {2.0}
    assert not np.array_equal(folds[0].test, folds[5].test)


def test_many_rows_are_dealt_once(params_of):
    params = params_of(table={"folds": 3, "repeats": 2, "repeat_up_to_rows": 29}).table
    assert len(outer_folds(table_of([1.0] * 10 + [0.0] * 20), params, 0.0)) == 3


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=12, max_size=60))
@settings(max_examples=30, deadline=None)
def test_a_group_is_never_learned_from_and_tested_at_once(rows):
    groups, churned = np.array([g for g, _ in rows]), [float(c) for _, c in rows]
    if len(np.unique(groups)) < 2 or len(set(churned)) < 2:
        return
    made = table_of(churned, group=groups)
    for fold in dealt_folds(made, made.known, 3, 1, 0):
        assert not set(groups[fold.train]) & set(groups[fold.test])


@given(st.lists(st.integers(0, 40), min_size=20, max_size=80), st.integers(0, 15))
@settings(max_examples=50, deadline=None)
def test_whatever_is_learned_from_was_over_before_anything_tested(times, label_days):
    churned = np.arange(len(times)) % 2
    made = table_of(churned, time=times)
    for fold in forward_blocks(made, made.known, 3, label_days):
        first = made.time[fold.test].min()
        assert (made.time[fold.train] + label_days <= first).all()
        assert (made.time[fold.train] < first).all()


def test_rows_whose_outcome_was_not_over_are_not_learned_from():
    made = table_of([0.0, 1.0] * 10, time=np.repeat(np.arange(10) * 10.0, 2))
    (close,) = forward_blocks(made, made.known, 1, 0.0)
    (purged,) = forward_blocks(made, made.known, 1, 30.0)
    assert made.time[close.train].max() == 40
    assert made.time[purged.train].max() == 20


@pytest.mark.parametrize("time", [np.zeros(20), np.arange(20.0)])
def test_blocks_without_both_outcomes_on_either_side_are_left_out(time):
    made = table_of([0.0] * 19 + [1.0], time=time)
    assert forward_blocks(made, made.known, 3, 0.0) == ()
