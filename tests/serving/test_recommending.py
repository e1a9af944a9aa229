"""Recommendations: what of an account is handed to other systems, and what is held back."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from serving.recommending import recommendations


def test_a_held_out_account_gets_its_risk_and_no_play(batch, guide):
    held_out = next(each for each in recommendations(batch, guide.params) if each.account_id == "A-003")
    assert held_out.p_churn_90d == round(batch.assessments.loc[2, "p_churn_90d"], 3)
    assert held_out.why_en is not None
    assert (held_out.playbook, held_out.respond_by, held_out.first_step_en, held_out.first_step_due) == (None,) * 4


def test_the_clock_says_that_it_is_utc_also_when_the_batch_does_not(batch, guide):
    for marked in (batch, replace(batch, assessments=batch.assessments.assign(respond_by=pd.Timestamp("2026-03-03")))):
        assert recommendations(marked, guide.params)[0].respond_by == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_change_too_small_to_show_changes_no_delivery(batch, guide):
    nudged = replace(batch, assessments=batch.assessments.assign(p_churn_90d=batch.assessments["p_churn_90d"] + 1e-9))
    assert recommendations(nudged, guide.params) == recommendations(batch, guide.params)


def test_every_assessed_account_is_delivered_scored_or_not(batch, guide):
    rows = recommendations(batch, guide.params)
    assert [each.account_id for each in rows] == sorted(batch.assessments["account_id"])
    assert (rows[-1].account_id, rows[-1].p_churn_90d, rows[-1].risk_band) == ("A-030", None, None)
    assert rows[0].first_step_owner == "csm"
    assert rows[0].link.endswith("/accounts/A-001")
