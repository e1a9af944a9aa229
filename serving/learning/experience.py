"""What earlier days leave to a new one: who is in which arm, and how likely a play saves an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from serving.learning.arms import Episode
from serving.learning.learned import Estimate, Learned


@dataclass(frozen=True)
class Experience:
    """`episodes`: the assignments that last on the day, by account. `saves`: P(saved | play) by play, where it was measured.

    `prior`: log-odds by family, from what people confirmed and denied.
    """

    episodes: Mapping[str, Episode] = field(default_factory=dict)
    saves: Mapping[str, Estimate] = field(default_factory=dict)
    prior: Mapping[str, float] = field(default_factory=dict)


NOTHING = Experience()


def measured_saves(learned: Learned | None, as_of: date) -> dict[str, Estimate]:
    """P(saved | play) by play; empty where nothing was learned, or only from what came after `as_of`."""
    if learned is None or learned.until > as_of:
        return {}
    found = {each.play: learned.save_probability(each.play) for each in learned.effects}
    return {play: estimate for play, estimate in found.items() if estimate is not None}
