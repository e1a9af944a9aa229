"""One day's scores as other people's scripts read them."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.errors import BadInput
from features.signal import FAMILIES
from models.health import health
from pipelines import scoring
from pipelines.company import Company
from pipelines.scoring import PARTS
from tests.pipelines.whole.conftest import AS_OF, ODD_ONES, VERSION, changed, quiet

ASSESSMENTS = """account_id, as_of, p_churn_30d, p_churn_90d, p_churn_180d, p_churn_365d, margin, base, margin_from, margin_to,
risk_band, health, arr, driver_1, driver_2, playbook, effort_tier, save_probability, expected_value, respond_by, arm,
model_version, status"""
DRIVERS = "account_id, as_of, family, push, strength, evidence, sentence_en, sentence_es"
FACT_KEYS = {"signal", "value", "unit", "comparison", "since", "rows"}
HORIZONS = ["p_churn_30d", "p_churn_90d", "p_churn_180d", "p_churn_365d"]
OF_THE_MODEL = [*HORIZONS, "margin", "base", "margin_from", "margin_to", "risk_band", "driver_1", "driver_2"]
OF_THE_PLAN = ["playbook", "effort_tier", "save_probability", "expected_value", "respond_by", "arm"]


@pytest.fixture(scope="module")
def assessments(scored):
    return scored.part("assessments")


@pytest.fixture(scope="module")
def known(assessments):
    return assessments.loc[assessments["status"] == "scored"].reset_index(drop=True)


@pytest.fixture(scope="module")
def drivers(scored):
    return scored.part("drivers")


@pytest.fixture(scope="module")
def today(scored):
    return scored.matrix.at(AS_OF)


@pytest.fixture(scope="module")
def facts(drivers):
    """Every piece of evidence with the account and family it belongs to."""
    pairs = zip(drivers["account_id"], drivers["family"], drivers["evidence"], strict=True)
    return [(account, family, fact) for account, family, listed in pairs for fact in json.loads(listed)]


class TestAssessments:
    def test_columns_are_those_of_the_design_in_its_order(self, assessments):
        assert list(assessments.columns) == re.split(r",\s", ASSESSMENTS)

    def test_rows_are_sorted_and_each_account_stands_once(self, assessments):
        assert assessments["account_id"].is_monotonic_increasing
        assert assessments["account_id"].is_unique

    @pytest.mark.parametrize("column", ["as_of", "margin_from", "margin_to", "respond_by"])
    def test_times_are_marked_as_utc(self, column, assessments):
        assert str(assessments[column].dtype) == "datetime64[us, UTC]"

    def test_every_row_is_of_the_day(self, assessments):
        assert (assessments["as_of"] == pd.Timestamp(AS_OF, tz="UTC")).all()
        assert (assessments["model_version"] == VERSION).all()

    def test_probabilities_lie_between_0_and_1_and_rise_with_the_horizon(self, known):
        p = known[HORIZONS].to_numpy()
        assert len(p) > 30
        assert ((p > 0) & (p < 1)).all()
        assert (np.diff(p, axis=1) > 0).all()

    def test_bands_follow_the_probability_at_the_decision_horizon(self, known, params):
        bands = np.array(["low", "medium", "high", "critical"])
        assert (known["risk_band"] == bands[np.digitize(known["p_churn_90d"], params.decision.band_cuts)]).all()
        assert len(set(known["risk_band"])) > 1

    def test_the_explained_period_lies_within_the_decision_horizon(self, known):
        start, end = ((known[name] - known["as_of"]).dt.days for name in ("margin_from", "margin_to"))
        assert set(zip(start, end, strict=True)) <= {(0, 30), (30, 60), (60, 90)}

    def test_drivers_named_are_families_or_nothing(self, known):
        named = {*known["driver_1"].dropna(), *known["driver_2"].dropna()}
        assert named
        assert named <= set(FAMILIES)

    def test_arr_and_health_are_those_of_the_matrix(self, assessments, today, learned, params):
        matrix = today.frame
        found = assessments.set_index("account_id")
        assert found["arr"][matrix["account_id"]].tolist() == matrix["arr"].tolist()
        assert found["arr"]["x-decided"] == 900.0
        values = health(matrix, learned.training.model.features, params.health)
        np.testing.assert_allclose(found["health"][matrix["account_id"]], values)


class TestWhoIsNotScored:
    def test_each_is_listed_with_the_reason(self, assessments):
        odd = assessments.loc[assessments["account_id"].isin(list(ODD_ONES))]
        assert dict(zip(odd["account_id"], odd["status"], strict=True)) == {
            "x-decided": "decided",
            "x-lapsed": "no_contract",
            "x-no-contract": "no_contract",
            "x-no-usage": "no_usage",
            "x-too-new": "too_new",
        }

    def test_who_left_is_not_listed(self, scored):
        for name in PARTS:
            assert "x-left" not in set(scored.part(name)["account_id"])

    def test_nothing_of_the_model_or_the_plan_is_said_of_them(self, assessments, drivers, scored):
        others = assessments.loc[assessments["status"] != "scored"]
        assert len(others) >= 5
        assert others[[*OF_THE_MODEL, *OF_THE_PLAN]].isna().all(axis=None)
        for part in (drivers, scored.part("plans"), scored.part("evidence")):
            assert not set(others["account_id"]) & set(part["account_id"])

    def test_health_is_said_of_those_under_contract(self, assessments):
        told = assessments.set_index("account_id")["health"].notna()
        assert told[["x-no-usage", "x-too-new"]].all()
        assert not told[["x-decided", "x-lapsed", "x-no-contract"]].any()

    def test_reasons_have_an_order_and_an_account_has_one(self):
        listed = pd.DataFrame(
            {
                "account_id": list("abcde"),
                "as_of": pd.Timestamp(AS_OF),
                "began": pd.Timestamp(AS_OF) - pd.to_timedelta([14, 13, 400, 1, 400], unit="D"),
                "alive": [True, True, True, False, False],
                "decided": [False, False, False, False, True],
            }
        )
        coverage = pd.DataFrame({"account_id": ["a", "c"], "table": "usage", "reason": [None, "no_data"]})
        found = scoring.statuses(listed, coverage, min_days=14, uses=True)
        assert found.tolist() == ["scored", "too_new", "no_usage", "no_contract", "decided"]
        without_log = scoring.statuses(listed, coverage, min_days=0, uses=False)
        assert without_log.tolist() == ["scored", "scored", "scored", "no_contract", "decided"]

    def test_before_anybody_was_known_it_says_since_when_there_is_data(self, learned):
        with pytest.raises(BadInput, match=r"no account is known before 1990-01-01\. .* the data begins on 20"):
            scoring.score(learned.company, date(1990, 1, 1), learned.training.model, VERSION, quiet)


class TestDrivers:
    def test_columns_are_those_of_the_design_and_what_the_product_adds_after_them(self, drivers):
        assert list(drivers.columns) == [*DRIVERS.split(", "), "chance", "since", "before", "what_if"]
        assert drivers["chance"].between(0, 1).all()

    def test_of_named_families_of_accounts_alive_then_it_is_known_whether_they_were_likely_a_month_before(self, drivers, known):
        named = set(known[["account_id", "driver_1"]].dropna().itertuples(index=False, name=None))
        named |= set(known[["account_id", "driver_2"]].dropna().itertuples(index=False, name=None))
        asked = drivers.loc[drivers["before"].notna()]
        assert len(asked)
        assert set(asked[["account_id", "family"]].itertuples(index=False, name=None)) <= named

    def test_a_what_if_lowers_the_chance_and_is_asked_of_one_family_that_pushes(self, drivers):
        told = drivers.dropna(subset=["what_if"])
        said = [json.loads(each) for each in told["what_if"]]
        assert all(each["after"] < each["before"] for each in said)
        assert (told["push"] > 0).all()

    def test_every_scored_account_has_eleven_families_in_their_order(self, drivers, known):
        assert drivers["account_id"].drop_duplicates().tolist() == known["account_id"].tolist()
        assert (drivers["family"].to_numpy().reshape(-1, len(FAMILIES)) == np.array(FAMILIES)).all()

    def test_base_and_pushes_sum_to_the_margin(self, drivers, known):
        pushes = drivers.groupby("account_id")["push"].sum()[known["account_id"]].to_numpy()
        assert np.abs(known["base"] + pushes - known["margin"]).max() < 1e-6
        assert np.abs(pushes).max() > 0.1

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_each_has_two_sentences_without_gaps(self, language, drivers):
        said = drivers[f"sentence_{language}"]
        assert (said.str.len() > 20).all()
        assert not said.str.contains(r"[{}]|\bnan\b|None|NaT|  ").any()
        assert said.str.endswith(".").all()
        assert (said.str.count(r"\.( |$)") >= 2).all()

    def test_the_two_languages_differ(self, drivers):
        assert (drivers["sentence_en"] != drivers["sentence_es"]).all()

    def test_a_fact_has_the_keys_of_the_design_and_no_others(self, facts):
        assert len(facts) > 100
        for _, _, fact in facts:
            assert set(fact) == FACT_KEYS
            assert set(fact["comparison"]) == {"value", "what"}
            assert all(set(row) == {"table", "row_id", "at"} for row in fact["rows"])

    def test_a_fact_belongs_to_its_family_and_says_what_the_matrix_says(self, facts, learned, today):
        catalogue = {signal.name: signal for signal in learned.company.catalogue}
        values = today.frame.set_index("account_id")
        for account, family, fact in facts:
            assert catalogue[fact["signal"]].family == family
            assert fact["unit"] == catalogue[fact["signal"]].unit
            assert fact["value"] == values.loc[account, fact["signal"]]

    def test_rows_are_known_and_before_as_of_and_newest_first(self, facts, params):
        with_rows = [fact["rows"] for _, _, fact in facts if fact["rows"]]
        assert len(with_rows) > 50
        for rows in with_rows:
            times = [row["at"] for row in rows]
            assert len(rows) <= params.explanation.rows_a_signal
            assert times == sorted(times, reverse=True)
            assert all(row["at"].endswith("Z") for row in rows)


class TestEvidence:
    def test_every_row_that_a_fact_names_is_there_once(self, facts, scored):
        evidence = scored.part("evidence")
        assert list(evidence.columns) == ["account_id", "as_of", "table", "row_id", "at", "row"]
        key = evidence[["account_id", "table", "row_id"]].apply(tuple, axis=1)
        named = {(account, row["table"], row["row_id"]) for account, _, fact in facts for row in fact["rows"]}
        assert set(key) == named
        assert key.is_unique

    def test_a_row_is_of_its_account_and_was_known_before_as_of(self, scored, prepared):
        evidence = scored.part("evidence")
        for (name, account), rows in evidence.groupby(["table", "account_id"]):
            assert all(json.loads(row)["account_id"] == account for row in rows["row"])
            if name == "tickets":
                clean = pd.read_parquet(prepared.folder / "tickets.parquet").set_index("row_id")
                assert (clean.loc[rows["row_id"], "known_at"] < pd.Timestamp(AS_OF)).all()

    def test_a_count_above_zero_that_raises_the_risk_can_be_shown(self, facts, drivers, learned):
        signals = {signal.name: signal for signal in learned.company.catalogue}
        raising = drivers.loc[drivers["push"] > 0].set_index(["account_id", "family"]).index
        shown = [
            (fact["value"] > 0) == bool(fact["rows"])
            for account, family, fact in facts
            if (account, family) in raising and signals[fact["signal"]].unit == "count" and signals[fact["signal"]].direction > 0
        ]
        assert len(shown) > 20
        assert all(shown)


class TestFiles:
    def test_second_outcomes_are_of_the_scored_accounts_and_leaving_early_is_a_part_of_leaving(self, scored, known):
        second = scored.batch.second_outcomes
        assert set(second["account_id"]) == set(known["account_id"])
        early = second.loc[second["outcome"] == "early"].merge(known, on="account_id")
        assert (early["p_365d"] <= early["p_churn_365d"] + 1e-12).all()
        assert early["p_365d"].max() > 0

    def test_scoring_twice_gives_the_same_bytes(self, scored, score):
        again = score()
        for name in PARTS:
            file = f"{name}.parquet"
            assert (scored.folder / file).read_bytes() == (again.folder / file).read_bytes(), name
        assert sorted(path.name for path in again.folder.iterdir()) == sorted(f"{name}.parquet" for name in PARTS)

    def test_what_is_read_back_is_what_was_scored(self, scored, params):
        batch = scoring.read(scored.folder, params)
        assert batch.as_of == AS_OF
        for name in PARTS:
            made, kept = getattr(scored.batch, name), getattr(batch, name)
            assert list(made.columns) == list(kept.columns)
            assert made["account_id"].tolist() == kept["account_id"].tolist()
        np.testing.assert_array_equal(batch.assessments["p_churn_90d"], scored.batch.assessments["p_churn_90d"])

    def test_a_folder_without_a_part_is_named_with_what_it_lacks(self, tmp_path, params):
        with pytest.raises(BadInput, match=r"has no assessments\.parquet, drivers\.parquet, .*tenure score --out"):
            scoring.read(tmp_path, params)

    def test_scores_for_another_horizon_are_told_not_a_defect(self, scored, params):
        longer = params.model_copy(update={"decision": params.decision.model_copy(update={"horizon_days": 120})})
        with pytest.raises(BadInput, match=r"p_churn_120d.*Score again"):
            scoring.read(scored.folder, longer)

    def test_plans_are_of_the_accounts_with_a_play_and_both_arms_occur(self, scored, known, params):
        assert scored.part("plans")["account_id"].tolist() == known.loc[known["playbook"].notna(), "account_id"].tolist()
        assert set(known["arm"]) == {"treated", "holdout"}
        hours = (known["respond_by"] - known["as_of"]).dt.total_seconds() / 3600
        fast = known["risk_band"].isin(["critical", "high"])
        assert (hours == np.where(fast, params.triage.fast_response_hours, params.triage.response_hours)).all()

    def test_other_horizons_add_their_column_at_the_end(self, learned, params, today, monkeypatch):
        monkeypatch.setattr(Company, "matrix", lambda *_: today)
        company = Company(learned.company.prepared, changed(params, decision={"horizon_days": 120, "min_days": 10**6}))
        batch = scoring.score(company, AS_OF, learned.training.model, VERSION, quiet)
        assert list(batch.assessments.columns) == [*re.split(r",\s", ASSESSMENTS), "p_churn_120d"]
        assert set(batch.assessments["status"]) == {"too_new", "no_contract", "decided"}  # nobody is scored: all parts stand
        assert batch.drivers.empty
        assert batch.plans.empty
