"""Which rows are learned from and which are tested: forward in time, else groups kept together, else both outcomes level."""

from dataclasses import dataclass

import numpy as np

from models.params import TableParams
from models.periods import Ints
from models.splits import grouped_folds
from models.tabular.table import Table


@dataclass(frozen=True)
class Fold:
    """Positions in the table; no row is in both. `repeat`: folds of one repeat share no tested row."""

    name: str
    repeat: int
    train: Ints
    test: Ints


def outer_folds(table: Table, params: TableParams, label_days: float) -> tuple[Fold, ...]:
    """The folds a recipe is judged by, over the rows whose outcome is known."""
    known = table.known
    if table.time is not None:
        return forward_blocks(table, known, params.blocks, label_days)
    repeats = params.repeats if len(known) <= params.repeat_up_to_rows else 1
    return tuple(
        fold for repeat in range(repeats) for fold in dealt_folds(table, known, params.folds, params.seed + repeat, repeat)
    )


def inner_folds(table: Table, positions: Ints, params: TableParams, label_days: float) -> tuple[Fold, ...]:
    """The folds within training rows; forward in time too, where that leaves something to learn from and both outcomes."""
    if table.time is not None:
        blocks = forward_blocks(table, positions, params.inner_folds, label_days)
        if blocks:
            return blocks
    return dealt_folds(table, positions, params.inner_folds, params.seed, 0)


def forward_blocks(table: Table, positions: Ints, blocks: int, label_days: float) -> tuple[Fold, ...]:
    """Of `blocks` + 1 spans of about as many rows each, all but the first are tested, each by what came before it.

    A row is learned from when its outcome was over (`label_days` after its time) when the span began. Spans without both
    outcomes on either side are left out; rows of one time are never torn apart.
    """
    if table.time is None:
        return ()
    time = table.time[positions]
    edges = np.unique(np.quantile(time, np.linspace(0, 1, blocks + 2)[1:-1], method="higher"))
    found = []
    for number, (start, end) in enumerate(zip(edges, [*edges[1:], np.inf], strict=True)):
        train = positions[(time < start) & (time + label_days <= start)]
        test = positions[(time >= start) & (time < end)]
        if all(len(np.unique(table.events(part))) == 2 for part in (train, test)):
            found.append(Fold(f"block {number + 1}", number, train, test))
    return tuple(found)


def dealt_folds(table: Table, positions: Ints, count: int, seed: int, repeat: int) -> tuple[Fold, ...]:
    """Folds dealt by seed: groups whole, or both outcomes level; fewer when there are fewer groups or churns than folds."""
    if table.grouped:
        groups = table.group[positions]
        pairs = grouped_folds(groups.tolist(), min(count, len(np.unique(groups))), seed)
    else:
        from sklearn.model_selection import StratifiedKFold

        events = table.events(positions)
        rarest = int(min(events.sum(), (~events).sum()))
        dealer = StratifiedKFold(min(count, max(2, rarest)), shuffle=True, random_state=seed)
        pairs = list(dealer.split(positions, events))
    found = [
        Fold(f"fold {repeat + 1}.{number + 1}", repeat, positions[train], positions[test])
        for number, (train, test) in enumerate(pairs)
    ]
    return tuple(fold for fold in found if len(np.unique(table.events(fold.train))) == 2 and len(fold.test))
