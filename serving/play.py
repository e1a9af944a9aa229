"""A play: what to do about one kind of trouble, by whom and when. One file a play in `serving/plays/`, in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from serving import play_check
from serving.condition import Condition, Rule
from serving.learning.learned import Learned
from serving.learning.telling import effect_text
from serving.practice import MilestoneName, Phase, load_practice
from serving.wording import STRICT, Text

PLAYS_FOLDER = Path(__file__).parent / "plays"


class PlayError(ValueError):
    """The plays of a folder cannot be used; the message lists every mistake with its file, its key and what to do."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Sign(Rule):
    """One sign that the play fits: a rule, its weight in points (negative counts against) and how a person reads it."""

    id: str
    points: float
    reason: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Triggers:
    """When the play is suggested.

    `families` gives the points that a family brings when it is the account's strongest clear driver. `least` is the number
    of points below which the play is not considered.
    """

    summary: Text
    families: Mapping[str, float]
    least: float = Field(gt=0)
    signs: tuple[Sign, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Action:
    """One dated action. `day` counts business days after as_of; `done_when` says which facts show it is done already.

    A `concession` is offered only to an account with a price driver.
    """

    id: str
    phase: Phase
    day: int = Field(ge=0)
    owner: str
    text: Text
    done_when: tuple[Condition, ...] = ()
    concession: bool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RoleInPlay:
    """What one role does in the play."""

    role: str
    does: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class ReportedEffect:
    """An effect that others report: shown with its source, never used in a computation."""

    text: Text
    source: str


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Play:
    """One play, complete in both languages; `duration_days` is the shortest and the longest length.

    A `modifier` is added to a play and never stands alone. `fallback` is the reason given when no play has enough signs (one
    play has it). `outlives_renewal` marks a play whose steps go on past the renewal date.
    """

    id: str
    kind: Literal["play", "modifier"]
    name: Text
    scenario: Text
    triggers: Triggers
    look_into: tuple[Text, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = Field(min_length=1)
    roles: tuple[RoleInPlay, ...] = Field(min_length=1)
    success: tuple[Text, ...] = Field(min_length=1)
    duration_days: tuple[int, int]
    milestones: Mapping[MilestoneName, Text]
    do_not: tuple[Text, ...] = Field(min_length=1)
    tech_touch: tuple[Action, ...] = Field(min_length=1)
    talking_points: tuple[Text, ...]
    reported_effect: ReportedEffect | None
    measured_effect: Literal["none yet"]
    followed_by: str | None
    outlives_renewal: bool
    fallback: Text | None = None

    def measured_effect_text(self, learned: Learned | None) -> Text:
        """The effect measured in this company, or that there are too few accounts to say, or that there is none yet."""
        return effect_text(learned, self.id)


def load_plays(folder: Path | None = None) -> dict[str, Play]:
    """Every play of `folder` by its id, sorted; `PlayError` lists all mistakes at once.

    Without a folder the product's own, which are read once.
    """
    return _read(folder) if folder else dict(_own())


@cache
def _own() -> Mapping[str, Play]:
    return _read(PLAYS_FOLDER)


def _read(folder: Path) -> dict[str, Play]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise PlayError(f"{folder} holds no play (*.yaml); point to a folder with one file a play")
    plays: dict[str, Play] = {}
    mistakes: list[str] = []
    for path in paths:
        try:
            play = _PLAY.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        except yaml.YAMLError as error:
            mistakes.append(f"{path.name}: is not readable YAML ({_where(error)}); quote texts with a colon and indent evenly")
        except ValidationError as error:
            mistakes += [f"{path.name}: {line}" for line in play_check.shape_mistakes(error)]
        else:
            plays[path.stem] = play
    practice = load_practice()
    mistakes += [f"{stem}.yaml: {line}" for stem, play in plays.items() for line in play_check.mistakes(stem, play, practice)]
    if not mistakes:
        mistakes = play_check.mistakes_between(plays)
    if mistakes:
        raise PlayError(f"{folder}: mistakes to correct, {len(mistakes)}:\n" + "\n".join(mistakes))
    return plays


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark is not None else "no line known"


_PLAY = TypeAdapter(Play)
