"""What people are handed of a scored day: one account's page as text, deliveries into other systems, the served pages."""

import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from features.catalogue import catalogue
from features.errors import BadInput
from features.languages import Language
from models.confirmations import prior_shift
from pipelines import scoring, wording
from pipelines.earlier_scores import Beside
from pipelines.home import Home
from pipelines.params import Params
from serving import late_text, page_text, queue_text, save_plan_text
from serving.after import After
from serving.concession import checked
from serving.delivery import DeliveryReport
from serving.delivery import deliver as deliver_rows
from serving.feedback import counted
from serving.learning.experience import Experience, measured_saves
from serving.learning.learned import Learned, UnfitLearnedError, read_learned
from serving.ledger import Ledger
from serving.offer import Offer, Recorded
from serving.own_plays import plays_in_force
from serving.recommending import recommendations
from serving.save_plan import save_plan
from serving.sink import Sink
from serving.sinks.csv import CsvSink
from serving.sinks.sql import SqlSink
from serving.store import Account, Batch, Filters, Store
from serving.web.guide import Guide
from serving.web.words import Words
from serving.worklist import queues

SINKS = ("csv", "sql")
NOTHING_SCORED = "nothing has been scored yet. Run `tenure score TABLES --as-of DATE --out DIR` first."


@dataclass(frozen=True)
class Page:
    """One account's page, as text for a person and as a document for a machine."""

    text: str
    document: dict[str, Any]


def guide(params: Params, home: Home) -> Guide:
    """What the pages need besides the store."""
    signals = {signal.name: signal for signal in catalogue()}
    plays = plays_in_force(params.plays.folder).plays
    ports = (lambda: learned(home), lambda: after_kept(home.after))
    return Guide(plays, signals, params.serving, params.triage, params.concessions, *ports)


def learned(home: Home) -> Learned | None:
    """What `tenure learn` left in the home; None before its first run. `BadInput` when the file is damaged."""
    try:
        return read_learned(home.learned)
    except UnfitLearnedError as error:
        raise BadInput(f"{error}") from error


def after_kept(file: Path) -> After | None:
    """What the newest run of `tenure after` found; None before the first. `BadInput` when the file is damaged."""
    try:
        return After.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise BadInput(f"{file} is not what `tenure after` wrote. Run it again, or remove the file.") from error


def beside(home: Home, until: date) -> Beside:
    """What a home knows besides the tables: its champion, what was logged before `until`, and what renews when as scored last."""
    from pipelines import tracking

    found = tracking.champion(home)
    model, version = (None, None) if found is None else (found.model, found.version)
    with closing(store(home)) as keeper:
        return Beside(model, version, keeper.assignments(until), *keeper.due(), said=keeper.feedback())


def experience(home: Home, as_of: date, params: Params) -> Experience:
    """The assignments to plays that last on the day (whoever is scored again stays in its arm), what was learned, and what people
    said of causes before it.
    """
    with closing(store(home)) as keeper:
        episodes = keeper.episodes(as_of, params.learning.window_days)
        prior = prior_shift(counted(keeper.feedback(), as_of), params.explanation.confirmations_half)
        return Experience(episodes, measured_saves(learned(home), as_of), prior)


def store(home: Home) -> Store:
    """The store of a home, or that of `TENURE_DATABASE_URL`; `BadInput` when that is no database we can use."""
    try:
        return Store(home.store_url)
    except BadInput:
        raise
    except ValueError as error:
        raise BadInput(f"TENURE_DATABASE_URL cannot be used: {error}.") from error


def publish(batch: Batch, home: Home) -> str:
    """The batch into the store, all of it or nothing; why it was left out, when nobody of it is scored, else empty."""
    refused = wording.score_refused(batch)
    if refused:
        return refused
    with closing(store(home)) as target:
        target.publish(batch)
    return ""


def explain(account_id: str, as_of: date, language: Language, scores: Path | None, home: Home, params: Params) -> Page:
    """The page of one account at `as_of`, from the store or from a folder of scores.

    `BadInput` when nothing was scored for that day, or when the account is not in it.
    """
    with closing(store(home) if scores is None else _from_folder(scores, as_of, params)) as source:
        found = _account(source, account_id, as_of)
        return Page(page_text.render(found, guide(params, home), language), found.model_dump(mode="json"))


def plan(account_id: str, as_of: date, language: Language, scores: Path | None, home: Home, params: Params) -> Page:
    """The plan to keep one account, from the store or from a folder of scores; concessions on record come from the store.

    `BadInput` as for `explain`.
    """
    with closing(store(home)) as keeper, closing(keeper if scores is None else _from_folder(scores, as_of, params)) as source:
        found, known = _account(source, account_id, as_of), guide(params, home)
        play = None if found.plan is None else known.plays.get(found.plan.playbook)
        made = save_plan(found, play, params.concessions, keeper.offers(account_id))
        text = save_plan_text.render(made, known, Words(language)).rstrip("\n")
        return Page(text, made.model_dump(mode="json"))


def concede(account_id: str, as_of: date, offer: Offer, home: Home, params: Params) -> Recorded:
    """Record a concession. `BadInput` as for `explain`; `RefusedOfferError` when it breaks a guard rail: nothing is recorded."""
    now = datetime.now(UTC)
    with closing(store(home)) as keeper:
        found = _account(keeper, account_id, as_of)
        return keeper.add_offer(found, checked(offer, found, now.date(), params.concessions), now)


def work(csm: str | None, hours: float | None, language: Language, home: Home, params: Params) -> Page:
    """What one CSM works on, or everybody (None), within so many hours (None: `triage.csm_hours`).

    `BadInput` when nothing was scored yet, or when the newest day knows no such CSM.
    """
    with closing(store(home)) as keeper:
        held = keeper.work()
    if held is None:
        raise BadInput(NOTHING_SCORED)
    as_of, rows = held
    every = queues(rows, params.triage, hours)
    chosen = [each for each in every if csm in (None, each.csm)]
    if csm is not None and not chosen:
        names = ", ".join(each.csm for each in every if each.csm) or "none is known"
        raise BadInput(f"no account with a play belongs to --csm {csm!r} at {as_of}. CSMs there: {names}.")
    document = {"as_of": as_of, "queues": [each.model_dump(mode="json") for each in chosen]}
    return Page(queue_text.render(chosen, as_of, guide(params, home), Words(language)).rstrip("\n"), document)


def late(csm: str | None, language: Language, home: Home) -> Page:
    """Whom nobody reached in time since the flag, of one CSM or of all (None).

    `BadInput` when nothing was scored yet, or when the newest day knows no such CSM.
    """
    with closing(store(home)) as keeper:
        as_of, every = keeper.late()
        listed = keeper.queue(Filters(), page=1, page_rows=1)
    if as_of is None or listed is None:
        raise BadInput(NOTHING_SCORED)
    if csm is not None and csm not in listed.csms:
        raise BadInput(
            f"no account belongs to --csm {csm!r} at {as_of}. CSMs there: {', '.join(listed.csms) or 'none is known'}."
        )
    found = tuple(each for each in every if csm in (None, each.csm))
    document = {"as_of": as_of, "late": [each.model_dump(mode="json") for each in found]}
    return Page(late_text.render(found, as_of, Words(language)).rstrip("\n"), document)


def deliver(scores: Path, sink: str, home: Home, params: Params, *, dry_run: bool, out: Path | None) -> DeliveryReport:
    """Write what changed since the last delivery to `sink`, through the ledger; a dry run writes nothing.

    The csv sink writes below `out` (`scores/delivered` by default). `BadInput` for an unknown sink or folder.
    """
    batch = scoring.read(scores, params)
    target = _sink(sink, out or scores / "delivered", home)
    with closing(store(home)) as keeper:
        rows = recommendations(batch, params.serving)
        return deliver_rows(rows, target, Ledger(keeper.engine), lambda: datetime.now(UTC), dry_run=dry_run)


def serve(home: Home, params: Params, host: str | None, port: int | None, announce: Callable[[str], None]) -> None:
    """Serve pages and API until stopped; `announce` is told the address just before. `BadInput` when the port is taken."""
    import uvicorn

    from pipelines.champion_card import champion_card
    from serving.web.app import create_app

    where, at = host or params.serving.host, params.serving.port if port is None else port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((where, at))
        except OSError as error:
            raise BadInput(f"cannot listen on {where}:{at}: {error.strerror}. Give another --port or --host.") from error
    app = create_app(store(home), guide(params, home), lambda: datetime.now(UTC), champion_card(home))
    announce(f"http://{where}:{at}")
    uvicorn.run(app, host=where, port=at, log_level="warning")


def _account(source: Store, account_id: str, as_of: date) -> Account:
    if source.latest_as_of() is None:
        raise BadInput(NOTHING_SCORED)
    found = source.account(account_id, as_of)
    if found is None:
        raise BadInput(_not_there(source, account_id, as_of))
    return found


def _from_folder(scores: Path, as_of: date, params: Params) -> Store:
    batch = scoring.read(scores, params)
    if batch.as_of != as_of:
        raise BadInput(f"{scores} holds the scores of {batch.as_of}, not of {as_of}. Give --as-of {batch.as_of}.")
    found = Store("sqlite://")
    found.publish(batch)
    return found


def _not_there(source: Store, account_id: str, as_of: date) -> str:
    newest = source.account(account_id, None)
    if newest is not None:
        return f"{account_id} was not scored at {as_of}. It was last scored at {newest.as_of}; give that day as --as-of."
    return f"there is no account {account_id!r} among the scored ones. Look it up in `tenure serve` or assessments.parquet."


def _sink(name: str, folder: Path, home: Home) -> Sink:
    if name == "csv":
        return CsvSink(folder)
    if name == "sql":
        try:
            return SqlSink(home.sink_url)
        except ValueError as error:
            named = "TENURE_SINK_URL" if home.sink_url_given else "TENURE_DATABASE_URL"
            raise BadInput(f"{named} cannot be used: {error}.") from error
    raise BadInput(f"--sink {name} is unknown. Give one of {', '.join(SINKS)}.")
