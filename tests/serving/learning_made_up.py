"""What was learned, made up: one play measured, one with too few accounts."""

from datetime import date

from serving.learning.learned import Estimate, Learned, PlayEffect, Portfolio, SaveRate

UNTIL = date(2026, 7, 1)


def an_effect(play="value_roi", **changed):
    """A measured effect: five points fewer leave."""
    given = {
        "play": play,
        "treated": 164,
        "holdout": 38,
        "treated_left": 16,
        "holdout_left": 6,
        "too_few": False,
        "alone": -0.06,
        "standard_error": 0.06,
        "effect": Estimate(mean=-0.05, lower_quartile=-0.06, low=-0.09, high=-0.01),
        "untreated": 0.15,
        "prevented": Estimate(mean=0.33, lower_quartile=0.25, low=0.1, high=0.6),
        "naive": None,
    }
    return PlayEffect(**{**given, **changed})


def too_few(play="budget"):
    nothing = dict.fromkeys(("alone", "standard_error", "effect", "untreated", "prevented", "naive"))
    return an_effect(play, treated=9, holdout=1, treated_left=1, holdout_left=0, too_few=True, **nothing)


def made_up_learned():
    """One play measured, one with too few accounts; nothing else happened."""
    rate = SaveRate(
        play="value_roi", finished=40, saved=30, too_few=False, rate=Estimate(mean=0.75, lower_quartile=0.7, low=0.6, high=0.9)
    )
    nothing = {"accounts": 0, "arr": 0.0, "nrr": None, "grr": None, "logo_churn": None, "logo_churn_month": None}
    portfolio = Portfolio(since=date(2025, 7, 1), until=UNTIL, scored_on=None, at_risk=(), **nothing)
    return Learned(
        until=UNTIL,
        window_days=180,
        adjusted_by="rule score",
        assignments=212,
        not_over=0,
        unfit=0,
        effects=(an_effect(), too_few()),
        save_rates=(rate,),
        programme=(),
        discounted=(),
        portfolio=portfolio,
    )
