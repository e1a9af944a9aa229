"""Assignments to plays as they were known on a day."""

from datetime import date

import pandas as pd

from features.assignments import COLUMNS, assignments
from tests.features.conftest import ATTEMPT


def test_an_assignment_is_there_once_it_is_known_and_its_end_once_that_is(history_of):
    history = history_of(interventions=[ATTEMPT])
    assert assignments(history, date(2025, 1, 11)).empty
    running = assignments(history, date(2025, 2, 1)).iloc[0]
    assert (running["started_at"], running["outcome"] is None or pd.isna(running["outcome"])) == (
        pd.Timestamp("2025-01-12"),
        True,
    )
    assert pd.isna(running["effort_hours"])
    over = assignments(history, date(2025, 2, 2)).iloc[0]
    assert (over["outcome"], over["effort_hours"]) == ("saved", 8)


def test_an_assignment_that_is_planned_was_not_made_yet(history_of):
    history = history_of(interventions=[{**ATTEMPT, "assigned_at": "2025-03-01", "started_at": None, "finished_at": None}])
    assert assignments(history, date(2025, 2, 1)).empty


def test_held_out_accounts_are_there_in_order_of_time(history_of):
    later = {**ATTEMPT, "intervention_id": "i-0", "arm": "holdout", "assigned_at": "2025-01-20", "known_at": "2025-01-20"}
    found = assignments(history_of(interventions=[later, ATTEMPT]), date(2025, 3, 1))
    assert found["arm"].tolist() == ["treated", "holdout"]
    assert list(found.columns) == list(COLUMNS)


def test_a_company_that_records_no_assignments_has_none(history_of):
    found = assignments(history_of(), date(2025, 3, 1))
    assert (len(found), {name: str(kind) for name, kind in found.dtypes.items()}) == (0, COLUMNS)
