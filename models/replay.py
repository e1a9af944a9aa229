"""Rolling origins: at each, learn only what was known then, and score what came after."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.baselines import Baselines
from models.blending import blended
from models.calibration import Platt
from models.distance import Reach, faded
from models.early import early_columns
from models.fitting import Material, fit, fit_until, kind_for, pair_scores
from models.later import SCORES, LaterRows
from models.leads import Decisions, decisions_at, known, parts, probability
from models.metrics import auc, log_losses
from models.model import Kind, Model
from models.periods import Bools, Floats, Ints
from models.rows import DAY, NEVER, HazardRows
from models.sections import Sections
from models.splits import Origin, labelled, warm_up

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Replay:
    """`predictions` and `origins` as in Evaluation, the rows calibration learns from, the number of trees, and notes.

    `decisions`: the same columns and `lead_days`, one row an account-decision and lead (`models.leads`); `looks`: the same as
    the predictions, at every look of the origins' blocks that has matured.
    """

    predictions: pd.DataFrame
    decisions: pd.DataFrame
    looks: pd.DataFrame
    origins: pd.DataFrame
    later: LaterRows
    trees: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Stage:
    """What every origin shares."""

    material: Material
    baselines: Baselines
    arr: Floats
    until: int
    horizon_days: int
    params: Sections


@dataclass(frozen=True)
class _Scorer:
    """An origin's model with so many trees. `ways`: the anchor's share, the reach and the calibration of each of SCORES."""

    material: Material
    model: Model
    trees: int
    ways: tuple[tuple[float, Reach, Platt], ...]

    @classmethod
    def of(cls, stage: _Stage, model: Model, trees: int, share: float, before: LaterRows) -> "_Scorer":
        """Calibrated on what came before the origin, once for all that is tested at it."""
        params, periods = stage.params.training, stage.material.periods
        reaches = [(each, before.reach(each, periods, params)) for each in (share, 1.0, 0.0)]
        ways = tuple((each, reach, before.platt(each, reach, params)) for each, reach in reaches)
        return cls(stage.material, model, trees, ways)

    def margins(self, positions: Ints, period: Ints) -> Iterator[tuple[str, Floats]]:
        """Log-odds of (matrix row, period) pairs by each of SCORES, and by the calendar."""
        anchor, boosting = pair_scores(self.model, self.material, positions, period, self.trees)
        calendar, periods = self.material.calendar, self.material.periods
        steady, moved = self.model.level_margins(calendar, periods, positions, period)
        for name, (share, reach, platt) in zip(SCORES, self.ways, strict=True):
            level = blended(steady, moved, share)
            yield name, platt(faded(blended(anchor, boosting, share), level, np.array(reach)[period]))
        yield "calendar", self.model.level.margins(calendar, periods, positions, period)


def replayed(
    material: Material,
    origins: tuple[Origin, ...],
    arr: Floats,
    *,
    until: int,
    horizon_days: int,
    params: Sections,
    progress: Progress,
    prove: bool = True,
) -> Replay:
    """Replay every origin that had enough churned accounts; each uses the trees, blend and calibration of those before it.

    Before the first comes one that tests nothing (`splits.warm_up`), so that it has one before it, too. Without `prove` there
    are no `decisions` and no `looks`.
    """
    baselines = Baselines.of(
        material.matrix,
        material.features,
        material.calendar,
        horizon_days=horizon_days,
        health=params.health,
        recency_signals=params.evaluation.recency_signals,
    )
    stage = _Stage(material, baselines, arr, until, horizon_days, params)
    later: list[LaterRows] = []
    best: list[int] = []
    tables, looks, decided, lines, notes = [], [], [], [], []
    leads = {days: decisions_at(material, days) for days in params.evaluation.leads_days} if prove else {}
    step = params.evaluation.origin_step_days
    before_first = warm_up(material.outcomes.as_of, origins, horizon_days=horizon_days, step_days=step)
    count = len(before_first) + len(origins)
    for number, origin in enumerate((*before_first, *origins)):
        progress(f"origin {origin.date}", number, count)
        rows = material.rows(params.rows, before=origin.cut, cut=origin.cut)
        churned = rows.churned_accounts(material.outcomes)
        refusal = _unready(stage, origin, rows, churned)
        if refusal:
            if origin.snapshots:
                notes.append(f"origin {origin.date} left out: {refusal}")
            continue
        trees = _mean(best, params.training.first_rounds)
        kind = kind_for(churned, params.training)
        before = LaterRows.together(later).before(origin.cut)
        share = before.anchor_share(kind, params.training)
        model, found = _fitted(stage, rows, origin, kind, share, trees)
        best += found
        scorer = _Scorer.of(stage, model, trees, share, before)
        table = _tested(stage, scorer, origin)
        later.append(LaterRows.after(material, model, origin, trees=trees, until=until, rows_params=params.rows))
        if len(table):
            tables.append(table)
            if prove:
                looks += [table, _tested(stage, scorer, replace(origin, snapshots=_between(stage, origin)))]
            found_at = [_decided(stage, scorer, origin, days, leads[days]) for days in leads]
            decided += [each for each in found_at if len(each)]
            lines.append(_line(table, origin, kind, trees, share, rows, churned))
    progress("origins", count, count)
    return Replay(
        predictions=pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(),
        decisions=pd.concat(decided, ignore_index=True) if decided else pd.DataFrame(),
        looks=pd.concat(looks, ignore_index=True) if looks else pd.DataFrame(),
        origins=pd.DataFrame(lines),
        later=LaterRows.together(later),
        trees=_mean(best, params.training.first_rounds),
        notes=tuple(notes),
    )


def _unready(stage: _Stage, origin: Origin, rows: HazardRows, churned: int) -> str:
    """Why nothing can be learned at the origin; empty when it can."""
    needed = stage.params.training.min_churned
    if churned < needed or bool(rows.event.all()):
        return f"{churned} churned accounts before it, {needed} are needed"
    _, learned = labelled(stage.material.outcomes, stage.horizon_days, origin.cut)
    if not learned.any() or learned.all():
        return f"no churn within {stage.horizon_days} days of a snapshot was known by then"
    return ""


def _fitted(stage: _Stage, rows: HazardRows, origin: Origin, kind: Kind, share: float, trees: int) -> tuple[Model, list[int]]:
    """The origin's model and, where it could be seen, the best number of trees for the origins after it."""
    material, params = stage.material, stage.params
    if kind == "anchor":
        return fit(material, rows, params.training, kind=kind, share=share, rounds=trees, seeds=1), []
    after = material.rows(params.rows, since=origin.cut, before=origin.until, cut=origin.until)
    if not after.event.any() or params.evaluation.seeds > 1:
        seeds = params.evaluation.seeds
        return fit(material, rows, params.training, kind=kind, share=share, rounds=trees, seeds=seeds), []
    model, best = fit_until(material, rows, after, params.training, share=share, least=trees)
    return model, [best]


def _tested(stage: _Stage, scorer: _Scorer, origin: Origin) -> pd.DataFrame:
    """The origin's snapshots with their outcome and everybody's probability; empty when none has matured."""
    material = stage.material
    matured, churned = labelled(material.outcomes, stage.horizon_days, stage.until)
    at_origin = np.isin(material.outcomes.as_of[matured], origin.snapshots)
    test, events = matured[at_origin], churned[at_origin]
    if len(test) == 0:
        return pd.DataFrame()
    found = _described(stage, origin, test, events)
    count = material.periods.within(stage.horizon_days)
    positions, period = np.repeat(test, count), np.tile(np.arange(count), len(test))
    hazards = {name: _hazards(stage, margins, len(test)) for name, margins in scorer.margins(positions, period)}
    found |= {name: material.periods.probability(each, stage.horizon_days) for name, each in hazards.items()}
    found |= early_columns(material, test, events, hazards, stage.horizon_days)
    learn, learned = labelled(material.outcomes, stage.horizon_days, origin.cut)
    return pd.DataFrame(found | stage.baselines.predict(learn, learned, test))


def _decided(stage: _Stage, scorer: _Scorer, origin: Origin, lead_days: int, decisions: Decisions) -> pd.DataFrame:
    """The decisions met in the origin's block, with their outcome and everybody's probability; empty when none has matured."""
    material = stage.material
    as_of = material.outcomes.as_of[decisions.position]
    over, events = known(material, decisions, stage.until)
    here = (as_of[over] >= origin.cut) & (as_of[over] < origin.until)
    learn, learned = known(material, decisions, origin.cut)
    if not here.any() or len(learn) == 0:
        return pd.DataFrame()
    met = decisions.at(over[here])
    covered = parts(material, met)
    entry, period = np.nonzero(covered)
    positions = met.position[entry]
    found = _described(stage, origin, met.position, events[here] == 1) | {"lead_days": lead_days, "opens_days": met.opens_days}
    found |= {name: probability(margins, covered) for name, margins in scorer.margins(positions, period)}
    renewals = replace(stage.baselines, cohort=1 + 2 * (material.calendar.monthly_term == 1))
    rivals = renewals.predict(decisions.position[learn], learned == 1, met.position)
    return pd.DataFrame(found | rivals)


def _between(stage: _Stage, origin: Origin) -> tuple[int, ...]:
    """The looks of the origin's block that are none of its snapshots."""
    looks = np.unique(stage.material.outcomes.as_of)
    block = looks[(looks >= origin.cut) & (looks < origin.until)]
    return tuple(int(each) for each in np.setdiff1d(block, origin.snapshots))


def _described(stage: _Stage, origin: Origin, rows: Ints, churned: Bools) -> dict[str, object]:
    """What stands beside the probabilities of matrix rows: KEYS of an evaluation, and in how many days the account leaves."""
    material = stage.material
    away = (material.outcomes.churned[rows] - material.outcomes.as_of[rows]) / DAY
    return {
        "account_id": material.matrix["account_id"].to_numpy()[rows],
        "as_of": material.matrix["as_of"].to_numpy()[rows],
        "origin": origin.date,
        "due": material.calendar.within(stage.horizon_days)[rows],
        "arr": stage.arr[rows],
        "churned": churned,
        "leaves_in_days": np.where(material.outcomes.churned[rows] < NEVER, np.floor(away), np.nan),
    }


def _hazards(stage: _Stage, margins: Floats, rows: int) -> Floats:
    """Hazards, shape (rows, periods), from log-odds of the periods that begin before the horizon, row by row; 0 after it."""
    from scipy.special import expit

    hazards = np.zeros((rows, stage.material.periods.count))
    hazards[:, : stage.material.periods.within(stage.horizon_days)] = expit(margins).reshape(rows, -1)
    return hazards


def _line(
    table: pd.DataFrame, origin: Origin, kind: str, trees: int, share: float, rows: HazardRows, churned: int
) -> dict[str, object]:
    events, p = table["churned"].to_numpy(dtype=float), table["model"].to_numpy()
    return {
        "origin": origin.date,
        "kind": kind,
        "trees": trees if kind == "blend" else 0,
        "anchor_share": share,
        "train_rows": rows.count,
        "train_churned_accounts": churned,
        "tested_rows": len(table),
        "tested_churned": int(events.sum()),
        "auc": auc(events, p),
        "log_loss": float(log_losses(events, p).mean()),
        "observed_expected": float(events.sum() / p.sum()) if p.sum() > 0 else float("nan"),
    }


def _mean(values: list[int], otherwise: int) -> int:
    return round(sum(values) / len(values)) if values else otherwise
