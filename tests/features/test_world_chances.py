"""The true chance of leaving: what it knows, that it is kept, and the dials that change one thing alone."""

import numpy as np
import pandas as pd
import pytest

from features.world.generate import World
from tests.features.worlds import CHANCES, left, order, ranking


@pytest.fixture(scope="module")
def world() -> World:
    return order(500, 18, 4)


def test_every_account_month_of_the_truth_has_its_chances_rising_with_the_horizon(world):
    found, months = world.truth["chances"], world.truth["account_months"]
    pd.testing.assert_frame_equal(found[["account_id", "as_of"]], months[["account_id", "as_of"]])
    assert found[CHANCES].apply(lambda column: column.between(0, 1)).all(axis=None)
    assert (found[CHANCES].diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)


@pytest.mark.parametrize(("days", "at_least"), [(30, 0.9), (90, 0.84), (180, 0.75), (365, 0.62)])
def test_the_chances_add_up_to_those_who_left_and_rank_them(world, days, at_least):
    table = left(world, days)
    assert table[f"p_churn_{days}d"].sum() == pytest.approx(table["left"].sum(), rel=0.3)
    assert ranking(table[f"p_churn_{days}d"], table["left"]) > at_least


def test_where_nothing_can_set_in_the_chance_is_the_one_along_the_path():
    still = {name: {"onset": 0.0, "months": 1, "log_odds": 0.0} for name in ("usage", "support", "stakeholders", "budget")}
    still |= {name: {"onset": 0.0, "months": 1, "log_odds": 0.0} for name in ("competition", "value", "engagement", "onboarding")}
    quiet = order(60, 8, 2, families=still, hazard={"health_log_odds": 0.0}, twin={"plays": False}, records={"notice_share": 0.0})
    months, found = quiet.truth["account_months"], quiet.truth["chances"]
    hazard = months.pivot_table(index="account_id", columns="as_of", values="hazard")
    first = found[found["as_of"] == found["as_of"].min()].set_index("account_id")
    here = hazard.loc[first.index]
    two, three = (1 - (1 - here.iloc[:, :count]).prod(axis=1, skipna=False) for count in (2, 3))
    known = three.notna()
    assert (first["p_churn_90d"][known] <= three[known] + 1e-9).all()
    assert (first["p_churn_90d"][known] >= two[known] - 1e-9).all()


def test_an_open_notice_all_but_settles_it(world):
    notices = world.tables["notices"].query("kind != 'downgrade'")
    table = left(world, 90).merge(notices[["account_id", "given_at", "withdrawn_at", "known_at"]], on="account_id")
    since = table["as_of"] - table["known_at"]
    pending = table[(since > pd.Timedelta(0)) & (table["as_of"] - table["given_at"] < pd.Timedelta(days=20))]
    stands = pending[~(pending["withdrawn_at"] < pending["as_of"])]
    assert len(stands) > 5
    assert stands["p_churn_90d"].median() > 0.7


def test_in_a_null_world_the_chances_know_the_calendar_only():
    null = order(400, 14, 6, hazard={"effect": 0.0})
    terms = null.tables["subscriptions"]
    monthly = terms.loc[terms["billing"] == "monthly", "account_id"].unique()
    table = null.truth["chances"]
    table = table[table["account_id"].isin(monthly)]
    assert table.groupby("as_of")["p_churn_365d"].std().max() < 0.01


def test_no_futures_no_chances():
    assert "chances" not in order(10, 6, 1, futures=0).truth


def test_more_futures_change_nothing_but_the_chances():
    few, more = (order(30, 8, 5, futures=count) for count in (1, 4))
    for name, table in few.tables.items():
        pd.testing.assert_frame_equal(table, more.tables[name])
    pd.testing.assert_frame_equal(few.truth["account_months"], more.truth["account_months"])
    assert not few.truth["chances"].equals(more.truth["chances"])


def test_a_twin_without_plays_lives_the_same_life_until_a_play_would_have_acted():
    as_it_is, alone = (order(200, 12, 8, futures=0, twin={"plays": plays}) for plays in (True, False))
    assert len(alone.tables["interventions"]) == 0
    both = as_it_is.truth["account_months"].merge(
        alone.truth["account_months"], on=["account_id", "as_of"], suffixes=("", "_alone")
    )
    both = both[both["hazard"] > 0]
    same = both["logit_play"] == 0
    assert np.allclose(both.loc[same, "hazard"], both.loc[same, "hazard_alone"])
    acted = both.loc[~same]
    gap = np.log(acted["hazard"] / (1 - acted["hazard"])) - np.log(acted["hazard_alone"] / (1 - acted["hazard_alone"]))
    assert np.allclose(gap, acted["logit_play"])


def test_a_twin_without_a_cause_differs_by_that_cause_alone():
    plays = {"plays": False}
    as_it_is, without = (order(200, 12, 8, futures=0, twin=plays | {"without": cause}) for cause in (None, "competition"))
    both = as_it_is.truth["account_months"].merge(
        without.truth["account_months"], on=["account_id", "as_of"], suffixes=("", "_without")
    )
    both = both[both["hazard"] > 0]
    assert (both["logit_competition_without"] == 0).all()
    odds = [np.log(both[name] / (1 - both[name])) for name in ("hazard", "hazard_without")]
    assert np.allclose(odds[0] - odds[1], both["logit_competition"])


def test_drift_turns_what_a_cause_does_from_its_month_on_and_nothing_before():
    drift = {"from_share": 0.5, "log_odds": {"competition": 2.0}, "onset": {"budget": 4.0}}
    before, after = order(300, 16, 3, futures=0), order(300, 16, 3, futures=0, drift=drift)
    tables = [world.truth["account_months"].query("as_of < '2025-11-01'") for world in (before, after)]
    then = [table.drop(columns=["churned_at", "p_churn_90d"]) for table in tables]  # both look ahead
    pd.testing.assert_frame_equal(*then)
    late = [world.truth["account_months"].query("as_of >= '2025-11-01'") for world in (before, after)]
    both = late[0].merge(late[1], on=["account_id", "as_of"], suffixes=("", "_after"))
    np.testing.assert_allclose(both["logit_competition_after"], 2 * both["logit_competition"])
    assert both["logit_budget_after"].mean() > 1.5 * both["logit_budget"].mean()


def test_a_cause_that_this_world_does_not_have_is_refused_by_name():
    with pytest.raises(ValueError, match=r"weather; the causes of this world are usage, support"):
        order(10, 6, 1, drift={"log_odds": {"weather": 2.0}})


@pytest.mark.parametrize("what", ["log_odds", "onset"])
def test_a_drift_below_nothing_is_refused(what):
    with pytest.raises(ValueError, match=rf"{what}\.competition[\s\S]*greater than or equal to 0"):
        order(10, 6, 1, drift={what: {"competition": -1.0}})
