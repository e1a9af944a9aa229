"""What is wrong with a play file: every mistake at once, each with its key and what to do."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.play_keys import key_in, keys_allowed, meant
from serving.practice import MILESTONES, Practice
from serving.wording import Text

if TYPE_CHECKING:
    from serving.play import Action, Play

MAY_STAY_ALIKE = 12  # characters: a short name may read the same in both languages


LONGEST_SHOWN = 60  # characters of a wrong value


def shape_mistakes(error: ValidationError, root: type, content: Any) -> list[str]:
    """The sentences for keys of `content` that are missing, unknown or of the wrong kind; `root` is the type to be."""
    return [f"{key_in(content, entry['loc'])}: {_shape(entry, root)}" for entry in error.errors()]


def kind_of(value: Any) -> str:
    """What a file holds in place of keys, in words."""
    return "nothing" if value is None else f"a {type(value).__name__}"


def unknown_measures(play: "Play", known: Collection[str]) -> list[str]:
    """The mistakes in the names of what triggers and done_when look at; `known`: the signals and facts there are."""
    asked = [(f"triggers.signs.{sign.id}", name) for sign in play.triggers.signs for name in sorted(sign.measures())]
    asked += [(f"{section}.{a.id}.done_when", c.measure) for section, a in _actions(play) for c in a.done_when]
    return [
        f"{key}: no signal or fact is called {name!r}; docs/signals.md lists the signals{meant(name, known)}"
        for key, name in asked
        if name not in known
    ]


def mistakes(stem: str, play: "Play", practice: Practice) -> list[str]:
    """The mistakes inside one play that has the right shape; empty when it can be used."""
    found = [] if play.id == stem else [f"id: is {play.id!r} in a file called {stem}.yaml; give both the same name"]
    return [*found, *_families(play, practice), *_roles(play, practice), *_plan(play, practice), *_texts(play), *_reasons(play)]


def mistakes_between(plays: Mapping[str, "Play"]) -> list[str]:
    """The mistakes that show only when all plays are seen together; empty when they fit."""
    found = [
        f"{name}.yaml: followed_by: no play is called {play.followed_by!r}; use one of {', '.join(plays)}, or null"
        f"{meant(play.followed_by, plays)}"
        for name, play in plays.items()
        if play.followed_by is not None and play.followed_by not in plays
    ]
    for language in ("en", "es"):
        called: dict[str, list[str]] = {}
        for name, play in plays.items():
            called.setdefault(getattr(play.name, language).casefold(), []).append(name)
        found += [
            f"{', '.join(names)}: name.{language}: is {getattr(plays[names[0]].name, language)!r} in each; give them names apart"
            for names in called.values()
            if len(names) > 1
        ]
    fallbacks = [name for name, play in plays.items() if play.fallback is not None]
    if len(fallbacks) != 1:
        found.append(
            f"fallback: is set in {', '.join(fallbacks) or 'no play'}; set it in exactly one, for accounts with no driver"
        )
    return found


def _shape(entry: Any, root: type) -> str:
    kind, got = entry["type"], entry["input"]
    if kind in {"missing", "missing_argument"}:
        language = {"en": "in English", "es": "in Spanish"}.get(str(entry["loc"][-1]))
        return f"is missing; write it {language}" if language else "is missing; add this section"
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        near = meant(str(entry["loc"][-1]), keys_allowed(root, entry["loc"][:-1]))
        return f"is not a key that belongs here; correct its spelling or remove it{near}"
    if kind in {"string_too_short", "too_short"}:
        return "is empty; write at least one entry"
    if kind == "literal_error":
        return f"is {got!r}; use {entry['ctx']['expected']}"
    said = entry["msg"].removeprefix("Value error, ")
    return f"{said} (it is {_short(got)}); correct the value"


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _families(play: "Play", practice: Practice) -> Iterator[str]:
    places = {f"triggers.families.{family}": family for family in play.triggers.families}
    places |= {f"triggers.signs.{sign.id}.behind": family for sign in play.triggers.signs for family in sign.behind}
    for place, family in places.items():
        if family not in practice.families:
            near = meant(family, practice.families)
            yield f"{place}: {family!r} is no family; use one of {', '.join(practice.families)}{near}"


def _roles(play: "Play", practice: Practice) -> Iterator[str]:
    known = ", ".join(practice.roles)
    listed = [entry.role for entry in play.roles]
    for role in listed:
        if role not in practice.roles:
            yield f"roles: {role!r} is no role; use one of {known}{meant(role, practice.roles)}"
    for section, action in _actions(play):
        if action.owner not in practice.roles:
            near = meant(action.owner, practice.roles)
            yield f"{section}.{action.id}.owner: {action.owner!r} is no role; use one of {known}{near}"
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
