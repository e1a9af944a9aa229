"""The verb that learns from plays: learn."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Lang, Params, Source, Tables, Until


def learn(
    tables: Tables,
    until: Until,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write; default HOME/learned.json, read by the pages.", metavar="FILE.json"),
    ] = None,
    source: Source = "contract",
    lang: Lang = "en",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Measure what plays did, how saves went, and who was right.

    Example: tenure learn demo/company --until 2026-07-01 --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps
        from serving.learned_text import render
        from serving.web.words import Words

        prepared = steps.prepare(tables, source, door.home, door.params)
        found, file = steps.learn(prepared, until, out, door.home, door.params, door.progress)
        told = render(found, steps.guide(door.params, door.home), Words(lang))
        document = {**found.model_dump(mode="json"), "out": file}
        door.tell(document, f"{told}\n\n{file}", read=prepared.report)
