"""The settings of a training, some of them in place of those of today."""

from dataclasses import dataclass
from typing import Self

from models.params import (
    DecisionParams,
    EvaluationParams,
    ExplanationParams,
    GateParams,
    HealthParams,
    RowsParams,
    TrainingParams,
)
from models.sections import Sections


@dataclass(frozen=True)
class Recipe:
    """Settings in the sections of today (`models.sections.Sections`)."""

    rows: RowsParams
    training: TrainingParams
    evaluation: EvaluationParams
    gate: GateParams
    explanation: ExplanationParams
    decision: DecisionParams
    health: HealthParams

    @classmethod
    def of(cls, params: Sections, *, training: TrainingParams, rows: RowsParams | None = None) -> Self:
        """Those of `params`, but for these."""
        rest = (params.evaluation, params.gate, params.explanation, params.decision, params.health)
        return cls(rows or params.rows, training, *rest)
