"""The planted truth: who leaves at which rate, that the causes can be seen, and that a null world says nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from features.world.generate import World, generate
from features.world.params import WorldParams
from features.world.states import CAUSES

RIVALS = ("Rivalio", "Contendo")


def order(seed: int, **hazard: float) -> World:
    raw = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8"))["world"]
    raw["futures"] = 0
    raw["hazard"].update(hazard)
    return generate(1500, 30, seed, WorldParams.model_validate(raw), RIVALS)


@pytest.fixture(scope="module")
def world() -> World:
    return order(21)


@pytest.fixture(scope="module")
def null() -> World:
    return order(21, effect=0.0)


def rate(world: World, billing: str) -> float:
    terms = world.tables["subscriptions"][["subscription_id", "billing"]]
    decided = world.tables["renewals"].merge(terms, on="subscription_id").query("billing == @billing")
    early = decided["decided_at"] < decided["renews_at"] - pd.Timedelta(days=91)
    return (decided["outcome"] == "churned")[~early].mean()


def ranking(score: pd.Series, hit: pd.Series) -> float:
    """The chance that a hit scores above a miss."""
    ranks = score.rank()
    hits = int(hit.sum())
    return (ranks[hit].sum() - hits * (hits + 1) / 2) / (hits * (len(hit) - hits))


def months(world: World) -> pd.DataFrame:
    truth = world.truth["account_months"].copy()
    ahead = truth["churned_at"] - truth["as_of"]
    truth["leaves"] = ahead.notna() & (ahead < pd.Timedelta(days=91))
    truth["month"] = truth["as_of"].dt.to_period("M")
    return truth


def with_counts(truth: pd.DataFrame, rows: pd.DataFrame, time: str) -> pd.Series:
    counts = rows.groupby(["account_id", rows[time].dt.to_period("M").rename("month")]).size().rename("rows")
    return truth[["account_id", "month"]].join(counts, on=["account_id", "month"])["rows"].fillna(0)


def test_annual_renewals_are_lost_at_the_rate_asked_for(world):
    assert 0.07 < rate(world, "annual") < 0.105


def test_monthly_renewals_are_lost_at_the_rate_asked_for(world):
    assert 0.010 < rate(world, "monthly") < 0.016


def test_the_base_rate_dial_turns(world):
    assert rate(order(21, annual_churn=0.18), "annual") > 1.5 * rate(world, "annual")


def test_the_null_world_keeps_the_base_rate(null):
    assert 0.07 < rate(null, "annual") < 0.105


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_is_at_work_in_some_account_months_and_never_above_its_limit(world, cause):
    acting = world.truth["account_months"][f"logit_{cause}"]
    assert 0.03 < (acting > 0.5).mean() < 0.13
    assert acting.between(0, 2.5).all()


def test_the_true_probability_is_calibrated_and_ranks(world):
    truth = months(world).query("as_of < '2026-04-01'")
    assert truth["p_churn_90d"].mean() == pytest.approx(truth["leaves"].mean(), rel=0.15)
    assert ranking(truth["p_churn_90d"], truth["leaves"]) > 0.85


def test_the_causes_rank_who_leaves_among_monthly_contracts(world):
    truth = months(world).query("as_of < '2026-04-01'")
    terms = world.tables["subscriptions"]
    monthly = truth[truth["account_id"].isin(terms.loc[terms["billing"] == "monthly", "account_id"])]
    assert ranking(monthly[[f"logit_{cause}" for cause in CAUSES]].sum(axis=1), monthly["leaves"]) > 0.72


def test_nothing_ranks_who_leaves_in_the_null_world(null):
    truth = months(null)
    truth["rows"] = with_counts(truth, null.tables["usage"], "occurred_at")
    truth["tickets"] = with_counts(truth, null.tables["tickets"], "opened_at")
    assert (truth[[f"logit_{cause}" for cause in CAUSES]] == 0).all(axis=None)
    assert len(null.tables["notices"]) == 0
    terms = null.tables["subscriptions"]
    monthly = truth[truth["account_id"].isin(terms.loc[terms["billing"] == "monthly", "account_id"])]
    whole = monthly[monthly["churned_at"].isna() | (monthly["churned_at"].dt.to_period("M") > monthly["month"])]
    for score in ("rows", "tickets", "health"):
        assert abs(ranking(whole[score], whole["leaves"]) - 0.5) < 0.08, score


def test_use_is_lower_than_the_same_account_s_when_adoption_fails(world):
    truth = months(world)
    whole = truth[truth["churned_at"].isna() | (truth["churned_at"].dt.to_period("M") > truth["month"])].copy()
    whole["rows"] = with_counts(whole, world.tables["usage"], "occurred_at")
    well = whole[whole["logit_usage"] == 0].groupby("account_id")["rows"].median()
    ill = whole[whole["logit_usage"] > 1].groupby("account_id")["rows"].median()
    both = pd.concat([well, ill], axis=1, keys=["well", "ill"]).dropna()
    assert len(both) > 100
    assert (both["ill"] < both["well"]).mean() > 0.8
    assert (both["ill"] / both["well"]).median() < 0.7


def share_with(world: World, rows: pd.DataFrame, time: str, cause: str) -> tuple[float, float]:
    """The share of account-months with such a row: where the cause is at work, and where it is not."""
    truth = months(world)
    seen = with_counts(truth, rows, time) > 0
    return seen[truth[f"logit_{cause}"] > 1].mean(), seen[truth[f"logit_{cause}"] == 0].mean()


def test_support_friction_shows_in_urgent_tickets(world):
    rows = world.tables["tickets"].query("kind == 'bug' and severity in ['high', 'urgent']")
    ill, well = share_with(world, rows, "opened_at", "support")
    assert ill > 3 * well


def test_competition_shows_in_the_rivals_names(world):
    messages = world.tables["messages"]
    ill, well = share_with(world, messages[messages["text"].str.contains("|".join(RIVALS))], "sent_at", "competition")
    assert ill > 0.3
    assert well < 0.05


def test_a_champion_s_exit_shows_in_the_contacts(world):
    left = world.tables["contacts"].query("role == 'champion'").dropna(subset="ended_at")
    ill, well = share_with(world, left, "ended_at", "stakeholders")
    assert ill > 0.1
    assert well < 0.005


def test_budget_pressure_shows_in_late_payment(world):
    invoices = world.tables["invoices"]
    late = invoices[invoices["paid_at"] > invoices["due_at"]]
    ill, well = share_with(world, late, "due_at", "budget")
    assert ill > 2 * well


def test_disengagement_shows_in_missed_meetings_and_slow_replies(world):
    meetings = world.tables["meetings"]
    missed = meetings[(meetings["status"] == "missed") | (meetings["cancelled_by"] == "customer")]
    ill, well = share_with(world, missed, "scheduled_for", "engagement")
    assert ill > 2 * well


def test_unseen_value_shows_in_reviews_not_held(world):
    held = world.tables["meetings"].query("kind == 'value_review' and status == 'held'")
    ill, well = share_with(world, held, "scheduled_for", "value")
    assert ill < 0.5 * well


def test_a_failed_onboarding_shows_in_steps_not_done(world):
    truth = months(world)
    young = truth.groupby("account_id").head(3)
    failed = young.groupby("account_id")["logit_onboarding"].max() > 1
    steps = world.tables["onboarding"].query("due_at < '2026-06-01'")
    done = (steps["completed_at"] <= steps["due_at"] + pd.Timedelta(days=7)).groupby(steps["account_id"]).mean()
    both = pd.concat([failed.rename("failed"), done.rename("done")], axis=1).dropna()
    assert both.loc[both["failed"], "done"].mean() < 0.75 * both.loc[~both["failed"], "done"].mean()


def test_the_cause_is_the_largest_log_odds_and_null_when_none_is_large(world):
    truth = world.truth["account_months"]
    acting = truth[[f"logit_{cause}" for cause in CAUSES]].to_numpy()
    assert truth["cause"].isna().equals(pd.Series(acting.max(axis=1) < 0.5))
    named = truth["cause"].notna().to_numpy()
    assert (np.array(CAUSES, dtype=object)[acting.argmax(axis=1)][named] == truth["cause"].to_numpy()[named]).all()


def test_only_treated_plays_act_and_those_that_fit_help(world):
    plays = world.truth["plays"].merge(world.tables["interventions"][["intervention_id", "arm"]], on="intervention_id")
    assert (plays.loc[plays["arm"] == "holdout", "effect"] == 0).all()
    treated = plays[plays["arm"] == "treated"]
    assert (treated.loc[treated["matched"], "effect"] < 0).all()
    assert (treated.loc[~treated["matched"], "effect"] > 0).all()
