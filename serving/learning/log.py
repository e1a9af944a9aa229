"""What is logged of every assignment, for both arms, so that effects can be measured later."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from serving.learning.arms import Assigned, Candidate

ASSIGNMENT_COLUMNS = (
    *("account_id", "as_of", "model_version", "probability", "families", "playbook"),
    *("eligible", "exempt", "stratum", "propensity", "arm", "began", "first_playbook"),
)


def no_assignments() -> pd.DataFrame:
    """A log without rows."""
    return pd.DataFrame(columns=list(ASSIGNMENT_COLUMNS))


def logged(candidate: Candidate, assigned: Assigned, row: Mapping[Any, Any], as_of: date, decision_column: str) -> dict[str, Any]:
    """ASSIGNMENT_COLUMNS of one account with a play, `row` its assessment; an exempt account has no first day and play."""
    episode = assigned.episode
    return {
        "account_id": candidate.account_id,
        "as_of": pd.Timestamp(as_of),
        "model_version": row.get("model_version"),
        "probability": row[decision_column],
        "families": json.dumps([name for name in (row.get("driver_1"), row.get("driver_2")) if isinstance(name, str)]),
        "playbook": candidate.playbook,
        "eligible": candidate.exempt is None,
        "exempt": candidate.exempt,
        "stratum": candidate.stratum if episode is None else episode.stratum,
        "propensity": 0.0 if episode is None else episode.propensity,
        "arm": assigned.arm,
        "began": pd.NaT if episode is None else pd.Timestamp(episode.began),
        "first_playbook": None if episode is None else episode.playbook,
    }
