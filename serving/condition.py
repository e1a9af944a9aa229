"""Conditions written in plays and parameters: a bound on one measure of an account. What is unknown never holds."""

import math
from collections.abc import Mapping

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from serving.wording import STRICT

Fact = float | str | None
Facts = Mapping[str, Fact]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Condition:
    """A bound on one measure: a signal by its name, or a fact of the account. Exactly one bound is given."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> "Condition":
        bounds = (self.at_least, self.at_most, self.above, self.below, self.one_of)
        if sum(bound is not None for bound in bounds) != 1:
            raise ValueError(f"{self.measure} needs exactly one of at_least, at_most, above, below, one_of")
        return self

    def holds(self, facts: Facts) -> bool:
        """Whether the bound is met; False when the measure is unknown (absent, None or NaN) or of the other kind."""
        value = facts.get(self.measure)
        if isinstance(value, str):
            return self.one_of is not None and value in self.one_of
        if value is None or math.isnan(value):
            return False
        return (
            (self.at_least is not None and value >= self.at_least)
            or (self.at_most is not None and value <= self.at_most)
            or (self.above is not None and value > self.above)
            or (self.below is not None and value < self.below)
        )


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rule:
    """Holds when every condition of `when_all` does, one of `when_any` does (if given) and none of `unless` does."""

    when_all: tuple[Condition, ...] = ()
    when_any: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if not (self.when_all or self.when_any):
            raise ValueError("a rule needs conditions under when_all or when_any")
        return self

    def holds(self, facts: Facts) -> bool:
        """Whether the account's facts meet the rule."""
        return (
            all(condition.holds(facts) for condition in self.when_all)
            and (not self.when_any or any(condition.holds(facts) for condition in self.when_any))
            and not any(condition.holds(facts) for condition in self.unless)
        )

    def measures(self) -> frozenset[str]:
        """Every measure the rule looks at."""
        return frozenset(c.measure for c in (*self.when_all, *self.when_any, *self.unless))
