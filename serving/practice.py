"""What all plays share (`plays/common/practice.yaml`): titles of roles and phases, what to say, how a save is run."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import Field, TypeAdapter, model_validator
from pydantic.dataclasses import dataclass

from serving.wording import STRICT, Text

Phase = Literal["first_24h", "first_week", "first_30_days", "later"]
MilestoneName = Literal["day_1", "days_2_3", "week_1", "weeks_2_4", "day_30"]
PHASES: tuple[Phase, ...] = get_args(Phase)
MILESTONES: tuple[MilestoneName, ...] = get_args(MilestoneName)

PRACTICE_FILE = Path(__file__).parent / "plays" / "common" / "practice.yaml"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PhaseOfPlan:
    """A phase of a plan: its title and the business days (first and last) in which its actions fall."""

    title: Text
    days: tuple[int, int]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MilestoneOfPlan:
    """A milestone every plan has: its title and the business day after as_of on which it is due."""

    title: Text
    day: int = Field(ge=0)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class TalkingPoint:
    """One part of the conversation, in order. A `concession` is raised only where there is a price driver.

    `takes` says which facts of the account belong into it: what we see, their concerns, what we offer.
    """

    title: Text
    say: Text
    concession: bool = False
    takes: Literal["open", "concerns", "offer"] | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Practice:
    """What holds for every play, in both languages."""

    roles: Mapping[str, Text]
    families: Mapping[str, Text]
    phases: Mapping[Phase, PhaseOfPlan]
    executive_roles: tuple[str, ...]
    milestones: Mapping[MilestoneName, MilestoneOfPlan]
    likely_from: float = Field(gt=0, lt=1)
    answered_counts: float = Field(ge=0, le=1)
    named_reason: Text
    likely_reason: Text
    runway_reasons: Mapping[Literal["emergency", "quick_wins"], Text]
    no_price_driver: Text
    talking_points: tuple[TalkingPoint, ...]
    response: tuple[Text, ...]
    saved: tuple[Text, ...]
    running_a_save: tuple[Text, ...]
    personal_fit: tuple[Text, ...]
    collect_and_rank: tuple[Text, ...]
    quick_fixes: tuple[Text, ...]
    remediation_columns: tuple[Text, ...]
    after_each_save: tuple[Text, ...]

    @model_validator(mode="after")
    def _roles_that_exist(self) -> "Practice":
        unknown = [role for role in self.executive_roles if role not in self.roles]
        if unknown:
            raise ValueError(f"executive_roles: no such role: {', '.join(unknown)}; there are {', '.join(self.roles)}")
        return self


@cache
def load_practice() -> Practice:
    """The product's common practice; pydantic's `ValidationError` when the shipped file was broken."""
    return TypeAdapter(Practice).validate_python(yaml.safe_load(PRACTICE_FILE.read_text(encoding="utf-8")))
