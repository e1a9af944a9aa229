"""How early an account that leaves was first among those worked on."""

import numpy as np
import pandas as pd
import pytest

from models.lead_time import at_precision, first_alerts, in_capacity, measured_lead_time


def looks(rows):
    """Ten accounts a look, capacity one: `rows` are (look, days until B leaves, whose probability is highest)."""
    frames = []
    for as_of, ahead, first in rows:
        names = [f"{letter}" for letter in "ABCDEFGHIJ"]
        frame = pd.DataFrame({"account_id": names, "as_of": pd.Timestamp(as_of), "arr": 100.0, "model": 0.1, "rule_score": 0.1})
        frame["leaves_in_days"] = np.where(frame["account_id"] == "B", ahead, np.nan)
        frame.loc[frame["account_id"] == first, "model"] = 0.9
        frame.loc[frame["account_id"] == "A", "rule_score"] = 0.9
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


@pytest.fixture
def few(params):
    """Evaluation settings under which one account is enough to speak of."""
    return params.evaluation.model_copy(update={"slice_min_churned": 1})


def alerts(rows, longest_days=180):
    table = looks(rows)
    return first_alerts(table, {name: in_capacity(table, name, 0.1) for name in ("model", "rule_score")}, longest_days)


ROWS = [
    ("2025-01-01", 200, "B"),
    ("2025-03-01", 100, "A"),
    ("2025-04-01", 70, "B"),
    ("2025-05-01", 40, "B"),
    ("2025-06-01", 9, "A"),
]


def test_the_first_alert_counts_back_from_the_decision_and_an_old_one_does_not_count():
    found = alerts(ROWS)
    assert found["account_id"].tolist() == ["B"]
    assert found["model"].tolist() == [70]
    assert found["oldest"].tolist() == [100]
    assert np.isnan(found["rule_score"]).all()
    assert alerts(ROWS, longest_days=365)["model"].tolist() == [200]


def test_the_share_alerted_falls_with_the_days_and_counts_only_those_who_could_be(few):
    table = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "arr": [100.0, 100, 200, 600],
            "oldest": [100.0, 100, 100, 20],
            "model": [90.0, 40, np.nan, 10],
        }
    )
    found = measured_lead_time(table, ("model",), few)
    share = found.loc[found["metric"] == "alerted"].set_index("days")
    assert share.loc[0, "value"] == pytest.approx(0.8)
    assert share.loc[30, "value"] == pytest.approx(200 / 400)
    assert share.loc[60, "value"] == pytest.approx(100 / 400)
    assert share.loc[60, "churned_accounts"] == 3
    assert share["value"].loc[30:].is_monotonic_decreasing
    median = found.loc[found["metric"] == "lead_time_days"].iloc[0]
    assert median["value"] == 10
    assert median["low"] <= 10 <= median["high"]


def test_nobody_left_gives_nothing_and_nobody_alerted_no_median(few):
    assert measured_lead_time(alerts([("2025-01-01", np.nan, "B")]), ("model",), few).empty
    found = measured_lead_time(alerts([("2025-01-01", 30, "A")]), ("model",), few)
    assert found.loc[found["metric"] == "lead_time_days", "value"].isna().all()
    assert found.loc[found["metric"] == "alerted", "value"].tolist() == [0, 0, 0]


def test_of_fewer_accounts_than_are_enough_no_share_is_told(params):
    found = measured_lead_time(alerts(ROWS), ("model",), params.evaluation)
    assert found["metric"].tolist() == ["lead_time_days"]


def test_as_many_are_alerted_as_stay_precise_and_equal_scores_go_together():
    rows = pd.DataFrame({"score": [9, 8, 8, 7, 6, 5.0], "churned": [True, False, True, False, True, False]})
    assert at_precision(rows, "score", 0.6, 6).tolist() == [True, True, True, True, True, False]
    assert at_precision(rows, "score", 0.6, 4).tolist() == [True, True, True, False, False, False]
    assert at_precision(rows, "score", 1.0, 6).tolist() == [True, False, False, False, False, False]
    assert not at_precision(rows.assign(churned=False), "score", 0.1, 6).any()
    assert len(at_precision(rows.iloc[:0], "score", 0.5, 6)) == 0
