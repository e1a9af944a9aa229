"""Other settings of the trees than the preset: looked for before the gate's origins, and kept only when they beat it out of time.

The gate's origins see nothing of the search: it ends where the first of them begins. Of the origins before, the last one is kept
back: the best settings of the others must lose less there than the preset does, by more than the accounts' own noise.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.blending import blended
from models.errors import UnableToTrain
from models.fitting import Material, check_learnable, fit, fit_until
from models.later import LaterRows
from models.metrics import log_losses
from models.params import RowsParams, TrainingParams
from models.periods import Floats, Ints
from models.splits import Origin, rolling_origins

Progress = Callable[[str, int, int], None]
ORIGINS = 3  # of the search; on the last of them its best settings and the preset are compared
FEWEST = 2
SPACE: Mapping[str, tuple[float, float]] = {
    "leaves": (4, 32),
    "max_depth": (3, 7),
    "min_child_samples": (15, 250),
    "learning_rate": (0.02, 0.12),
    "feature_fraction": (0.3, 1.0),
    "bagging_fraction": (0.5, 1.0),
    "l2": (0.5, 50.0),
}
WHOLE = ("leaves", "max_depth", "min_child_samples")
BY_RATIO = ("min_child_samples", "learning_rate", "l2")  # twice as much is one step, wherever it begins


@dataclass(frozen=True)
class Losses:
    """`account` and log-loss x weight of every later row; `weight` of all rows together; `rounds`: where the trees stopped."""

    account: Ints
    loss: Floats
    weight: float
    rounds: int

    @property
    def mean(self) -> float:
        """A row of the history weighs what it stands for."""
        return float(self.loss.sum() / self.weight)


@dataclass(frozen=True)
class Search:
    """`training`: the settings to go on with. `gain`: loss of the preset less that of the best found, where neither looked."""

    training: TrainingParams
    note: str = ""
    gain: float = float("nan")
    kept: bool = False


def searched(
    material: Material,
    rows_params: RowsParams,
    training: TrainingParams,
    *,
    until: int,
    horizon_days: int,
    step_days: int,
    progress: Progress,
) -> Search:
    """Try `training.search_trials` settings on what was known before `until` (microseconds); 0 trials: the preset, unsaid.

    The same input finds the same. `UnableToTrain` when the extra `search` is not installed.
    """
    trials = training.search_trials
    if not trials:
        return Search(training)
    optuna = _optuna()
    as_of = material.outcomes.as_of
    origins = rolling_origins(as_of, until=until, horizon_days=horizon_days, step_days=step_days, count=ORIGINS)
    usable = [origin for origin in origins if _learnable(material, rows_params, training, origin)]
    if len(usable) < FEWEST:
        return Search(training, f"search: no room for {FEWEST} origins with churns before those of the gate; the preset stays")
    *looked_at, kept_back = usable
    tried = dict[TrainingParams, list[Losses]]()

    def loss(trial: Any) -> float:
        progress("settings tried", trial.number, trials)
        settings = training.model_copy(update=_suggested(trial))
        tried[settings] = [losses(material, rows_params, settings, origin, until=until) for origin in looked_at]
        return float(np.mean([each.mean for each in tried[settings]]))

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=training.seed))
    study.enqueue_trial({name: getattr(training, name) for name in SPACE})
    study.optimize(loss, n_trials=trials)
    progress("settings tried", trials, trials)
    best = training.model_copy(update=_typed(study.best_params))
    if best == training:
        return Search(training, f"search: none of {trials} settings was better than the preset")
    preset, found = (
        losses(material, rows_params, each, kept_back, until=until, rounds=_rounds(tried[each])) for each in (training, best)
    )
    gain, error = gained(preset, found)
    kept = gain > 2 * error
    less = f"{abs(gain):.5f} {'less' if gain > 0 else 'more'} a row than the preset (standard error {error:.5f})"
    said = f"search: where neither looked, the best of {trials} settings loses {less}"
    names = ", ".join(f"{name} {getattr(best, name):.3g}" for name in SPACE)
    return Search(best if kept else training, f"{said}: {names if kept else 'the preset stays'}", gain, kept)


def losses(
    material: Material,
    rows_params: RowsParams,
    training: TrainingParams,
    origin: Origin,
    *,
    until: int,
    rounds: int | None = None,
) -> Losses:
    """Learned before the origin, measured on the periods of its block that were over and known by `until`.

    With `rounds` so many trees; else as many as lose least on these same rows, which is told.
    """
    rows = material.rows(rows_params, before=origin.cut, cut=origin.cut)
    later = material.rows(rows_params, since=origin.cut, before=origin.until, cut=until)
    share = training.anchor_share
    if rounds is None:
        model, rounds = fit_until(material, rows, later, training, share=share)
    else:
        model = fit(material, rows, training, kind="blend", share=share, rounds=rounds, seeds=1)
    scored = LaterRows.scored(material, model, later, rounds)
    margin = blended(scored.scores["anchor"], scored.scores["boosting"], share)
    loss = log_losses(scored.event, 1.0 / (1.0 + np.exp(-margin))) * scored.weight
    return Losses(scored.account, loss, float(scored.weight.sum()), rounds)


def gained(first: Losses, second: Losses) -> tuple[float, float]:
    """How much less the second loses a row, on the same rows, and its standard error: accounts, not rows, are independent."""
    gaps = np.bincount(first.account, weights=first.loss - second.loss)[np.unique(first.account)]
    gain = float(gaps.sum() / first.weight)
    return gain, float(np.sqrt(len(gaps)) * gaps.std(ddof=1) / first.weight)


def _learnable(material: Material, rows_params: RowsParams, training: TrainingParams, origin: Origin) -> bool:
    rows = material.rows(rows_params, before=origin.cut, cut=origin.cut)
    later = material.rows(rows_params, since=origin.cut, before=origin.until, cut=origin.until)
    try:
        check_learnable(rows, material.outcomes, training)
    except UnableToTrain:
        return False
    return bool(later.event.any())


def _suggested(trial: Any) -> dict[str, Any]:
    found = {}
    for name, (low, high) in SPACE.items():
        if name in WHOLE:
            found[name] = trial.suggest_int(name, int(low), int(high), log=name in BY_RATIO)
        else:
            found[name] = trial.suggest_float(name, low, high, log=name in BY_RATIO)
    return _typed(found)


def _typed(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(value) if name in WHOLE else float(value) for name, value in found.items()}


def _rounds(found: list[Losses]) -> int:
    return round(float(np.mean([each.rounds for each in found])))


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise UnableToTrain(
            "training.search_trials asks for a search, which needs the extra `search`: "
            "install it (pip install 'tenure[search]'), or set training.search_trials to 0"
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
