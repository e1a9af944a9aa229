"""One plain function a stage: paths and settings in, results out. Verbs, DVC and Prefect all call these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from features.errors import BadInput
from models.errors import UnableToTrain
from models.model import Model
from models.training import Training
from models.training import train as train_model
from pipelines import scoring
from pipelines.after import due_after as due_after_saves
from pipelines.after import refresh
from pipelines.backtesting import BacktestResult, backtest
from pipelines.card import recent
from pipelines.company import Company, read_matrix
from pipelines.features_file import FeaturesResult, coverage_path, features, training_features
from pipelines.hand_over import Page, beside, concede, deliver, experience, explain, guide, late, plan, publish, serve, work
from pipelines.home import Home
from pipelines.params import Params
from pipelines.partitions import Spread, in_turn
from pipelines.preparing import Prepared, prepare
from pipelines.text_csv import text
from serving.after import After
from serving.learning.experience import NOTHING, Experience
from serving.learning.learned import Learned as LearnedOfPlays
from serving.learning.learned import write_learned
from serving.own_plays import plays_in_force
from serving.store import Batch

__all__ = [
    "BacktestResult",
    "FeaturesResult",
    "Learned",
    "Page",
    "Prepared",
    "backtest",
    "concede",
    "coverage_path",
    "deliver",
    "due_after",
    "experience",
    "explain",
    "features",
    "guide",
    "late",
    "learn",
    "plan",
    "prepare",
    "publish",
    "refresh_after",
    "score",
    "serve",
    "text",
    "train",
    "training_features",
    "work",
    "world",
]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Learned:
    """A training, the company it learned from, the matrix of the newest day it looked at, and some of the last looks'."""

    training: Training
    company: Company
    latest: pd.DataFrame
    looks: pd.DataFrame
    until: date


def train(
    prepared: Prepared,
    until: date,
    params: Params,
    features_file: Path | None,
    progress: Progress,
    champion: Model | None = None,
) -> Learned:
    """Train on what was known before `until`; `BadInput` says what is missing.

    A file of features made earlier stands for the snapshots that training would look at itself.
    """
    company = Company(prepared, params)
    if features_file is None:
        frame = company.matrix(company.grid(until), progress).frame
    else:
        frame = read_matrix(features_file, until, company.catalogue)
    if frame.empty and company.ended_before(until):
        raise BadInput(f"no model can be trained: {company.ended_before(until)}")
    if frame.empty:
        raise BadInput(f"nobody was alive on any day before {until}. Give a later --until, or check the terms in subscriptions.")
    progress("labels", 0, 1)
    outcome = company.follow_up(frame, until)
    try:
        training = train_model(
            frame,
            outcome,
            company.catalogue,
            until=until,
            arr=frame["arr"],
            periods=params.label.periods,
            grace_days=params.label.grace_days,
            params=params,
            progress=progress,
            champion=champion,
            traits=company.traits(frame, until),
            worth=params.worth,
            contractions=company.contractions(outcome, until),
        )
    except UnableToTrain as error:
        also = f". Also, {company.ended_before(until)}" if company.ended_before(until) else ""
        raise BadInput(f"no model can be trained: {error}{also}") from error
    latest = frame.loc[frame["as_of"] == frame["as_of"].max()].reset_index(drop=True)
    return Learned(training, company, latest, recent(frame), until)


def score(
    prepared: Prepared,
    as_of: date,
    out: Path,
    model: Model,
    version: str,
    params: Params,
    progress: Progress,
    spread: Spread = in_turn,
    experience: Experience = NOTHING,
) -> Batch:
    """Score, explain and plan every account of the day with one model, and write the result to the folder `out`.

    `experience` (`steps.experience`) keeps accounts in their arm and knows what plays save; without it arms are drawn anew.
    """
    batch = scoring.score(Company(prepared, params), as_of, model, version, progress, spread, experience)
    scoring.write(batch, out)
    return batch


def learn(
    prepared: Prepared, until: date, out: Path | None, home: Home, params: Params, progress: Progress
) -> tuple[LearnedOfPlays, Path]:
    """What was learned of plays before `until`, and the file it was written to: `out`, else that of the home."""
    from pipelines.learning import learn as learn_of_plays

    found = learn_of_plays(
        Company(prepared, params), until, plays_in_force(params.plays.folder).plays, beside(home, until), progress
    )
    file = out or home.learned
    write_learned(found, file)
    return found, file


def due_after(prepared: Prepared, as_of: date, home: Home, params: Params, days: int | None = None) -> After:
    """What is due after saves and losses within `days` (None: `after.look_ahead_days`), kept in the home for pages and API."""
    return due_after_saves(Company(prepared, params), as_of, days, home)


def refresh_after(prepared: Prepared, as_of: date, home: Home, params: Params) -> None:
    """The same list for a day that was published, unless a later one was."""
    refresh(Company(prepared, params), as_of, home)


def world(accounts: int, months: int, seed: int, out: Path, params: Params) -> dict[str, int]:
    """Make up a company into `out` (its truth into `out/truth`); rows by table."""
    from features.world.generate import generate, write

    made = generate(accounts, months, seed, params.world, [rival.name for rival in params.text.competitors])
    write(made, out)
    return {name: len(frame) for name, frame in made.tables.items()}
