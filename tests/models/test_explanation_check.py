"""What an explanation must hold: it sums to the margin, and worse signals raise the risk."""

from dataclasses import replace

import numpy as np
import pytest

from models.explanation_check import check_explanation


@pytest.fixture(scope="module")
def latest(company):
    return company.matrix.loc[company.matrix["as_of"] >= "2021-11-01"].reset_index(drop=True)


def test_an_anchor_that_rewards_trouble_is_named_by_family(training, latest):
    anchor = training.model.anchor
    support = anchor.indices.families == 3
    turned = np.where(support, -np.abs(anchor.evidence) - 0.1, anchor.evidence)
    wrong = replace(training.model, kind="anchor", anchor_share=1.0, boosters=(), anchor=replace(anchor, evidence=tuple(turned)))
    found = check_explanation(wrong, latest, 90)
    assert list(found.lowering) == ["support"]
    assert found.lowering["support"] > 0.5
    assert found.gap < 1e-6


def test_nobody_is_no_explanation(training, latest):
    found = check_explanation(training.model, latest.iloc[:0], 90)
    assert np.isnan(found.gap)
    assert found.lowering == {}
