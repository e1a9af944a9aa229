"""What a rolling origin has learned was known before its cut."""

import numpy as np
import pandas as pd

SCORED = ["model", "anchor", "boosting", "calendar", "base_rate", "recency", "rule_score"]


def otherwise(company, cut):
    """The company with another future: what is not known before the cut turns over, and every later signal is noise."""
    rng, matrix, follow = np.random.default_rng(7), company.matrix.copy(), company.follow_up.copy()
    later = (matrix["as_of"] > cut).to_numpy()
    signals = [name for name in matrix if name.rpartition("_")[0] in ("usage", "support", "stakeholders", "competition", "value")]
    matrix.loc[later, signals] = rng.normal(size=(int(later.sum()), len(signals)))
    names = matrix["account_id"].unique()
    goes = follow["account_id"].map(dict(zip(names, rng.random(len(names)) < 0.5, strict=True)))
    unknown = ~(follow["outcome_known_at"] < cut)
    leaves = follow["as_of"].clip(lower=cut) + pd.Timedelta(days=40)
    known = leaves + pd.Timedelta(days=5)
    there = follow["churned_at"].isna() & goes & (known < company.until)
    follow.loc[unknown, "churned_at"] = leaves.where(there)
    follow.loc[unknown, "outcome_known_at"] = known.where(there)
    follow.loc[unknown, "followed_until"] = leaves.where(there).fillna(company.until)
    return type(company)(matrix, follow, company.catalogue, company.arr, company.causes, company.until)


def test_nothing_known_at_or_after_its_cut_trains_a_rolling_origin(company, params, training, train_on):
    """Neither trees and how many of them, nor blend, calibration and rivals: the same accounts get the same chances."""
    origins = training.evaluation.origins
    assert set(origins["kind"]) == {"blend"}
    second = pd.Timestamp(origins["origin"].iloc[1])
    changed = train_on(otherwise(company, second), params)
    was, now = (
        each.evaluation.predictions.set_index(["account_id", "as_of"]).loc[lambda rows: rows["origin"] <= str(second.date())]
        for each in (training, changed)
    )
    both = was.index.intersection(now.index)
    assert len(both) > 0.9 * len(was)
    assert not now.loc[both, "churned"].equals(was.loc[both, "churned"])
    pd.testing.assert_frame_equal(now.loc[both, SCORED], was.loc[both, SCORED], check_exact=True)
