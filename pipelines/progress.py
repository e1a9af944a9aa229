"""How far a long step is: bars on a terminal, one line a stage anywhere else; always on stderr."""

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Stages:
    """Called with the stage, the units done and their total; use it in a `with`, so that the bars end with the work."""

    def __init__(self, *, bars: bool | None = None) -> None:
        self._bars = sys.stderr.isatty() if bars is None else bars
        self._live: Progress | None = None
        self._seen: dict[str, TaskID | None] = {}

    def __enter__(self) -> Self:
        """Nothing is drawn before the first stage."""
        return self

    def __exit__(self, *_: object) -> None:
        """The bars stay as they stand."""
        self.stop()

    def stop(self) -> None:
        """Draw no more."""
        if self._live is not None:
            self._live.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` units of `stage` are done; a `total` of 0 is one that nobody knows."""
        if self._bars:
            self._draw(stage, done, total)
        elif stage not in self._seen:
            self._seen[stage] = None
            print(stage, file=sys.stderr, flush=True)

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._live is None:
            self._live = _progress()
            self._live.start()
        if stage not in self._seen:
            self._seen[stage] = self._live.add_task(stage, total=total or None)
        task = self._seen[stage]
        assert task is not None
        self._live.update(task, completed=done, total=total or None)


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
