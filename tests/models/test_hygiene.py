"""Leaks are named; labels dealt to the wrong accounts teach nothing and are refused."""

import numpy as np
import pandas as pd
import pytest

from models.fitting import Material
from models.hygiene import suspected
from models.training import microseconds


def changed(company, **parts):
    values = {name: getattr(company, name) for name in ("matrix", "follow_up", "catalogue", "arr", "causes", "until")}
    return type(company)(**(values | parts))


def leaving_soon(company):
    ends = company.follow_up["churned_at"] - company.follow_up["as_of"]
    return (ends < pd.Timedelta(days=90)).to_numpy()


@pytest.fixture
def suspects(company, params, signal_of):
    """The suspects when one more column is a signal."""

    def find(name, values, unit="number"):
        catalogue = (*company.catalogue, signal_of(name, "commercial", 0, unit))
        matrix = company.matrix.assign(**{name: values})
        material = Material.of(matrix, company.follow_up, catalogue, periods=(30, 60, 90), grace_days=30)
        found = suspected(material, until=microseconds(company.until.date()), horizon_days=90, params=params.gate)
        return [suspect.signal for suspect in found]

    return find


def test_an_honest_company_has_no_suspects_and_permuted_labels_are_chance(training):
    hygiene = training.hygiene
    assert hygiene.suspects == ()
    assert hygiene.permuted_low <= hygiene.permuted_auc <= hygiene.permuted_high


def test_a_signal_that_knows_the_outcome_is_named_whatever_its_sign(company, suspects):
    noise = np.random.default_rng(1).normal(0, 0.1, len(company.matrix))
    assert suspects("final_invoice", leaving_soon(company) + noise) == ["final_invoice"]
    assert suspects("final_invoice", noise - leaving_soon(company)) == ["final_invoice"]


def test_being_missing_can_be_the_leak(company, suspects):
    assert suspects("open_seat", np.where(leaving_soon(company), np.nan, 1.0)) == ["open_seat"]


def test_a_category_can_be_the_leak(company, suspects):
    stage = np.where(leaving_soon(company), "closed lost", "active").astype(object)
    assert suspects("stage", stage, "category") == ["stage"]


def test_a_name_for_every_account_is_not_taken_for_a_leak(company, suspects):
    assert suspects("domain", company.matrix["account_id"] + ".example", "category") == []


def test_a_half_true_signal_is_no_leak(company, suspects):
    rng = np.random.default_rng(1)
    assert suspects("notice", (leaving_soon(company) & (rng.random(len(company.matrix)) < 0.4)).astype(float)) == []


def test_a_leak_refuses_the_candidate(company, params, signal_of, train_on):
    leaking = changed(
        company,
        matrix=company.matrix.assign(final_invoice=leaving_soon(company).astype(float)),
        catalogue=(*company.catalogue, signal_of("final_invoice", "commercial", 1)),
    )
    result = train_on(leaking, params).judged(params)
    assert not result.passed
    assert "final_invoice" in result.as_text()


def test_a_world_in_which_nothing_can_be_seen_is_refused(world_of, params, train_on):
    found = train_on(world_of(effect=0.0, seed=6, rate=-1.2), params)
    result = found.judged(params)
    assert found.model.kind == "blend"
    assert not result.passed
    assert any("there is no usable signal" in reason.sentence for reason in result.refusals)


def test_labels_dealt_among_accounts_are_refused(company, params, train_on):
    rng = np.random.default_rng(2)
    accounts = company.matrix["account_id"].unique()
    donor = dict(zip(accounts, rng.permutation(accounts), strict=True))
    asked = pd.MultiIndex.from_arrays([company.matrix["account_id"].map(donor), company.matrix["as_of"]])
    dealt = company.follow_up.set_index(["account_id", "as_of"]).reindex(asked).reset_index(drop=True)
    dealt["followed_until"] = dealt["followed_until"].fillna(company.matrix["as_of"])
    follow = pd.concat([company.matrix[["account_id", "as_of"]], dealt], axis=1)
    found = train_on(changed(company, follow_up=follow), params)
    assert abs(found.evaluation.value("model", "auc_in_cohort") - 0.5) < 0.12
    assert not found.judged(params).passed
