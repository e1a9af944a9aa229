"""Hazard rows that came after an origin, with the scores its model gave them: what calibration learns from."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.calibration import Platt, fit_platt
from models.fitting import Material, pair_scores
from models.model import Model, blended
from models.params import RowsParams, TrainingParams
from models.periods import Floats, Ints
from models.rows import DAY
from models.splits import Origin

SCORES = ("model", "boosting", "anchor")


@dataclass(frozen=True)
class LaterRows:
    """One entry a row. `ends` and `known` in microseconds since 1970; `scores` are log-odds before calibration, by SCORES."""

    account: Ints
    ends: Ints
    known: Ints
    event: Floats
    weight: Floats
    scores: dict[str, Floats]

    @classmethod
    def after(cls, material: Material, model: Model, origin: Origin, *, trees: int, until: int, rows_params: RowsParams) -> Self:
        """Every period of the origin's block that was over by `until`, scored by the origin's model with so many trees."""
        rows = material.rows(rows_params, since=origin.cut, before=origin.until, cut=until)
        _, ends = rows.days(material.periods)
        return cls(
            account=material.outcomes.account[rows.position],
            ends=material.outcomes.as_of[rows.position] + ends.astype(np.int64) * DAY,
            known=material.outcomes.known[rows.position],
            event=rows.event.astype(float),
            weight=rows.weight,
            scores=three_scores(model, material, rows.position, rows.period, trees),
        )

    @classmethod
    def together(cls, parts: list[Self]) -> Self:
        """One after the other; no parts give no rows."""
        if not parts:
            none, never = np.empty(0), np.empty(0, dtype=np.int64)
            return cls(never, never, never, none, none, dict.fromkeys(SCORES, none))
        return cls(
            np.concatenate([part.account for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.known for part in parts]),
            np.concatenate([part.event for part in parts]),
            np.concatenate([part.weight for part in parts]),
            {name: np.concatenate([part.scores[name] for part in parts]) for name in SCORES},
        )

    def before(self, cut: int) -> "LaterRows":
        """The rows over and known before the cut (microseconds)."""
        keep = (self.ends <= cut) & ((self.event == 0) | (self.known < cut))
        return LaterRows(
            self.account[keep],
            self.ends[keep],
            self.known[keep],
            self.event[keep],
            self.weight[keep],
            {name: values[keep] for name, values in self.scores.items()},
        )

    def platt(self, name: str, params: TrainingParams) -> Platt:
        """The calibration of one score on these rows."""
        return fit_platt(
            self.scores[name],
            self.event,
            self.weight,
            churned_accounts=len(np.unique(self.account[self.event == 1])),
            needed=params.calibration_min_churned,
            slope_sd=params.calibration_slope_sd,
        )


def three_scores(model: Model, material: Material, positions: Ints, period: Ints, trees: int) -> dict[str, Floats]:
    """Blend, boosters and anchor on (matrix row, period) pairs; all the same when the anchor serves alone."""
    anchor, boosting = pair_scores(model, material, positions, period, trees)
    return {"model": blended(anchor, boosting, model.anchor_share), "boosting": boosting, "anchor": anchor}
