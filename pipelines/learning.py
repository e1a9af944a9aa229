"""`tenure learn`: what the plays did, how the save programme goes, and how the portfolio went, as known before a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from features.assignments import assignments
from features.population import population
from models.reasons import REASONS_OF
from pipelines.company import Company
from pipelines.earlier_scores import Beside, EarlierScores, earlier_scores
from serving.feedback import Feedback
from serving.learning.effects import measured_effects
from serving.learning.learned import Learned, PlayEffect, Portfolio, WhoWasRight
from serving.learning.naive import naive_differences, nobody_treated
from serving.learning.portfolio import portfolio
from serving.learning.programme import discounted, programme
from serving.learning.saves import save_rates
from serving.learning.trials import Trials, trials_of
from serving.play import Play
from serving.who_was_right import Left, Outcome, ledger

YEAR_DAYS = 365
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Measured:
    """The effects, the trials they rest on, what steadied them, and every assignment with what was there when it was made."""

    effects: tuple[PlayEffect, ...]
    trials: Trials
    adjusted_by: str
    rows: pd.DataFrame
    there: pd.DataFrame


def learn(company: Company, until: date, plays: dict[str, Play], beside: Beside, progress: Progress) -> Learned:
    """Everything in the tables and beside them, as known before `until`; where nobody was assigned, of the portfolio alone.

    `BadInput` when no account is known by then.
    """
    company.require_accounts(until, "--until")
    params = company.params.learning
    progress("outcomes", 0, 1)

    def scored(trials: pd.DataFrame) -> EarlierScores:
        return earlier_scores(company, trials, beside, progress)

    found = measure(company, until, scored)
    progress("programme", 0, 1)
    told = _told(company, found.rows, found.there, plays, until)
    known = {each.play: each.effect.mean for each in found.effects if each.effect is not None}
    groups = programme(told, _decisions(company, until), known, company.params.triage.hour_cost)
    finished = {each.name: (each.finished, each.saved) for each in groups if each.by == "playbook"}
    return Learned(
        until=until,
        window_days=params.window_days,
        adjusted_by=found.adjusted_by,
        assignments=len(found.rows),
        not_over=found.trials.not_over,
        unfit=found.trials.unfit,
        effects=found.effects,
        save_rates=save_rates(finished, params.min_accounts),
        programme=groups,
        discounted=discounted(told),
        portfolio=_portfolio(company, until, beside),
        who_was_right=_who_was_right(company, until, beside.said),
    )


def measure(company: Company, until: date, scored: Callable[[pd.DataFrame], EarlierScores]) -> Measured:
    """The effect of every play; `scored` gives each trial (it has `month`, the first of its month) a score from before it."""
    rows = assignments(company.history, until)
    rows = rows.assign(month=rows["assigned_at"].dt.to_period("M").dt.to_timestamp().astype("datetime64[us]"))
    there = _there(company, rows)
    days = company.params.learning.window_days
    trials = trials_of(rows, _followed(company, rows, until), window_days=days, until=until)
    scores = scored(trials.table)
    naive = naive_differences(trials.table, _untreated(company, there, rows, until))
    effects = measured_effects(trials.table.assign(score=scores.scores), naive, company.params.learning)
    return Measured(effects, trials, scores.source, rows, there)


def _there(company: Company, rows: pd.DataFrame) -> pd.DataFrame:
    """account_id, as_of, arr of everybody under contract on the first of each month of an assignment."""
    months = sorted({month.date() for month in rows["month"]})
    if not months:
        columns = {"account_id": "str", "as_of": "datetime64[us]", "arr": "float64"}
        return pd.DataFrame(columns=list(columns)).astype(columns)
    known = population(company.history, months, grace_days=company.params.label.grace_days)
    return known.loc[known["alive"], ["account_id", "as_of", "arr"]].reset_index(drop=True)


def _followed(company: Company, rows: pd.DataFrame, until: date) -> pd.DataFrame:
    return company.follow_up(rows.rename(columns={"assigned_at": "as_of"}), until)


def _untreated(company: Company, there: pd.DataFrame, rows: pd.DataFrame, until: date) -> pd.DataFrame:
    """`month` and `left` of accounts that nobody treated, where the window is over."""
    days = company.params.learning.window_days
    alone = there.loc[nobody_treated(there, rows, days)].reset_index(drop=True)
    asked = alone.rename(columns={"as_of": "assigned_at"}).assign(playbook="", month=alone["as_of"])
    return trials_of(asked, _followed(company, asked, until), window_days=days, until=until).table


def _told(company: Company, rows: pd.DataFrame, there: pd.DataFrame, plays: dict[str, Play], until: date) -> pd.DataFrame:
    """The assignments with the account's segment, yearly value and CSM, and the cause that the play answers."""
    causes = {name: _cause(play) for name, play in plays.items()}
    segment = company.traits(there, until).reindex(columns=["segment"])["segment"]
    then = there.assign(segment=segment).rename(columns={"as_of": "month"})
    who = company.history.known("accounts", [until]).select("account_id", "csm").to_pandas()
    told = rows.merge(then, on=["account_id", "month"], how="left").merge(who, on="account_id", how="left")
    return told.assign(cause=told["playbook"].map(causes))


def _cause(play: Play) -> str | None:
    """The family that speaks loudest for the play; None of a play that no family calls for."""
    return max(play.triggers.families, key=lambda family: play.triggers.families[family], default=None)


def _decisions(company: Company, until: date) -> pd.DataFrame:
    decided: pd.DataFrame = company.history.known("renewals", [until]).select("account_id", "decided_at", "outcome").to_pandas()
    return decided


def _who_was_right(company: Company, until: date, said: tuple[Feedback, ...]) -> WhoWasRight | None:
    """What people said before `until` against what came of it; None when nobody said anything of these accounts."""
    known = set(company.history.known("accounts", [until]).select("account_id").to_pandas()["account_id"])
    heard = [each for each in said if each.said_at.date() < until and each.account_id in known]
    if not heard:
        return None
    asked = pd.DataFrame(
        {"account_id": [each.account_id for each in heard], "as_of": [pd.Timestamp(each.as_of) for each in heard]}
    )
    columns = ["churned_at", "reason", "followed_until"]
    outcomes = [
        Outcome(None if pd.isna(churned) else Left(churned.date(), None if pd.isna(reason) else str(reason)), followed.date())
        for churned, reason, followed in company.follow_up(asked, until)[columns].itertuples(index=False)
    ]
    params = company.params
    return ledger(
        heard,
        outcomes,
        REASONS_OF,
        params.decision.band_cuts,
        horizon_days=params.decision.horizon_days,
        min_accounts=params.learning.min_accounts,
        until=until,
    )


def _portfolio(company: Company, until: date, beside: Beside) -> Portfolio:
    since = until - timedelta(days=YEAR_DAYS)
    known = population(company.history, [since, until], grace_days=company.params.label.grace_days)
    alive = known.loc[known["alive"]]
    then, now = (alive.loc[alive["as_of"] == pd.Timestamp(day), ["account_id", "arr"]] for day in (since, until))
    return portfolio(then, now, since=since, until=until, scored_on=beside.scored_on, due=beside.due)
