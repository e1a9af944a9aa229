"""The simulated company as the table makers see it: everything true about it, before anything was written down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.world.accounts import Population, populate
from features.world.clock import Clock, Floats, clock
from features.world.dials import Dials, turned, untouched
from features.world.draws import Presence, Rng, stream
from features.world.hazard import Fate, decide
from features.world.params import WorldParams
from features.world.people import Staff, employ
from features.world.states import CAUSES, States, live_through
from features.world.terms import Terms, lay_out


@dataclass(frozen=True)
class Company:
    """One world's inside: who, what went on, what was signed, who left."""

    seed: int
    params: WorldParams
    competitors: tuple[str, ...]
    clock: Clock
    dials: Dials
    accounts: Population
    states: States
    terms: Terms
    fate: Fate
    staff: Staff
    presence: Presence

    def rng(self, subject: str) -> Rng:
        """The dice of one subject."""
        return stream(self.seed, subject)

    def level(self, cause: int, at: Presence | None = None) -> Floats:
        """How strongly a cause shows, one number an account-month of the presence."""
        rows = at or self.presence
        level: Floats = self.states.level[cause, rows.account, rows.month]
        return level

    def health(self, at: Presence | None = None) -> Floats:
        """The customer's own business (mean 0, deviation 1), one number an account-month of the presence."""
        rows = at or self.presence
        return self.states.health[rows.account, rows.month]


def found(accounts: int, months: int, seed: int, params: WorldParams, competitors: Sequence[str]) -> Company:
    """Simulate a company; the same arguments give the same company."""
    if not competitors:
        raise ValueError("no competitor was named; give at least one name")
    time = clock(params.end, params.burn_in_months, months)
    people = populate(stream(seed, "accounts"), accounts, time, params)
    dials = turned(params, time, CAUSES)
    states = live_through(seed, people, time, params, dials)
    as_usual = states if dials.neutral else live_through(seed, people, time, params, untouched(time, CAUSES))
    terms = lay_out(stream(seed, "terms"), people, time)
    fate = decide(seed, people, states, as_usual, terms, time, params)
    presence = _presence(people, fate, time)
    staff = employ(stream(seed, "staff"), people, states, time)
    return Company(seed, params, tuple(competitors), time, dials, people, states, terms, fate, staff, presence)


def _presence(people: Population, fate: Fate, time: Clock) -> Presence:
    months = np.arange(time.first, time.last)
    low = np.maximum(time.starts[months][None, :], people.created_day[:, None]).astype(np.float64)
    high = np.minimum(time.starts[months + 1][None, :], fate.churned[:, None])
    account, column = np.nonzero(high > low)
    return Presence(account, months[column], low[account, column], high[account, column])
