"""Verbs of a working day: score, explain, deliver, serve."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, AsOf, Home, Lang, Params, Source, Tables

SINK_HELP = "csv (files below --out) or sql (table tenure_risk of $TENURE_SINK_URL, else of tenure's own store)."


def score(
    tables: Tables,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="Folder to write.", metavar="DIR")],
    source: Source = "contract",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Score and explain every account with the champion, and publish.

    Example: tenure score demo/company --as-of 2026-07-01 --out demo/scores --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps, tracking, wording

        prepared = steps.prepare(tables, source, door.home, door.params)
        champion = tracking.serving(door.home)
        before = steps.experience(door.home, as_of, door.params)
        model, version = champion.model, champion.version
        batch = steps.score(prepared, as_of, out, model, version, door.params, door.progress, experience=before)
        refused = steps.publish(batch, door.home)
        steps.refresh_after(prepared, as_of, door.home, door.params)
        door.tell(wording.score_document(batch, out), wording.score_text(batch, out), refused=refused, read=prepared.report)


def explain(
    account: Annotated[str, typer.Argument(help="An account_id.")],
    as_of: AsOf,
    lang: Lang = "en",
    scores: Annotated[
        Path | None,
        typer.Option("--from", help="Folder that `tenure score` wrote, instead of the store.", metavar="DIR"),
    ] = None,
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Print one account's page: how likely, why, and what to do.

    Example: tenure explain A-001180 --as-of 2026-07-01 --lang es --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps

        page = steps.explain(account, as_of, lang, scores, door.home, door.params)
        door.tell(page.document, page.text)


def deliver(
    scores: Annotated[Path, typer.Argument(help="Folder that `tenure score` wrote.")],
    sink: Annotated[str, typer.Option("--sink", help=SINK_HELP, metavar="NAME")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan, write nothing.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where the csv sink writes; DIR/delivered by default.", metavar="DIR"),
    ] = None,
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Write what changed since the last delivery to files or a table.

    Example: tenure deliver demo/scores --sink csv --dry-run --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps, wording

        report = steps.deliver(scores, sink, door.home, door.params, dry_run=dry_run, out=out)
        text = wording.delivery_text(report, door.home, dry_run=dry_run)
        refused = wording.delivery_refused(report, dry_run=dry_run)
        door.tell(wording.delivery_document(report, door.home, dry_run=dry_run), text, refused=refused)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=1, max=65535)] = None,
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Serve the pages and the API from the store until stopped.

    Example: tenure serve --home demo/home --port 8000
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps

        def announce(url: str) -> None:
            door.tell({"url": url}, f"tenure is at {url} (stop with Ctrl-C)")

        steps.serve(door.home, door.params, host, port, announce)
