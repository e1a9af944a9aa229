"""Two checks no honest table fails: dealt labels teach nothing, and no single column knows the answer."""

from dataclasses import replace

import numpy as np

from models.hygiene import Hygiene, Suspect, alone, chance_error
from models.metrics import auc
from models.periods import Floats
from models.sections import TableSections
from models.tabular.folds import Fold
from models.tabular.smooth import fit_smooth
from models.tabular.table import Table

NOTHING = (float("nan"), float("nan"))


def checked(table: Table, folds: tuple[Fold, ...], params: TableSections) -> Hygiene:
    """Suspects over all rows whose outcome is known; dealt labels on the last fold. AUC NaN when it could not be measured."""
    found = suspects(table, params.gate.leak_auc)
    draws = range(params.gate.permutations) if folds else ()
    measured = [_permuted(table, folds[-1], params, params.table.seed + number) for number in draws]
    known = [(value, error) for value, error in measured if not np.isnan(value)]
    if not known:
        return Hygiene(float("nan"), float("nan"), float("nan"), found)
    band = params.gate.permuted_band_sd * float(np.mean([error for _, error in known]))
    return Hygiene(float(np.mean([value for value, _ in known])), 0.5 - band, 0.5 + band, found)


def suspects(table: Table, leak_auc: float) -> tuple[Suspect, ...]:
    """Columns whose value, or whose being missing, has an AUC above `leak_auc` on its own; worst first."""
    positions = table.known
    events = table.events(positions).astype(float)
    found = [
        Suspect(feature.name, alone(table.frame, feature, positions, events, table.group[positions]))
        for feature in table.features
    ]
    return tuple(sorted((each for each in found if each.auc > leak_auc), key=lambda each: (-each.auc, each.signal)))


def _permuted(table: Table, fold: Fold, params: TableSections, seed: int) -> tuple[float, float]:
    """(AUC, its standard error by chance) of an anchor when every row carries the label of another."""
    dealt = replace(table, churned=_dealt(table, seed))
    events = dealt.events(fold.test).astype(float)
    if dealt.churned_groups(fold.train) < params.training.min_churned or not 0 < events.sum() < len(events):
        return NOTHING
    anchor = fit_smooth(dealt, fold.train, dealt.features, params.table, params.training.category_levels)
    return auc(events, anchor.margins(dealt.frame.iloc[fold.test])), chance_error(events)


def _dealt(table: Table, seed: int) -> Floats:
    """Known labels dealt among the rows; whole groups get another group's label where every group has one label only."""
    rng = np.random.default_rng(seed)
    positions, dealt = table.known, table.churned.copy()
    codes, first = np.unique(table.group[positions], return_index=True)
    labels = table.churned[positions]
    place = np.searchsorted(codes, table.group[positions])
    if np.array_equal(labels, labels[first][place]):
        dealt[positions] = rng.permutation(labels[first])[place]
    else:
        dealt[positions] = rng.permutation(labels)
    return dealt
