"""The remediation plan: one row a problem found in the account's own data, shared with the customer as the agreement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from serving.condition import Facts, Rule
from serving.plan import business_day
from serving.wording import STRICT, Text

PROBLEMS_FILE = Path(__file__).parent / "plays" / "common" / "problems.yaml"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Problem(Rule):
    """One problem: when it is there, how a person reads it, its root cause, what mends it, by whom and in how many business days.

    A `deal_breaker` keeps a customer from renewing. `family` is the cause it belongs to.
    """

    id: str
    family: str
    deal_breaker: bool
    problem: Text
    cause: Text
    fix: Text
    owner: str
    days: int = Field(ge=0)
    metric: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Row:
    """One row of the plan: the problem with its numbers filled in, root cause, fix, owner (role), due date, success metric."""

    id: str
    family: str
    deal_breaker: bool
    problem: Text
    cause: Text
    fix: Text
    owner: str
    due: date
    metric: Text


ROWS: TypeAdapter[tuple[Row, ...]] = TypeAdapter(tuple[Row, ...])


@cache
def load_problems() -> tuple[Problem, ...]:
    """The product's problems; pydantic's `ValidationError` when the shipped file was broken."""
    return TypeAdapter(tuple[Problem, ...]).validate_python(yaml.safe_load(PROBLEMS_FILE.read_text(encoding="utf-8")))


def remediation(
    facts: Facts, chances: Mapping[str, float], *, as_of: date, holidays: Collection[date], most: int
) -> tuple[Row, ...]:
    """At most so many rows: deal-breakers first, then the likeliest causes (`chances` by family), then the soonest fixes.

    What the facts do not show is no problem; an account in which nothing is wrong has no row.
    """
    found = [each for each in load_problems() if each.holds(facts) and _known(each, facts)]
    found.sort(key=lambda each: (not each.deal_breaker, -chances.get(each.family, 0.0), each.days))
    return tuple(_row(each, facts, as_of, holidays) for each in found[:most])


def rows_to_json(rows: Sequence[Row]) -> str:
    """The rows as the plans keep them."""
    return ROWS.dump_json(tuple(rows)).decode()


def rows_from_json(kept: str | None) -> tuple[Row, ...]:
    """What `rows_to_json` kept; none where nothing was kept."""
    return () if kept is None else ROWS.validate_json(kept)


def _row(each: Problem, facts: Facts, as_of: date, holidays: Collection[date]) -> Row:
    numbers = {name: value for name in each.problem.places() if isinstance(value := facts.get(name), float)}
    return Row(
        id=each.id,
        family=each.family,
        deal_breaker=each.deal_breaker,
        problem=each.problem.filled(numbers),
        cause=each.cause,
        fix=each.fix,
        owner=each.owner,
        due=business_day(as_of, each.days, holidays),
        metric=each.metric,
    )


def _known(each: Problem, facts: Facts) -> bool:
    """Whether every number that the problem names is known."""
    return all(isinstance(facts.get(name), float) for name in each.problem.places())
