"""One model of a table: the ladder, the members, and trees, share and calibration chosen on folds within its rows."""

from dataclasses import dataclass

import numpy as np

from features.said import Said
from models.blending import blended, learned_share
from models.boosting import Examples, fit_boosters, fit_until_it_stops
from models.calibration import Platt, fit_platt, identity
from models.encoding import encoded, levels_of
from models.errors import UnableToTrain
from models.fitting import UNCALIBRATED, kind_for
from models.model import Kind
from models.params import TrainingParams
from models.periods import Floats, Ints
from models.sections import TableSections
from models.tabular import words
from models.tabular.folds import Fold, inner_folds
from models.tabular.model import TableModel
from models.tabular.smooth import fit_smooth
from models.tabular.table import Table


@dataclass(frozen=True)
class Inner:
    """Rows within the training rows, scored by models that have not seen them, and the number of trees that was best."""

    positions: Ints
    anchor: Floats
    boosting: Floats
    trees: int


def learned(
    table: Table, positions: Ints, params: TableSections, *, seeds: int, label_days: float, kind: Kind | None = None
) -> tuple[TableModel, Platt, Platt]:
    """The model of these rows, of the kind that the ladder gives unless one is said; the calibrations of its members alone.

    `UnableToTrain` when fewer than `training.min_churned` groups churned in them, or nobody stayed.
    """
    lacking = lacks(table, positions, params.training)
    if lacking is not None:
        raise UnableToTrain(lacking.en)
    churned = table.churned_groups(positions)
    kind = kind_for(churned, params.training) if kind is None else kind
    folds = inner_folds(table, positions, params.table, label_days)
    inner = _inner(table, folds, kind, params)
    share = _share(table, inner, kind, params.training)
    model = fitted(table, positions, params, kind=kind, rounds=inner.trees, seeds=seeds)
    platt, alone, trees = (_platt(table, inner, each, params.training) for each in (share, 1.0, 0.0))
    return model.finished(share, platt, {"trees": inner.trees if kind == "blend" else 0, "churned": churned}), alone, trees


def lacks(table: Table, positions: Ints, params: TrainingParams) -> Said | None:
    """What these rows lack to be learned from; None when nothing."""
    churned = table.churned_groups(positions)
    if churned < params.min_churned:
        return words.FEW_LEFT.filled(churned=churned, needed=params.min_churned)
    return words.NOBODY_STAYED if table.events(positions).all() else None


def fitted(table: Table, positions: Ints, params: TableSections, *, kind: Kind, rounds: int, seeds: int) -> TableModel:
    """Anchor and, for a blend, `seeds` boosters of `rounds` trees; uncalibrated, the share as in `training.anchor_share`."""
    levels = levels_of(table.frame, positions, table.features, params.training.category_levels)
    boosters: tuple[str, ...] = ()
    if kind == "blend":
        boosters = fit_boosters(_examples(table, positions, levels), table.features, params.training, rounds=rounds, seeds=seeds)
    return _model(table, positions, params, kind, levels, boosters)


def _inner(table: Table, folds: tuple[Fold, ...], kind: Kind, params: TableSections) -> Inner:
    models: list[TableModel] = []
    best: list[int] = []
    for fold in folds:
        if kind == "anchor":
            models.append(fitted(table, fold.train, params, kind=kind, rounds=0, seeds=0))
            continue
        levels = levels_of(table.frame, fold.train, table.features, params.training.category_levels)
        learn, check = (_examples(table, part, levels) for part in (fold.train, fold.test))
        text, rounds = fit_until_it_stops(learn, check, table.features, params.training)
        best.append(rounds)
        models.append(_model(table, fold.train, params, kind, levels, (text,)))
    trees = round(sum(best) / len(best)) if best else params.training.first_rounds
    scores = [model.members(table.frame.iloc[fold.test], trees) for model, fold in zip(models, folds, strict=True)]
    together = np.concatenate([fold.test for fold in folds]) if folds else np.empty(0, dtype=np.int64)
    anchor, boosting = (np.concatenate([each[n] for each in scores]) if scores else np.empty(0) for n in (0, 1))
    return Inner(together, anchor, boosting, trees)


def _model(
    table: Table,
    positions: Ints,
    params: TableSections,
    kind: Kind,
    levels: dict[str, tuple[str, ...]],
    boosters: tuple[str, ...],
) -> TableModel:
    anchor = fit_smooth(table, positions, table.features, params.table, params.training.category_levels)
    share = 1.0 if kind == "anchor" else params.training.anchor_share
    return TableModel(kind, table.features, levels, anchor, boosters, share, UNCALIBRATED, {})


def _examples(table: Table, positions: Ints, levels: dict[str, tuple[str, ...]]) -> Examples:
    X = encoded(table.frame, positions, table.features, levels)
    return Examples(X, table.events(positions), np.ones(len(positions)))


def _share(table: Table, inner: Inner, kind: Kind, params: TrainingParams) -> float:
    if kind == "anchor":
        return 1.0
    return learned_share(
        inner.anchor,
        inner.boosting,
        table.events(inner.positions).astype(float),
        np.ones(len(inner.positions)),
        churned_accounts=table.churned_groups(inner.positions),
        needed=params.calibration_min_churned,
        slope_sd=params.calibration_slope_sd,
        level_sd=params.calibration_level_sd,
        usual=params.anchor_share,
        usual_sd=params.anchor_share_sd,
    )


def _platt(table: Table, inner: Inner, share: float, params: TrainingParams) -> Platt:
    churned = table.churned_groups(inner.positions)
    if not len(inner.positions):
        return identity(churned, params.calibration_min_churned)
    return fit_platt(
        blended(inner.anchor, inner.boosting, share),
        table.events(inner.positions).astype(float),
        np.ones(len(inner.positions)),
        churned_accounts=churned,
        needed=params.calibration_min_churned,
        slope_sd=params.calibration_slope_sd,
        level_sd=params.calibration_level_sd,
    )
