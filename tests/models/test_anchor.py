"""The anchor: riskier evidence never lowers it, and it finds what acts."""

from dataclasses import replace

import numpy as np
import pytest

from features.signal import FAMILIES
from models.anchor import fit_anchor
from models.fitting import Material, fit
from models.periods import Calendar
from models.training import microseconds

PERIODS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


@pytest.fixture(scope="module")
def fitted(company, params):
    material = Material.of(company.matrix, company.follow_up, company.catalogue, periods=PERIODS, grace_days=30)
    cut = microseconds(company.until.date())
    rows = material.rows(params.rows, before=cut, cut=cut)
    return material, rows, fit(material, rows, params.training, kind="anchor", share=1.0, rounds=1, seeds=1)


def test_no_family_has_a_coefficient_below_zero(fitted):
    anchor = fitted[2].anchor
    assert min(anchor.evidence) >= 0


def test_families_that_act_outweigh_those_that_do_not(fitted):
    anchor = fitted[2].anchor
    families = anchor.indices.families
    weight = {name: np.array(anchor.evidence)[families == number].sum() for number, name in enumerate(FAMILIES)}
    assert min(weight["usage"], weight["competition"], weight["stakeholders"]) > 5 * weight["sentiment"]
    assert weight["budget"] == 0  # no signal


def test_a_worse_signal_never_lowers_any_hazard(company, fitted):
    model = fitted[2]
    some = company.matrix.iloc[:200].copy()
    before = model.scores(some)
    for name, sign in (("usage_0", 1), ("support_1", -1), ("competition_2", 1)):
        worse = some.assign(**{name: some[name] + sign})
        assert (model.scores(worse) >= before - 1e-12).all()


def test_a_reversed_signal_cannot_turn_its_family_around(company, params, fitted):
    material, rows, _ = fitted
    turned = replace(material, matrix=company.matrix.assign(**{f"usage_{n}": -company.matrix[f"usage_{n}"] for n in range(3)}))
    anchor = fit_anchor(turned.matrix, turned.features, rows, turned.outcomes, turned.calendar, turned.periods, params.training)
    assert min(anchor.evidence) >= 0
    assert np.array(anchor.evidence)[anchor.indices.families == 0].sum() < 0.3


def test_a_due_period_is_riskier_than_another(fitted):
    material, _, model = fitted
    annual = material.matrix["monthly_term"].to_numpy() == 0
    here = np.flatnonzero(annual)[:300]
    frame = material.matrix.iloc[here]
    margins = model.scores(frame)
    calendar = Calendar.of(frame, 30)
    everyone = np.arange(len(frame))
    due = np.column_stack([calendar.due(everyone, s, e) for s, e in zip(model.periods.starts, model.periods.ends, strict=True)])
    assert margins[due].mean() > margins[~due].mean() + 2


def test_missing_evidence_is_average_evidence_not_an_error(fitted):
    material, _, model = fitted
    blank = material.matrix.iloc[:5].assign(**{f.name: np.nan for f in material.features if not f.category})
    assert np.isfinite(model.scores(blank)).all()
