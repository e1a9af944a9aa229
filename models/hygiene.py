"""Two checks no honest model fails: labels dealt to the wrong accounts teach nothing, and no single signal knows the answer."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.anchor import fit_anchor
from models.encoding import Feature, numbers
from models.fitting import Material
from models.metrics import auc
from models.params import GateParams
from models.periods import Floats, Ints
from models.rows import NEVER, Outcomes
from models.sections import Sections
from models.splits import Origin, labelled

MOST_STAYED = 50_000
MOST_ROWS = 50_000
FEWEST_EVENTS = 10


@dataclass(frozen=True)
class Suspect:
    """A signal that alone separates who left from who stayed better than a real one would."""

    signal: str
    auc: float


@dataclass(frozen=True)
class Hygiene:
    """`permuted_auc` NaN when it could not be measured; its band is where chance would put it."""

    permuted_auc: float
    permuted_low: float
    permuted_high: float
    suspects: tuple[Suspect, ...]


def checked(material: Material, origins: tuple[Origin, ...], *, until: int, horizon_days: int, params: Sections) -> Hygiene:
    """Both checks: permuted labels at the last origin, suspects over every snapshot matured by `until`."""
    suspects = suspected(material, until=until, horizon_days=horizon_days, params=params.gate)
    if not origins:
        return Hygiene(float("nan"), float("nan"), float("nan"), suspects)
    found = [
        _permuted(material, origins[-1], until, horizon_days, params, params.gate.permutations * params.rows.seed + number)
        for number in range(params.gate.permutations)
    ]
    measured = [(value, error) for value, error in found if not np.isnan(value)]
    if not measured:
        return Hygiene(float("nan"), float("nan"), float("nan"), suspects)
    band = params.gate.permuted_band_sd * float(np.mean([error for _, error in measured]))
    return Hygiene(float(np.mean([value for value, _ in measured])), 0.5 - band, 0.5 + band, suspects)


def suspected(material: Material, *, until: int, horizon_days: int, params: GateParams) -> tuple[Suspect, ...]:
    """Signals whose value, or whose being missing, has an AUC above `leak_auc` on its own; worst first."""
    positions, churned = labelled(material.outcomes, horizon_days, until)
    stayed = np.flatnonzero(~churned)
    keep = np.union1d(np.flatnonzero(churned), stayed[:: max(1, len(stayed) // MOST_STAYED)])
    positions, events = positions[keep], churned[keep].astype(float)
    if events.sum() < FEWEST_EVENTS or events.sum() == len(events):
        return ()
    found = [Suspect(f.name, alone(material.matrix, f, positions, events)) for f in material.features]
    return tuple(sorted((s for s in found if s.auc > params.leak_auc), key=lambda s: (-s.auc, s.signal)))


def alone(matrix: pd.DataFrame, feature: Feature, positions: Ints, events: Floats, group: Ints | None = None) -> float:
    """AUC, .5 to 1, of one column by itself at the positions: of its value, or of its being missing where that says more.

    Rows of one `group` (a number a position; each its own when left out) never tell of each other's level.
    """
    if feature.category:
        levels = matrix[feature.name].iloc[positions].fillna("").astype(str)
        return _levels_auc(levels, events, np.arange(len(positions)) if group is None else pd.factorize(group)[0])
    values = numbers(matrix, feature.name)[positions]
    missing = np.isnan(values)
    best = _either_way(events, missing.astype(float))
    known = ~missing
    if events[known].sum() >= FEWEST_EVENTS:
        best = max(best, _either_way(events[known], values[known]) if known.sum() > events[known].sum() else 0.5)
    return best


def _levels_auc(values: pd.Series, events: Floats, group: Ints) -> float:
    """Each half of the groups is ranked by the churned share of its levels in the other half, so that rare levels say nothing."""
    codes, names = pd.factorize(values)
    half = group % 2
    score = np.zeros(len(codes))
    for side in (0, 1):
        other = half != side
        count = np.bincount(codes[other], minlength=len(names))
        churned = np.bincount(codes[other], weights=events[other], minlength=len(names))
        score[half == side] = ((churned + events.mean()) / (count + 1))[codes[half == side]]
    return auc(events, score)


def _either_way(events: Floats, values: Floats) -> float:
    value = auc(events, values)
    return 0.5 if np.isnan(value) else max(value, 1 - value)


def _permuted(
    material: Material, origin: Origin, until: int, horizon_days: int, params: Sections, seed: int
) -> tuple[float, float]:
    """(AUC, its standard error by chance) of an anchor when every account carries another account's follow-up."""
    dealt = replace(material, outcomes=_dealt(material.outcomes, seed))
    few = params.rows.model_copy(update={"max_rows": min(params.rows.max_rows, MOST_ROWS)})
    rows = dealt.rows(few, before=origin.cut, cut=origin.cut)
    if rows.churned_accounts(dealt.outcomes) < params.training.min_churned:
        return float("nan"), float("nan")
    anchor = fit_anchor(dealt.matrix, dealt.features, rows, dealt.outcomes, dealt.calendar, dealt.periods, params.training)
    positions, churned = labelled(dealt.outcomes, horizon_days, until)
    here = dealt.outcomes.as_of[positions] == origin.cut
    test, events = positions[here], churned[here].astype(float)
    if events.sum() == 0 or events.sum() == len(events):
        return float("nan"), float("nan")
    score = anchor.family_terms(dealt.matrix, test).sum(axis=1)
    return auc(events, score), chance_error(events)


def chance_error(events: Floats) -> float:
    """Standard error of the AUC of scores that know nothing (Hanley and McNeil 1982): both outcomes must occur."""
    left, stayed = float(events.sum()), float((1 - events).sum())
    return float(np.sqrt((left + stayed + 1) / (12 * left * stayed)))


def _dealt(outcomes: Outcomes, seed: int) -> Outcomes:
    """Every account gets the follow-up of another; where that one was not alive, nothing is known."""
    rng = np.random.default_rng(seed)
    count = int(outcomes.account.max()) + 1
    donor = rng.permutation(count)[outcomes.account]
    _, when = np.unique(outcomes.as_of, return_inverse=True)
    times = int(when.max()) + 1
    own = outcomes.account * times + when
    order = np.argsort(own, kind="stable")
    asked = donor * times + when
    place = np.minimum(np.searchsorted(own[order], asked), len(own) - 1)
    source = order[place]
    alive = own[source] == asked
    return replace(
        outcomes,
        churned=np.where(alive, outcomes.churned[source], NEVER),
        known=np.where(alive, outcomes.known[source], NEVER),
        followed=np.where(alive, outcomes.followed[source], 0),
    )
