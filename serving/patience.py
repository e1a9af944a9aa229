"""When not to begin: an effort is running already, or the last one was too recent for another."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from features.efforts import Effort
from serving.params import TriageParams

Wait = Literal["running", "tired"]


@dataclass(frozen=True)
class Patience:
    """Why no new effort begins on an account, and the first day on which one may."""

    wait: Wait
    until: date


def patience(effort: Effort | None, as_of: date, *, flagged: bool, params: TriageParams) -> Patience | None:
    """Whether to wait, given the newest effort on the account; None when one may begin.

    An effort without an end runs for `triage.effort_days`. After one has ended the account is left alone for
    `triage.fatigue_days`, unless a single red flag stands (`flagged`): then silence would cost more than one call too many.
    """
    if effort is None:
        return None
    if effort.finished is None or effort.finished >= as_of:
        until = effort.started + timedelta(days=params.effort_days)
        return Patience("running", until) if as_of < until else None
    until = effort.finished + timedelta(days=params.fatigue_days)
    return Patience("tired", until) if as_of < until and not flagged else None
