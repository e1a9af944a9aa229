"""A play file with mistakes in its shape, mended as far as needed to look for the other mistakes in it too."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

UNKNOWN = {"unexpected_keyword_argument", "extra_forbidden"}
MISSING = {"missing", "missing_argument"}
LOOKED_AT = {"actions", "tech_touch", "roles", "triggers", "milestones"}  # by the other checks: nothing can stand in for them


def mended(content: Mapping[str, Any], error: ValidationError, stand_in: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without unknown keys and unfit entries of lists, with words for a missing language, and sections of `stand_in`.

    What cannot be mended stays as it is, so that the copy may still have the wrong shape.
    """
    found = deepcopy(dict(content))
    for entry in sorted(error.errors(), key=lambda each: _backwards(each["loc"]), reverse=True):
        path = tuple(step for step in entry["loc"] if step != "[key]")
        holder = _at(found, path[:-1])
        last = path[-1] if path else None
        if entry["type"] in UNKNOWN and isinstance(holder, dict):
            holder.pop(last, None)
        elif entry["type"] in MISSING and isinstance(holder, dict) and last in {"en", "es"}:
            holder[last] = f"({last})"
        elif len(path) == 1 and isinstance(last, str) and last in stand_in and last not in LOOKED_AT:
            found[last] = stand_in[last]
        else:
            _drop_entry(found, path)
    return found


def _backwards(path: Iterable[int | str]) -> tuple[str, ...]:
    """Sorts the entries of a list so that the last is dropped first."""
    return tuple(f"{step:06d}" if isinstance(step, int) else step for step in path)


def _at(content: Any, path: Iterable[int | str]) -> Any:
    for step in path:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and isinstance(step, int) and step < len(content):
            content = content[step]
        else:
            return None
    return content


def _drop_entry(content: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take out the innermost entry of a list that the path goes through."""
    for end in range(len(path), 0, -1):
        holder, step = _at(content, path[: end - 1]), path[end - 1]
        if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            del holder[step]
            return
