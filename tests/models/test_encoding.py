"""Columns to numbers: categories, unseen levels, missing columns."""

import numpy as np
import pandas as pd
import pytest

from models.encoding import encoded, features_of, levels_of, require
from models.errors import UnableToScore, UnableToTrain
from models.indices import Indices

ALL = np.arange(4)


def matrix():
    return pd.DataFrame(
        {
            "logins": [1.0, np.nan, 0.0, np.inf],
            "plan": ["pro", "basic", None, "pro"],
            "days_to_renewal": [1.0, 2, 3, 4],
            "attr_size": [1, 2, 3, 4],
            "attr_tier": ["x", "y", "y", "z"],
            "attr_trial": [True, False, True, False],
        }
    )


@pytest.fixture
def catalogue(signal_of):
    return (
        signal_of("logins", "usage", -1),
        signal_of("plan", "commercial", 1, "category"),
        signal_of("days_to_renewal", "commercial", 1, calendar=True),
    )


def test_calendar_signals_are_not_features_and_attributes_are(catalogue):
    found = {feature.name: feature for feature in features_of(matrix(), catalogue)}
    assert list(found) == ["logins", "plan", "attr_size", "attr_tier", "attr_trial"]
    assert found["attr_tier"].category
    assert found["attr_tier"].family == "firmographic"
    assert not found["attr_trial"].category
    assert found["plan"].direction == 0


def test_a_level_not_seen_in_training_reads_as_missing(catalogue):
    features = features_of(matrix(), catalogue)
    levels = levels_of(matrix(), ALL, features, most=30)
    later = matrix().assign(plan=["pro", "gold", None, "basic"])
    codes = encoded(later, ALL, features, levels)[:, 1]
    assert levels["plan"] == ("basic", "pro")
    np.testing.assert_array_equal(codes, [1, np.nan, np.nan, 0])


def test_rare_levels_beyond_the_most_frequent_read_as_missing(catalogue):
    features = features_of(matrix(), catalogue)
    assert levels_of(matrix(), ALL, features, most=1)["plan"] == ("pro",)


def test_missing_and_infinite_are_missing_and_zero_is_zero(catalogue):
    features = features_of(matrix(), catalogue)
    np.testing.assert_array_equal(
        encoded(matrix(), ALL, features, levels_of(matrix(), ALL, features, 30))[:, 0], [1, np.nan, 0, np.nan]
    )


def test_a_signal_without_a_column_is_named(catalogue, signal_of):
    with pytest.raises(UnableToTrain, match="tickets_90d"):
        features_of(matrix(), (*catalogue, signal_of("tickets_90d", "support", 1)))
    with pytest.raises(UnableToScore, match="logins"):
        require(matrix().drop(columns="logins"), features_of(matrix(), catalogue))


def test_an_absent_attribute_is_only_missing(catalogue):
    features = features_of(matrix(), catalogue)
    levels = levels_of(matrix(), ALL, features, 30)
    without = matrix().drop(columns=["attr_size", "attr_tier"])
    require(without, features)
    assert np.isnan(encoded(without, ALL, features, levels)[:, 2:4]).all()


def test_text_in_a_number_column_is_refused_by_name(catalogue):
    features = features_of(matrix(), catalogue)
    with pytest.raises(UnableToScore, match="column logins should hold numbers"):
        encoded(matrix().assign(logins=["a", "b", "c", "d"]), ALL, features, {"plan": (), "attr_tier": ()})


def test_nothing_to_learn_from_is_an_error():
    with pytest.raises(UnableToTrain, match="nothing to learn from"):
        features_of(pd.DataFrame({"account_id": ["a"]}), ())


def test_evidence_counts_only_on_the_risky_side_and_missing_is_none(signal_of):
    frame = pd.DataFrame({"logins": [0.0, 5.0, 10.0, np.nan, 5.0], "flag": [0.0, 0, 0, 0, 1]})
    both = (signal_of("logins", "usage", -1), signal_of("flag", "competition", 1))
    indices = Indices.learn(frame, np.arange(5), features_of(frame, both), clip=4.0)
    strengths = indices.strengths(frame, 3)
    assert strengths[0, 0] > 0
    assert strengths[1:, 0].tolist() == [0, 0, 0, 0]
    assert strengths[4, 5] > 1
    assert (strengths[:, 1] == 0).all()


def test_an_all_missing_signal_says_nothing(catalogue):
    frame = pd.DataFrame({"logins": [np.nan] * 3})
    indices = Indices.learn(frame, np.arange(3), features_of(frame, catalogue[:1]), clip=4.0)
    assert (indices.evidence(frame) == 0).all()
