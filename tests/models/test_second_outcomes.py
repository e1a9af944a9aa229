"""What else may happen: leaving in the middle of a term, and renewing for less."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.assessment import assess
from models.early import early_columns, early_probability
from models.model import Model
from models.periods import Calendar, Periods
from models.rows import DAY

hazards = arrays(np.float64, (3, 4), elements=st.floats(0, 0.99))
periods = Periods((30, 60, 90, 120))


@given(hazards, hazards, st.sampled_from([10, 30, 75, 120]))
def test_reducing_leaving_and_neither_fill_the_whole(happens, leaves, horizon):
    parts = periods.parts(horizon)
    less = periods.incidence(happens, leaves, horizon)
    gone = periods.incidence(leaves, np.zeros_like(leaves), horizon)
    assert (less >= 0).all()
    assert (less <= 1 - (1 - happens).prod(axis=1) + 1e-12).all()
    neither = ((1 - happens) ** parts * (1 - leaves) ** parts).prod(axis=1)
    left_first = gone_first(happens, leaves, parts)
    assert less + neither + left_first == pytest.approx(np.ones(3))
    assert gone == pytest.approx(periods.probability(leaves, horizon))


def gone_first(happens, leaves, parts):
    """P(leaves without having reduced), counted one period after the other."""
    still, found = np.ones(len(happens)), np.zeros(len(happens))
    for k in range(happens.shape[1]):
        leaving = 1 - (1 - leaves[:, k]) ** parts[k]
        reducing = 1 - (1 - happens[:, k]) ** parts[k]
        found += still * leaving
        still *= (1 - leaving) * (1 - reducing)
    return found


def test_past_the_last_period_nothing_is_said():
    assert np.isnan(periods.incidence(np.full((2, 4), 0.1), np.full((2, 4), 0.1), 121)).all()


def calendar(days_to_renewal, monthly, notice=30.0):
    columns = {"days_to_renewal": days_to_renewal, "monthly_term": monthly, "notice_days": notice, "term_days": 365.0}
    return Calendar.of(pd.DataFrame({name: [float(value)] for name, value in columns.items()}), 30)


def test_an_account_that_may_leave_any_month_cannot_leave_in_the_middle_of_a_term():
    assert early_probability(periods, calendar(200, 1), np.full((1, 4), 0.1), 120).tolist() == [0.0]


def test_far_from_its_decision_all_leaving_is_early_and_within_its_notice_none_is():
    steady = np.full((1, 4), 0.1)
    assert early_probability(periods, calendar(300, 0), steady, 120) == pytest.approx(1 - 0.9**4)
    assert early_probability(periods, calendar(20, 0), steady, 60).tolist() == [0.0]


def test_leaving_early_is_a_part_of_leaving():
    steady = np.full((1, 4), 0.1)
    assert early_probability(periods, calendar(95, 0), steady, 120) == pytest.approx(1 - 0.9**2)


@pytest.fixture(scope="module")
def quick(settings_of):
    changes = {"evaluation": {"origins": 2, "bootstrap": 100}, "gate": {"permutations": 1}}
    return settings_of(training={"seeds": 1, "contraction_rows": 6000}, **changes)


def contracted(company, by=None, seed=3, share=0.06):
    """Renewals for less of the company's accounts: at random, or of those whose `by` is high."""
    rng = np.random.default_rng(seed)
    rows = company.matrix[["account_id", "as_of"]].reset_index(drop=True)
    odds = np.full(len(rows), share) if by is None else share / (1 + np.exp(-3 * (company.matrix[by].to_numpy() - 1.2)))
    decided = rows.loc[rng.random(len(rows)) < odds].groupby("account_id")["as_of"].min() + pd.Timedelta(days=20)
    day = rows["account_id"].map(decided)
    followed = company.follow_up[["followed_until", "churned_at"]].min(axis=1).reset_index(drop=True)
    seen = (day >= rows["as_of"]) & (day < followed)
    return rows.assign(
        churned_at=day.where(seen),
        outcome_known_at=day.where(seen),
        followed_until=followed,
        lost_share=np.where(seen, 0.2, np.nan),
    )


@pytest.fixture(scope="module")
def at_random(company, quick, train_on):
    return train_on(company, quick, contractions=contracted(company, share=0.02))


@pytest.fixture(scope="module")
def of_the_troubled(company, quick, train_on):
    return train_on(company, quick, contractions=contracted(company, by="usage_0", share=0.12))


def test_where_no_signal_tells_more_the_calendar_speaks_alone_and_all_of_a_kind_get_the_same(company, at_random):
    less = at_random.model.contraction
    assert less.told_by == "calendar"
    assert set(less.pointing(company.matrix)) == {None}
    assert any("speaks alone" in note for note in at_random.notes)


def test_a_signal_that_tells_is_heard_and_its_family_is_named(company, of_the_troubled):
    less = of_the_troubled.model.contraction
    assert less.told_by == "signals"
    assert less.measured.skill[0] > 0
    high = company.matrix.nlargest(50, "usage_0")
    low = company.matrix.nsmallest(50, "usage_0")
    assert less.model.hazards(high)[:, 0].mean() > 2 * less.model.hazards(low)[:, 0].mean()
    assert (less.pointing(high) == "usage").mean() > 0.8


def test_the_share_that_goes_is_the_mean_of_what_is_on_record(of_the_troubled):
    assert of_the_troubled.model.contraction.lost_share == pytest.approx(0.2)


def test_too_few_renewals_for_less_give_no_outcome_and_say_so(company, quick, train_on):
    less = contracted(company, share=0.02)
    few = less.loc[less["churned_at"].notna(), "account_id"].unique()[9:]
    dropped = less["account_id"].isin(few)
    less = less.assign(**{name: less[name].mask(dropped) for name in ("churned_at", "outcome_known_at", "lost_share")})
    found = train_on(company, quick, contractions=less)
    assert found.model.contraction is None
    assert any("9 accounts had one, 10 are needed" in note for note in found.notes)


def test_the_second_outcome_comes_back_from_its_folder_and_gives_the_same_bytes(company, of_the_troubled, tmp_path):
    first = of_the_troubled.model.to_dir(tmp_path / "one")
    again = Model.from_dir(tmp_path / "one")
    assert again.contraction == of_the_troubled.model.contraction
    for file, copy in zip(first, again.to_dir(tmp_path / "two"), strict=True):
        assert copy.read_bytes() == file.read_bytes()


def test_scored_accounts_have_a_row_an_outcome_and_others_none(company, of_the_troubled, quick):
    last = company.matrix.loc[company.matrix["as_of"] == company.matrix["as_of"].max()].head(40)
    statuses = ["scored"] * 39 + ["no_usage"]
    found = assess(
        of_the_troubled.model,
        last,
        statuses,
        model_version="1",
        decision=quick.decision,
        explanation=quick.explanation,
        health_params=quick.health,
    )
    second = found.second
    assert second.groupby("outcome").size().to_dict() == {"early": 39, "contracted": 39}
    chances = second[["p_30d", "p_90d", "p_180d", "p_365d"]].to_numpy()
    assert (np.diff(chances, axis=1) >= 0).all()
    early = second.loc[second["outcome"] == "early"].merge(found.assessments, on="account_id")
    assert (early["p_180d"] <= early["p_churn_180d"] + 1e-12).all()


def test_leaving_early_is_measured_on_accounts_that_can_and_without_one_that_did_no_gain_is_told(of_the_troubled):
    found = of_the_troubled.early
    assert 0 < found.rows < len(of_the_troubled.evaluation.predictions)
    assert found.accounts == 0
    assert found.skill == (None, None, None)
    assert "AUC" not in found.as_text()


@pytest.mark.parametrize(("day", "early"), [(10, True), (59, True), (60, False), (80, False)])
def test_who_leaves_in_a_period_without_a_decision_leaves_early(day, early):
    outcomes = SimpleNamespace(as_of=np.array([0]), churned=np.array([day * DAY]))
    material = SimpleNamespace(outcomes=outcomes, calendar=calendar(95, 0), periods=periods)
    chances = {name: np.full((1, 4), 0.1) for name in ("model", "calendar")}
    found = early_columns(material, np.array([0]), np.array([True]), chances, 90)
    assert found["early"].tolist() == [early]
    assert found["early_model"] == pytest.approx(1 - 0.9**2)


def test_a_company_that_is_not_asked_about_them_has_no_second_model(training):
    assert training.model.contraction is None
