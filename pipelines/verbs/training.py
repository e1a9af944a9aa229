"""Verbs that learn: train and backtest."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Params, Source, Tables, Until, day


def train(
    tables: Tables,
    until: Until,
    features: Annotated[
        Path | None,
        typer.Option("--features", help="Signals already made by `tenure features`.", metavar="FILE.parquet"),
    ] = None,
    register: Annotated[
        bool,
        typer.Option("--register", help="Make it the challenger and run the gate."),
    ] = False,
    source: Source = "contract",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Train on what was known before a day, evaluate, and log it.

    Example: tenure train demo/company --until 2026-07-01 --register
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import candidate, steps

        prepared = steps.prepare(tables, source, door.home, door.params)
        rival = candidate.rival(door.home)
        learned = steps.train(prepared, until, door.params, features, door.progress, rival)
        result = candidate.keep(learned, door.home, door.params, register=register)
        door.tell(result.document(), result.text(), refused=result.refused, read=prepared.report)


def backtest(
    tables: Tables,
    start: Annotated[
        date,
        typer.Option("--from", parser=day, metavar="YYYY-MM-DD", help="First month replayed."),
    ],
    until: Until,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.", metavar="DIR")],
    source: Source = "contract",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Replay history month by month: what tenure would have seen.

    Example: tenure backtest demo/company --from 2026-01-01 --until 2026-07-01 --out demo/backtest
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps, wording

        prepared = steps.prepare(tables, source, door.home, door.params)
        result = steps.backtest(prepared, start, until, out, door.params, door.progress)
        document = {"totals": result.totals, "refusals": result.refusals, "out": out}
        door.tell(document, wording.backtest_text(result, out), refused=result.refused, read=prepared.report)
