"""Whether pushes are what moved the score: `fidelity.py FOLDER UNTIL [SOURCE] [HOME]`.

Trains, then explains every account of the day UNTIL: how far base and pushes are from the margin; sign and rank of the named
families by the exact Shapley values of the same model (benchmarks/exact_shap.py, by enumeration; the `shap` package beside it);
and what a correlation-based explanation, |correlation with the score| x distance from the mean, would have said instead.
"""

import sys
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
from exact_shap import exact_contributions

from features.signal import FAMILIES
from models.encoding import numbers
from models.explanation import explained, pushes
from models.model import Model
from models.periods import Calendar, Floats
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train


def exact_pushes(model: Model, matrix: pd.DataFrame, period: np.ndarray) -> tuple[Floats, Floats, float]:
    """Pushes by family and the rest, (n, 11) and (n,), and by how much the package shap differs from the enumeration."""
    import shap

    table = model.table(matrix, Calendar.of(matrix, model.grace_days), period)
    by_column, package = np.zeros((len(matrix), table.shape[1] + 1)), np.zeros((len(matrix), table.shape[1]))
    for booster in model.loaded:
        by_column += exact_contributions(booster, table) / len(model.loaded)
        values = shap.TreeExplainer(booster).shap_values(table)
        package += (values[1] if isinstance(values, list) else values) / len(model.loaded)
    gap = float(np.abs(package - by_column[:, :-1]).max())
    share, reach = model.anchor_share, np.array(model.reach)[period]
    slope = model.calibration.slope * reach
    terms = model.anchor.family_terms(matrix) * np.array(model.anchor.reach)[period][:, None]  # linear: its own Shapley values
    push = slope[:, None] * share * terms
    column = np.array([FAMILIES.index(feature.family) for feature in model.features])
    for number in range(len(FAMILIES)):
        push[:, number] += slope * (1 - share) * by_column[:, : len(column)][:, column == number].sum(axis=1)
    calendar = Calendar.of(matrix, model.grace_days)
    level = model.level_of_score(calendar, np.arange(len(matrix)), period)
    trees = (1 - share) * by_column[:, len(column) :].sum(axis=1)
    rest = model.calibration.slope * level + slope * trees + model.calibration.intercept
    return push, rest, gap


def by_correlation(model: Model, matrix: pd.DataFrame, margin: Floats) -> np.ndarray:
    """The family each account would be told: of the signal with the largest |correlation with the score| x |z|."""
    scores, families = [], []
    for feature in model.features:
        if feature.category:
            continue
        values = numbers(matrix, feature.name).astype(np.float64)
        values = np.where(np.isnan(values), np.nanmean(values) if (~np.isnan(values)).any() else 0.0, values)
        if values.std() > 0:
            scores.append(abs(np.corrcoef(values, margin)[0, 1]) * np.abs(values - values.mean()) / values.std())
            families.append(FAMILIES.index(feature.family))
    return np.array(families)[np.argmax(np.array(scores), axis=0)]


def rank_of(push: Floats, rows: np.ndarray, family: np.ndarray) -> np.ndarray:
    """How many families push more than the given one, by row."""
    return (push[rows] > push[rows, family][:, None] + 1e-9).sum(axis=1)


def main() -> None:
    """Print what was measured."""
    folder, until, *rest = sys.argv[1:]
    source, home = rest[0] if rest else "contract", Home(Path(rest[1] if len(rest) > 1 else mkdtemp(prefix="fidelity-")))
    params, day = load(None), date.fromisoformat(until)
    learned = train(prepare(folder, source, home, params), day, params, None, Stages())
    model = learned.training.model
    matrix = learned.company.matrix([day], Stages()).frame
    if matrix.empty:
        matrix = learned.latest
    margins, horizon = model.margins(matrix), params.decision.horizon_days
    ours = explained(model, matrix, margins, horizon)
    exact, base, gap = exact_pushes(model, matrix, ours.period)
    named = pushes(model, matrix, margins, horizon_days=horizon, params=params.explanation).accounts
    pairs = [(row, FAMILIES.index(name)) for c in ("driver_1", "driver_2") for row, name in enumerate(named[c]) if name]
    rows, family = np.array(pairs, dtype=int).reshape(-1, 2).T
    told = by_correlation(model, matrix, ours.margin)
    everyone = np.arange(len(matrix))
    risky = np.argsort(-ours.margin)[: max(1, len(matrix) // 5)]
    figures = {
        "accounts": len(matrix),
        "trees": sum(booster.num_trees() for booster in model.loaded),
        "largest |base + pushes - margin|": np.abs(ours.base + ours.push.sum(axis=1) - ours.margin).max(),
        "largest |push - exact push|": np.abs(ours.push - exact).max(),
        "largest |exact base + pushes - margin|": np.abs(base + exact.sum(axis=1) - ours.margin).max(),
        "largest |shap package - enumeration|, one column": gap,
        "named families": len(rows),
        "named: same sign as exact": (np.sign(ours.push[rows, family]) == np.sign(exact[rows, family])).mean(),
        "named: same rank as exact": (rank_of(ours.push, rows, family) == rank_of(exact, rows, family)).mean(),
        "riskiest fifth, by correlation: the largest exact push": (told[risky] == exact[risky].argmax(axis=1)).mean(),
        "riskiest fifth, by correlation: it lowers the risk": (exact[everyone, told][risky] <= 0).mean(),
        "riskiest fifth, ours: the largest exact push": (ours.push.argmax(axis=1) == exact.argmax(axis=1))[risky].mean(),
    }
    for name, value in figures.items():
        print(f"| {name} | {value:.4g} |")


if __name__ == "__main__":
    main()
