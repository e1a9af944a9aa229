"""Hidden states on the first of a month, and how they go on: many possible futures of each account, by the rules of the log."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from features.world import steps
from features.world.clock import Bools, Floats, Ints
from features.world.company import Company
from features.world.draws import Rng
from features.world.hazard import own, score_of
from features.world.plays import assign, visible_risk
from features.world.states import (
    CAUSES,
    ONBOARDING,
    SPELLS,
    STAKEHOLDERS,
    SUPPORT,
    USAGE,
    acting,
    alone,
    interactions,
    start_missed,
    turned_interaction,
)

NEVER = -99


@dataclass
class Lives:
    """Arrays (accounts, futures), moved month by month by `live_on`; `account` numbers the accounts, `month` comes next.

    `failed` says how badly the onboarding failed, `mine` what an account adds for good, `level` what shows now (causes, …),
    `incidents` those of the month.
    `shown` are the adoption levels of the two months before; `play` (accounts, futures, months) what plays add in those ahead.
    """

    company: Company
    account: Ints
    month: int
    shock: Floats
    sets_in: Floats
    shown: list[Floats]
    lagging: Floats
    target: Floats
    now: Floats
    tickets: Floats
    since: Floats
    fast: Bools
    health: Floats
    last_play: Ints
    play: Floats
    failed: Floats
    mine: Floats
    level: Floats
    incidents: Floats

    def of(self, rows: Bools) -> "Lives":
        """The lives of some of the accounts, to be lived apart."""
        return self._each(lambda values, axis: np.compress(rows, values, axis=axis), self.account[rows])

    def drawn(self, picked: Ints) -> "Lives":
        """For each account the lives whose numbers are given, shape (accounts, lives)."""

        def draw(values: Floats, axis: int) -> Floats:
            ahead = (1,) * axis
            behind = (1,) * (values.ndim - axis - 2)
            return np.take_along_axis(values, picked.reshape(*ahead, *picked.shape, *behind), axis=axis + 1)

        return self._each(draw, self.account)

    def _each(self, taken: Callable[[Any, int], Any], account: Ints) -> "Lives":
        """Apply to every array; told the axis of the accounts, which the lives follow."""
        changed: dict[str, Any] = {"account": account, "shown": [taken(each, 0) for each in self.shown]}
        for name in ("shock", "sets_in", "lagging", "tickets", "since", "fast", "health", "last_play", "play"):
            changed[name] = taken(getattr(self, name), 0)
        for name in ("failed", "mine", "incidents"):
            changed[name] = taken(getattr(self, name), 0)
        for name in ("target", "now", "level"):
            changed[name] = taken(getattr(self, name), 1)
        return replace(self, **changed)


def begin(company: Company, account: Ints, month: int, futures: int, months: int) -> Lives:
    """The true states of these accounts at the end of the month before, each `futures` times, to be lived for `months` months."""
    hidden, before = company.states.hidden, month - 1
    shape = (len(account), futures)

    def many(values: Floats) -> Floats:
        return np.broadcast_to(values[..., None], (*values.shape, futures)).copy()

    play, last = _under_way(company, month, months)
    everywhere = np.broadcast_to(play[account][:, None, :], (*shape, months))
    return Lives(
        company=company,
        account=account,
        month=month,
        shock=many(hidden.shock[account, before]),
        sets_in=many(hidden.sets_in[account, before]),
        shown=[many(company.states.level[USAGE, account, before - 1]), many(company.states.level[USAGE, account, before])],
        lagging=many(hidden.lagging[account, before]),
        target=many(hidden.target[:, account, before]),
        now=many(hidden.now[:, account, before]),
        tickets=many(hidden.tickets[account, before]),
        since=many(hidden.since[account, before]),
        fast=many(company.states.quick[account, before]) == 1,
        health=many(company.states.health[account, before]),
        last_play=np.broadcast_to(last[account][:, None], shape).copy(),
        play=everywhere.copy(),
        failed=many(hidden.failed[account]),
        mine=many(own(company.accounts, company.params)[account]),
        level=many(company.states.level[:, account, before]),
        incidents=many(company.states.incidents[account, before].astype(np.float64)),
    )


def live_on(lives: Lives, rng: Rng, exits: Bools | None = None, *, plays: bool = True) -> Floats:
    """Live one month; returns the log-odds of leaving in it besides the intercept, shape (accounts, futures).

    `exits` says, of a month that is over, which accounts lost their champion (None: nobody knows); without `plays` none is
    assigned. The same luck meets all accounts: what differs between two of them is then their state.
    """
    level = lives.level = _causes(lives, rng, exits)
    company, params, month = lives.company, lives.company.params, lives.month
    weight = company.dials.weight[:, month]
    at_work = acting(level, lives.lagging, params) * weight[:, None, None] * params.hazard.effect
    together = turned_interaction(interactions(level, lives.lagging, params.hazard), weight) * params.hazard.effect
    score = score_of(lives.mine, at_work.sum(axis=0), together, lives.health, params) + lives.play[:, :, 0]
    _plays(lives, rng, level, at_work, assigned=plays)
    lives.month += 1
    return score


def _causes(lives: Lives, rng: Rng, exits: Bools | None) -> Floats:
    """Every state a month on; the levels, shape (causes, accounts, futures)."""
    company, params, month = lives.company, lives.company.params, lives.month
    people, families = company.accounts, params.families
    onset = company.dials.onset[:, month]
    futures = lives.shock.shape[1]
    level = np.empty((len(CAUSES), *lives.shock.shape))

    def luck() -> Floats:
        return _strata(rng, futures)

    usage = families.usage
    sets_in = (luck() < usage.onset * onset[USAGE]) * (0.6 + 0.8 * luck())
    lives.shock = steps.shock(lives.shock, sets_in, lives.sets_in, usage.months)
    lives.sets_in = np.broadcast_to(sets_in, lives.shock.shape)
    level[USAGE] = steps.shock_shows(lives.shock)
    lives.lagging = steps.smoothed(lives.lagging, lives.shown[0], steps.ADOPTION_MEMORY)
    lives.shown = [lives.shown[1], level[USAGE]]
    for number, cause in enumerate(SPELLS):
        family = getattr(families, CAUSES[cause])
        starts, ends, strength = luck() < family.onset * onset[cause], luck() < 1 / family.months, 0.5 + 0.9 * luck()
        lives.target[number], lives.now[number] = steps.spell(lives.target[number], lives.now[number], starts, ends, strength)
        level[cause] = lives.now[number]
    lives.incidents = rng.poisson(steps.incidents_expected(level[SUPPORT])).astype(np.float64)
    lives.tickets = steps.smoothed(lives.tickets, lives.incidents, steps.SUPPORT_MEMORY)
    level[SUPPORT] = steps.support_shows(lives.tickets)
    settled = (month > people.entry[lives.account] + 1)[:, None]
    leaves = (luck() < families.stakeholders.onset * onset[STAKEHOLDERS]) & settled
    if exits is not None:
        leaves = np.broadcast_to(exits[:, None], lives.since.shape)
    _, lives.since, lives.fast = steps.champion(lives.since, lives.fast, leaves, luck() < 0.5)
    weight = alone(people)[lives.account][:, None]
    level[STAKEHOLDERS] = steps.champion_missed(lives.since, lives.fast, weight, families.stakeholders.months)
    age = (month - people.entry[lives.account])[:, None]
    level[ONBOARDING] = start_missed(lives.failed, age, families.onboarding)
    lives.health = steps.health(lives.health, ndtri(luck()), params.hazard.health_persistence)
    return level


def _plays(lives: Lives, rng: Rng, level: Floats, at_work: Floats, *, assigned: bool) -> None:
    """The team goes on as in the log: who looks at risk gets a play, or is held out."""
    plays, hazard = lives.company.params.plays, lives.company.params.hazard
    lives.play = np.concatenate([lives.play[:, :, 1:], np.zeros((*lives.play.shape[:2], 1))], axis=2)
    if not (assigned and lives.company.params.twin.plays):
        return
    seen = visible_risk(level, lives.health) + plays.threshold_noise * ndtri(_strata(rng, lives.shock.shape[1]))
    rested = lives.month - lives.last_play >= plays.cooldown_months
    row, future = np.nonzero((seen > plays.threshold) & rested)
    part = assign(rng, np.arange(len(row)), lives.month, level[:, row, future].T, at_work[:, row, future].T, plays, hazard)
    lives.last_play[row, future] = lives.month
    for ahead in range(min(plays.months_max, lives.play.shape[2])):
        under_way = part.months > ahead
        lives.play[row[under_way], future[under_way], ahead] += part.effect[under_way]


def _under_way(company: Company, month: int, months: int) -> tuple[Floats, Ints]:
    """(what plays assigned before the month add in it and after, accounts x months; the month of each account's last one)."""
    count = len(company.accounts)
    play, last = np.zeros((count, months)), np.full(count, NEVER)
    assigned = company.fate.assigned
    before = assigned.month < month
    np.maximum.at(last, assigned.account[before], assigned.month[before])
    for ahead in range(months):
        acts = before & (assigned.month + assigned.months >= month + ahead)
        np.add.at(play, (assigned.account[acts], np.full(int(acts.sum()), ahead)), assigned.effect[acts])
    return play, last


def _strata(rng: Rng, size: int) -> Floats:
    """`size` uniform numbers, one in each `size`-th of [0, 1), in any order: means over futures settle sooner."""
    result: Floats = (rng.permutation(size) + rng.random(size)) / size
    return result
