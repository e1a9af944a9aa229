"""The folder of a model: a head in JSON and one LightGBM text a seed. The same model always gives the same bytes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from models.errors import UnableToScore

FORMAT = 1
Made = TypeVar("Made")


def write(folder: Path, name: str, head: dict[str, Any], boosters: tuple[str, ...]) -> tuple[Path, ...]:
    """Write the head as `name`, with format and boosters, into the folder (made when absent); returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"boosting_{number}.txt" for number in range(len(boosters))]
    whole = head | {"format": FORMAT, "boosters": names}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / name).write_bytes(text.encode())
    for file, booster in zip(names, boosters, strict=True):
        (folder / file).write_bytes(booster.encode())
    return (folder / name, *(folder / file for file in names))


def read(folder: Path, name: str, made: Callable[[dict[str, Any], tuple[str, ...]], Made], *, written_by: str) -> Made:
    """What `made` makes of the head and the boosters' texts; no code of the folder is run.

    `UnableToScore` says what is wrong with the folder; `written_by` is what writes a good one.
    """
    try:
        head = json.loads((folder / name).read_text(encoding="utf-8"))
        if head["format"] != FORMAT:
            raise UnableToScore(f"{name} has format {head['format']}, this version reads format {FORMAT}; train again")
        return made(head, tuple((folder / Path(file).name).read_bytes().decode() for file in head["boosters"]))
    except FileNotFoundError as error:
        missing = f"the model folder {folder.name!r} has no {Path(error.filename).name}"
        raise UnableToScore(f"{missing}; give a folder written by {written_by}") from error
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise UnableToScore(f"{name} in {folder.name!r} is not a model file ({error}); train again") from error
