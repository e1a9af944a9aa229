"""What a stage's failure means: try again, tell the person, or own up to a defect. Plain functions; Prefect only calls them."""

import traceback
from pathlib import Path

from features.errors import BadInput
from serving.sink import SinkUnavailableError
from serving.store import failures

PASSING: tuple[type[BaseException], ...] = (
    ConnectionError,
    TimeoutError,
    BlockingIOError,
    SinkUnavailableError,
    failures.StoreAwayError,
)


class StageFailedError(RuntimeError):
    """A defect of ours. The message names the kind of error and the line, never what the data said."""


def may_pass(error: BaseException | None) -> bool:
    """Whether trying again may help: something outside did not answer, here or further down the chain of causes."""
    while error is not None:
        if isinstance(error, PASSING) or failures.failure(error) in failures.PASSING:
            return True
        error = error.__cause__
    return False


def tellable(error: Exception) -> Exception:
    """The error as it may be logged: our own words stay, anything else could quote a customer and is only named."""
    if isinstance(error, BadInput) or may_pass(error):
        return error
    last = traceback.extract_tb(error.__traceback__)[-1]
    return StageFailedError(f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}")
