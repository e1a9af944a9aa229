"""How right a second outcome was told out of time: renewal for less, or leaving in the middle of a term."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from models.evaluation import Evaluation

Cell = tuple[float | None, float | None, float | None]  # a value and its 95 % by account; None where it is not known


@dataclass(frozen=True)
class Measured:
    """A second outcome out of time, within the horizon: rows, accounts that had it, and figures with their 95 % by account.

    `skill`: 1 - log-loss / that of the calendar alone; not known where the calendar is what speaks, or nothing happened.
    """

    horizon_days: int
    rows: int
    accounts: int
    auc: Cell
    observed_expected: Cell
    skill: Cell

    def as_text(self) -> str:
        """A line for a terminal."""
        told = f"within {self.horizon_days} d, {self.rows} rows, {self.accounts} accounts"
        cells = {"AUC": self.auc, "observed / expected": self.observed_expected, "skill over the calendar": self.skill}
        return ", ".join([told, *(f"{name} {_said(cell)}" for name, cell in cells.items() if cell[0] is not None)])

    @classmethod
    def of(cls, found: Evaluation, ranking: str) -> "Measured":
        """The figures of one ranking of an evaluation of a second outcome."""
        told = ranking == "model" and found.churned_accounts
        skill = found.draws.skill("model", "calendar", "log_loss") if told else (math.nan,) * 3
        cells = [(found.value(ranking, name), *found.bounds(ranking, name)) for name in ("auc", "observed_expected")]
        auc, ratio, skill_cell = (_cell(*each) for each in (*cells, skill))
        return cls(found.horizon_days, len(found.predictions), found.churned_accounts, auc, ratio, skill_cell)

    @classmethod
    def read(cls, found: dict[str, Any]) -> "Measured":
        """What `written` gave, as JSON gives it back."""
        cells = {name: tuple(found[name]) for name in ("auc", "observed_expected", "skill")}
        return cls(**(found | cells))

    def written(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def _said(cell: Cell) -> str:
    value, low, high = ("-" if each is None else f"{each:.3f}" for each in cell)
    return f"{value} [{low}, {high}]"


def _cell(value: float, low: float, high: float) -> Cell:
    known = [None if math.isnan(each) else float(f"{each:.9g}") for each in (value, low, high)]
    return known[0], known[1], known[2]
