"""The command line `tenure`. Nothing heavy is imported before a verb needs it."""

from collections.abc import Callable
from inspect import cleandoc

import typer

from pipelines.telemetry import silence
from pipelines.verbs import daily, data, learning, mapping, registry, start, training, work

silence()
app = typer.Typer(
    name="tenure",
    help="Sees a B2B customer leaving months ahead, says why with evidence, and says what to do.",
    epilog="Start with: tenure demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _help(verb: Callable[..., None]) -> str:
    """The docstring of a verb; its example stays on one line however narrow the terminal, so that it can be pasted."""
    return cleandoc(verb.__doc__ or "").replace("Example:", "\b\nExample:")


for verb in (
    data.check,
    mapping.map_tables,
    data.features,
    training.train,
    training.train_table,
    registry.promote,
    registry.rollback,
    training.backtest,
    work.queue,
    work.plan,
    work.concede,
    work.plays,
    work.after,
    learning.learn,
    daily.score,
    daily.explain,
    data.text,
    daily.deliver,
    daily.serve,
    start.world,
    start.demo,
):
    name = "map" if verb is mapping.map_tables else verb.__name__.replace("_", "-")  # `map` is a word of Python's own
    app.command(name, help=_help(verb))(verb)


def main() -> None:
    """The entry point. Exit 0: done; 1: done, but something was refused; 2: bad input or configuration."""
    app()
