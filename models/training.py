"""Training: replay history, fit, calibrate, and collect what the gate needs. The same input gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from features.signal import Signal
from models import gate_words as words
from models.bootstrap import Worth
from models.contraction import learn_contraction
from models.early import early_measured
from models.evaluation import Evaluation
from models.explanation import usual_push
from models.explanation_check import PushCheck, check_explanation
from models.fingerprint import RowsSummary, fingerprint_of, summary_of
from models.fitting import Material, check_learnable, fit
from models.gate import GateResult, judged
from models.hygiene import Hygiene, checked
from models.ladder import climbed
from models.model import Model
from models.proof import Proof, proof_of
from models.reasons import learned
from models.recipe import Recipe
from models.replay import Progress
from models.rivalry import Rivalry, rivalry
from models.search import searched
from models.second_outcomes import Measured
from models.sections import Sections
from models.splits import rolling_origins

STAGES = 4
PUSHED_ACCOUNTS = 2_000


@dataclass(frozen=True)
class Training:
    """A model, how its recipe did out of time, what the gate needs, notes in words, and what was measured besides.

    `early`: how right the model was about leaving in the middle of a term; None where nobody was tested.
    """

    model: Model
    evaluation: Evaluation
    hygiene: Hygiene
    pushes: PushCheck
    rivalry: Rivalry | None
    rows: RowsSummary
    notes: tuple[str, ...]
    proof: Proof = field(default_factory=Proof)
    early: Measured | None = None

    @property
    def second(self) -> dict[str, Measured]:
        """How right each outcome besides churn was told out of time, by its name; without those that could not be tested."""
        less = self.model.contraction
        found = {"early": self.early, "contracted": None if less is None else less.measured}
        return {name: each for name, each in found.items() if each is not None}

    def judged(self, params: Sections) -> GateResult:
        """The gate's verdict on this candidate."""
        return judged(self.evaluation, self.hygiene, self.pushes, kind=self.model.kind, params=params.gate, rivalry=self.rivalry)


def train(
    matrix: pd.DataFrame,
    follow_up: pd.DataFrame,
    catalogue: tuple[Signal, ...],
    *,
    until: date,
    arr: Sequence[float] | pd.Series,
    periods: tuple[int, ...],
    grace_days: int,
    params: Sections,
    progress: Progress,
    champion: Model | None = None,
    traits: pd.DataFrame | None = None,
    worth: Worth | None = None,
    prove: bool = True,
    contractions: pd.DataFrame | None = None,
) -> Training:
    """Train on what was known before `until` (midnight UTC).

    `follow_up` has the matrix's rows in its order; `arr` one yearly value a matrix row (NaN counts as 0). `traits` are groups
    (`features.traits`) whose figures are told apart, `worth` what working on an account brings; both may be None.
    `UnableToTrain` says what is missing. A `champion` is measured as it would have scored at the origins: see
    `models.rivalry`. Without `prove` what no gate asks for is not measured. `contractions` (`features.labels`) has the matrix's
    rows in its order too; without it nothing is learned of renewals for less.
    Linear algebra keeps to `training.threads`: on a busy machine more threads wait for each other longer than they work.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

    with threadpool_limits(limits=params.training.threads):
        return _trained(
            matrix,
            follow_up,
            catalogue,
            until=until,
            arr=arr,
            periods=periods,
            grace_days=grace_days,
            params=params,
            progress=progress,
            champion=champion,
            traits=pd.DataFrame(index=matrix.index) if traits is None else traits,
            worth=worth,
            prove=prove,
            contractions=contractions,
        )


def _trained(
    matrix: pd.DataFrame,
    follow_up: pd.DataFrame,
    catalogue: tuple[Signal, ...],
    *,
    until: date,
    arr: Sequence[float] | pd.Series,
    periods: tuple[int, ...],
    grace_days: int,
    params: Sections,
    progress: Progress,
    champion: Model | None,
    traits: pd.DataFrame,
    worth: Worth | None,
    prove: bool,
    contractions: pd.DataFrame | None,
) -> Training:
    progress("reading", 0, STAGES)
    material = Material.of(matrix, follow_up, catalogue, periods=periods, grace_days=grace_days)
    cut = microseconds(until)
    rows = material.rows(params.rows, before=cut, cut=cut)
    churned = check_learnable(rows, material.outcomes, params.training)
    horizon = min(params.decision.horizon_days, periods[-1])
    money = np.nan_to_num(np.asarray(arr, dtype=np.float64))
    step = params.evaluation.origin_step_days
    origins = rolling_origins(
        material.outcomes.as_of, until=cut, horizon_days=horizon, step_days=step, count=params.evaluation.origins
    )
    search = searched(
        material,
        params.rows,
        params.training,
        until=origins[0].cut if origins else cut,
        horizon_days=horizon,
        step_days=step,
        progress=progress,
    )
    rung = climbed(
        material,
        origins,
        money,
        churned=churned,
        until=cut,
        horizon_days=horizon,
        recipe=Recipe.of(params, training=search.training),
        traits=traits,
        worth=worth,
        prove=prove,
        progress=progress,
    )
    params, replay, kind = rung.recipe, rung.replay, rung.kind
    progress("fitting", 1, STAGES)
    share = replay.later.anchor_share(kind, params.training)
    model = fit(material, rows, params.training, kind=kind, share=share, rounds=replay.trees, seeds=params.training.seeds)
    reach = replay.later.reach(share, material.periods, params.training)
    platt = replay.later.platt(share, reach, params.training)
    reasons, told = learned(model.anchor.indices, matrix, material.outcomes, material.reason, params.training)
    model = replace(model, reasons=reasons, reach=reach)
    model = model.calibrated(platt, 1.0, fingerprint_of(material, rows, churned, until, replay, params))
    latest = _latest(material, cut)
    model = model.calibrated(platt, usual_push(model, latest, horizon), model.fingerprint)
    less = ""
    if contractions is not None:
        second, less = learn_contraction(material, contractions, origins, cut=cut, arr=money, params=params, progress=progress)
        model = replace(model, contraction=second)
    progress("measuring", 2, STAGES)
    decision, early = params.decision, None
    proof = Proof()
    if prove:
        early = early_measured(
            replay.predictions, replay.origins, horizon_days=horizon, decision=decision, params=params.evaluation
        )
        proof = proof_of(material, rows, replay, kind=kind, share=share, horizon_days=horizon, params=params, worth=worth)
    progress("hygiene", 3, STAGES)
    hygiene = checked(material, origins, until=cut, horizon_days=horizon, params=params)
    pushes = check_explanation(model, latest, horizon)
    rival = None
    if champion is not None:
        rival = rivalry(
            material,
            replay,
            origins,
            money,
            candidate=model,
            champion=champion,
            until=cut,
            horizon_days=horizon,
            params=params,
        )
    progress("done", STAGES, STAGES)
    notes = (
        *([search.note] if search.note else []),
        *replay.notes,
        *([told] if told else []),
        *([less] if less else []),
        *_notes(model, churned, horizon, params, len(origins), harmed=rung.harmed),
    )
    return Training(model, rung.evaluation, hygiene, pushes, rival, summary_of(material, rows, churned), notes, proof, early)


def microseconds(day: date) -> int:
    """A UTC date, or naive UTC time, in microseconds since 1970."""
    stamp = pd.Timestamp(day)
    if stamp.tzinfo is not None:
        stamp = stamp.tz_convert("UTC").tz_localize(None)
    return int(stamp.to_datetime64().astype("datetime64[us]").astype(np.int64))


def _latest(material: Material, cut: int) -> pd.DataFrame:
    """At most 2,000 rows, evenly spaced, of the last snapshot before the cut."""
    as_of = material.outcomes.as_of
    last = np.flatnonzero(as_of == as_of[as_of < cut].max())
    return material.matrix.iloc[last[:: max(1, len(last) // PUSHED_ACCOUNTS)]]


def _notes(model: Model, churned: int, horizon: int, params: Sections, origins: int, *, harmed: bool) -> list[str]:
    notes = []
    if harmed:
        notes.append(words.TREES_HARM.en)
    elif model.kind == "anchor":
        notes.append(
            f"{churned} churned accounts, fewer than {params.training.anchor_only_below_churned}: the anchor serves alone"
        )
    if model.calibration.note:
        notes.append(model.calibration.note)
    if horizon < params.decision.horizon_days:
        notes.append(
            f"decision.horizon_days is {params.decision.horizon_days}, the last period ends at day {horizon}: that is used"
        )
    if origins < params.evaluation.origins:
        notes.append(f"history has room for {origins} of {params.evaluation.origins} origins")
    return notes
