"""How likely each family is really at work in an account, read from its signs with the weights of `explanation.readings`."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.signal import FAMILIES
from models.indices import Indices
from models.params import ExplanationParams, ReadingParams
from models.periods import Floats


def chances(indices: Indices, matrix: pd.DataFrame, push: Floats, strength: Floats, params: ExplanationParams) -> Floats:
    """Chance that each family is a cause at work, shape (n, 11) in FAMILIES order.

    `push` is in its usual size, `strength` as `Indices.strengths` has it, both shaped (n, 11). A sign counts by how far it
    stands on its risky side, one `against` the family takes off as much; a missing one counts nothing. A family of whose signs
    the model knows none is read by push and strength alone, and one in `circumstances` by these too, its chance times
    `circumstance_weight`.
    """
    from scipy.special import expit

    known = {name: direction for members in indices.members.values() for name, direction in members}
    found = np.zeros((len(matrix), len(FAMILIES)))
    for number, family in enumerate(FAMILIES):
        reading = _reading(family, known, params)
        log_odds = reading.at + reading.push * push[:, number] + reading.strength * strength[:, number]
        for signs, side in ((reading.signs, 1.0), (reading.against, -1.0)):
            for name, weight in signs.items():
                log_odds = log_odds + side * weight * np.maximum(indices.z(matrix, name, known[name]), 0.0)
        found[:, number] = expit(log_odds) * (params.circumstance_weight if family in params.circumstances else 1.0)
    return found


def _reading(family: str, known: Mapping[str, int], params: ExplanationParams) -> ReadingParams:
    """The family's reading with the signs the model knows; the plain one where it knows none."""
    declared = params.readings.get(family)
    if declared is None:
        return params.plain_reading
    signs, against = ({name: each[name] for name in each if name in known} for each in (declared.signs, declared.against))
    return declared.model_copy(update={"signs": signs, "against": against}) if signs else params.plain_reading
