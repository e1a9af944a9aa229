"""How risky an account was before it was assigned to a play: the score that steadies the measured effects."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.encoding import features_of
from models.health import rule_score
from models.model import Model
from pipelines.company import Company

RULE_SCORE = "rule score"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class EarlierScores:
    """`scores`: one a trial, missing where nothing was known of the account; `source` says what they are."""

    scores: pd.Series
    source: str


def earlier_scores(
    company: Company, trials: pd.DataFrame, champion: Model | None, version: str | None, window_days: int, progress: Progress
) -> EarlierScores:
    """The score of each trial's account on the first of the month it was assigned in (`month`), or on none.

    It is the champion's probability if the champion had learned nothing from the trials: one that saw who left would
    explain away part of what the plays did. Else the rule score, which learns nothing.
    """
    months = sorted({month.date() for month in trials["month"]})
    if not months:
        return EarlierScores(pd.Series(dtype=float), RULE_SCORE)
    frame = company.matrix(months, progress).frame
    if champion is not None and str(champion.fingerprint["until"]) <= months[0].isoformat():
        days = min(window_days, champion.periods.last_day)
        found, source = champion.churn_probability(frame, days), f"probability within {days} days by model version {version}"
    else:
        found, source = rule_score(frame, features_of(frame, company.catalogue), company.params.health), RULE_SCORE
    scored = frame[["account_id", "as_of"]].assign(score=found)
    joined = trials[["account_id", "month"]].merge(
        scored, left_on=["account_id", "month"], right_on=["account_id", "as_of"], how="left"
    )
    return EarlierScores(pd.Series(np.asarray(joined["score"], dtype=float), index=trials.index), source)
