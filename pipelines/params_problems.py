"""Problems in a settings file, said so that a person can put them right: key, value, what is allowed."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


def told(error: ValidationError, path: Path, root: type[BaseModel]) -> str:
    """All problems of one file, one a line."""
    problems = [_line(detail, root) for detail in error.errors()]
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"{path} has {count}:", *(f"  {problem}" for problem in problems)])


def _line(detail: ErrorDetails, root: type[BaseModel]) -> str:
    loc = detail["loc"]
    key = ".".join(str(step) for step in loc)
    if detail["type"] == "extra_forbidden":
        kind = "key" if len(loc) > 1 else "section"
        return f"{key}: no such {kind}. {_instead(str(loc[-1]), _allowed(root, loc[:-1]))}"
    if not loc:
        return f"{detail['msg'].removeprefix('Value error, ')}."
    if detail["type"] == "missing":
        return f"{key}: missing; every setting needs a value."
    if detail["type"] in {"model_type", "model_attributes_type"}:
        return f"{key}: {detail['input']!r} is not a section. {_instead('', _allowed(root, loc))}"
    return f"{key}: {detail['msg'].removeprefix('Value error, ')}; it is {detail['input']!r}."


def _instead(name: str, allowed: list[str]) -> str:
    near = get_close_matches(name, allowed, n=1)
    return f"{f'Did you mean {near[0]}? ' if near else ''}Allowed: {', '.join(allowed)}."


def _allowed(root: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at `loc` declares; list positions are stepped over."""
    model = root
    for step in loc:
        if isinstance(step, int):
            continue
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        inner = _model_in(named[step].annotation) if step in named else None
        if inner is None:
            return []
        model = inner
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
