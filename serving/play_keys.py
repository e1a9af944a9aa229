"""Which keys may stand at a place of a play file, and which one a misspelt word means."""

from collections.abc import Collection, Iterable
from dataclasses import is_dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints


def keys_allowed(root: type, path: Iterable[int | str]) -> tuple[str, ...]:
    """The keys at `path` below `root`, a dataclass; numbers of entries and the keys of a mapping are stepped over."""
    here = root
    for step in path:
        hints = get_type_hints(here)
        if isinstance(step, str) and step in hints:
            inner = _dataclass_in(hints[step])
            if inner is None:
                return ()
            here = inner
    return tuple(get_type_hints(here))


def key_in(content: Any, path: Iterable[int | str]) -> str:
    """The place as a person finds it: an entry of a list by its id or role where it has one, else by its number from 0."""
    said: list[str] = []
    for step in path:
        if step == "[key]":
            continue
        content = _below(content, step)
        name = (content.get("id") or content.get("role")) if isinstance(step, int) and isinstance(content, dict) else None
        said.append(str(step) if name is None else str(name))
    return ".".join(said) or "file"


def meant(word: str, known: Collection[str]) -> str:
    """` (did you mean …?)` with the nearest of the `known` words; empty when none is near."""
    near = get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _below(content: Any, step: int | str) -> Any:
    if isinstance(content, dict):
        return content.get(step)
    return content[step] if isinstance(content, list) and isinstance(step, int) and step < len(content) else None


def _dataclass_in(annotation: Any) -> type | None:
    if isinstance(annotation, type) and is_dataclass(annotation):
        return annotation
    return next((found for each in get_args(annotation) if (found := _dataclass_in(each))), None)
