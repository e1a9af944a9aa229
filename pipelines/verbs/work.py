"""Verbs of a CSM's work: queue, plan, concede, plays, after."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.door import entered
from pipelines.verbs.options import HOME, AsJson, AsOf, Home, Lang, Params, Source, Tables


def queue(
    csm: Annotated[str | None, typer.Option("--csm", help="One CSM, as accounts name them; else all.", metavar="NAME")] = None,
    hours: Annotated[
        float | None,
        typer.Option("--hours", help="Of a quarter, for saves; triage.csm_hours by default.", metavar="N", min=0.5),
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only whom nobody reached in time since the flag.")] = False,
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

        page = steps.late(csm, lang, door.home) if late else steps.work(csm, hours, lang, door.home, door.params)
        door.tell(page.document, page.text)


def plan(
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
    """Print the plan to keep one account: what to agree, by when, what to say.

    Example: tenure plan A-001180 --as-of 2026-07-01 --lang es --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps

        page = steps.plan(account, as_of, lang, scores, door.home, door.params)
        door.tell(page.document, page.text)


def concede(
    account: Annotated[str, typer.Argument(help="An account_id.")],
    offer: Annotated[Path, typer.Argument(help="A YAML file that says what is offered.")],
    as_of: AsOf,
    lang: Lang = "en",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Record a concession, or say which guard rails it breaks.

    Example: tenure concede A-001180 docs/offer.yaml --as-of 2026-07-01 --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps
        from pipelines.offers import read_offer
        from serving.concession import RefusedOfferError
        from serving.save_plan_text import recorded_text
        from serving.web.words import Words

        try:
            kept = steps.concede(account, as_of, read_offer(offer), door.home, door.params)
        except RefusedOfferError as error:
            told = [each.model_dump() for each in error.refusals]
            door.tell({"recorded": False, "refusals": told}, Words(lang).say("refusal.nothing_kept"), refused=error.said(lang))
        else:
            door.tell({"recorded": True, "concession": kept.model_dump(mode="json")}, recorded_text(kept, Words(lang)))


def plays(
    folder: Annotated[
        Path | None, typer.Argument(help="Of your own plays; plays.folder of the settings by default.", metavar="[FOLDER]")
    ] = None,
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """Check your own plays, and list those in force and where each comes from.

    Example: tenure plays our-plays
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines.plays_words import plays_document, plays_text
        from serving.own_plays import plays_in_force
        from serving.play import PlayError

        own = folder or door.params.plays.folder
        try:
            found = plays_in_force(own)
        except PlayError as error:
            if not error.mistakes:
                raise
            count = len(error.mistakes)
            refused = f"no play of {own} is used before its {count} mistakes are corrected" if count > 1 else ""
            refused = refused or f"no play of {own} is used before its mistake is corrected"
            door.tell({"folder": own, "mistakes": error.mistakes, "plays": []}, "\n".join(error.mistakes), refused=refused)
        else:
            door.tell(plays_document(found, own), plays_text(found, own))


def after(
    tables: Tables,
    as_of: AsOf,
    csm: Annotated[str | None, typer.Option("--csm", help="One CSM, as accounts name them; else all.", metavar="NAME")] = None,
    days: Annotated[
        int | None, typer.Option("--days", help="Ahead; after.look_ahead_days by default.", metavar="N", min=1)
    ] = None,
    source: Source = "contract",
    lang: Lang = "en",
    home: Home = HOME,
    params: Params = None,
    as_json: AsJson = False,
) -> None:
    """List what is due after saves and losses, by CSM.

    Example: tenure after demo/company --as-of 2026-07-01 --lang es --home demo/home
    """
    with entered(home, params, as_json=as_json) as door:
        from pipelines import steps
        from pipelines.after import of
        from serving.after_text import render
        from serving.web.words import Words

        prepared = steps.prepare(tables, source, door.home, door.params)
        found = of(steps.due_after(prepared, as_of, door.home, door.params, days), csm)
        told = render(found, steps.guide(door.params, door.home), Words(lang))
        door.tell(found.model_dump(mode="json"), told, read=prepared.report)
