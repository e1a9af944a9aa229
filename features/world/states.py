"""What goes on inside the accounts, month by month, seen by nobody: causes that set in, last and fade, and business health.

`level` is what shows in the tables at once; `log_odds` is what acts on churn, later for usage and support.
"""

from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population
from features.world.clock import Clock, Floats, Ints
from features.world.draws import Rng, stream
from features.world.params import FamilyParams, HazardParams, WorldParams

CAUSES = ("usage", "support", "stakeholders", "budget", "competition", "value", "engagement", "onboarding")
USAGE, SUPPORT, STAKEHOLDERS, BUDGET, COMPETITION, VALUE, ENGAGEMENT, ONBOARDING = range(len(CAUSES))


@dataclass(frozen=True)
class States:
    """Arrays of accounts x months; `level` and `log_odds` have the cause (order of CAUSES) as first axis.

    `exits` counts champion exits in the month; `quick` says that the successor of the last one came soon.
    """

    level: Floats
    log_odds: Floats
    interaction: Floats
    health: Floats
    incidents: Ints
    exits: Ints
    quick: Ints


def live_through(seed: int, people: Population, clock: Clock, params: WorldParams) -> States:
    """The states of all accounts in all simulated months, as if nobody ever left."""
    shape = (len(people), clock.months)
    families, hazard = params.families, params.hazard
    level = np.zeros((len(CAUSES), *shape))
    level[USAGE] = _decaying(stream(seed, "usage state"), shape, families.usage)
    friction = _episodes(stream(seed, "support state"), shape, families.support)
    incidents = stream(seed, "incidents").poisson(0.06 + 1.8 * friction)
    level[SUPPORT] = np.clip(_smooth(incidents.astype(np.float64), 0.6) - 0.5, 0, 1.6)
    exits, quick, level[STAKEHOLDERS] = _champions(stream(seed, "champions"), people, shape, families.stakeholders)
    for cause in (BUDGET, COMPETITION, VALUE, ENGAGEMENT):
        name = CAUSES[cause]
        level[cause] = _episodes(stream(seed, f"{name} state"), shape, getattr(families, name))
    level[ONBOARDING] = _failed_start(stream(seed, "onboarding state"), people, clock, families.onboarding)
    log_odds = _acting(level, params)
    shock = np.minimum(_smooth(_later(level[USAGE], 2), 0.6), 1.2)
    interaction = hazard.exit_times_adoption * np.minimum(level[STAKEHOLDERS], 1.2) * shock
    interaction += hazard.budget_times_adoption * np.minimum(level[BUDGET], 1.2) * shock
    return States(
        level=level,
        log_odds=log_odds * hazard.effect,
        interaction=interaction * hazard.effect,
        health=_health(stream(seed, "health"), shape, hazard),
        incidents=incidents.astype(np.int64),
        exits=exits,
        quick=quick,
    )


def _acting(level: Floats, params: WorldParams) -> Floats:
    log_odds = np.zeros_like(level)
    for cause, name in enumerate(CAUSES):
        family: FamilyParams = getattr(params.families, name)
        acting = level[cause]
        if cause == USAGE:
            acting = _smooth(_later(acting, 2), 0.6)
        log_odds[cause] = np.minimum(family.log_odds * acting, params.hazard.log_odds_max)
    return log_odds


def _decaying(rng: Rng, shape: tuple[int, int], family: FamilyParams) -> Floats:
    """Shocks that come over two months and fade by exp(-1/months) a month."""
    sets_in = (rng.random(shape) < family.onset) * rng.uniform(0.6, 1.4, shape)
    level = np.zeros(shape)
    now = np.zeros(shape[0])
    keep = np.exp(-1 / family.months)
    for month in range(shape[1]):
        now = now * keep + sets_in[:, month] * 0.5 + (sets_in[:, month - 1] * 0.5 if month else 0)
        level[:, month] = np.where(now < 0.2, 0, np.minimum(now, 1.5))
    return level


def _episodes(rng: Rng, shape: tuple[int, int], family: FamilyParams) -> Floats:
    """Spells of one strength that end with chance 1/months a month, and ebb away in two."""
    starts = rng.random(shape) < family.onset
    ends = rng.random(shape) < 1 / family.months
    strength = rng.uniform(0.5, 1.4, shape)
    level = np.zeros(shape)
    target = np.zeros(shape[0])
    now = np.zeros(shape[0])
    for month in range(shape[1]):
        running = target > 0
        target = np.where(running, np.where(ends[:, month], 0, target), starts[:, month] * strength[:, month])
        now = now + 0.65 * (target - now)
        now = np.where(now < 0.12, 0, now)
        level[:, month] = now
    return level


def _champions(rng: Rng, people: Population, shape: tuple[int, int], family: FamilyParams) -> tuple[Ints, Ints, Floats]:
    """Exits (at least 12 months apart); the loss weighs more where we know few people and no successor comes soon."""
    settled = np.arange(shape[1])[None, :] > people.entry[:, None] + 1
    leaves = (rng.random(shape) < family.onset) & settled
    soon = rng.random(shape) < 0.5
    alone = np.where(people.relationships < 3, 1.2, 0.8)
    exits, quick, level = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape)
    since = np.full(shape[0], 99.0)
    fast = np.zeros(shape[0], dtype=bool)
    for month in range(shape[1]):
        gone = leaves[:, month] & (since >= 12)
        since = np.where(gone, 0.0, since + 1)
        fast = np.where(gone, soon[:, month], fast)
        exits[:, month], quick[:, month] = gone, fast
        loss = np.exp(-since / family.months) * alone * np.where(fast, 0.85, 1.15)
        level[:, month] = np.where(loss < 0.12, 0, loss)
    return exits, quick, level


def _failed_start(rng: Rng, people: Population, clock: Clock, family: FamilyParams) -> Floats:
    """A failed onboarding weighs fully for four months and fades after."""
    fails = (rng.random(len(people)) < family.onset) * rng.uniform(0.7, 1.3, len(people))
    age = np.arange(clock.months)[None, :] - people.entry[:, None]
    level = fails[:, None] * np.exp(-np.maximum(age - 4, 0) / family.months)
    return np.where((age < 0) | (level < 0.12), 0, level)


def _health(rng: Rng, shape: tuple[int, int], hazard: HazardParams) -> Floats:
    """AR(1) with mean 0 and standard deviation 1."""
    keep = hazard.health_persistence
    noise = rng.standard_normal(shape)
    health = np.empty(shape)
    now = noise[:, 0]
    for month in range(shape[1]):
        now = keep * now + np.sqrt(1 - keep**2) * noise[:, month] if month else now
        health[:, month] = now
    return health


def _smooth(values: Floats, keep: float) -> Floats:
    """Exponential mean over the months: keep x before + (1 - keep) x now."""
    result = np.zeros_like(values)
    now = np.zeros(len(values))
    for month in range(values.shape[1]):
        now = keep * now + (1 - keep) * values[:, month]
        result[:, month] = now
    return result


def _later(values: Floats, months: int) -> Floats:
    result = np.zeros_like(values)
    result[:, months:] = values[:, :-months]
    return result
