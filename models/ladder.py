"""The ladder: the anchor alone of few churns, trees beside it of more, and only where these are not shown to do harm."""

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from models.bootstrap import Worth
from models.evaluation import Evaluation, evaluated
from models.fitting import Material, anchor_alone, kind_for
from models.gate import not_worse_than_anchor
from models.model import Kind
from models.periods import Floats
from models.recipe import Recipe
from models.replay import Progress, Replay, replayed
from models.slices import with_traits
from models.splits import Origin


@dataclass(frozen=True)
class Rung:
    """What serves, by which settings, and how these did out of time. `harmed`: trees were tried and left out."""

    kind: Kind
    recipe: Recipe
    replay: Replay
    evaluation: Evaluation
    harmed: bool


def climbed(
    material: Material,
    origins: tuple[Origin, ...],
    arr: Floats,
    *,
    churned: int,
    until: int,
    horizon_days: int,
    recipe: Recipe,
    traits: pd.DataFrame,
    worth: Worth | None,
    prove: bool,
    progress: Progress,
) -> Rung:
    """Replay the kind that `churned` accounts allow; the anchor alone instead where the gate would refuse trees beside it.

    Two candidates are compared on what came after the origins, and the simpler one is taken when in doubt. What could not be
    tested stays as it is.
    """
    tried = partial(
        _tried,
        material,
        origins,
        arr,
        until=until,
        horizon_days=horizon_days,
        traits=traits,
        worth=worth,
        prove=prove,
        progress=progress,
    )
    kind = kind_for(churned, recipe.training)
    replay, evaluation = tried(recipe)
    untested = kind == "anchor" or not evaluation.churned_accounts
    if untested or not_worse_than_anchor(evaluation, recipe.gate).passed:
        return Rung(kind, recipe, replay, evaluation, harmed=False)
    recipe = replace(recipe, training=anchor_alone(recipe.training))
    return Rung("anchor", recipe, *tried(recipe), harmed=True)


def _tried(
    material: Material,
    origins: tuple[Origin, ...],
    arr: Floats,
    recipe: Recipe,
    *,
    until: int,
    horizon_days: int,
    traits: pd.DataFrame,
    worth: Worth | None,
    prove: bool,
    progress: Progress,
) -> tuple[Replay, Evaluation]:
    replay = replayed(
        material, origins, arr, until=until, horizon_days=horizon_days, params=recipe, progress=progress, prove=prove
    )
    names = recipe.evaluation.slices
    replay = replace(
        replay,
        predictions=with_traits(replay.predictions, material.matrix, traits, names),
        decisions=with_traits(replay.decisions, material.matrix, traits, names),
    )
    evaluation = evaluated(
        replay.predictions,
        replay.origins,
        horizon_days=horizon_days,
        capacity_share=recipe.decision.capacity_share,
        params=recipe.evaluation,
        worth=worth,
        sliced=prove,
    )
    return replay, evaluation
