"""`tenure demo`: the whole way on a made-up bilingual company, from raw tables to the address of a page."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.errors import BadInput
from pipelines import candidate, steps, tracking, wording
from pipelines.home import Home
from pipelines.params import Params
from serving.store import Batch

ACCOUNTS, MONTHS, SEED = 1_200, 24, 7
SHOWN = 10
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demonstration:
    """What the demo made, as a document and as text."""

    document: dict[str, Any]
    text: str


def run(folder: Path, home: Home, params: Params, progress: Progress) -> Demonstration:
    """Make up a company below `folder`, train on it, score its last day, deliver to CSV and list the accounts at risk.

    `BadInput` when the gate leaves no champion, so that there is nothing to score with, or when nobody could be scored.
    """
    progress("a made-up company", 0, 1)
    tables, scores, as_of = folder / "company", folder / "scores", params.world.end
    shutil.rmtree(tables, ignore_errors=True)
    rows = steps.world(ACCOUNTS, MONTHS, SEED, tables, params)
    progress("a made-up company", 1, 1)
    progress("contract check and texts", 0, 1)
    prepared = steps.prepare(str(tables), "contract", home, params)
    progress("contract check and texts", 1, 1)
    learned = steps.train(prepared, as_of, params, None, progress, candidate.rival(home))
    kept = candidate.keep(learned, home, params, register=True)
    champion = tracking.champion(home)
    if champion is None:
        raise BadInput(f"the gate left no champion. {kept.refused}")
    before = steps.experience(home, as_of, params)
    batch = steps.score(prepared, as_of, scores, champion.model, champion.version, params, progress, experience=before)
    refused = steps.publish(batch, home)
    if refused:
        raise BadInput(refused)
    steps.refresh_after(prepared, as_of, home, params)
    delivered = steps.deliver(scores, "csv", home, params, dry_run=False, out=None)
    serve = f".venv/bin/tenure serve --home {_said(home.path)}"
    first = wording.at_risk(batch, 1)[0]["account_id"]
    document = {
        "accounts": ACCOUNTS,
        "rows": rows,
        "model_version": champion.version,
        "auc": kept.document()["metrics"]["model"].get("auc"),
        "scores": scores,
        "delivered": {"planned": delivered.planned, "ok": delivered.ok, "unchanged": delivered.unchanged},
        "at_risk": wording.at_risk(batch, SHOWN),
        "serve": serve,
    }
    parts = [
        f"{sum(rows.values()):,} rows of {len(rows)} tables: {ACCOUNTS:,} accounts, {MONTHS} months, in English and Spanish.",
        kept.text(),
        wording.score_text(batch, scores),
        f"CSV sink: {wording.delivery_text(delivered, home, dry_run=False)}",
        _table(batch, params),
        f"Open the page:   {serve}   then  {params.serving.public_url}",
        f"One account:     .venv/bin/tenure explain {first} --as-of {as_of} --home {_said(home.path)} --lang es",
    ]
    return Demonstration(document, "\n\n".join(parts))


def _table(batch: Batch, params: Params) -> str:
    """The accounts with most yearly revenue at risk, as a person reads them."""
    from rich.console import Console
    from rich.table import Table

    from serving.own_plays import plays_in_force

    plays = plays_in_force(params.plays.folder).plays
    table = Table(title=f"The {SHOWN} accounts with most ARR at risk at {batch.as_of}", title_justify="left")
    for name, side in (("account", "left"), ("leaves in 90 d", "right"), ("ARR", "right"), ("at risk", "right")):
        table.add_column(name, justify="right" if side == "right" else "left")
    table.add_column("drivers")
    table.add_column("play")
    for row in wording.at_risk(batch, SHOWN):
        named = [driver for driver in (row["driver_1"], row["driver_2"]) if driver]
        play = plays.get(row["playbook"]) if row["playbook"] else None
        table.add_row(
            f"{row['name'] or row['account_id']} ({row['account_id']})",
            f"{row['chance']:.0%} {row['risk_band']}",
            f"{row['arr']:,.0f}",
            f"{row['at_risk']:,.0f}",
            ", ".join(named) or "no clear driver",
            "–" if play is None else play.name.en,
        )
    out = io.StringIO()
    Console(file=out, width=130, force_terminal=False).print(table)
    return out.getvalue().rstrip()


def _said(path: Path) -> str:
    """The path as a person in this folder would type it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
