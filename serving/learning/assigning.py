"""The arms of a scored day: who may be held out, in which stratum, and the log of it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd

from serving.learning.arms import Candidate, Episode, Exempt, assign
from serving.learning.log import ASSIGNMENT_COLUMNS, logged
from serving.params import LearningParams, TriageParams
from serving.triage import value_class


def assign_all(
    planned: pd.DataFrame,
    strategic: Collection[str],
    waiting: Collection[str],
    episodes: Mapping[str, Episode],
    triage: TriageParams,
    learning: LearningParams,
    *,
    as_of: date,
    decision_column: str,
) -> pd.DataFrame:
    """ASSIGNMENT_COLUMNS: one row an account with a play, by account_id; empty when there is none.

    `planned` has a row an account with playbook (missing: no play), arr and risk_band; `waiting` are the accounts on which no
    new effort begins now. A stratum is the value class by the risk band.
    """
    rows = {str(row["account_id"]): row for row in planned.to_dict("records") if isinstance(row["playbook"], str)}

    def candidate(account: str, row: Mapping[Any, Any]) -> Candidate:
        arr = None if pd.isna(row["arr"]) else float(row["arr"])
        value = value_class(arr, strategic=account in strategic, params=triage)
        exempt = _exempt(row["playbook"], arr, waiting=account in waiting, params=learning)
        return Candidate(account, row["playbook"], f"{value} value, {row['risk_band']} risk", exempt)

    candidates = [candidate(account, rows[account]) for account in sorted(rows)]
    found = assign(candidates, episodes, as_of=as_of, share=learning.holdout_share, seed=learning.seed)
    log = [logged(each, found[each.account_id], rows[each.account_id], as_of, decision_column) for each in candidates]
    return pd.DataFrame(log, columns=list(ASSIGNMENT_COLUMNS))


def _exempt(playbook: str, arr: float | None, *, waiting: bool, params: LearningParams) -> Exempt | None:
    if arr is not None and arr >= params.exempt_from_arr:
        return "large"
    if playbook in params.never_held_out:
        return "play"
    return "waiting" if waiting else None
