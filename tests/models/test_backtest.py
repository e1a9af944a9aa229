"""The arithmetic of a replay, on tables small enough to check by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from models.backtest import MONTH_COLUMNS, QUEUE_COLUMNS, Month, earliness, months_of, queue_of, totals
from models.periods import Periods

AS_OF = pd.Timestamp("2025-03-01")
END = pd.Timestamp("2025-05-30")  # ninety days later
NEVER = pd.NaT


class Champion:
    """A model that says what the column `p` says, and `soon` of the first 30 days; it reads no signal: no rule score."""

    def __init__(self, last_day=365):
        self.features = ()
        self.fingerprint = {"until": "2025-01-01"}
        self.periods = Periods((last_day,))
        self.asked = []

    def churn_probability(self, frame, horizon_days):
        self.asked.append(horizon_days)
        if horizon_days <= 30:
            return frame["soon"].to_numpy() if "soon" in frame else np.zeros(len(frame))
        return frame["p"].to_numpy()


@pytest.fixture
def params(settings):
    from models.params import DecisionParams, HealthParams

    decision = DecisionParams(
        **settings["decision"] | {"horizon_days": 90, "too_late_days": 30, "capacity_share": 0.3, "band_cuts": (0.05, 0.15, 0.35)}
    )
    return SimpleNamespace(decision=decision, health=HealthParams(**settings["health"]))


def month(rows, champion=None, until=END, **columns):
    """`rows`: account -> (p, arr, churned_at, followed_until)."""
    table = pd.DataFrame(rows, index=["p", "arr", "churned_at", "followed_until"]).T
    frame = pd.DataFrame({"account_id": list(rows), "as_of": AS_OF, "p": table["p"].astype(float).to_numpy(), **columns})
    after = pd.DataFrame({name: pd.to_datetime(table[name]).to_numpy() for name in ("churned_at", "followed_until")})
    return Month(frame, after, table["arr"].to_numpy(dtype=float), champion or Champion(), until)


def queue(rows, params, **columns):
    return queue_of(month(rows, **columns), params.decision, params.health)


def stayed(p=0.1, arr=100, until=END):
    return (p, arr, NEVER, until)


class TestQueue:
    def test_most_revenue_at_risk_comes_first_and_equal_ones_by_id(self, params):
        rows = {"b": stayed(0.2, 100), "a": stayed(0.1, 200), "rich": stayed(0.1, 900), "free": stayed(0.9, np.nan)}
        found = queue(rows, params)
        assert found["account_id"].tolist() == ["rich", "a", "b", "free"]
        assert found["rank"].tolist() == [1, 2, 3, 4]
        assert found["arr_at_risk"].tolist() == pytest.approx([90, 20, 20, 0])
        assert list(found.columns) == list(QUEUE_COLUMNS)

    def test_who_leaves_before_anything_can_be_done_does_not_come_first(self, params):
        rows = {"now": stayed(0.9, 100), "later": stayed(0.5, 100), "rich": stayed(0.2, 300)}
        soon = {"soon": [0.8, 0.1, 0.05]}
        found = queue(rows, params, **soon)
        assert found["account_id"].tolist() == ["rich", "later", "now"]
        assert found["arr_in_time"].tolist() == pytest.approx([45, 40, 10])
        assert found["arr_at_risk"].tolist() == pytest.approx([60, 50, 90])
        at_once = params.decision.model_copy(update={"too_late_days": 0})
        assert queue_of(month(rows, **soon), at_once, params.health)["account_id"].tolist() == ["now", "rich", "later"]

    def test_where_the_horizon_is_no_longer_than_what_is_too_late_all_of_it_counts(self, params):
        short = params.decision.model_copy(update={"horizon_days": 60, "too_late_days": 60})
        found = queue_of(month({"a": stayed(0.5, 100)}), short, params.health)
        assert found["arr_in_time"].tolist() == found["arr_at_risk"].tolist() == pytest.approx([50])

    @pytest.mark.parametrize(("accounts", "flagged"), [(1, 1), (3, 1), (4, 2), (10, 3)])
    def test_a_share_of_the_accounts_is_flagged_rounded_up(self, accounts, flagged, params):
        found = queue({f"a{number:02d}": stayed(arr=number) for number in range(accounts)}, params)
        assert found["flagged"].tolist() == [True] * flagged + [False] * (accounts - flagged)

    def test_the_band_follows_the_probability(self, params):
        found = queue({"l": stayed(0.049), "m": stayed(0.05), "h": stayed(0.15), "c": stayed(0.35)}, params)
        assert dict(zip(found["account_id"], found["risk_band"], strict=True)) == {
            "l": "low",
            "m": "medium",
            "h": "high",
            "c": "critical",
        }

    def test_a_churn_counts_within_the_horizon_and_not_on_its_last_instant(self, params):
        rows = {
            "inside": (0.5, 9, END - pd.Timedelta(days=1), END),
            "at end": (0.5, 8, END, END),
            "stays": (0.5, 7, NEVER, END),
        }
        found = queue(rows, params).set_index("account_id")
        assert found["churned_at"].notna().to_dict() == {"inside": True, "at end": False, "stays": False}
        assert found.loc["inside", "lead_days"] == 89
        assert found["matured"].all()

    def test_an_account_lost_from_sight_has_not_matured_unless_it_left_before(self, params):
        rows = {
            "unseen": stayed(until=END - pd.Timedelta(days=1)),
            "left": (0.5, 1, AS_OF + pd.Timedelta(days=10), AS_OF + pd.Timedelta(days=10)),
        }
        assert queue(rows, params).set_index("account_id")["matured"].to_dict() == {"unseen": False, "left": True}

    def test_while_the_horizon_is_not_over_an_early_churn_is_no_outcome_yet(self, params):
        rows = {"left": (0.5, 1, AS_OF + pd.Timedelta(days=10), AS_OF + pd.Timedelta(days=10)), "stays": stayed()}
        early = month(rows, until=END - pd.Timedelta(days=1))
        assert not queue_of(early, params.decision, params.health)["matured"].any()

    def test_a_model_is_not_asked_beyond_its_last_day(self, params):
        short = Champion(last_day=60)
        rows = {"a": (0.5, 1, AS_OF + pd.Timedelta(days=70), END)}
        found = queue_of(month(rows, short), params.decision, params.health)
        assert short.asked == [60, 30]
        assert found["churned_at"].isna().all()

    def test_days_since_use_are_told_where_there_is_such_a_signal(self, params):
        assert queue({"a": stayed()}, params, days_since_use=[12.0])["days_since_use"].tolist() == [12.0]
        assert queue({"a": stayed()}, params)["days_since_use"].isna().all()

    def test_without_champion_or_accounts_there_are_no_rows_and_all_columns(self, params):
        some = month({"a": stayed()})
        for each in (
            Month(some.frame, some.follow_up, some.arr, None, END),
            Month(some.frame[:0], some.follow_up[:0], some.arr[:0], Champion(), END),
        ):
            found = queue_of(each, params.decision, params.health)
            assert found.empty
            assert list(found.columns) == list(QUEUE_COLUMNS)


def line(account, p, arr, *, churned=False, matured=True, flagged=False, rule=0.0, unused=0.0, as_of=AS_OF):
    at = as_of + pd.Timedelta(days=40)
    return {
        "as_of": as_of,
        "account_id": account,
        "p_churn": p,
        "arr": arr,
        "rule_score": rule,
        "days_since_use": unused,
        "flagged": flagged,
        "matured": matured,
        "churned_at": at if churned else NEVER,
        "lead_days": 40.0 if churned else np.nan,
        "model_until": "2025-01-01",
    }


BY_HAND = pd.DataFrame(
    [
        line("a", 0.5, 100, churned=True, flagged=True),
        line("b", 0.4, 50, churned=True, rule=0.9),
        line("c", 0.6, 10, unused=30),
        line("d", 0.1, 10),
        line("e", 0.9, 500, matured=False, unused=90, rule=0.1),
    ]
)


class TestMonths:
    def test_expected_and_observed_are_of_those_whose_outcome_is_known(self):
        found = months_of(BY_HAND, 0.2).iloc[0]
        assert (found["accounts"], found["matured"], found["observed"]) == (5, 4, 2)
        assert found["expected"] == pytest.approx(1.6)
        assert found["expected_all"] == pytest.approx(2.5)
        assert found["auc"] == pytest.approx(0.5)
        assert found["log_loss"] == pytest.approx(-np.log([0.5, 0.4, 0.4, 0.9]).mean())

    def test_churned_revenue_is_counted_where_a_ranking_would_have_flagged_it(self):
        found = months_of(BY_HAND, 0.2).iloc[0]  # one account of five
        assert found["churned_arr"] == 150
        assert found["flagged_arr"] == 100
        assert found["flagged_arr_by_rule_score"] == 50

    def test_every_ranking_has_the_same_capacity_whether_or_not_an_outcome_is_known(self):
        found = months_of(BY_HAND, 0.2).iloc[0]  # the one account of each is `e`, whose end nobody knows yet
        assert found["flagged_arr_by_probability"] == 0
        assert found["flagged_arr_by_recency"] == 0
        assert months_of(BY_HAND, 0.6).iloc[0]["flagged_arr_by_probability"] == 100

    def test_an_unknown_arr_or_last_use_counts_as_nothing(self):
        rows = pd.DataFrame([line("a", 0.5, np.nan, churned=True, unused=np.nan), line("b", 0.5, 7, churned=True, unused=0.0)])
        found = months_of(rows, 0.5).iloc[0]
        assert (found["churned_arr"], found["flagged_arr_by_recency"]) == (7, 7)

    def test_a_month_that_is_not_over_has_its_expectation_only(self):
        rows = BY_HAND.assign(matured=False, churned_at=NEVER)
        found = months_of(rows, 0.2).iloc[0]
        assert (found["matured"], found["observed"], found["expected"]) == (0, 0, 0.0)
        assert found["expected_all"] == pytest.approx(2.5)
        assert np.isnan([found["auc"], found["average_precision"], found["log_loss"]]).all()

    def test_there_is_one_row_a_month_in_order(self):
        later = BY_HAND.assign(as_of=pd.Timestamp("2025-02-01"))
        assert months_of(pd.concat([BY_HAND, later]), 0.2)["as_of"].tolist() == [pd.Timestamp("2025-02-01"), AS_OF]

    def test_an_empty_queue_has_no_months_and_all_columns(self):
        found = months_of(pd.DataFrame(columns=list(QUEUE_COLUMNS)), 0.2)
        assert found.empty
        assert list(found.columns) == list(MONTH_COLUMNS) == list(months_of(BY_HAND, 0.2).columns)


class TestTotals:
    def test_months_are_added_up(self):
        second = pd.DataFrame([line("a", 0.4, 50, churned=True, as_of=pd.Timestamp("2025-04-01")) | {"lead_days": 10.0}])
        queue = pd.concat([BY_HAND, second], ignore_index=True)
        found = totals(months_of(queue, 0.2), queue)
        assert (found["months"], found["observed"]) == (2, 3)
        assert found["expected"] == pytest.approx(2.0)
        assert found["observed_expected"] == pytest.approx(1.5)
        assert found["flagged_arr"] == pytest.approx(100 / 200)
        assert found["flagged_arr_by_rule_score"] == pytest.approx((50 + 50) / 200)

    def test_half_of_the_flagged_revenue_that_left_was_flagged_so_many_days_before(self):
        leads = [
            line(n, 0.5, arr, churned=True, flagged=n != "c") | {"lead_days": days}
            for n, days, arr in (("a", 80.0, 100), ("b", 20.0, 60), ("c", 1.0, 900), ("e", 5.0, 30))
        ]
        queue = pd.DataFrame([*leads, line("d", 0.5, 1, flagged=True)])
        assert totals(months_of(queue, 0.2), queue)["median_lead_days"] == 80

    def test_an_account_flagged_month_after_month_counts_once_from_its_first_flag(self):
        months = [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01")]
        left = {"churned_at": pd.Timestamp("2025-03-12")}
        rows = [
            line("a", 0.5, 10, churned=True, flagged=True, as_of=day) | left | {"lead_days": 70.0 - 31 * n}
            for n, day in enumerate(months)
        ]
        queue = pd.DataFrame([*rows, line("b", 0.5, 9, churned=True, flagged=True) | {"lead_days": 3.0}])
        assert totals(months_of(queue, 0.5), queue)["median_lead_days"] == 70

    def test_without_any_month_the_shares_are_unknown_not_absent(self):
        queue = pd.DataFrame(columns=list(QUEUE_COLUMNS))
        found = totals(months_of(queue, 0.2), queue)
        assert (found["months"], found["expected"], found["observed"]) == (0, 0, 0)
        unknown = ("flagged_arr", "flagged_arr_by_recency", "observed_expected", "median_lead_days")
        assert np.isnan([found[name] for name in unknown]).all()


class TestEarliness:
    def test_each_ranking_is_asked_how_long_before_it_had_them(self, params, settings):
        from models.params import EvaluationParams

        asked = EvaluationParams(**settings["evaluation"] | {"slice_min_churned": 1, "bootstrap": 50})
        rows = {"b": stayed(0.2, 100), "a": stayed(0.1, 100), "c": (0.9, 500, pd.Timestamp("2025-05-10"), NEVER)}
        found = earliness(queue(rows, params, days_since_use=[50.0, 1.0, 2.0]), params.decision, asked)
        first = found.loc[found["metric"] == "lead_time_days"].set_index("model")["value"]
        assert first["queue"] == 70
        assert np.isnan(first["recency"])
        share = found.loc[(found["metric"] == "alerted") & (found["days"] == 60)].set_index("model")["value"]
        assert (share["queue"], share["recency"]) == (1, 0)

    def test_an_alert_before_the_horizon_of_the_probability_is_no_miss(self, params, settings):
        from models.params import EvaluationParams

        asked = EvaluationParams(
            **settings["evaluation"] | {"slice_min_churned": 1, "bootstrap": 50, "leads_days": (30,), "alert_days": 180}
        )
        late = END + pd.Timedelta(days=30)  # four months after the look
        rows = {"b": stayed(0.2, 100), "c": (0.9, 500, late, late), "far": (0.8, 400, late + pd.Timedelta(days=90), late)}
        found = earliness(queue(rows, params), params.decision, asked)
        assert found.loc[(found["model"] == "queue") & (found["metric"] == "lead_time_days"), "value"].item() == 120
        assert set(found["churned_accounts"]) == {1}  # `far` left more than half a year after the look

    def test_an_empty_queue_has_no_rows(self, params, settings):
        from models.params import EvaluationParams

        nobody = queue({"a": stayed()}, params).iloc[:0]
        assert earliness(nobody, params.decision, EvaluationParams(**settings["evaluation"])).empty


def test_of_the_accounts_worked_on_those_that_left_are_counted_by_each_rankings_own_choice(params):
    rows = {"b": stayed(0.2, 100), "a": stayed(0.1, 100), "c": (0.9, 500, pd.Timestamp("2025-05-10"), NEVER)}
    made = queue(rows, params, days_since_use=[50.0, 1.0, 2.0])
    found = months_of(made, 0.3).iloc[0]
    assert (found["worked"], found["worked_left"], found["worked_left_by_recency"]) == (1, 1, 0)
    assert totals(months_of(made, 0.3), made)["precision"] == 1
