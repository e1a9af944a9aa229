"""Which play answers the likeliest cause: a named one first, as the page has it, then a likely one; and which to try next."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from serving.condition import Facts
from serving.play import Play, Sign
from serving.practice import load_practice


class Driver(NamedTuple):
    """A family, the chance (0 to 1) that it is at work, and whether the page names it as a driver of the risk."""

    family: str
    chance: float
    named: bool


@dataclass(frozen=True)
class Choice:
    """A play, the signs of it that hold (the weightiest first) and the cause it answers; None: it rests on its signs alone."""

    play: Play
    signs: tuple[Sign, ...]
    driver: Driver | None = None

    @property
    def points(self) -> float:
        """What the signs weigh, without the cause."""
        return sum(sign.points for sign in self.signs)

    @property
    def enough(self) -> bool:
        """Whether the signs alone suggest the play."""
        return self.points >= self.play.triggers.least


def choose(drivers: Sequence[Driver], plays: Mapping[str, Play], facts: Facts) -> tuple[Choice, Choice | None]:
    """The play for an account and the one to try next, None if no other fits. `drivers` are in the order in which they count.

    A sign that decides comes before any cause; then the first cause that is named, or likely enough, and that a play answers;
    then the signs alone; where nothing fits, the fallback.
    """
    fits = [held(play, facts) for _, play in sorted(plays.items()) if play.kind == "play"]
    decided = [fit for fit in fits if any(sign.decides for sign in fit.signs)]
    likely = [driver for driver in drivers if driver.named or driver.chance >= load_practice().likely_from]
    answers = (_answer(driver, fits) for driver in likely)
    first = _heaviest(decided) or next((each for each in answers if each), None) or _by_signs(fits) or _fallback(fits)
    return first, _next(first, drivers, fits)


def held(play: Play, facts: Facts) -> Choice:
    """The play with its signs that hold."""
    signs = [sign for sign in play.triggers.signs if sign.holds(facts)]
    return Choice(play, tuple(sorted(signs, key=lambda sign: -abs(sign.points))))


def _answer(driver: Driver, fits: Sequence[Choice]) -> Choice | None:
    """The play that answers the cause: one whose sign tells what is behind it, else the one with most points."""
    family = driver.family
    behind = [fit for fit in fits if any(family in sign.behind for sign in fit.signs)]
    own = [fit for fit in fits if family in fit.play.triggers.families]
    best = _heaviest(behind) or max(own, key=lambda fit: fit.play.triggers.families[family] + fit.points, default=None)
    return None if best is None else replace(best, driver=driver)


def _next(first: Choice, drivers: Sequence[Driver], fits: Sequence[Choice]) -> Choice | None:
    """The play likeliest to answer what the first leaves open; by signs alone where no cause is likely enough."""
    others = [fit for fit in fits if fit.play.id != first.play.id]
    chances = {driver.family: driver.chance for driver in drivers}
    answered = first.play.triggers.families
    best = max(others, key=lambda fit: _answers(fit.play, chances, answered), default=None)
    if best is None or _answers(best.play, chances, answered) < load_practice().likely_from:
        return _by_signs(others)
    return best


def _answers(play: Play, chances: Mapping[str, float], answered: Collection[str]) -> float:
    """The chance that the play answers a cause at work; one that another play answers already counts less."""
    less = load_practice().answered_counts
    return 1 - math.prod(1 - chances.get(each, 0.0) * (less if each in answered else 1) for each in play.triggers.families)


def _by_signs(fits: Sequence[Choice]) -> Choice | None:
    return _heaviest([fit for fit in fits if fit.enough])


def _heaviest(fits: Sequence[Choice]) -> Choice | None:
    return max(fits, key=lambda fit: fit.points, default=None)


def _fallback(fits: Sequence[Choice]) -> Choice:
    for fit in fits:
        if fit.play.fallback is not None:
            return fit
    raise ValueError("no play has a fallback; pass the plays that load_plays returned")
