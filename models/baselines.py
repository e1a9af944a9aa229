"""What a model must beat: the base rate of the renewal cohort, recency of use, and the rule score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.encoding import Feature, numbers
from models.health import rule_score
from models.params import HealthParams
from models.periods import Bools, Calendar, Floats, Ints

PRIOR_ROWS = 20.0
RIDGE = 1.0
MOST_STEPS = 50
CLIP = 4.0


@dataclass(frozen=True)
class Baselines:
    """Columns the baselines read, one row a matrix row; `recency` has no column when no recency signal exists."""

    cohort: Ints
    recency: Floats
    rule: Floats

    @classmethod
    def of(
        cls,
        matrix: pd.DataFrame,
        features: tuple[Feature, ...],
        calendar: Calendar,
        *,
        horizon_days: int,
        health: HealthParams,
        recency_signals: tuple[str, ...],
    ) -> "Baselines":
        """Read a matrix. The cohort is (a decision is due within the horizon) x (monthly contract)."""
        present = [name for name in recency_signals if name in matrix]
        recency = np.column_stack([numbers(matrix, n) for n in present]) if present else np.empty((len(matrix), 0))
        cohort = calendar.within(horizon_days).astype(np.int64) + 2 * (calendar.monthly_term == 1)
        return cls(cohort, recency, rule_score(matrix, features, health)[:, None])

    def predict(self, train: Ints, churned: Bools, test: Ints) -> dict[str, Floats]:
        """Probabilities at the test positions of each baseline learned on the training positions."""
        events = churned.astype(float)
        found = {
            "base_rate": _cohort_rates(self.cohort, train, events)[self.cohort[test]],
            "rule_score": _logistic(self.rule[train], events, self.rule[test]),
        }
        if self.recency.shape[1]:
            found["recency"] = _logistic(self.recency[train], events, self.recency[test])
        return found


def _cohort_rates(cohort: Ints, train: Ints, events: Floats) -> Floats:
    """Churned share by cohort, drawn towards the overall share with the weight of 20 rows."""
    overall = (events.sum() + 0.5) / (len(events) + 1.0)
    counts = np.bincount(cohort[train], minlength=4)
    churned = np.bincount(cohort[train], weights=events, minlength=4)
    return np.asarray((churned + PRIOR_ROWS * overall) / (counts + PRIOR_ROWS), dtype=np.float64)


def _logistic(train: Floats, events: Floats, test: Floats) -> Floats:
    """A plain logistic on standardised columns; missing values get a column of their own."""
    known_train, known_test = ~np.isnan(train), ~np.isnan(test)
    middle = np.array([np.median(c[k]) if k.any() else 0.0 for c, k in zip(train.T, known_train.T, strict=True)])
    filled = np.where(known_train, train, middle)
    spread = np.where(filled.std(axis=0) > 1e-9, filled.std(axis=0), 1.0)

    def design(values: Floats, known: Bools) -> Floats:
        z = np.clip((np.where(known, values, middle) - middle) / spread, -CLIP, CLIP)
        return np.hstack([z, ~known, np.ones((len(values), 1))])

    X = design(train, known_train)
    penalty = np.array([RIDGE] * (X.shape[1] - 1) + [1e-6])
    rate = np.clip(events.mean(), 1e-6, 1 - 1e-6)
    beta = np.zeros(X.shape[1])
    beta[-1] = np.log(rate / (1 - rate))
    for _ in range(MOST_STEPS):
        p = _sigmoid(X @ beta)
        gradient = X.T @ (p - events) + penalty * beta
        step = np.linalg.solve((X * (p * (1 - p))[:, None]).T @ X + np.diag(penalty), gradient)
        beta = beta - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return _sigmoid(design(test, known_test) @ beta)


def _sigmoid(z: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(z), dtype=np.float64)
