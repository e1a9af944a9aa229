"""Pushes by family: they sum to the margin, eleven an account, and name what was planted."""

from dataclasses import replace

import numpy as np
import pytest

from features.signal import FAMILIES
from models.explanation import explained, pushes
from models.reasons import ReasonHead

ACTING = ("usage", "support", "stakeholders", "competition", "value")


@pytest.fixture(scope="module")
def latest(company):
    return company.matrix.loc[company.matrix["as_of"] >= "2021-06-01"].reset_index(drop=True)


@pytest.fixture(scope="module")
def table(latest, training, params):
    return pushes(training.model, latest, training.model.margins(latest), horizon_days=90, params=params.explanation)


def test_base_and_pushes_sum_to_the_margin(table):
    total = table.frame.groupby(["as_of", "account_id"], sort=False)["push"].sum().to_numpy()
    gap = table.accounts["base"].to_numpy() + total - table.accounts["margin"].to_numpy()
    assert np.abs(gap).max() < 1e-6


def test_every_account_has_eleven_families_in_their_order(table, latest):
    assert len(table.frame) == 11 * len(latest)
    assert (table.frame["family"].to_numpy().reshape(-1, 11) == np.array(FAMILIES)).all()


def test_the_margin_is_that_of_the_riskiest_period_before_the_horizon(table, latest, training):
    hazards = training.model.hazards(latest)[:, :3]
    np.testing.assert_allclose(1 / (1 + np.exp(-table.accounts["margin"])), hazards.max(axis=1), rtol=1e-9)
    days = (table.accounts["margin_from"] - table.accounts["as_of"]).dt.days.to_numpy()
    assert (days == np.array([0, 30, 60])[hazards.argmax(axis=1)]).all()
    assert ((table.accounts["margin_to"] - table.accounts["margin_from"]).dt.days == 30).all()


def test_drivers_are_clear_families_that_do_not_lower_the_risk(table, params):
    keyed = table.frame.set_index(["account_id", "as_of", "family"])
    for name in ("driver_1", "driver_2"):
        named = table.accounts.dropna(subset=[name])
        assert len(named)
        rows = keyed.loc[list(zip(named["account_id"], named["as_of"], named[name], strict=True))]
        assert (rows["push"] > params.explanation.clear_push).all()
    first = table.accounts.dropna(subset=["driver_1"])
    assert keyed.loc[list(zip(first["account_id"], first["as_of"], first["driver_1"], strict=True)), "clear"].all()
    both = table.accounts.dropna(subset=["driver_2"])
    assert (both["driver_1"] != both["driver_2"]).all()
    assert table.accounts.loc[table.accounts["driver_1"].isna(), "driver_2"].isna().all()


def test_the_planted_cause_ranks_first_where_it_leads(table, company, latest, training, params):
    ready = params.explanation.model_copy(update={"name_from": 0.001, "also_from": 0.001})
    table = pushes(training.model, latest, training.model.margins(latest), horizon_days=90, params=ready)
    keep = (company.matrix["as_of"] >= "2021-06-01").to_numpy()
    causes = company.causes[keep]
    ordered = np.sort(causes, axis=1)
    leads = (ordered[:, -1] >= 0.5) & (ordered[:, -1] >= 1.5 * ordered[:, -2])
    risky = table.accounts["margin"].to_numpy() >= np.quantile(table.accounts["margin"], 0.8)
    truth = np.array(ACTING)[causes.argmax(axis=1)][leads & risky]
    first, second = (table.accounts[name].to_numpy()[leads & risky] for name in ("driver_1", "driver_2"))
    assert (first == truth).mean() >= 0.55
    assert ((first == truth) | (second == truth)).mean() >= 0.7


def test_a_family_of_which_nothing_goes_with_leaving_is_never_named_and_pushes_as_before(latest, training, params, table):
    deaf = tuple(0.9 if family == "usage" else chance for family, chance in zip(FAMILIES, training.model.telling, strict=True))
    model = replace(training.model, telling=deaf)
    found = pushes(model, latest, model.margins(latest), horizon_days=90, params=params.explanation)
    assert (table.accounts["driver_1"] == "usage").any()
    assert not (found.accounts[["driver_1", "driver_2"]] == "usage").any(axis=None)
    np.testing.assert_array_equal(found.frame["push"], table.frame["push"])


def test_the_less_likely_a_family_must_not_be_the_fewer_are_named_and_a_second_never_without_a_first(latest, training, params):
    named = []
    for least in (0.05, 0.35, 0.9):
        strict = params.explanation.model_copy(update={"name_from": least, "also_from": least})
        found = pushes(training.model, latest, training.model.margins(latest), horizon_days=90, params=strict)
        assert found.accounts.loc[found.accounts["driver_1"].isna(), "driver_2"].isna().all()
        chance = found.frame.set_index(["account_id", "as_of", "family"])["chance"]
        some = found.accounts.dropna(subset=["driver_1"])
        assert (chance.loc[list(zip(some["account_id"], some["as_of"], some["driver_1"], strict=True))] >= least).all()
        named.append(found.accounts["driver_1"].notna().mean())
    assert named[0] > named[1] > named[2]


def test_a_family_without_signals_never_pushes_and_a_decoy_is_rarely_named(table):
    assert (table.frame.loc[table.frame["family"] == "budget", "push"] == 0).all()
    assert (table.accounts["driver_1"] == "sentiment").mean() < 0.05


def test_what_the_calendar_does_is_in_the_base(latest, training):
    """Moving the renewal into the horizon moves the base, not the pushes of the anchor."""
    some = latest.loc[(latest["monthly_term"] == 0) & (latest["days_to_renewal"] > 200)].head(30)
    due = some.assign(days_to_renewal=45.0)
    far, near = (explained(training.model, f, training.model.margins(f), 90) for f in (some, due))
    assert (near.base - far.base > 1.5).all()


def test_an_account_is_explained_alike_alone_and_in_company(latest, training, params, table):
    one = latest.iloc[[7]].reset_index(drop=True)
    alone = pushes(training.model, one, training.model.margins(one), horizon_days=90, params=params.explanation)
    together = table.frame.iloc[77:88].reset_index(drop=True)
    np.testing.assert_allclose(alone.frame["push"], together["push"], atol=1e-12)
    assert alone.frame["clear"].tolist() == together["clear"].tolist()


def test_the_anchor_alone_sums_too(world_of, settings_of, train_on):
    made = world_of(accounts=90, seed=4)
    model = train_on(made, settings_of()).model
    some = made.matrix.tail(40)
    found = explained(model, some, model.margins(some), 90)
    assert np.abs(found.base + found.push.sum(axis=1) - found.margin).max() < 1e-9


def test_nobody_gives_empty_tables_with_every_column(latest, training, params, table):
    none = latest.iloc[:0]
    found = pushes(training.model, none, training.model.margins(none), horizon_days=90, params=params.explanation)
    assert list(found.frame.columns) == list(table.frame.columns)
    assert list(found.accounts.columns) == list(table.accounts.columns)
    assert len(found.frame) == len(found.accounts) == 0


def test_what_leavers_blamed_decides_between_clear_families_and_changes_no_push(latest, training, params):
    lifted = np.zeros(training.model.anchor.indices.evidence(latest.iloc[:1]).shape[1])
    blame = ReasonHead(("competitor", "value"), (tuple(lifted), tuple(lifted)), (8.0, -8.0), (0.5, 0.5), 200)
    told = replace(training.model, reasons=blame)
    ready = params.explanation.model_copy(update={"name_from": 0.1, "also_from": 0.1})
    table = pushes(training.model, latest, training.model.margins(latest), horizon_days=90, params=ready)
    found = pushes(told, latest, told.margins(latest), horizon_days=90, params=ready)
    np.testing.assert_array_equal(found.frame["push"], table.frame["push"])
    np.testing.assert_array_equal(found.frame["clear"], table.frame["clear"])
    clear = table.frame["clear"].to_numpy().reshape(-1, 11)[:, FAMILIES.index("competition")]
    first = (found.accounts["driver_1"] == "competition").to_numpy()
    assert first.sum() > (table.accounts["driver_1"] == "competition").sum()
    assert clear[first].all()
    assert not (found.accounts["driver_1"] == "value")[clear].any()


def test_what_people_confirmed_makes_a_family_likelier_and_changes_no_push_and_no_margin(latest, training, params, table):
    margins = training.model.margins(latest)
    prior = {"competition": 2.0, "usage": -2.0}
    found = pushes(training.model, latest, margins, horizon_days=90, params=params.explanation, prior=prior)
    for name in ("push", "strength"):
        np.testing.assert_array_equal(found.frame[name], table.frame[name])
    np.testing.assert_array_equal(found.accounts["margin"], table.accounts["margin"])
    named = [(each["driver_1"] == "competition").sum() for each in (table.accounts, found.accounts)]
    blamed = [(each["driver_1"] == "usage").sum() for each in (table.accounts, found.accounts)]
    assert named[0] < named[1]
    assert blamed[0] > blamed[1]
