"""Renewal for less, the second outcome: learned like churn, by an anchor, on accounts that do not leave in the same period."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.signal import FAMILIES
from models.evaluation import MODELS, evaluated
from models.fitting import Material, anchor_alone, fit
from models.later import LaterRows
from models.model import Model
from models.periods import Floats
from models.recipe import Recipe
from models.replay import Progress, replayed
from models.rows import NEVER, Outcomes
from models.second_outcomes import Measured
from models.sections import Sections
from models.splits import Origin

ToldBy = Literal["signals", "calendar"]


@dataclass(frozen=True)
class Contraction:
    """`model`: hazards of a renewal for less, given that the account does not leave in the period.

    `told_by`: whether signals speak, or only period and contract calendar, as no signal told more out of time. `accounts`: that
    renewed for less in what it was learned from. `lost_share`: mean share (0 to 1) of a term's yearly value that went; None
    where no amounts are recorded. `measured`: out of time; None where no origin could be tested.
    """

    model: Model
    told_by: ToldBy
    accounts: int
    lost_share: float | None
    measured: Measured | None

    def pointing(self, matrix: pd.DataFrame) -> npt.NDArray[np.object_]:
        """The family whose evidence raises the hazard most, row by row; None where none does."""
        terms = self.model.anchor.family_terms(matrix)
        names = np.array([*FAMILIES, None], dtype=object)
        if not len(terms):
            return names[:0]
        return names[np.where(terms.max(axis=1) > 0, terms.argmax(axis=1), len(FAMILIES))]


def learn_contraction(
    churn: Material,
    follow_up: pd.DataFrame,
    origins: tuple[Origin, ...],
    *,
    cut: int,
    arr: Floats,
    params: Sections,
    progress: Progress,
) -> tuple[Contraction | None, str]:
    """Learn from what was known before the cut (microseconds), and say what came of it; None for too few accounts.

    `churn` is what churn is learned from, `follow_up` comes from `features.labels.contractions`, row by row of its matrix; at
    least `training.min_churned` accounts must have renewed for less. At the origins the anchor is compared with the calendar
    alone: it speaks only when its log-loss is lower in `training.contraction_beat_probability` of the draws of accounts.
    """
    material = replace(churn, outcomes=Outcomes.of(churn.matrix, follow_up))
    settings = params.rows.model_copy(update={"max_rows": params.training.contraction_rows})
    recipe = Recipe.of(params, training=anchor_alone(params.training), rows=settings)  # rarer than churn: what needs least
    rows = material.rows(settings, before=cut, cut=cut)
    accounts, needed = rows.churned_accounts(material.outcomes), params.training.min_churned
    if accounts < needed or bool(rows.event.all()):
        return None, f"renewals for less: {accounts} accounts had one, {needed} are needed to say how likely the next is"
    told_by, measured, later = _compared(material, origins, cut=cut, arr=arr, params=recipe, progress=progress)
    model = fit(material, rows, recipe.training, kind="anchor", share=1.0, rounds=0, seeds=1)
    said = "signals speak"
    if told_by == "calendar":
        silent = tuple(0.0 for _ in model.anchor.evidence)
        model = replace(model, anchor=replace(model.anchor, level=model.level, evidence=silent))
        said = "no signal told more of them out of time than the calendar, which speaks alone"
    else:
        reach = later.reach(1.0, material.periods, recipe.training)
        model = replace(model, reach=reach, calibration=later.platt(1.0, reach, recipe.training))
    lost = _lost_share(material, follow_up, cut)
    return Contraction(model, told_by, accounts, lost, measured), f"renewals for less, of {accounts} accounts: {said}"


def _compared(
    material: Material, origins: tuple[Origin, ...], *, cut: int, arr: Floats, params: Recipe, progress: Progress
) -> tuple[ToldBy, Measured | None, LaterRows]:
    """Who speaks, how right that was out of time, and what calibrates signals; the calendar unseen where nothing was tested."""
    horizon = min(params.decision.horizon_days, material.periods.last_day)
    replay = replayed(material, origins, arr, until=cut, horizon_days=horizon, params=params, progress=progress, prove=False)
    if replay.predictions.empty:
        return "calendar", None, replay.later
    compared = [name for name in replay.predictions if name not in MODELS or name in ("model", "calendar")]
    found = evaluated(
        replay.predictions[compared],
        replay.origins,
        horizon_days=horizon,
        capacity_share=params.decision.capacity_share,
        params=params.evaluation,
        sliced=False,
    )
    if found.draws.better("model", "calendar", "log_loss") >= params.training.contraction_beat_probability:
        return "signals", Measured.of(found, "model"), replay.later
    return "calendar", Measured.of(found, "calendar"), replay.later


def _lost_share(material: Material, follow_up: pd.DataFrame, cut: int) -> float | None:
    """Mean over the renewals for less known before the cut, each taken once."""
    outcomes = material.outcomes
    events = pd.DataFrame({"account": outcomes.account, "day": outcomes.churned, "share": follow_up["lost_share"].to_numpy()})
    known = events.loc[(outcomes.churned < NEVER) & (outcomes.known < cut)].drop_duplicates(["account", "day"])["share"].mean()
    return None if math.isnan(known) else float(f"{known:.9g}")
