"""Which settings learning and assessment read: any object with these sections will do."""

from typing import Protocol

from models.params import (
    DecisionParams,
    EvaluationParams,
    ExplanationParams,
    GateParams,
    HealthParams,
    RowsParams,
    TableParams,
    TrainingParams,
)


class LearningSections(Protocol):
    """What any learning reads; any object with these sections will do."""

    @property
    def training(self) -> TrainingParams:
        """Section `training`."""

    @property
    def evaluation(self) -> EvaluationParams:
        """Section `evaluation`."""

    @property
    def gate(self) -> GateParams:
        """Section `gate`."""

    @property
    def decision(self) -> DecisionParams:
        """Section `decision`."""


class Sections(LearningSections, Protocol):
    """What training on histories and assessment read besides."""

    @property
    def rows(self) -> RowsParams:
        """Section `rows`."""

    @property
    def explanation(self) -> ExplanationParams:
        """Section `explanation`."""

    @property
    def health(self) -> HealthParams:
        """Section `health`."""


class TableSections(LearningSections, Protocol):
    """What learning from a table reads besides."""

    @property
    def table(self) -> TableParams:
        """Section `table`."""
