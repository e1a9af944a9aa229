import numpy as np
import pandas as pd
import pytest

from models.errors import UnableToTrain
from models.tabular.table import Table

ROWS = 30
LABELS = np.tile([0.0, 1.0, np.nan], ROWS // 3)


def dropped(**columns):
    """Why each column was left out, beside one that is not."""
    made = Table.of(pd.DataFrame({"use": np.tile([1.0, 2.5], ROWS // 2), **columns}), LABELS)
    return {each.column: each.why.en for each in made.dropped}


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ([f"C-{n}" for n in range(ROWS)], "is different in every row, as an id is"),
        (np.arange(1000.0, 1000.0 + ROWS), "numbers the rows, as an id does"),
        (np.full(ROWS, 7.0), "is the same in every row"),
        (["EU"] * ROWS, "is the same in every row"),
        (np.full(ROWS, np.nan), "is empty"),
    ],
)
def test_a_column_that_says_nothing_is_dropped_and_said(column, why):
    assert dropped(column=column) == {"column": why}


@pytest.mark.parametrize(
    "column",
    [
        np.linspace(0.5, 99.3, ROWS),  # different everywhere, as amounts are
        np.arange(ROWS) * 1000.0,  # whole and different, but far apart
        [7.0] * (ROWS - 1) + [np.nan],  # the same wherever it is known: being known may tell
        ["EU"] * (ROWS - 1) + ["US"],
    ],
)
def test_a_column_that_may_say_something_is_kept(column):
    assert dropped(column=column) == {}


def test_a_table_without_a_usable_column_says_what_was_wrong_with_each():
    with pytest.raises(UnableToTrain, match="no column is left to learn from: a is the same in every row; b is empty"):
        Table.of(pd.DataFrame({"a": [1.0] * ROWS, "b": [np.nan] * ROWS}), LABELS)


def test_rows_without_an_outcome_are_not_known():
    made = Table.of(pd.DataFrame({"use": np.tile([1.0, 2.5], ROWS // 2)}), LABELS)
    assert list(made.known[:4]) == [0, 1, 3, 4]


def test_churned_groups_are_counted_once_however_many_rows_they_fill():
    made = Table.of(pd.DataFrame({"use": [1.0, 2.5] * 2}), np.array([1.0, 1.0, 0.0, 1.0]), group=np.array([5, 5, 6, 7]))
    assert made.churned_groups(np.arange(4)) == 2
