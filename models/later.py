"""Hazard rows that came after an origin, with the scores its model gave them: what calibration learns from."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.blending import blended, learned_share
from models.calibration import Platt, fit_platt
from models.distance import Reach, faded, learned_reach
from models.fitting import Material, pair_scores
from models.model import Kind, Model
from models.params import RowsParams, TrainingParams
from models.periods import Floats, Ints, Periods
from models.rows import DAY, HazardRows
from models.splits import Origin

MEMBERS = ("anchor", "boosting")
SCORES = ("model", *MEMBERS)


@dataclass(frozen=True)
class LaterRows:
    """One entry a row. `ends` and `known` in microseconds since 1970; `period` as in hazard rows.

    `scores` are log-odds before calibration, `levels` what the calendar alone says in them, both by MEMBERS.
    """

    account: Ints
    ends: Ints
    known: Ints
    event: Floats
    weight: Floats
    scores: dict[str, Floats]
    levels: dict[str, Floats]
    period: Ints

    @classmethod
    def after(cls, material: Material, model: Model, origin: Origin, *, trees: int, until: int, rows_params: RowsParams) -> Self:
        """Every period of the origin's block that was over by `until`, scored by the origin's model with so many trees."""
        return cls.scored(material, model, material.rows(rows_params, since=origin.cut, before=origin.until, cut=until), trees)

    @classmethod
    def scored(cls, material: Material, model: Model, rows: HazardRows, trees: int) -> Self:
        """These rows, scored by a model that has not seen them, with so many of its trees."""
        _, ends = rows.days(material.periods)
        asked = (material.calendar, material.periods, rows.position, rows.period)
        return cls(
            account=material.outcomes.account[rows.position],
            ends=material.outcomes.as_of[rows.position] + ends.astype(np.int64) * DAY,
            known=material.outcomes.known[rows.position],
            event=rows.event.astype(float),
            weight=rows.weight,
            scores=dict(zip(MEMBERS, pair_scores(model, material, rows.position, rows.period, trees), strict=True)),
            levels=dict(zip(MEMBERS, model.level_margins(*asked), strict=True)),
            period=rows.period,
        )

    @classmethod
    def together(cls, parts: list[Self]) -> Self:
        """One after the other; no parts give no rows."""
        if not parts:
            none, never = np.empty(0), np.empty(0, dtype=np.int64)
            return cls(never, never, never, none, none, dict.fromkeys(MEMBERS, none), dict.fromkeys(MEMBERS, none), never)
        return cls(
            np.concatenate([part.account for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.known for part in parts]),
            np.concatenate([part.event for part in parts]),
            np.concatenate([part.weight for part in parts]),
            {name: np.concatenate([part.scores[name] for part in parts]) for name in MEMBERS},
            {name: np.concatenate([part.levels[name] for part in parts]) for name in MEMBERS},
            np.concatenate([part.period for part in parts]),
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
            {name: values[keep] for name, values in self.levels.items()},
            self.period[keep],
        )

    @property
    def churned_accounts(self) -> int:
        """Accounts that churned in the rows."""
        return len(np.unique(self.account[self.event == 1]))

    def anchor_share(self, kind: Kind, params: TrainingParams) -> float:
        """The anchor's share in the score of a model of this kind: 1 of an anchor alone, of a blend what these rows ask for."""
        if kind == "anchor":
            return 1.0
        return learned_share(
            self.scores["anchor"],
            self.scores["boosting"],
            self.event,
            self.weight,
            churned_accounts=self.churned_accounts,
            needed=params.calibration_min_churned,
            slope_sd=params.calibration_slope_sd,
            level_sd=params.calibration_level_sd,
            usual=params.anchor_share,
            usual_sd=params.anchor_share_sd,
        )

    def reach(self, anchor_share: float, periods: Periods, params: TrainingParams) -> Reach:
        """How much evidence counts in each period, on these rows, in a blend (share 1: the anchor, share 0: the boosters)."""
        margins, level = self._blend(anchor_share)
        return learned_reach(
            margins,
            level,
            self.event,
            self.weight,
            self.period,
            periods,
            churned_accounts=self.churned_accounts,
            needed=params.calibration_min_churned,
            near_days=params.near_days,
            fall=params.calibration_fall,
            fall_sd=params.calibration_fall_sd,
            slope_sd=params.calibration_slope_sd,
            level_sd=params.calibration_level_sd,
        )

    def platt(self, anchor_share: float, reach: Reach, params: TrainingParams) -> Platt:
        """The calibration, on these rows, of such a blend in which evidence reaches so far."""
        margins, level = self._blend(anchor_share)
        return fit_platt(
            faded(margins, level, np.array(reach)[self.period]),
            self.event,
            self.weight,
            churned_accounts=self.churned_accounts,
            needed=params.calibration_min_churned,
            slope_sd=params.calibration_slope_sd,
            level_sd=params.calibration_level_sd,
        )

    def _blend(self, anchor_share: float) -> tuple[Floats, Floats]:
        """(log-odds, what the calendar alone says in them)."""
        margins, level = (blended(said["anchor"], said["boosting"], anchor_share) for said in (self.scores, self.levels))
        return margins, level
