"""Who leaves, and when: the true hazard of every account-month, and the one life that was drawn from it.

logit = base(contract, segment) + sum of the families + interactions + business health + frailty + play.
"""

from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population
from features.world.clock import Bools, Clock, Floats, Ints
from features.world.draws import sigmoid, stream
from features.world.params import WorldParams
from features.world.plays import Assignments, assign, merge, visible_risk
from features.world.states import States
from features.world.terms import Terms, calendar

SURVIVAL_ROUNDS = 4


@dataclass(frozen=True)
class Fate:
    """`hazard` and `play` are accounts x months. `churned` is the moment of leaving (inf: stayed); `left_term` the row of
    the term whose end was decided then (-1: stayed); `early` says that it was left in the middle.
    """

    hazard: Floats
    play: Floats
    churned: Floats
    churn_month: Ints
    left_term: Ints
    early: Bools
    assigned: Assignments


def decide(seed: int, people: Population, states: States, terms: Terms, clock: Clock, params: WorldParams) -> Fate:
    """Play the log month by month: plays are assigned, then each account stays or leaves."""
    due, free = calendar(terms, people, clock)
    score = _score(people, states, params)
    base = _base(score, due, free, people, clock, params)
    play = np.zeros((len(people), clock.months))
    hazard = np.zeros_like(play)
    churn_month = np.full(len(people), -1)
    last_play = np.full(len(people), -99)
    rng, dice = stream(seed, "plays"), stream(seed, "churn").random(play.shape)
    seen = visible_risk(stream(seed, "visible risk"), states, params.plays)
    parts: list[Assignments] = []
    for month in range(clock.first, clock.months):
        hazard[:, month] = sigmoid(base[:, month] + score[:, month] + play[:, month])
        if month >= clock.last:
            continue
        alive = (churn_month < 0) & (people.created_day < clock.starts[month])
        leaves = alive & (dice[:, month] < hazard[:, month])
        churn_month[leaves] = month
        ready = alive & (seen[:, month] > params.plays.threshold) & (month - last_play >= params.plays.cooldown_months)
        part = assign(rng, np.flatnonzero(ready), month, states, params.plays, params.hazard)
        last_play[part.account] = month
        for ahead in range(1, params.plays.months_max + 1):
            acting = (part.months >= ahead) & (month + ahead < clock.months)
            play[part.account[acting], min(month + ahead, clock.months - 1)] += part.effect[acting]
        parts.append(part)
    churned, left_term, early = _departures(seed, churn_month, due, people, terms, clock)
    return Fate(hazard, play, churned, churn_month, left_term, early, merge(parts))


def _score(people: Population, states: States, params: WorldParams) -> Floats:
    effect = params.hazard.effect
    segment = np.array([each.log_odds for each in params.segments.values()])[people.segment]
    own = effect * (segment + people.frailty)[:, None]
    result: Floats = own + states.log_odds.sum(axis=0) + states.interaction
    return result + effect * params.hazard.health_log_odds * states.health


def _base(score: Floats, due: Bools, free: Bools, people: Population, clock: Clock, params: WorldParams) -> Floats:
    """The intercept of every account-month, such that those still there leave at the rates asked for; -inf: none may leave."""
    months = np.arange(clock.months)[None, :]
    may = months > people.entry[:, None]
    monthly, rates = people.monthly[:, None], params.hazard
    kinds = ((due & ~monthly, rates.annual_churn), (due & monthly, rates.monthly_churn), (free, rates.early_churn))
    inside = (months >= clock.first) & (months < clock.last)
    base = np.full(score.shape, -np.inf)
    still = may.astype(np.float64)
    for _ in range(SURVIVAL_ROUNDS):
        for chosen, rate in kinds:
            sample = chosen & may & inside
            base[chosen & may] = _intercept(score[sample], still[sample], rate) if sample.any() and rate > 0 else -np.inf
        stays = np.where(months < clock.first, 1.0, 1 - sigmoid(base + score))
        still[:, 1:] = may[:, 1:] * np.cumprod(stays, axis=1)[:, :-1]
    return base


def _intercept(score: Floats, weight: Floats, rate: float) -> float:
    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if np.average(sigmoid(score + middle), weights=weight) < rate else (low, middle)
    return (low + high) / 2


def _departures(
    seed: int, churn_month: Ints, due: Bools, people: Population, terms: Terms, clock: Clock
) -> tuple[Floats, Ints, Bools]:
    rng = stream(seed, "departure day")
    share = rng.uniform(0.02, 0.95, len(people))
    left = churn_month >= 0
    month = np.maximum(churn_month, 0)
    by_term = left & due[np.arange(len(people)), month]
    somewhere = clock.starts[month] + share * (clock.starts[month + 1] - clock.starts[month])
    churned = np.where(left, somewhere, np.inf)
    left_term = np.full(len(people), -1)
    decided = by_term[terms.account] & (terms.month == month[terms.account])
    left_term[terms.account[decided]] = np.flatnonzero(decided)
    churned[terms.account[decided]] = terms.decided[decided]
    early = left & ~by_term
    moment = churned[terms.account]
    running = early[terms.account] & (terms.started <= moment) & (moment < terms.renews)
    left_term[terms.account[running]] = np.flatnonzero(running)
    return churned, left_term, early
