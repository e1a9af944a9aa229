"""A company's own plays over the product's: a file adds a play, replaces a shipped one, or changes parts of one (`based_on`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from features.catalogue import catalogue
from serving.matching import FACT_NAMES
from serving.play import PLAYS_FOLDER, Play, load_plays, made, read_files, read_play
from serving.play_check import unknown_measures
from serving.play_keys import meant

Origin = Literal["shipped", "edited", "replaced", "added"]
BASED_ON, LEAVE_OUT = "based_on", "leave_out"
NAMED_BY = {"actions": "id", "tech_touch": "id", "signs": "id", "roles": "role"}  # lists whose entries are known by a name
FILE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class PlaysInForce:
    """The plays by id, and where each comes from: `edited` keeps what its file does not name of the shipped play."""

    plays: dict[str, Play]
    origins: dict[str, Origin]


def plays_in_force(own: Path | None) -> PlaysInForce:
    """The product's plays with those of the folder `own` over them; None: the product's alone.

    `PlayError` lists every mistake of every file of `own` at once.
    """
    if own is None:
        plays = load_plays()
        return PlaysInForce(plays, dict.fromkeys(plays, "shipped"))
    shipped, _ = read_files(PLAYS_FOLDER)
    given, mistakes = read_files(own)
    whole: dict[str, dict[str, Any]] = {}
    for stem, content in given.items():
        merged, wrong = _whole(stem, content, shipped)
        mistakes += [f"{stem}.yaml: {line}" for line in wrong]
        if merged is not None:
            whole[stem] = merged
            mistakes += [f"{stem}.yaml: {line}" for line in _unknown_measures(merged)]
    mistakes += [
        f"{stem}.yaml: a file name is small letters, digits and _, as the play's id; rename it"
        for stem in given
        if not FILE_NAME.fullmatch(stem)
    ]
    plays = made({**shipped, **whole}, mistakes, own)
    origins: dict[str, Origin] = {stem: _origin(stem, given, shipped) for stem in plays}
    return PlaysInForce(plays, origins)


def _unknown_measures(content: dict[str, Any]) -> list[str]:
    play, _ = read_play(content)
    return [] if play is None else unknown_measures(play, {signal.name for signal in catalogue()} | FACT_NAMES)


def _origin(stem: str, given: Mapping[str, dict[str, Any]], shipped: Mapping[str, dict[str, Any]]) -> Origin:
    if stem not in given:
        return "shipped"
    if stem not in shipped:
        return "added"
    return "edited" if BASED_ON in given[stem] else "replaced"


def _whole(stem: str, content: dict[str, Any], shipped: Mapping[str, dict[str, Any]]) -> tuple[dict[str, Any] | None, list[str]]:
    """The complete play that a file stands for, and what is wrong with how it changes another; None: based on none there is."""
    if BASED_ON not in content:
        return content, []
    rest = {key: value for key, value in content.items() if key != BASED_ON}
    base = content[BASED_ON]
    if not isinstance(base, str) or base not in shipped:
        return None, [
            f"{BASED_ON}: no shipped play is called {base!r}; use one of {', '.join(shipped)}{meant(str(base), shipped)}"
        ]
    wrong: list[str] = []
    merged = _over(shipped[base], rest, (), wrong)
    return {**merged, "id": rest.get("id", stem)}, wrong


def _over(old: Any, new: Any, path: tuple[str, ...], wrong: list[str]) -> Any:
    """`new` over `old`: mappings key by key, lists of named entries entry by entry, all else (each text too) as a whole."""
    if isinstance(old, dict) and isinstance(new, dict) and not _is_text(old):
        merged = dict(old)
        for key, value in new.items():
            if value is None and path == ("triggers", "families"):
                merged.pop(key, None)
            else:
                merged[key] = _over(old.get(key), value, (*path, str(key)), wrong)
        return merged
    name = NAMED_BY.get(path[-1]) if path else None
    if name and isinstance(old, list) and isinstance(new, list):
        return _entries(old, new, name, path, wrong)
    return new


def _entries(old: list[Any], new: list[Any], name: str, path: tuple[str, ...], wrong: list[str]) -> list[Any]:
    """Entries of the same name changed or left out in their place, others added at the end."""
    kept = {entry[name]: entry for entry in old}
    more: list[Any] = []
    for entry in new:
        called = entry.get(name) if isinstance(entry, dict) else None
        known = kept.get(called) if isinstance(called, str) else None
        if not isinstance(entry, dict) or (known is None and LEAVE_OUT not in entry):
            more.append(entry)
        elif known is None:
            wrong.append(
                f"{'.'.join(path)}: {called!r} is to be left out, but there is none; use one of "
                f"{', '.join(kept)}{meant(str(called), kept)}"
            )
        elif entry.get(LEAVE_OUT) is True:
            del kept[str(called)]
        else:
            kept[str(called)] = _over(known, entry, (*path, str(called)), wrong)
    return [*kept.values(), *more]


def _is_text(value: dict[str, Any]) -> bool:
    return set(value) == {"en", "es"}
