"""The rule health score, 0 to 100: fixed ramps and fixed weights, nothing learned, one account at a time."""

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.encoding import Feature, numbers
from models.metrics import ratio
from models.params import HealthParams, Ramp
from models.periods import Floats


def rule_score(matrix: pd.DataFrame, features: tuple[Feature, ...], params: HealthParams) -> Floats:
    """Risk by rule, 0 (nothing is wrong) to 1, shape (n,): the weighted mean over the families of which anything is known.

    A family's risk is the mean of its `top_signals` worst signals; a missing value says nothing. NaN when nothing is known.
    """
    total, weight = np.zeros(len(matrix)), np.zeros(len(matrix))
    for family in FAMILIES:
        risk = _family_risk(matrix, [f for f in features if f.family == family], params)
        known = ~np.isnan(risk)
        share = params.weights.get(family, 0.0)
        total[known] += share * risk[known]
        weight[known] += share
    return ratio(total, weight)


def health(matrix: pd.DataFrame, features: tuple[Feature, ...], params: HealthParams) -> Floats:
    """100 x (1 - rule score), shape (n,); NaN when nothing is known."""
    return 100.0 * (1.0 - rule_score(matrix, features, params))


def ramp_of(feature: Feature, params: HealthParams) -> Ramp | None:
    """The ramp of a signal: its own, else that of its unit and direction; None when the rule does not read it."""
    if feature.category or feature.direction == 0:
        return None
    if feature.name in params.signals:
        return params.signals[feature.name]
    return (params.rising if feature.direction > 0 else params.falling).get(feature.unit)


def _family_risk(matrix: pd.DataFrame, features: list[Feature], params: HealthParams) -> Floats:
    risks = []
    for feature in features:
        ramp = ramp_of(feature, params)
        if ramp is not None:
            values = numbers(matrix, feature.name)
            risks.append(np.clip((values - ramp.safe) / (ramp.danger - ramp.safe), 0.0, 1.0))
    if not risks:
        return np.full(len(matrix), np.nan)
    worst = -np.sort(-np.column_stack(risks), axis=1)[:, : params.top_signals]
    known = ~np.isnan(worst)
    counted = known.sum(axis=1)
    return ratio(np.nansum(worst, axis=1), counted)
