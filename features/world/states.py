"""What goes on inside the accounts, month by month, seen by nobody: causes that set in, last and fade, and business health.

`level` is what shows in the tables at once; `log_odds` is what acts on churn, later for usage and support.
"""

from dataclasses import dataclass

import numpy as np

from features.world import steps
from features.world.accounts import Population
from features.world.clock import Clock, Floats, Ints
from features.world.dials import Dials
from features.world.draws import Rng, stream
from features.world.params import FamilyParams, HazardParams, WorldParams

CAUSES = ("usage", "support", "stakeholders", "budget", "competition", "value", "engagement", "onboarding")
USAGE, SUPPORT, STAKEHOLDERS, BUDGET, COMPETITION, VALUE, ENGAGEMENT, ONBOARDING = range(len(CAUSES))
SPELLS = (SUPPORT, BUDGET, COMPETITION, VALUE, ENGAGEMENT)


@dataclass(frozen=True)
class Hidden:
    """What the next month grows out of, accounts x months at the end of each month; `failed` has one entry an account.

    `target` and `now` of the SPELLS have the spell as first axis; `since` counts months since the champion left.
    """

    shock: Floats
    sets_in: Floats
    lagging: Floats
    target: Floats
    now: Floats
    tickets: Floats
    since: Floats
    failed: Floats


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
    hidden: Hidden


def live_through(seed: int, people: Population, clock: Clock, params: WorldParams, dials: Dials) -> States:
    """The states of all accounts in all simulated months, as if nobody ever left."""
    shape = (len(people), clock.months)
    families, onset = params.families, dials.onset
    level = np.zeros((len(CAUSES), *shape))
    target, now = np.zeros((2, len(SPELLS), *shape))
    shock, sets_in, level[USAGE] = _decaying(stream(seed, "usage state"), shape, families.usage, onset[USAGE])
    for number, cause in enumerate(SPELLS):
        rng = stream(seed, f"{CAUSES[cause]} state")
        target[number], now[number] = _spells(rng, shape, getattr(families, CAUSES[cause]), onset[cause])
        level[cause] = now[number]
    incidents = stream(seed, "incidents").poisson(steps.incidents_expected(level[SUPPORT]))
    tickets = _smooth(incidents.astype(np.float64), steps.SUPPORT_MEMORY)
    level[SUPPORT] = steps.support_shows(tickets)
    rng = stream(seed, "champions")
    exits, quick, since, level[STAKEHOLDERS] = _champions(rng, people, shape, families.stakeholders, onset[STAKEHOLDERS])
    failed = _failed(stream(seed, "onboarding state"), people, families.onboarding, onset[ONBOARDING])
    age = np.arange(clock.months)[None, :] - people.entry[:, None]
    level[ONBOARDING] = start_missed(failed[:, None], age, families.onboarding)
    lagging = _smooth(_later(level[USAGE], steps.ADOPTION_LAG), steps.ADOPTION_MEMORY)
    plain = acting(level, lagging, params)
    together = interactions(level, lagging, params.hazard)
    weight = dials.weight[:, None, : clock.months]
    effect = params.hazard.effect
    return States(
        level=level,
        log_odds=plain * weight * effect,
        interaction=turned_interaction(together, weight) * effect,
        health=_health(stream(seed, "health"), shape, params.hazard),
        incidents=incidents.astype(np.int64),
        exits=exits,
        quick=quick,
        hidden=Hidden(shock, sets_in, lagging, target, now, tickets, since, failed),
    )


def acting(level: Floats, lagging: Floats, params: WorldParams) -> Floats:
    """Log-odds by cause of levels shaped (causes, …), before dials; adoption acts through its smoothed past, `lagging`."""
    log_odds = np.zeros_like(level)
    for cause, name in enumerate(CAUSES):
        family: FamilyParams = getattr(params.families, name)
        at_work = lagging if cause == USAGE else level[cause]
        log_odds[cause] = np.minimum(family.log_odds * at_work, params.hazard.log_odds_max)
    return log_odds


def interactions(level: Floats, lagging: Floats, hazard: HazardParams) -> Floats:
    """What a champion's exit, and budget pressure, add beside low adoption; shape (2, …), before dials."""
    low_adoption = np.minimum(lagging, 1.2)
    return np.stack(
        [
            hazard.exit_times_adoption * np.minimum(level[STAKEHOLDERS], 1.2) * low_adoption,
            hazard.budget_times_adoption * np.minimum(level[BUDGET], 1.2) * low_adoption,
        ]
    )


def turned_interaction(together: Floats, weight: Floats) -> Floats:
    """Their sum; each is turned as both of its causes are."""
    result: Floats = together[0] * (weight[STAKEHOLDERS] * weight[USAGE]) + together[1] * (weight[BUDGET] * weight[USAGE])
    return result


def start_missed(failed: Floats, age: Ints, family: FamilyParams) -> Floats:
    """A failed onboarding weighs fully for four months and fades after."""
    level = failed * np.exp(-np.maximum(age - 4, 0) / family.months)
    return np.where((age < 0) | (level < 0.12), 0, level)


def _decaying(rng: Rng, shape: tuple[int, int], family: FamilyParams, onset: Floats) -> tuple[Floats, Floats, Floats]:
    """(shock, what sets in, what shows of it)."""
    sets_in = (rng.random(shape) < family.onset * onset[: shape[1]]) * rng.uniform(0.6, 1.4, shape)
    shock = np.zeros(shape)
    now = before = np.zeros(shape[0])
    for month in range(shape[1]):
        now = steps.shock(now, sets_in[:, month], before, family.months)
        before = sets_in[:, month]
        shock[:, month] = now
    return shock, sets_in, steps.shock_shows(shock)


def _spells(rng: Rng, shape: tuple[int, int], family: FamilyParams, onset: Floats) -> tuple[Floats, Floats]:
    starts = rng.random(shape) < family.onset * onset[: shape[1]]
    ends = rng.random(shape) < 1 / family.months
    strength = rng.uniform(0.5, 1.4, shape)
    targets, nows = np.zeros((2, *shape))
    target = now = np.zeros(shape[0])
    for month in range(shape[1]):
        target, now = steps.spell(target, now, starts[:, month], ends[:, month], strength[:, month])
        targets[:, month], nows[:, month] = target, now
    return targets, nows


def alone(people: Population) -> Floats:
    """How much more the loss of a champion weighs, one entry an account."""
    return np.where(people.relationships < 3, 1.2, 0.8)


def _champions(
    rng: Rng, people: Population, shape: tuple[int, int], family: FamilyParams, onset: Floats
) -> tuple[Ints, Ints, Floats, Floats]:
    """(exits, quick, months since the last exit, level)."""
    settled = np.arange(shape[1])[None, :] > people.entry[:, None] + 1
    leaves = (rng.random(shape) < family.onset * onset[: shape[1]]) & settled
    soon = rng.random(shape) < 0.5
    exits, quick = np.zeros((2, *shape), np.int64)
    sinces, level = np.zeros((2, *shape))
    since = np.full(shape[0], 99.0)
    fast = np.zeros(shape[0], dtype=bool)
    for month in range(shape[1]):
        gone, since, fast = steps.champion(since, fast, leaves[:, month], soon[:, month])
        exits[:, month], quick[:, month], sinces[:, month] = gone, fast, since
        level[:, month] = steps.champion_missed(since, fast, alone(people), family.months)
    return exits, quick, sinces, level


def _failed(rng: Rng, people: Population, family: FamilyParams, onset: Floats) -> Floats:
    """How badly each account's onboarding fails; 0 where it does not."""
    count = len(people)
    failed: Floats = (rng.random(count) < family.onset * onset[np.maximum(people.entry, 0)]) * rng.uniform(0.7, 1.3, count)
    return failed


def _health(rng: Rng, shape: tuple[int, int], hazard: HazardParams) -> Floats:
    noise = rng.standard_normal(shape)
    health = np.empty(shape)
    now = noise[:, 0]
    for month in range(shape[1]):
        now = steps.health(now, noise[:, month], hazard.health_persistence) if month else now
        health[:, month] = now
    return health


def _smooth(values: Floats, keep: float) -> Floats:
    result = np.zeros_like(values)
    now = np.zeros(len(values))
    for month in range(values.shape[1]):
        now = steps.smoothed(now, values[:, month], keep)
        result[:, month] = now
    return result


def _later(values: Floats, months: int) -> Floats:
    result = np.zeros_like(values)
    result[:, months:] = values[:, :-months]
    return result
