"""What each play does to the share that leaves: those meant to be treated against those held out, whatever was then done."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from serving.learning.learned import Estimate, Naive, PlayEffect
from serving.learning.pooling import HIGH, LOW, QUARTER, Posterior, pooled
from serving.params import LearningParams

TRIAL_COLUMNS = ("play", "arm", "left", "score")
ARMS = ("treated", "holdout")


@dataclass(frozen=True)
class Difference:
    """Treated less held out of one play by itself: share that left, its standard error."""

    value: float
    error: float


def measured_effects(trials: pd.DataFrame, naive: Mapping[str, float], params: LearningParams) -> tuple[PlayEffect, ...]:
    """The effect of every play with an assignment whose outcome is known, by play.

    `trials` has a row an assignment: TRIAL_COLUMNS, `left` whether the account left within the window, `score` what was
    known of its risk before (missing: not adjusted). `naive`: by play, what a dashboard would say. Empty without trials.
    """
    plays = sorted({str(play) for play in trials["play"]})
    counts = {(play, arm): _of(trials, play, arm)["left"] for play in plays for arm in ARMS}
    said = [play for play in plays if min(len(counts[play, arm]) for arm in ARMS) >= params.min_accounts]
    found = differences(trials.loc[trials["play"].isin(said)], params.variance_accounts)
    posteriors = dict(zip(said, pooled([found[p].value for p in said], [found[p].error for p in said]), strict=True))
    return tuple(
        _effect(play, counts[play, "treated"], counts[play, "holdout"], found.get(play), posteriors.get(play), naive.get(play))
        for play in plays
    )


def differences(trials: pd.DataFrame, variance_accounts: float) -> dict[str, Difference]:
    """Each play's treated less held out, steadied by the score (CUPED), with its standard error; every play has both arms.

    The variance in an arm of a play leans on that of the arm in all plays, as if `variance_accounts` accounts had shown it:
    a handful of accounts of which none left would else be sure of it.
    """
    cells = trials.assign(adjusted=adjusted(trials)).groupby(["arm", "play"])["adjusted"]
    table = cells.agg(["mean", "count"]).assign(squares=cells.apply(lambda each: float(((each - each.mean()) ** 2).sum())))
    arms = table.groupby("arm")[["squares", "count"]].sum()
    usual = (arms["squares"] / arms["count"]).reindex(table.index, level="arm")
    degrees = table["count"] - 1
    variance = (table["squares"] + variance_accounts * usual) / (degrees + variance_accounts)
    error = variance / table["count"]
    return {
        str(play): Difference(
            float(table["mean"]["treated", play] - table["mean"]["holdout", play]),
            float(np.sqrt(error["treated", play] + error["holdout", play])),
        )
        for play in sorted(set(trials["play"]))
    }


def adjusted(trials: pd.DataFrame) -> pd.Series:
    """Whether each account left, less what its score before the assignment foretold: same means, less noise.

    The slope is that within plays and arms, the score is held against the mean of its play over both arms.
    """
    left = trials["left"].astype(float)
    play, cell = trials["play"], [trials["play"], trials["arm"]]
    score = trials["score"].astype(float)
    score = score.fillna(score.groupby(play).transform("mean")).fillna(0.0)
    inside = score - score.groupby(cell).transform("mean")
    spread = float((inside**2).sum())
    slope = float((inside * left).sum()) / spread if spread > 0 else 0.0
    return left - slope * (score - score.groupby(play).transform("mean"))


def _of(trials: pd.DataFrame, play: str, arm: str) -> pd.DataFrame:
    return trials.loc[(trials["play"] == play) & (trials["arm"] == arm)]


def _effect(
    play: str,
    treated: pd.Series,
    holdout: pd.Series,
    alone: Difference | None,
    posterior: Posterior | None,
    naive: float | None,
) -> PlayEffect:
    effect = None if posterior is None else posterior.estimate()
    still_leave = float(treated.mean()) if len(treated) else 0.0
    return PlayEffect(
        play=play,
        treated=len(treated),
        holdout=len(holdout),
        treated_left=int(treated.sum()),
        holdout_left=int(holdout.sum()),
        too_few=effect is None,
        alone=None if alone is None else alone.value,
        standard_error=None if alone is None else alone.error,
        effect=effect,
        untreated=None if effect is None else min(max(still_leave - effect.mean, 0.0), 1.0),
        prevented=None if posterior is None else _prevented(posterior, still_leave),
        naive=None if posterior is None or naive is None else _naive(naive, posterior),
    )


def _prevented(effect: Posterior, still_leave: float) -> Estimate:
    """The share of would-be leavers that is kept: -effect / (share that leaves treated - effect), none when it does harm.

    It falls as the effect rises, so its quantiles are those of the effect from the other end. The share that leaves though
    treated is taken as known: far more accounts are treated than held out.
    """

    def share(change: float) -> float:
        return 0.0 if change >= 0 else min(-change / (still_leave - change), 1.0)

    return Estimate(
        mean=share(effect.mean),
        lower_quartile=share(effect.quantile(1 - QUARTER)),
        low=share(effect.quantile(1 - LOW)),
        high=share(effect.quantile(1 - HIGH)),
    )


def _naive(difference: float, effect: Posterior) -> Naive:
    """`difference` less the effect; where the effect is low the bias is high."""
    return Naive(
        difference=difference,
        bias=Estimate(
            mean=difference - effect.mean,
            lower_quartile=difference - effect.quantile(1 - QUARTER),
            low=difference - effect.quantile(HIGH),
            high=difference - effect.quantile(LOW),
        ),
    )
