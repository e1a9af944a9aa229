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
DEPARTS_FROM, DEPARTS_BY = 0.02, 0.95  # of a month, when a term is left in the middle


@dataclass(frozen=True)
class Intercepts:
    """Log-odds of an account that nothing moves, by what it may do in a month; -inf: it may not leave then."""

    annual: float
    monthly: float
    early: float


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
    intercepts: Intercepts


def decide(
    seed: int, people: Population, states: States, as_usual: States, terms: Terms, clock: Clock, params: WorldParams
) -> Fate:
    """Play the log month by month: plays are assigned, then each account stays or leaves.

    The rates asked for hold with the states `as_usual`: a dial that is turned changes how many leave.
    """
    due, free = calendar(terms, people, clock)
    score = _score(people, states, params)
    usual = score if as_usual is states else _score(people, as_usual, params)
    base, intercepts = _base(usual, due, free, people, clock, params)
    play = np.zeros((len(people), clock.months))
    hazard = np.zeros_like(play)
    churn_month = np.full(len(people), -1)
    last_play = np.full(len(people), -99)
    rng, dice = stream(seed, "plays"), stream(seed, "churn").random(play.shape)
    seen = visible_risk(states.level, states.health)
    seen = seen + stream(seed, "visible risk").normal(0, params.plays.threshold_noise, seen.shape)
    parts: list[Assignments] = []
    for month in range(clock.first, clock.months):
        hazard[:, month] = sigmoid(base[:, month] + score[:, month] + play[:, month])
        if month >= clock.last:
            continue
        alive = (churn_month < 0) & (people.created_day < clock.starts[month])
        leaves = alive & (dice[:, month] < hazard[:, month])
        churn_month[leaves] = month
        ready = alive & (seen[:, month] > params.plays.threshold) & (month - last_play >= params.plays.cooldown_months)
        rows = np.flatnonzero(ready if params.twin.plays else np.zeros_like(ready))
        level, acting = states.level[:, rows, month].T, states.log_odds[:, rows, month].T
        part = assign(rng, rows, month, level, acting, params.plays, params.hazard)
        last_play[part.account] = month
        for ahead in range(1, params.plays.months_max + 1):
            under_way = (part.months >= ahead) & (month + ahead < clock.months)
            play[part.account[under_way], min(month + ahead, clock.months - 1)] += part.effect[under_way]
        parts.append(part)
    churned, left_term, early = _departures(seed, churn_month, due, people, terms, clock)
    return Fate(hazard, play, churned, churn_month, left_term, early, merge(parts), intercepts)


def own(people: Population, params: WorldParams) -> Floats:
    """What an account adds to its log-odds for good, one entry an account."""
    segment = np.array([each.log_odds for each in params.segments.values()])[people.segment]
    result: Floats = params.hazard.effect * (segment + people.frailty)
    return result


def score_of(own: Floats, causes: Floats, interaction: Floats, health: Floats, params: WorldParams) -> Floats:
    """Log-odds besides intercept and plays; `causes` are their sum."""
    result: Floats = own + causes + interaction
    return result + params.hazard.effect * params.hazard.health_log_odds * health


def _score(people: Population, states: States, params: WorldParams) -> Floats:
    mine, causes = own(people, params)[:, None], states.log_odds.sum(axis=0)
    return score_of(mine, causes, states.interaction, states.health, params)


def _base(
    score: Floats, due: Bools, free: Bools, people: Population, clock: Clock, params: WorldParams
) -> tuple[Floats, Intercepts]:
    """The intercept of every account-month, such that those still there leave at the rates asked for; -inf: none may leave."""
    months = np.arange(clock.months)[None, :]
    may = months > people.entry[:, None]
    monthly, rates = people.monthly[:, None], params.hazard
    kinds = ((due & ~monthly, rates.annual_churn), (due & monthly, rates.monthly_churn), (free, rates.early_churn))
    inside = (months >= clock.first) & (months < clock.last)
    base = np.full(score.shape, -np.inf)
    still = may.astype(np.float64)
    found = [-np.inf] * len(kinds)
    for _ in range(SURVIVAL_ROUNDS):
        for number, (chosen, rate) in enumerate(kinds):
            sample = chosen & may & inside
            found[number] = _intercept(score[sample], still[sample], rate) if sample.any() and rate > 0 else -np.inf
            base[chosen & may] = found[number]
        stays = np.where(months < clock.first, 1.0, 1 - sigmoid(base + score))
        still[:, 1:] = may[:, 1:] * np.cumprod(stays, axis=1)[:, :-1]
    return base, Intercepts(*found)


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
    share = rng.uniform(DEPARTS_FROM, DEPARTS_BY, len(people))
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
