"""A negative control: what a random split of a table's rows would have claimed, where rows have days or belong together."""

import numpy as np

from models.blending import blended
from models.sections import TableSections
from models.split_gap import SplitGap
from models.tabular.fitting import fitted, lacks
from models.tabular.measuring import Measured
from models.tabular.model import TableModel
from models.tabular.table import Table


def split_gap(table: Table, model: TableModel, found: Measured, params: TableSections) -> SplitGap | None:
    """Hold out a random part of the tested rows, one of `table.folds`, and learn from every other row by the recipe of `model`.

    One fit of one seed. None where the honest test deals rows at random too (no time, and no group with a second row), where
    nothing was tested, or where the part or what is left has one class only.
    """
    rows = found.predictions
    together = len(np.unique(table.group[table.known])) < len(table.known)
    if rows.empty or (table.time is None and not together):
        return None
    honest = rows.groupby("row")["model"].mean()
    part = np.sort(np.random.default_rng(params.table.seed).permutation(len(honest))[: len(honest) // params.table.folds])
    held_out = honest.index.to_numpy(dtype=np.int64)[part]
    left = np.setdiff1d(table.known, held_out)
    events = table.events(held_out).astype(float)
    if events.sum() in (0, len(events)) or lacks(table, left, params.training) is not None:
        return None
    careless = fitted(table, left, params, kind=model.kind, rounds=model.fingerprint["trees"], seeds=1)
    claimed = blended(*careless.members(table.frame.iloc[held_out]), model.anchor_share)
    return SplitGap.of(events, claimed, honest.to_numpy(dtype=np.float64)[part])
