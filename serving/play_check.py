"""What is wrong with a play file: every mistake at once, each with its key and what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.practice import MILESTONES, Practice
from serving.wording import Text

if TYPE_CHECKING:
    from serving.play import Action, Play

MAY_STAY_ALIKE = 12  # characters: a short name may read the same in both languages


def shape_mistakes(error: ValidationError) -> list[str]:
    """The sentences for keys that are missing, unknown or of the wrong kind."""
    return [f"{_key(entry['loc'])}: {_shape(entry)}" for entry in error.errors()]


def mistakes(stem: str, play: "Play", practice: Practice) -> list[str]:
    """The mistakes inside one play that has the right shape; empty when it can be used."""
    found = [] if play.id == stem else [f"id: is {play.id!r} in a file called {stem}.yaml; give both the same name"]
    return [*found, *_families(play, practice), *_roles(play, practice), *_plan(play, practice), *_texts(play), *_reasons(play)]


def mistakes_between(plays: Mapping[str, "Play"]) -> list[str]:
    """The mistakes that show only when all plays are seen together; empty when they fit."""
    found = [
        f"{name}.yaml: followed_by: no play is called {play.followed_by!r}; use one of {', '.join(plays)}, or null"
        for name, play in plays.items()
        if play.followed_by is not None and play.followed_by not in plays
    ]
    fallbacks = [name for name, play in plays.items() if play.fallback is not None]
    if len(fallbacks) != 1:
        found.append(
            f"fallback: is set in {', '.join(fallbacks) or 'no play'}; set it in exactly one, for accounts with no driver"
        )
    return found


def _shape(entry: Any) -> str:
    kind, got = entry["type"], entry["input"]
    if kind in {"missing", "missing_argument"}:
        language = {"en": "in English", "es": "in Spanish"}.get(str(entry["loc"][-1]))
        return f"is missing; write it {language}" if language else "is missing; add this section"
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return "is not a key that belongs here; correct its spelling or remove it"
    if kind in {"string_too_short", "too_short"}:
        return "is empty; write at least one entry"
    if kind == "literal_error":
        return f"is {got!r}; use {entry['ctx']['expected']}"
    return f"{entry['msg']} (it is a {type(got).__name__}); correct the value"


def _key(path: Iterable[int | str]) -> str:
    return ".".join(str(part) for part in path if part != "[key]") or "file"


def _families(play: "Play", practice: Practice) -> Iterator[str]:
    for family in play.triggers.families:
        if family not in practice.families:
            yield f"triggers.families.{family}: is no family; use one of {', '.join(practice.families)}"


def _roles(play: "Play", practice: Practice) -> Iterator[str]:
    known = ", ".join(practice.roles)
    listed = [entry.role for entry in play.roles]
    for role in listed:
        if role not in practice.roles:
            yield f"roles: {role!r} is no role; use one of {known}"
    for section, action in _actions(play):
        if action.owner not in practice.roles:
            yield f"{section}.{action.id}.owner: {action.owner!r} is no role; use one of {known}"
        elif action.owner not in listed:
            yield f"{section}.{action.id}.owner: {action.owner!r} is not listed under roles; say there what this role does"


def _plan(play: "Play", practice: Practice) -> Iterator[str]:
    for section, action in _actions(play):
        first, last = practice.phases[action.phase].days
        if not first <= action.day <= last:
            yield f"{section}.{action.id}.day: is {action.day}; {action.phase} goes from {first} to {last} business days"
    for section in ("actions", "tech_touch"):
        opening = [a for s, a in _actions(play) if s == section and not a.done_when and not a.concession]
        if not opening:
            yield f"{section}: has no action that is always due; leave out done_when and concession in the first one"
    if play.duration_days[0] > play.duration_days[1]:
        yield f"duration_days: goes from {play.duration_days[0]} to {play.duration_days[1]}; put the shorter length first"
    for name in MILESTONES:
        if name not in play.milestones:
            yield f"milestones.{name}: is missing; say what is reached by then"
    names = Counter(action.id for _, action in _actions(play)) + Counter(sign.id for sign in play.triggers.signs)
    yield from (f"id {name!r}: is used {count} times; rename one" for name, count in names.items() if count > 1)


def _texts(play: "Play") -> Iterator[str]:
    for key, text in texts(play):
        if text.en == text.es and len(text.en) > MAY_STAY_ALIKE:
            yield f"{key}.es: repeats the English; translate it"


def _reasons(play: "Play") -> Iterator[str]:
    for sign in play.triggers.signs:
        known = {condition.measure for condition in sign.when_all}
        for place in sorted(sign.reason.places() - known):
            yield f"triggers.signs.{sign.id}.reason: {{{place}}} may be unknown; use only measures of when_all"


def texts(play: "Play") -> Iterator[tuple[str, Text]]:
    """Every text of the play with its key."""
    yield from (("name", play.name), ("scenario", play.scenario), ("triggers.summary", play.triggers.summary))
    yield from ((f"triggers.signs.{sign.id}.reason", sign.reason) for sign in play.triggers.signs)
    yield from ((f"{section}.{action.id}.text", action.text) for section, action in _actions(play))
    yield from ((f"roles.{entry.role}", entry.does) for entry in play.roles)
    yield from ((f"milestones.{name}", text) for name, text in play.milestones.items())
    lists = {
        "look_into": play.look_into,
        "success": play.success,
        "do_not": play.do_not,
        "talking_points": play.talking_points,
    }
    yield from ((f"{key}.{place}", text) for key, entries in lists.items() for place, text in enumerate(entries))
    if play.reported_effect is not None:
        yield "reported_effect.text", play.reported_effect.text
    if play.fallback is not None:
        yield "fallback", play.fallback


def _actions(play: "Play") -> Iterator[tuple[str, "Action"]]:
    yield from (("actions", action) for action in play.actions)
    yield from (("tech_touch", action) for action in play.tech_touch)
