"""Verbs of a CSM's work: queue."""

from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, Home, Lang, Params


def queue(
    csm: Annotated[str | None, typer.Option("--csm", help="One CSM, as accounts name them; else all.", metavar="NAME")] = None,
    hours: Annotated[
        float | None,
        typer.Option("--hours", help="Of a quarter, for saves; triage.csm_hours by default.", metavar="N", min=0.5),
    ] = None,
    lang: Lang = "en",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Print what each CSM works on first: most expected value an hour.

    Example: tenure queue --lang es --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps

        page = steps.work(csm, hours, lang, door.home, door.params)
        door.tell(page.document, page.text)
