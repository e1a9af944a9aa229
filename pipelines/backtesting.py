"""`tenure backtest`: history month by month, with the model that would have been champion then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.errors import BadInput
from features.languages import LANGUAGES
from models.backtest import Month, earliness, months_of, queue_of, totals
from models.errors import UnableToTrain
from models.model import Model
from models.training import train
from pipelines.company import Company
from pipelines.params import Params
from pipelines.preparing import Prepared
from serving.backtest_report import REPORTS, render

Progress = Callable[[str, int, int], None]


def _quiet(_stage: str, _done: int, _total: int) -> None:
    """The replay says how far it is by months; trainings inside it say nothing."""


@dataclass(frozen=True)
class BacktestResult:
    """The replay: a row a month, every queue, how early, the numbers of the report. `refusals`: cut -> why no model passed."""

    months: pd.DataFrame
    queue: pd.DataFrame
    early: pd.DataFrame
    totals: dict[str, float]
    refusals: dict[str, str]

    @property
    def refused(self) -> str:
        """That no month had a champion; empty when one had."""
        return "" if len(self.queue) else "No model would have been champion in any of these months."


def backtest(prepared: Prepared, start: date, until: date, out: Path, params: Params, progress: Progress) -> BacktestResult:
    """Replay the months from `start` to before `until`; write the tables and `report.html` (English), `report.es.html`.

    A model is trained every `backtest.retrain_every_months` on what was known then and becomes champion when its gate passes.
    Outcomes are those known before `until`. `BadInput` when no month lies between, or when nobody was alive.
    """
    company = Company(prepared, params)
    days = [day.date() for day in pd.date_range(start, until, freq="MS") if day.date() < until]
    if not days:
        raise BadInput(f"no month begins between --from {start} and --until {until}. Give an earlier --from.")
    grid = sorted({*company.grid(until), *days})
    frame = company.matrix(grid, progress).frame
    if frame.empty:
        raise BadInput(f"nobody was alive on any day before {until}. Give a later --until.")
    after = company.follow_up(frame, until)
    champion: Model | None = None
    refusals: dict[str, str] = {}
    queues = []
    for number, day in enumerate(days):
        progress("replay", number, len(days))
        if number % params.backtest.retrain_every_months == 0:
            champion = _next_champion(company, frame, day, champion, refusals)
        here = frame["as_of"] == pd.Timestamp(day)
        month = Month(
            frame.loc[here].reset_index(drop=True),
            after.loc[here].reset_index(drop=True),
            np.asarray(frame.loc[here, "arr"], dtype=np.float64),
            champion,
            pd.Timestamp(until),
        )
        queues.append(queue_of(month, params.decision, params.health))
    progress("replay", len(days), len(days))
    queue = pd.concat([each for each in queues if len(each)] or queues[:1], ignore_index=True)
    months = months_of(queue, params.decision.capacity_share)
    early = earliness(queue, params.decision, params.evaluation)
    result = BacktestResult(months, queue, early, totals(months, queue), refusals)
    _write(result, out, params, start, until)
    return result


def _next_champion(
    company: Company, frame: pd.DataFrame, cut: date, champion: Model | None, refusals: dict[str, str]
) -> Model | None:
    """The model of the cut when its gate passes, else the champion that was."""
    params = company.params
    earlier = frame.loc[frame["as_of"] < pd.Timestamp(cut)].reset_index(drop=True)
    try:
        found = train(
            earlier,
            company.follow_up(earlier, cut),
            company.catalogue,
            until=cut,
            arr=earlier["arr"],
            periods=params.label.periods,
            grace_days=params.label.grace_days,
            params=params,
            progress=_quiet,
            champion=champion,
            traits=company.traits(earlier, cut),
            prove=False,
        )
    except UnableToTrain as error:
        refusals[cut.isoformat()] = str(error)
        return champion
    verdict = found.judged(params)
    if verdict.passed:
        return found.model
    refusals[cut.isoformat()] = "; ".join(reason.sentence for reason in verdict.reasons if not reason.passed)
    return champion


def _write(result: BacktestResult, out: Path, params: Params, start: date, until: date) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, table in (("months", result.months), ("queue", result.queue), ("early", result.early)):
        times = {c: table[c].dt.tz_localize("UTC") for c in ("as_of", "churned_at") if c in table and len(table)}
        table.assign(**times).to_parquet(out / f"{name}.parquet", index=False)
    for language in LANGUAGES:
        page = render(
            result.months,
            result.early,
            result.totals,
            result.refusals,
            start=start,
            until=until,
            horizon_days=params.decision.horizon_days,
            capacity_share=params.decision.capacity_share,
            language=language,
            currency=params.serving.currency,
        )
        (out / REPORTS[language]).write_text(page, encoding="utf-8")
