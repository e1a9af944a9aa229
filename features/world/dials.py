"""What can be turned in a world: drift from some month on, and the twin that differs in one thing alone."""

from dataclasses import dataclass

import numpy as np

from features.world.clock import Clock, Floats
from features.world.params import WorldParams

AHEAD_MONTHS = 12


@dataclass(frozen=True)
class Dials:
    """Causes x months, the log and twelve months more: by what factor a cause sets in (`onset`) and acts (`weight`).

    All are 1 in a world without drift that is nobody's twin.
    """

    onset: Floats
    weight: Floats

    @property
    def neutral(self) -> bool:
        """Whether nothing is turned."""
        return bool((self.onset == 1).all() and (self.weight == 1).all())


def untouched(clock: Clock, causes: tuple[str, ...]) -> Dials:
    """Nothing is turned."""
    ones = np.ones((len(causes), clock.months + AHEAD_MONTHS))
    return Dials(ones, ones)


def turned(params: WorldParams, clock: Clock, causes: tuple[str, ...]) -> Dials:
    """The dials of a world: drift leaves the months before it begins as usual, a twin lacks its cause from the burn-in on."""
    months = np.arange(clock.months + AHEAD_MONTHS)
    begins = clock.first + round(params.drift.from_share * (clock.last - clock.first))
    later = months >= begins
    onset = np.ones((len(causes), len(months)))
    weight = np.ones_like(onset)
    for number, cause in enumerate(causes):
        onset[number, later] = params.drift.onset.get(cause, 1.0)
        weight[number, later] = params.drift.log_odds.get(cause, 1.0)
        if cause == params.twin.without:
            weight[number] = 0.0
    return Dials(onset, weight)
