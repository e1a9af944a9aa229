"""How risky an account was before it was assigned to a play: the score that steadies the measured effects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from models.encoding import features_of
from models.health import rule_score
from models.model import Model
from pipelines.company import Company
from serving.feedback import Feedback
from serving.learning.learned import LOGGED, RULE_SCORE
from serving.learning.portfolio import Due

LOGGED_DAYS = 31  # a score older than a month says little of the day
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Beside:
    """What a home knows besides the tables: the champion with its version, the log of assignments
    (`serving.learning.log`), of the newest scored day what renews when, and what people said of the model's view.
    """

    champion: Model | None
    version: str | None
    log: pd.DataFrame
    scored_on: date | None
    due: tuple[Due, ...]
    said: tuple[Feedback, ...] = ()


@dataclass(frozen=True)
class EarlierScores:
    """`scores`: one a trial, missing where nothing was known of the account; `source` says what they are."""

    scores: pd.Series
    source: str


def earlier_scores(company: Company, trials: pd.DataFrame, beside: Beside, progress: Progress) -> EarlierScores:
    """The score of each trial's account before its assignment, the same kind for all.

    The probability that was logged then, where enough of them were. Else that of the first of the month (`month`) by the
    champion, if it had learned nothing from the trials: a model that saw who left would explain away part of what the plays
    did. Else the rule score of that day, which learns nothing.
    """
    logged = logged_scores(trials, beside.log)
    if logged.notna().mean() >= company.params.learning.logged_from_share:
        return EarlierScores(logged, LOGGED)
    champion = beside.champion
    months = sorted({month.date() for month in trials["month"]})
    if not months:
        return EarlierScores(pd.Series(dtype=float), RULE_SCORE)
    frame = company.matrix(months, progress).frame
    if champion is not None and str(champion.fingerprint["until"]) <= months[0].isoformat():
        days = min(company.params.learning.window_days, champion.periods.last_day)
        found, source = (
            champion.churn_probability(frame, days),
            f"probability within {days} days by model version {beside.version}",
        )
    else:
        found, source = rule_score(frame, features_of(frame, company.catalogue), company.params.health), RULE_SCORE
    scored = frame[["account_id", "as_of"]].assign(score=found)
    joined = trials[["account_id", "month"]].merge(
        scored, left_on=["account_id", "month"], right_on=["account_id", "as_of"], how="left"
    )
    return EarlierScores(pd.Series(np.asarray(joined["score"], dtype=float), index=trials.index), source)


def logged_scores(trials: pd.DataFrame, log: pd.DataFrame) -> pd.Series:
    """The newest probability logged of each trial's account in the `LOGGED_DAYS` up to its assignment; missing without one."""
    known = log[["account_id", "as_of", "probability"]].astype({"account_id": "str", "as_of": "datetime64[us]"})
    asked = trials[["account_id", "assigned_at"]].reset_index(names="row").astype({"account_id": "str"})
    found = pd.merge_asof(
        asked.sort_values("assigned_at"),
        known.sort_values("as_of"),
        left_on="assigned_at",
        right_on="as_of",
        by="account_id",
        tolerance=timedelta(days=LOGGED_DAYS),
    )
    return found.set_index("row")["probability"].astype(float).reindex(trials.index)
