"""Verbs on data alone: check, features, text."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from features.errors import BadInput
from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, AsOfs, Home, Params, Source, Tables, day


def check(
    tables: Tables,
    source: Source = "contract",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Check every table against the contract; keep what is rejected.

    Example: tenure check demo/company
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines.preparing import prepare

        report = prepare(tables, source, door.home, door.params).report
        door.tell(report.as_dict(), report.as_text(), read=report)


def features(
    tables: Tables,
    out: Annotated[Path, typer.Option("--out", help="Parquet file to write.", metavar="FILE.parquet")],
    as_of: AsOfs = None,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=day, metavar="YYYY-MM-DD", help="Instead: every day training looks at."),
    ] = None,
    source: Source = "contract",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Write every signal of every account as it was known at a day.

    Example: tenure features demo/company --as-of 2026-07-01 --out demo/features.parquet
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import features_file
        from pipelines.preparing import prepare

        if bool(as_of) == bool(until):
            raise BadInput("Give either --as-of (once or more) or --until.")
        prepared = prepare(tables, source, door.home, door.params)
        if until:
            result = features_file.training_features(prepared, until, out, door.params, door.progress)
        else:
            result = features_file.features(prepared, as_of or [], out, door.params, door.progress)
        document = {
            "rows": result.rows,
            "signals": result.signals,
            "out": out,
            "coverage": result.coverage,
            "notes": result.notes,
        }
        told = f"{result.rows:,} rows of {result.signals} signals in {out}"
        told = "\n".join([told, f"who is covered since when in {result.coverage}", *result.notes])
        door.tell(document, told, read=prepared.report)


def text(
    file: Annotated[Path, typer.Argument(help="CSV with the column text and perhaps lang.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.", metavar="FILE.csv")],
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Read texts: language, sentiment, signals, and where they stand.

    Example: tenure text features/text/examples.csv --out demo/read.csv
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import text_csv

        rows = text_csv.text(file, out, door.params)
        door.tell({"rows": rows, "out": out}, f"{rows:,} texts read into {out}")
