"""The frame of every verb: its home and settings, what it prints, and the exit code it ends with."""

import json
import math
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from features.errors import BadInput
from models.errors import UnableToScore, UnableToTrain
from pipelines.home import Home
from pipelines.progress import Stages

if TYPE_CHECKING:
    from features.check_report import CheckReport
    from pipelines.params import Params

TOLD = (BadInput, UnableToScore, UnableToTrain)
DONE, REFUSED, BAD_INPUT = 0, 1, 2
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Door:
    """What one call of a verb works with. `progress` tells a person how far it is."""

    home: Home
    params: "Params"
    as_json: bool
    progress: Stages = field(default_factory=Stages)

    def tell(self, document: Document, text: str, *, refused: str = "", read: "CheckReport | None" = None) -> None:
        """Print the result, as `document` with `--json`, else as `text`; a reason in `refused` is said too and exits 1.

        `read` is the report on the tables that the result rests on: rows it rejected are told, and more of them than
        allowed are a refusal.
        """
        self.progress.stop()
        if read is not None:
            document = {**document, "rejected": read.rejected, "rejects": self.home.rejects}
            text = "\n".join([text, *([read.rejected_text(self.home.rejects)] if read.rejected else [])])
            refused = read.refusal(self.home.rejects, refused)
        said = _json({**document, **({"refused": refused} if refused else {})}) if self.as_json else text
        print(said, flush=True)  # a verb that goes on, such as serve, is heard at once through a pipe too
        if refused:
            print(refused, file=sys.stderr)
            raise typer.Exit(REFUSED)

    def keep(self, document: Document, file: Path) -> None:
        """Write a document to a file, as `--json` would print it; its folder is made when absent."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_json(document) + "\n", encoding="utf-8")


@contextmanager
def entered(home: Path, params: Path | None, *, as_json: bool) -> Iterator[Door]:
    """Open home and settings, run the verb inside, and turn what goes wrong into a message and an exit code."""
    opened: Home | None = None
    try:
        from pipelines.params import found, load

        opened = Home(home)
        with Stages() as progress:
            yield Door(home=opened, params=load(found(params)), as_json=as_json, progress=progress)
    except TOLD as error:
        _fail(str(error), as_json=as_json)
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        _fail(f"{_place(error)}. Give a place you may read and write.", as_json=as_json)
    except Exception as error:
        if os.environ.get("TENURE_TRACEBACK"):
            raise
        _fail(_defect(error, opened), as_json=as_json)


def _place(error: OSError) -> str:
    """Which path and why; Arrow says both in its words alone."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    told = re.search(r"'(?P<path>.+)'.*\[errno \d+\] (?P<why>.+)", str(error), re.DOTALL)
    return f"{told['path']}: {told['why']}" if told else str(error)


def _fail(message: str, *, as_json: bool) -> NoReturn:
    print(message, file=sys.stderr)
    if as_json:
        print(_json({"error": message}))
    raise typer.Exit(BAD_INPUT)


def _defect(error: Exception, home: Home | None) -> str:
    """One line on a defect of ours. Its own words may quote a customer's row: they are neither shown nor kept."""
    where = traceback.extract_tb(error.__traceback__)
    last = where[-1]
    what = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
    message = f"{what}. This is a defect of tenure, please report it"
    if home is None:
        return f"{message}."
    frames = "".join(traceback.format_list(where))
    with home.error_log.open("a", encoding="utf-8") as log:
        log.write(f"{' '.join(sys.argv[:2])}\n{frames}{type(error).__name__}\n\n")
    return f"{message} with {home.error_log} (TENURE_TRACEBACK=1 shows the error's own words)."


def _json(document: Document) -> str:
    return json.dumps(_plain(document), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    """The value in JSON's own types: times as ISO 8601, paths as text, numbers that are none as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat() if value == value else None  # noqa: PLR0124 - a missing time is unequal to itself
    return _plain(value.item()) if hasattr(value, "item") else str(value)
