"""A concession as a file says it."""

from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from features.errors import BadInput
from serving.offer import Offer


def read_offer(path: Path) -> Offer:
    """The offer of a YAML file; `BadInput` names everything in it that cannot be used."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path} cannot be read as YAML: {error}. Give a file like docs/offer.yaml.") from error
    if not isinstance(said, dict):
        raise BadInput(f"{path} holds {type(said).__name__}, not keys and values. Write it like docs/offer.yaml.")
    try:
        return Offer.model_validate(said)
    except ValidationError as error:
        told = "; ".join(_told(each) for each in error.errors())
        raise BadInput(f"{path} says an offer that cannot be used: {told}. Correct it and give it again.") from error


def _told(problem: ErrorDetails) -> str:
    """What is wrong with one key; of one that is not there, only that."""
    key = ".".join(map(str, problem["loc"]))
    return f"{key} is missing" if problem["type"] == "missing" else f"{key}: {problem['msg']} (it is {problem['input']!r})"
