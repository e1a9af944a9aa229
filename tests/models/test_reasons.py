"""Reasons that leavers gave: learned from evidence, kept only when they tell later leavers apart."""

import numpy as np
import pandas as pd
import pytest

from features.signal import FAMILIES
from models.encoding import features_of
from models.indices import Indices
from models.reasons import learned
from models.rows import Outcomes
from tests.models.conftest import settings, signal

CATALOGUE = tuple(signal(f"{family}_sign", family, 1) for family in ("support", "budget", "usage"))
START = pd.Timestamp("2024-01-01")


def company(leavers, *, told=1.0, honest=True, seed=3):
    """Leavers with one raised sign each, a decision a day apart and a look 30 days before it: (indices, matrix, outcomes, reason)."""
    rng = np.random.default_rng(seed)
    cause = rng.integers(0, 2, leavers)
    matrix = pd.DataFrame(
        {"account_id": [f"a{n:04d}" for n in range(leavers)], "as_of": START + pd.to_timedelta(np.arange(leavers), "D")}
    )
    for number, each in enumerate(CATALOGUE):
        matrix[each.name] = rng.normal(0, 1, leavers) + 3.0 * (cause == number)
    names = np.array(["service", "budget"], dtype=object)[cause if honest else rng.integers(0, 2, leavers)]
    reason = pd.Series(np.where(rng.random(leavers) < told, names, None), dtype=object)
    churned = matrix["as_of"] + pd.Timedelta(days=30)
    follow_up = matrix[["account_id", "as_of"]].assign(churned_at=churned, outcome_known_at=churned, followed_until=churned)
    indices = Indices.learn(matrix, np.arange(leavers), features_of(matrix, CATALOGUE), 4.0)
    return indices, matrix, Outcomes.of(matrix, follow_up), reason


@pytest.fixture
def training():
    return settings(training={"reasons_from": 100}).training


def test_evidence_like_that_of_leavers_who_blamed_money_lifts_the_family_budget(training):
    indices, matrix, outcomes, reason = company(300)
    head, said = learned(indices, matrix, outcomes, reason, training)
    lift = head.log_lift(indices.evidence(matrix))
    blamed = (reason == "budget").to_numpy()
    assert (lift[blamed, FAMILIES.index("budget")] > 0).mean() > 0.9
    assert (lift[~blamed, FAMILIES.index("budget")] < 0).mean() > 0.9
    assert said.startswith("the reasons of 300 leavers help to name the driver (log-loss 0.")


def test_a_family_that_nobody_gives_as_a_reason_is_neither_lifted_nor_lowered(training):
    indices, matrix, outcomes, reason = company(300)
    head, _ = learned(indices, matrix, outcomes, reason, training)
    lift = head.log_lift(indices.evidence(matrix))
    assert (lift[:, [FAMILIES.index(name) for name in ("sentiment", "commercial", "usage")]] == 0).all()


def test_the_chances_of_all_reasons_sum_to_one(training):
    indices, matrix, outcomes, reason = company(300)
    head, _ = learned(indices, matrix, outcomes, reason, training)
    assert head.chances(indices.evidence(matrix)).sum(axis=1) == pytest.approx(1.0)
    assert sum(head.shares) == pytest.approx(1.0)


def test_reasons_that_have_nothing_to_do_with_the_evidence_are_left_alone(training):
    head, said = learned(*company(300, honest=False), training)
    assert head is None
    assert said.startswith("the reasons of 300 leavers do not help to name the driver")


def test_too_few_leavers_with_a_reason_are_said_to_be(training):
    head, said = learned(*company(300, told=0.3), training)
    assert head is None
    assert said.endswith("leavers' reasons are known, 100 are needed before they help to name the driver")


def test_one_reason_for_all_tells_nothing_apart(training):
    indices, matrix, outcomes, _ = company(300)
    head, said = learned(indices, matrix, outcomes, pd.Series(["budget"] * 300, dtype=object), training)
    assert head is None
    assert said == "300 leavers' reasons are known, and too few of them differ to help to name the driver"


def test_without_any_reason_there_is_nothing_to_say(training):
    assert learned(*company(300, told=0.0), training) == (None, "")


def test_evidence_long_before_the_decision_is_not_compared_with_its_reason(training):
    few_days = training.model_copy(update={"reasons_days": 20})
    assert learned(*company(300), few_days) == (None, "")


def test_a_leaver_looked_at_often_counts_once(training):
    indices, matrix, outcomes, reason = company(300)
    twice = np.concatenate([np.arange(300), np.arange(50)])
    again = Outcomes(*(getattr(outcomes, name)[twice] for name in Outcomes.__dataclass_fields__))
    head, _ = learned(indices, matrix.iloc[twice], again, reason.iloc[twice], training)
    assert head.leavers == 300
    assert dict(zip(head.reasons, head.shares, strict=True))["budget"] == pytest.approx((reason == "budget").mean())
