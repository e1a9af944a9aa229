"""Training on a table: judged out of fold, then learned from every row whose outcome is known. The same input, the same bytes."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from features.said import Said
from models import gate_words
from models.calibration import NOT_CALIBRATED
from models.evaluation import Evaluation
from models.gate import GateResult, judged_table, not_worse_than_anchor
from models.hygiene import Hygiene
from models.sections import TableSections
from models.split_gap import SplitGap
from models.tabular import words
from models.tabular.fitting import learned
from models.tabular.folds import outer_folds
from models.tabular.hygiene import checked
from models.tabular.measuring import Measured, Progress, anchored, measured
from models.tabular.model import TableModel
from models.tabular.split_gap import split_gap
from models.tabular.table import Table

STAGES = 3


@dataclass(frozen=True)
class TableTraining:
    """The model of all known rows, how its recipe did out of fold, what the gate needs, and notes in words.

    `split_gap` is what a random split would have claimed; None where that is no other split, or could not be measured.
    """

    model: TableModel
    table: Table
    measured: Measured
    hygiene: Hygiene
    split_gap: SplitGap | None
    notes: tuple[Said, ...]

    @property
    def evaluation(self) -> Evaluation:
        """The metrics, out of fold."""
        return self.measured.evaluation

    def judged(self, params: TableSections) -> GateResult:
        """The gate's verdict."""
        return judged_table(
            self.evaluation, self.hygiene, kind=self.model.kind, baselines=params.table.baselines, params=params.gate
        )


def train_table(table: Table, params: TableSections, *, label_days: float, progress: Progress) -> TableTraining:
    """Train on the rows whose outcome is known; `label_days`: how long after its time a row's outcome was over.

    The anchor serves alone where few customers left, or where trees beside it cannot be shown to do no harm. `UnableToTrain` says
    what is missing. Linear algebra keeps to `training.threads`.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

    with threadpool_limits(limits=params.training.threads):
        progress("fitting", 0, STAGES)
        model, _, _ = learned(table, table.known, params, seeds=params.training.seeds, label_days=label_days)
        model = model.finished(model.anchor_share, model.calibration, _fingerprint(table, model, params))
        folds = outer_folds(table, params.table, label_days)
        found = measured(table, folds, params, label_days=label_days, progress=progress)
        helped = model.kind == "anchor" or found.predictions.empty or not_worse_than_anchor(found.evaluation, params.gate).passed
        if not helped:
            model, _, _ = learned(table, table.known, params, seeds=0, label_days=label_days, kind="anchor")
            model = model.finished(model.anchor_share, model.calibration, _fingerprint(table, model, params))
            found = anchored(found, params)
        progress("hygiene", 2, STAGES)
        hygiene = checked(table, folds, params)
        gap = split_gap(table, model, found, params)
        progress("done", STAGES, STAGES)
    return TableTraining(model, table, found, hygiene, gap, (*_notes(table, model, params, helped=helped), *found.notes))


def _notes(table: Table, model: TableModel, params: TableSections, *, helped: bool) -> list[Said]:
    notes = [words.LEFT_OUT.filled(column=each.column, why=each.why) for each in table.dropped]
    if not helped:
        notes.append(gate_words.TREES_HARM)
    elif model.kind == "anchor":
        few, needed = model.fingerprint["churned"], params.training.anchor_only_below_churned
        notes.append(words.ANCHOR_ALONE.filled(churned=few, needed=needed))
    if model.calibration.note:
        found, needed = model.calibration.churned_accounts, params.training.calibration_min_churned
        notes.append(NOT_CALIBRATED.filled(churned=found, needed=needed))
    rare = [f.name for f in table.features if f.category and table.frame[f.name].nunique() > params.training.category_levels]
    if rare:
        notes.append(words.RARE_LEVELS.filled(columns=", ".join(rare), most=params.training.category_levels))
    return notes


def _fingerprint(table: Table, model: TableModel, params: TableSections) -> dict[str, Any]:
    digest = blake2b(digest_size=16)
    for values in (table.churned, table.group, table.time if table.time is not None else np.empty(0)):
        digest.update(np.ascontiguousarray(values).tobytes())
    for feature in table.features:
        column = table.frame[feature.name]
        if feature.category:
            digest.update("\0".join(column.astype(object).where(column.notna(), "").astype(str)).encode())
        else:
            digest.update(np.ascontiguousarray(column.to_numpy(dtype=np.float64, na_value=np.nan)).tobytes())
    return {
        "data": digest.hexdigest(),
        "rows": len(table.known),
        **model.fingerprint,
        "table_params": params.table.model_dump(mode="json"),
        "training_params": params.training.model_dump(mode="json"),
    }
