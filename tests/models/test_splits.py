"""Rolling origins and grouped folds."""

import numpy as np
import pandas as pd
import pytest

from models.rows import DAY, Outcomes
from models.splits import grouped_folds, labelled, rolling_origins, warm_up


def micros(dates):
    return np.asarray(pd.DatetimeIndex(dates).to_numpy().astype("datetime64[us]").astype("int64"))


def one(text):
    return int(micros([text])[0])


MONTHLY = micros(pd.date_range("2020-01-01", "2021-12-01", freq="MS"))


def test_monthly_origins_lie_on_the_grid_and_mature_before_the_end():
    found = rolling_origins(MONTHLY, until=one("2022-01-01"), horizon_days=90, step_days=90, count=4)
    assert [origin.date for origin in found] == ["2021-01-01", "2021-04-01", "2021-07-01", "2021-10-01"]
    for origin in found:
        assert origin.snapshots == (origin.cut,)
        assert origin.cut + 90 * DAY <= origin.until <= one("2022-01-01")


def test_a_weekly_grid_tests_every_week_once():
    weekly = micros(pd.date_range("2020-01-06", "2020-12-28", freq="7D"))
    found = rolling_origins(weekly, until=one("2021-01-04"), horizon_days=7, step_days=28, count=3)
    snapshots = [snapshot for origin in found for snapshot in origin.snapshots]
    assert len(found) == 3
    assert all(len(origin.snapshots) == 4 for origin in found)
    assert min(np.diff(snapshots)) >= 7 * DAY
    assert max(snapshots) + 7 * DAY <= one("2021-01-04")


def test_short_history_has_fewer_origins_and_none_is_no_error():
    assert len(rolling_origins(MONTHLY[:6], until=one("2020-07-01"), horizon_days=90, step_days=90, count=4)) == 2
    assert rolling_origins(MONTHLY[:2], until=one("2020-02-20"), horizon_days=90, step_days=90, count=4) == ()


def test_a_block_before_the_first_origin_comes_one_that_tests_nothing():
    found = rolling_origins(MONTHLY, until=one("2022-01-01"), horizon_days=90, step_days=90, count=4)
    (before,) = warm_up(MONTHLY, found, horizon_days=90, step_days=90)
    assert (before.date, before.until, before.snapshots) == ("2020-10-01", found[0].cut, ())


def test_a_history_that_begins_with_the_first_origin_has_none_before_it():
    found = rolling_origins(MONTHLY[:6], until=one("2020-07-01"), horizon_days=90, step_days=90, count=4)
    assert warm_up(MONTHLY[:6], found, horizon_days=90, step_days=90) == ()
    assert warm_up(MONTHLY, (), horizon_days=90, step_days=90) == ()


def test_as_ofs_at_or_after_the_end_are_not_looked_at():
    found = rolling_origins(MONTHLY, until=one("2021-06-01"), horizon_days=90, step_days=90, count=2)
    assert max(origin.cut for origin in found) <= one("2021-06-01") - 90 * DAY


def test_labels_wait_for_the_whole_window(company):
    outcomes = Outcomes.of(company.matrix, company.follow_up)
    cut = one("2021-01-01")
    positions, churned = labelled(outcomes, 90, cut)
    assert (outcomes.as_of[positions] + 90 * DAY <= cut).all()
    assert (outcomes.known[positions[churned]] < cut).all()
    assert 0 < churned.mean() < 0.5


def test_a_group_is_never_split_and_every_row_is_tested_once():
    groups = [f"g{n % 37}" for n in range(400)]
    folds = grouped_folds(groups, 3, seed=5)
    tested = np.concatenate([test for _, test in folds])
    assert sorted(tested.tolist()) == list(range(400))
    for train, test in folds:
        assert not {groups[i] for i in train} & {groups[i] for i in test}
        assert 100 <= len(test) <= 170


def test_folds_are_the_same_for_the_same_seed_only():
    groups = [f"g{n}" for n in range(100)]
    first, again, other = (grouped_folds(groups, 4, seed=s) for s in (1, 1, 2))
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a[1], b[1]) for a, b in zip(first, other, strict=True))


def test_more_folds_than_groups_are_refused():
    with pytest.raises(ValueError, match="give 2 to 2 folds"):
        grouped_folds(["a", "b", "a"], 3, seed=1)
