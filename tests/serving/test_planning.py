"""What planning adds to an assessment, account by account."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.efforts import Effort
from serving.learning.arms import Episode
from serving.learning.experience import Experience
from serving.learning.learned import Estimate
from serving.params import LearningParams, TriageParams
from serving.planning import PLAN_COLUMNS, SERVING_COLUMNS, plan_all
from serving.play import load_plays
from tests.serving.conftest import triage_params

AS_OF = date(2025, 3, 3)  # a Monday
STAMP = pd.Timestamp(AS_OF)
PLAYS = load_plays()
ARR = 65_000.0
PARAMS = triage_params()


def assessed(account, p=0.4, band="critical", status="scored", arr=ARR, p_year=None, health=80.0, named=None):
    scored = status == "scored"
    year = p if p_year is None else p_year
    said = {"p_churn_90d": p, "p_churn_365d": year, "risk_band": band, "health": health} if scored else {}
    return {"account_id": account, "as_of": STAMP, **said, "driver_1": named, "driver_2": None, "arr": arr, "status": status}


def driver(account, family, chance):
    return {"account_id": account, "as_of": STAMP, "family": family, "chance": chance}


@pytest.fixture
def plan(settings):
    """`plan([assessed(…)], drivers=[…], matrix={account: {signal: value}}, …)`."""

    def made(rows, drivers=(), matrix=None, *, strategic=(), share=0.0, seed=1, episodes=None, saves=None, efforts=None):
        known = {row["account_id"]: {"days_to_renewal": 200.0, "tenure_days": 700.0} for row in rows if row["status"] == "scored"}
        signals = {account: known[account] | (matrix or {}).get(account, {}) for account in known}
        return plan_all(
            pd.DataFrame(rows),
            pd.DataFrame(drivers, columns=["account_id", "as_of", "family", "chance"]),
            pd.DataFrame([{"account_id": account, "as_of": STAMP, **values} for account, values in signals.items()]),
            set(strategic),
            PLAYS,
            TriageParams(**settings["triage"]),
            LearningParams(**{**settings["learning"], "holdout_share": share, "seed": seed}),
            as_of=AS_OF,
            decision_column="p_churn_90d",
            experience=Experience(episodes or {}, saves or {}),
            efforts=efforts or {},
        )

    return made


def one(planned):
    return planned.assessments.iloc[0]


UNSCORED = ("no_usage", "too_new", "no_contract", "decided")


@pytest.mark.parametrize("status", UNSCORED)
def test_an_account_that_is_not_scored_has_no_plan_and_nothing_in_the_columns_of_planning(status, plan):
    planned = plan([assessed("a"), assessed("b", status=status)])
    assert planned.assessments.loc[1, list(SERVING_COLUMNS)].isna().all()
    assert planned.assessments.loc[0, list(SERVING_COLUMNS)].notna().all()
    assert planned.plans["account_id"].tolist() == ["a"]


def test_where_nobody_is_scored_every_column_is_there(plan):
    planned = plan([assessed("a", status="too_new")])
    assert planned.assessments[list(SERVING_COLUMNS)].isna().all(axis=None)
    assert str(planned.assessments["respond_by"].dtype).endswith("UTC]")
    assert list(planned.plans.columns) == list(PLAN_COLUMNS)
    assert planned.plans.empty


def test_rows_and_their_order_stay(plan):
    planned = plan([assessed("b"), assessed("c", status="decided"), assessed("a", p=0.01, band="low", p_year=0.3)])
    assert planned.assessments["account_id"].tolist() == ["b", "c", "a"]
    assert planned.plans["account_id"].tolist() == ["b", "a"]


@pytest.mark.parametrize(("band", "hours"), [("critical", 24), ("high", 24), ("medium", 48), ("low", 48)])
def test_the_call_is_due_in_a_day_where_the_risk_is_high_and_in_two_elsewhere(band, hours, plan):
    due = one(plan([assessed("a", band=band)]))["respond_by"]
    assert due == pd.Timestamp(AS_OF, tz="UTC") + pd.Timedelta(hours=hours)


def test_the_expected_value_is_what_may_be_saved_less_what_the_effort_costs(plan):
    row = one(plan([assessed("a", p=0.4)]))
    assert (row["effort_tier"], row["save_probability"]) == ("full", 0.70)
    assert row["expected_value"] == pytest.approx(0.4 * 0.70 * ARR - 60 * 75)


def test_without_a_known_arr_there_is_no_expected_value_and_still_a_plan(plan):
    row = one(plan([assessed("a", arr=np.nan)]))
    assert row["expected_value"] is None or np.isnan(row["expected_value"])
    assert row["playbook"] is not None


def test_a_strategic_account_gets_the_effort_of_a_large_one(plan):
    small = assessed("a", arr=500.0)
    assert one(plan([small]))["effort_tier"] == "light"
    assert one(plan([small], strategic=["a"]))["effort_tier"] == "full"


class TestWhoGetsAPlay:
    """High save probability at 65,000 a year pays 60 hours from a probability of about .1 on."""

    def low(self, **changes):
        return assessed("a", **{"p": 0.01, "band": "low", "p_year": 0.05} | changes)

    def test_a_low_risk_that_would_not_pay_the_effort_gets_none_and_keeps_its_triage(self, plan):
        row = one(plan([self.low()]))
        assert row["playbook"] is None
        assert (row["effort_tier"], row["arm"]) == ("full", "treated")
        assert row["expected_value"] < 0

    def test_what_may_be_lost_at_a_renewal_months_ahead_can_pay_the_effort(self, plan):
        assert one(plan([self.low(p_year=0.15)]))["playbook"] is not None

    @pytest.mark.parametrize(
        "flag", ["competitive_hits_90d", "rival_signed", "notice_open", "cancel_hits_90d", "champion_left_180d"]
    )
    def test_a_single_red_flag_is_enough(self, flag, plan):
        assert one(plan([self.low()], matrix={"a": {flag: 1.0}}))["playbook"] is not None

    @pytest.mark.parametrize(("health", "called"), [(49.9, True), (50.0, False)])
    def test_so_is_a_red_health_score(self, health, called, plan):
        assert (one(plan([self.low(health=health)]))["playbook"] is not None) is called

    def test_a_low_risk_of_unknown_worth_gets_none(self, plan):
        assert one(plan([self.low(arr=np.nan, p_year=0.9)]))["playbook"] is None


class TestPlay:
    def test_the_likeliest_family_leads_to_its_play(self, plan):
        drivers = [driver("a", "support", 0.6), driver("a", "budget", 0.04), driver("b", "stakeholders", 0.6)]
        signals = {"a": {"bugs_90d": 6.0, "repeat_topic_90d": 4.0}, "b": {"champion_left_days": 20.0, "champion_left_180d": 1.0}}
        found = plan([assessed("a"), assessed("b")], drivers, signals).assessments
        assert found["playbook"].tolist() == ["product_issue", "champion_exit"]

    def test_the_named_family_leads_to_its_play_though_another_is_likelier(self, plan):
        drivers = [driver("a", "support", 0.4), driver("a", "budget", 0.7)]
        named = plan([assessed("a", named="support")], drivers).plans
        assert named["playbook"].item() == "product_issue"
        assert json.loads(named["reasons"].item())["en"][0] == "Named as a cause of the risk: support."
        assert plan([assessed("a")], drivers).plans["playbook"].item() == "budget"

    def test_a_signal_that_is_not_known_counts_neither_way(self, plan):
        unknown = plan([assessed("a")], matrix={"a": {"bugs_90d": np.nan, "repeat_topic_90d": np.nan}})
        pd.testing.assert_frame_equal(unknown.plans, plan([assessed("a")]).plans)

    def test_one_accounts_drivers_are_not_anothers(self, plan):
        drivers = [driver("a", "support", 0.6)]
        both = plan([assessed("a"), assessed("b")], drivers).plans
        alone = plan([assessed("b")]).plans
        assert both["reasons"].tolist()[1] == alone["reasons"].item()


class TestPlan:
    def test_steps_are_dated_have_an_owner_and_are_said_in_both_languages(self, plan):
        steps = json.loads(plan([assessed("a")], [driver("a", "support", 0.6)]).plans["steps"].item())
        assert steps
        for step in steps:
            assert set(step) == {"due", "owner", "phase", "action", "done", "text"}
            assert date.fromisoformat(step["due"]) >= AS_OF
            assert step["text"]["en"] != step["text"]["es"]
            assert all("{" not in text for text in step["text"].values())
        assert [step["due"] for step in steps] == sorted(step["due"] for step in steps)

    def test_reasons_are_said_in_both_languages(self, plan):
        reasons = json.loads(plan([assessed("a")], [driver("a", "support", 0.6)]).plans["reasons"].item())
        assert set(reasons) == {"en", "es"}
        assert len(reasons["en"]) == len(reasons["es"]) > 0
        assert all("{" not in text for said in reasons.values() for text in said)

    def test_it_names_the_play_of_the_assessment(self, plan):
        planned = plan([assessed("a"), assessed("b", p=0.01, band="low", p_year=0.3)], [driver("a", "support", 0.6)])
        assert planned.plans["playbook"].tolist() == planned.assessments["playbook"].tolist()
        assert set(planned.plans["playbook"]) <= set(PLAYS)
        assert (planned.plans["as_of"] == STAMP).all()


class TestArm:
    ROWS = tuple(assessed(f"a{number:03d}") for number in range(200))

    def test_without_a_share_everybody_is_treated(self, plan):
        assert set(plan(self.ROWS).assessments["arm"]) == {"treated"}

    def test_about_the_share_is_held_out(self, plan):
        held = (plan(self.ROWS, share=0.3).assessments["arm"] == "holdout").mean()
        assert 0.2 < held < 0.4

    def test_an_account_once_assigned_stays_in_its_arm_whoever_else_is_there(self, plan):
        first = plan(self.ROWS, share=0.3)
        everyone = first.assessments.set_index("account_id")["arm"]
        episodes = {
            row["account_id"]: Episode(row["account_id"], AS_OF, row["playbook"], row["stratum"], 0.3, row["arm"])
            for row in first.assignments.to_dict("records")
        }
        some = plan(self.ROWS[::-7], share=0.3, episodes=episodes).assessments.set_index("account_id")["arm"]
        assert everyone[some.index].tolist() == some.tolist()

    def test_the_log_tells_of_both_arms_what_was_recommended_and_how_likely_a_hold_out_was(self, plan):
        planned = plan(self.ROWS, [driver(row["account_id"], "support", 0.6) for row in self.ROWS], share=0.3)
        log = planned.assignments
        assert log["arm"].value_counts().to_dict() == {"treated": 140, "holdout": 60}
        assert log["playbook"].tolist() == planned.assessments["playbook"].tolist()
        assert set(log["propensity"]) == {0.3}
        assert set(log["stratum"]) == {"high value, critical risk"}
        assert log["eligible"].all()
        assert log["exempt"].isna().all()
        assert (log["began"] == STAMP).all()
        assert (log["probability"] == 0.4).all()

    def test_a_very_large_account_is_never_held_out_and_marked_as_exempt(self, plan):
        rows = [assessed(f"a{number:03d}", arr=250_000.0 if number < 100 else 249_999.0) for number in range(200)]
        log = plan(rows, share=0.9).assignments.set_index("account_id")
        large = log.loc[:"a099"]
        assert set(large["arm"]) == {"treated"}
        assert (set(large["exempt"]), large["eligible"].any(), set(large["propensity"])) == ({"large"}, False, {0.0})
        assert large["began"].isna().all()
        assert (log.loc["a100":, "arm"] == "holdout").sum() == 90

    def test_a_held_out_account_keeps_its_recommended_play(self, plan):
        planned = plan(self.ROWS, share=0.3)
        held = planned.assessments.loc[planned.assessments["arm"] == "holdout"]
        assert held["playbook"].notna().all()
        assert set(held["account_id"]) <= set(planned.plans["account_id"])

    def test_nobody_is_held_out_of_a_play_without_anything_to_save(self, plan):
        signed = {"rival_signed": 1.0}
        planned = plan(self.ROWS, matrix={row["account_id"]: signed for row in self.ROWS}, share=0.9)
        assert set(planned.assessments["playbook"]) == {"graceful_exit"}
        assert set(planned.assessments["arm"]) == {"treated"}
        assert set(planned.assignments["exempt"]) == {"play"}

    def test_another_seed_draws_others(self, plan):
        one_seed, other = (plan(self.ROWS, share=0.3, seed=seed).assessments["arm"].tolist() for seed in (1, 2))
        assert one_seed != other


def test_where_the_plays_saves_were_measured_their_chance_stands_for_the_tables(plan):
    told = one(plan([assessed("a")]))
    sure = Estimate(mean=0.21, lower_quartile=0.21, low=0.21, high=0.21)
    measured = one(plan([assessed("a")], saves={told["playbook"]: sure}))
    assert (told["save_probability"], measured["save_probability"]) == (0.70, pytest.approx(0.21))
    assert measured["expected_value"] == pytest.approx(0.4 * 0.21 * ARR - 60 * 75)
    assert one(plan([assessed("a")], saves={"another_play": sure}))["save_probability"] == 0.70


def test_a_plan_says_how_likely_its_play_answers_a_cause_and_what_the_effort_is_worth(plan):
    rows = [assessed("a", p=0.2, p_year=0.5), assessed("b", p=0.2, p_year=0.5, arr=None)]
    drivers = [driver(account, "competition", 0.8) for account in "ab"]
    planned = plan(rows, drivers, matrix={account: {"competitive_hits_90d": 1.0} for account in "ab"})
    assert planned.plans["playbook"].tolist() == ["competitive"] * 2
    assert planned.plans["fit"].tolist() == pytest.approx([0.8] * 2)
    row = planned.assessments.iloc[0]
    cost = PARAMS.effort_hours[row["effort_tier"]] * PARAMS.hour_cost
    kept = 0.8 * row["save_probability"] - 0.2 * PARAMS.mismatch_harm
    assert planned.plans.loc[0, "worth"] == pytest.approx(0.5 * kept * ARR - cost)
    assert pd.isna(planned.plans.loc[1, "worth"])


def test_an_account_with_an_effort_under_way_says_until_when_to_wait(plan):
    planned = plan([assessed("a"), assessed("b")], efforts={"a": Effort("value_roi", date(2025, 2, 20), None, None)})
    assert planned.plans.loc[0, ["wait", "wait_until"]].tolist() == ["running", date(2025, 5, 21)]
    assert planned.plans.loc[1, ["wait", "wait_until"]].isna().all()
    assert planned.assignments.set_index("account_id").loc["a", "exempt"] == "waiting"
