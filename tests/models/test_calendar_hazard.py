"""The level: what period and contract alone say, from where the trees start."""

import numpy as np
import pytest

from models.calendar_hazard import CalendarHazard
from models.fitting import Material, fit, pair_scores
from models.training import microseconds

PERIODS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


@pytest.fixture(scope="module")
def barely_trained(company, params):
    """Rows, what trees of one round say of each, and the group of calendar each is in."""
    material = Material.of(company.matrix, company.follow_up, company.catalogue, periods=PERIODS, grace_days=30)
    cut = microseconds(company.until.date())
    rows = material.rows(params.rows, before=cut, cut=cut)
    model = fit(material, rows, params.training, kind="blend", share=0.5, rounds=1, seeds=1)
    _, boosted = pair_scores(model, material, rows.position, rows.period)
    starts, ends = rows.days(material.periods)
    due = material.calendar.due(rows.position, starts, ends)
    monthly = material.calendar.monthly_term[rows.position] == 1
    group = np.select([monthly & (rows.period == 0), monthly, due], ["monthly, first period", "monthly", "due"], "not due")
    return rows, boosted, group


@pytest.mark.parametrize("group", ["monthly, first period", "monthly", "due"])
def test_few_trees_expect_as_many_to_leave_in_each_calendar_as_did(barely_trained, group):
    rows, boosted, groups = barely_trained
    here = groups == group
    expected = rows.weight[here] @ (1 / (1 + np.exp(-boosted[here])))
    assert rows.weight[here] @ rows.event[here] == pytest.approx(expected, rel=0.1)


def test_few_trees_know_that_hardly_anybody_leaves_when_nothing_is_due(barely_trained):
    _, boosted, groups = barely_trained
    chance = 1 / (1 + np.exp(-boosted))
    assert chance[groups == "not due"].mean() < 0.1 * chance[groups == "due"].mean()


def test_the_level_of_a_row_is_the_same_bits_whatever_stands_beside_it(barely_trained, company, params, monkeypatch):
    rows, _, _ = barely_trained
    material = Material.of(company.matrix, company.follow_up, company.catalogue, periods=PERIODS, grace_days=30)
    level = CalendarHazard.learn(rows, material.outcomes, material.calendar, material.periods, params.training)
    asked = (material.calendar, material.periods, rows.position[:50], rows.period[:50])
    whole = level.margins(*asked)
    monkeypatch.setattr("models.calendar_hazard.ROWS_AT_ONCE", 7)
    assert np.array_equal(level.margins(*asked), whole)
