"""A play: what to do about one kind of trouble, by whom and when. One file a play in `serving/plays/`, in both languages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from features.errors import BadInput
from features.one_of_each import read_yaml
from serving import play_check
from serving.condition import Condition, Rule
from serving.learning.learned import Learned
from serving.learning.telling import effect_text
from serving.play_mending import mended
from serving.practice import MilestoneName, Phase, load_practice
from serving.wording import STRICT, Text

PLAYS_FOLDER = Path(__file__).parent / "plays"


class PlayError(BadInput):
    """The plays of a folder cannot be used: `mistakes` lists every one with its file, its key and what to do.

    Empty of a folder that cannot be used at all, of which the message says why.
    """

    def __init__(self, message: str, mistakes: tuple[str, ...] = ()) -> None:
        """Keep the mistakes beside the message that lists them."""
        super().__init__(message)
        self.mistakes = mistakes


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Sign(Rule):
    """One sign that the play fits: a rule, its weight in points (negative counts against) and how a person reads it.

    With `decides` the play is taken whatever the causes. `behind` lists families behind which the sign tells the cause: where
    one of them is the likeliest, this play answers it before the family's own.
    """

    id: str
    points: float
    reason: Text
    decides: bool = False
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Triggers:
    """When the play is suggested.

    `families` lists the causes that the play answers, with the points by which it is preferred for one. `least` is the number
    of points from which its signs alone suggest it.
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
    contents, mistakes = read_files(folder)
    return made(contents, mistakes, folder)


def read_files(folder: Path) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What each `*.yaml` of `folder` says, by its name without the ending, and why some cannot be read.

    `PlayError` when the folder is none, or holds no such file.
    """
    if not folder.is_dir():
        raise PlayError(f"{folder} is no folder; give one with a YAML file a play, or leave plays.folder empty")
    paths = sorted(each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"})
    if not paths:
        raise PlayError(f"{folder} holds no play (*.yaml); point to a folder with one file a play")
    contents: dict[str, dict[str, Any]] = {}
    mistakes: list[str] = []
    for path in paths:
        if path.suffix == ".yml":
            mistakes.append(f"{path.name}: is not read; rename it to {path.stem}.yaml")
            continue
        try:
            content = read_yaml(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            mistakes.append(f"{path.name}: is not UTF-8; save it in that encoding")
        except yaml.YAMLError as error:
            mistakes.append(f"{path.name}: is not readable YAML ({_where(error)}); quote texts with a colon and indent evenly")
        else:
            if isinstance(content, dict):
                contents[path.stem] = content
            else:
                mistakes.append(f"{path.name}: holds {play_check.kind_of(content)}, not the keys of a play; begin with id:")
    return contents, mistakes


def made(contents: Mapping[str, dict[str, Any]], mistakes: list[str], folder: Path) -> dict[str, Play]:
    """The plays of `contents` by id, sorted; `PlayError` with `mistakes` and those found in them or, if none, between them."""
    plays: dict[str, Play] = {}
    for stem, content in sorted(contents.items()):
        play, wrong = read_play(content)
        mistakes = [*mistakes, *(f"{stem}.yaml: {line}" for line in wrong)]
        if play is not None:
            plays[stem] = play
    practice = load_practice()
    found = [f"{stem}.yaml: {line}" for stem, play in plays.items() for line in play_check.mistakes(stem, play, practice)]
    mistakes = [*mistakes, *found]
    if not mistakes:
        mistakes = play_check.mistakes_between(plays)
    if mistakes:
        mistakes = sorted(mistakes, key=lambda line: line.split(":")[0])
        raise PlayError(f"{folder}: mistakes to correct, {len(mistakes)}:\n" + "\n".join(mistakes), tuple(mistakes))
    return plays


def read_play(content: Mapping[str, Any]) -> tuple[Play | None, list[str]]:
    """The play that a file says, and the mistakes in its shape: with some it is mended, None where that is not possible."""
    try:
        return _PLAY.validate_python(content), []
    except ValidationError as error:
        wrong = play_check.shape_mistakes(error, Play, content)
        try:
            return _PLAY.validate_python(mended(content, error, _sections())), wrong
        except ValidationError:
            return None, wrong


@cache
def _sections() -> dict[str, Any]:
    """Sections of a shipped play, to stand in for missing ones."""
    sections: dict[str, Any] = read_yaml((PLAYS_FOLDER / "engagement_revival.yaml").read_text(encoding="utf-8"))
    return sections


def _where(error: yaml.YAMLError) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f"line {mark.line + 1}" if mark is not None else "no line known"
    return f"{place}: {problem}" if problem else place


_PLAY = TypeAdapter(Play)
