"""Verbs that learn: train, train-table and backtest."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Lang, Params, Source, Tables, Until, day


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
    metrics: Annotated[
        Path | None,
        typer.Option("--metrics", help="Keep what was measured: the same bytes for the same input.", metavar="FILE.json"),
    ] = None,
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
        if metrics is not None:
            door.keep(result.measured(), metrics)
        door.tell(result.document(), result.text(), refused=result.refused, read=prepared.report)


def train_table(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet file with one row a customer.")],
    label: Annotated[str, typer.Option("--label", help="Who left; rows where it is empty are scored.", metavar="COL")],
    positive: Annotated[
        str | None, typer.Option("--positive", help="The value of COL that means: left.", metavar="VALUE")
    ] = None,
    group: Annotated[str | None, typer.Option("--group", help="Rows of one group stay together.", metavar="COL")] = None,
    time: Annotated[str | None, typer.Option("--time", help="When a row was looked at: tested forward.", metavar="COL")] = None,
    label_days: Annotated[float, typer.Option("--label-days", help="With --time: days until an outcome is over.", min=0.0)] = 0.0,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="Leave a column out; repeat.", metavar="COL")] = None,
    rising: Annotated[list[str] | None, typer.Option("--rising", help="Higher is riskier; repeat.", metavar="COL")] = None,
    falling: Annotated[list[str] | None, typer.Option("--falling", help="Lower is riskier; repeat.", metavar="COL")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write; default HOME/tables/FILE.", metavar="DIR")] = None,
    lang: Lang = "en",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Train on a table with one row a customer, test it, and log it.

    Example: tenure train-table data/oulad/studentInfo.parquet --label final_result --positive Withdrawn --group id_student
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines.one_table import report
        from pipelines.one_table.learning import learn_table
        from pipelines.one_table.reading import Asked

        asked = Asked(label, positive, group, time, label_days, tuple(drop or ()), tuple(rising or ()), tuple(falling or ()))
        result = learn_table(file, asked, out, door.home, door.params, door.progress)
        door.tell(result.document(lang), report.text(result, lang), refused=report.refused(result, lang))


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
