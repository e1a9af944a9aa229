"""Gradient-boosted log-odds with LightGBM: small leaves, strong regularisation, monotone where a column has a direction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.encoding import Feature
from models.params import TrainingParams
from models.periods import Bools, Float32s, Floats

if TYPE_CHECKING:
    from lightgbm import Booster


@dataclass(frozen=True)
class Examples:
    """What boosters learn from: X shaped (n, columns), whether each row is an event, and its weight, both shaped (n,).

    `start`: log-odds (n,) that the trees add to; without it they begin at the mean of all rows.
    """

    X: Float32s
    event: Bools
    weight: Floats
    start: Floats | None = None


def fit_boosters(
    examples: Examples, columns: tuple[Feature, ...], params: TrainingParams, *, rounds: int, seeds: int
) -> tuple[str, ...]:
    """`seeds` boosters of `rounds` trees as text; `columns` are those of X in its order."""
    import lightgbm as lgb

    data = _dataset(examples, columns, params).construct()
    del examples  # its values are in bins by now
    return tuple(
        _text(lgb.train(_settings(columns, params, params.seed + number), data, num_boost_round=rounds))
        for number in range(seeds)
    )


def fit_until_it_stops(
    examples: Examples, later: Examples, columns: tuple[Feature, ...], params: TrainingParams, *, least: int = 1
) -> tuple[str, int]:
    """One booster trained until the log-loss of the later rows stops falling, and the round where it was lowest.

    It has `least` trees or more, whatever the later rows say: whoever uses so many of them learns nothing of those rows.
    """
    import lightgbm as lgb

    data = _dataset(examples, columns, params)
    check = lgb.Dataset(later.X, later.event.astype(np.float32), weight=later.weight, init_score=later.start, reference=data)
    booster = lgb.train(
        _settings(columns, params, params.seed),
        data,
        num_boost_round=params.max_rounds,
        valid_sets=[check],
        callbacks=[lgb.early_stopping(params.patience_rounds, verbose=False)],
        keep_training_booster=True,
    )
    best = max(1, int(booster.best_iteration))
    while booster.current_iteration() < least and not booster.update():
        pass
    return _text(booster), best


def booster_of(text: str) -> "Booster":
    """A booster from its text; no code of the file is run."""
    import lightgbm as lgb

    return lgb.Booster(model_str=text)


def margins_of(boosters: Sequence["Booster"], X: Float32s, rounds: int | None = None) -> Floats:
    """Mean log-odds over the boosters, less any `start`, shape (n,); only the first `rounds` trees when given.

    One thread: whoever scores many accounts maps over partitions.
    """
    total = np.zeros(len(X))
    for booster in boosters:
        total += booster.predict(X, raw_score=True, num_iteration=rounds, num_threads=1)
    return total / len(boosters)


def contributions_of(boosters: Sequence["Booster"], X: Float32s) -> Floats:
    """Mean contribution of every column and, last, the expected value: shape (n, columns + 1), rows sum to the margin."""
    total = np.zeros((len(X), X.shape[1] + 1))
    for booster in boosters:
        total += booster.predict(X, pred_contrib=True, num_threads=1)
    return total / len(boosters)


def _dataset(examples: Examples, columns: tuple[Feature, ...], params: TrainingParams) -> Any:
    import lightgbm as lgb

    return lgb.Dataset(
        examples.X,
        examples.event.astype(np.float32),
        weight=examples.weight,
        init_score=examples.start,
        feature_name=_column_names(columns),
        categorical_feature=[index for index, column in enumerate(columns) if column.category],
        params=_binning(params),
    )


def _column_names(columns: tuple[Feature, ...]) -> list[str]:
    """LightGBM forbids some characters in names; a running number keeps what is replaced apart."""
    safe = [re.sub(r"[^0-9A-Za-z_]", "_", column.name) for column in columns]
    return [name if safe.count(name) == 1 else f"{name}_{index}" for index, name in enumerate(safe)]


def _binning(params: TrainingParams) -> dict[str, Any]:
    return {
        "max_bin": params.max_bin,
        "data_random_seed": params.seed,
        "num_threads": params.threads,
        "min_data_in_leaf": params.min_child_samples,
        "feature_pre_filter": False,
        "force_col_wise": True,
        "verbosity": -1,
    }


def _settings(columns: tuple[Feature, ...], params: TrainingParams, seed: int) -> dict[str, Any]:
    return {
        **_binning(params),
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": params.learning_rate,
        "num_leaves": params.leaves,
        "max_depth": params.max_depth,
        "feature_fraction": params.feature_fraction,
        "bagging_fraction": params.bagging_fraction,
        "bagging_freq": 1,
        "lambda_l2": params.l2,
        "cat_smooth": params.cat_smooth,
        "cat_l2": params.cat_l2,
        "monotone_constraints": [column.direction for column in columns],
        "monotone_constraints_method": "basic",
        "deterministic": True,
        "seed": seed,
        "bagging_seed": seed,
        "feature_fraction_seed": seed,
    }


def _text(booster: "Booster") -> str:
    return str(booster.model_to_string(num_iteration=-1))
