"""The newest save attempt on an account, as it was known on a day."""

from datetime import date

from features.efforts import Effort, newest_efforts
from tests.features.conftest import ATTEMPT


def test_an_attempt_runs_until_its_end_is_known(history_of):
    history = history_of(interventions=[ATTEMPT])
    assert newest_efforts(history, date(2025, 1, 12)) == {}
    assert newest_efforts(history, date(2025, 2, 1)) == {"a": Effort("budget", date(2025, 1, 12), None, None)}
    assert newest_efforts(history, date(2025, 2, 2)) == {"a": Effort("budget", date(2025, 1, 12), date(2025, 2, 1), "saved")}


def test_the_attempt_that_started_last_counts_and_a_held_out_account_has_none(history_of):
    later = ATTEMPT | {"intervention_id": "i-2", "playbook": "value_roi", "assigned_at": "2025-03-01", "started_at": "2025-03-02"}
    held = ATTEMPT | {"intervention_id": "i-3", "account_id": "b", "arm": "holdout"}
    history = history_of(interventions=[ATTEMPT, later | {"finished_at": None, "known_at": "2025-03-01"}, held])
    assert newest_efforts(history, date(2025, 4, 1)) == {"a": Effort("value_roi", date(2025, 3, 2), None, None)}


def test_a_company_that_records_none_has_none(history_of):
    assert newest_efforts(history_of(), date(2025, 4, 1)) == {}
