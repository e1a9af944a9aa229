"""How a recipe does on rows it has not seen, beside the base rate and the best single column, fold by fold."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.said import Said
from models.blending import blended
from models.evaluation import Evaluation, evaluated
from models.hygiene import alone
from models.metrics import auc, log_losses
from models.periods import Floats
from models.sections import TableSections
from models.tabular import words
from models.tabular.fitting import lacks, learned
from models.tabular.folds import Fold
from models.tabular.model import TableModel
from models.tabular.smooth import fit_smooth
from models.tabular.table import Table

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Measured:
    """`predictions`: a row a tested row and fold, with `row` its position. `evaluation` is of them; `notes` say what was left."""

    evaluation: Evaluation
    predictions: pd.DataFrame
    notes: tuple[Said, ...]


def measured(table: Table, folds: tuple[Fold, ...], params: TableSections, *, label_days: float, progress: Progress) -> Measured:
    """Learn on each fold's training rows and score its test rows; folds with too few churns are left out and said."""
    parts, lines, left_out = [], [], dict[Said, list[str]]()
    for number, fold in enumerate(folds):
        progress(fold.name, number, len(folds))
        lacking = lacks(table, fold.train, params.training)
        if lacking is not None:
            left_out.setdefault(lacking, []).append(fold.name)
            continue
        found, model = _tested(table, fold, params, label_days)
        parts.append(found)
        lines.append(_line(found, fold, model))
    progress("folds", len(folds), len(folds))
    notes = [words.FOLDS_LEFT_OUT.filled(folds=", ".join(names), why=why) for why, names in left_out.items()]
    predictions = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return Measured(_evaluation(predictions, pd.DataFrame(lines), params), predictions, tuple(notes))


def anchored(found: Measured, params: TableSections) -> Measured:
    """What was measured, with the anchor alone as the model."""
    predictions = found.predictions.assign(model=found.predictions["anchor"])
    return replace(found, evaluation=_evaluation(predictions, found.evaluation.origins, params), predictions=predictions)


def _evaluation(predictions: pd.DataFrame, lines: pd.DataFrame, params: TableSections) -> Evaluation:
    found = evaluated(predictions, lines, horizon_days=0, capacity_share=params.decision.capacity_share, params=params.evaluation)
    return _without_calendar(found)


def _tested(table: Table, fold: Fold, params: TableSections, label_days: float) -> tuple[pd.DataFrame, TableModel]:
    model, anchor_platt, boosting_platt = learned(table, fold.train, params, seeds=params.evaluation.seeds, label_days=label_days)
    frame = table.frame.iloc[fold.test]
    anchor, boosting = model.members(frame)
    events = table.events(fold.train)
    rate = (float(events.sum()) + 0.5) / (len(events) + 1.0)
    return pd.DataFrame(
        {
            "row": fold.test,
            "account_id": table.group[fold.test],
            "as_of": fold.repeat,
            "origin": fold.name,
            "due": False,
            "arr": 1.0,
            "churned": table.events(fold.test),
            "model": _p(model.calibration(blended(anchor, boosting, model.anchor_share))),
            "boosting": _p(boosting_platt(boosting)),
            "anchor": _p(anchor_platt(anchor)),
            "best_column": _best_column(table, fold, params),
            "calendar": 0.5,  # no calendar: everybody is of one cohort
            "base_rate": rate,
        }
    ), model


def _best_column(table: Table, fold: Fold, params: TableSections) -> Floats:
    """The anchor's own recipe on the one column that ranks the training rows best."""
    events = table.events(fold.train).astype(float)
    scored = [(alone(table.frame, feature, fold.train, events, table.group[fold.train]), feature) for feature in table.features]
    best = max(scored, key=lambda each: each[0])[1]
    model = fit_smooth(table, fold.train, (best,), params.table, params.training.category_levels)
    return _p(model.margins(table.frame.iloc[fold.test]))


def _without_calendar(evaluation: Evaluation) -> Evaluation:
    return replace(evaluation, metrics=evaluation.metrics.loc[evaluation.metrics["model"] != "calendar"].reset_index(drop=True))


def _line(found: pd.DataFrame, fold: Fold, model: TableModel) -> dict[str, object]:
    events, p = found["churned"].to_numpy(dtype=float), found["model"].to_numpy()
    return {
        "fold": fold.name,
        "kind": model.kind,
        "trees": model.fingerprint["trees"],
        "anchor_share": model.anchor_share,
        "train_rows": len(fold.train),
        "train_churned": model.fingerprint["churned"],
        "tested_rows": len(found),
        "tested_churned": int(events.sum()),
        "auc": auc(events, p),
        "log_loss": float(log_losses(events, p).mean()),
    }


def _p(margins: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(margins), dtype=np.float64)
