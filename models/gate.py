"""The gate: what a candidate must show before it may serve, and for each thing a sentence with the numbers."""

import math
from collections.abc import Mapping

import numpy as np

from features.said import Said, alike, joined
from models import gate_words as words
from models.evaluation import Evaluation
from models.explanation_check import PushCheck
from models.gate_champion import against_champion
from models.hygiene import Hygiene
from models.model import Kind
from models.params import GateParams
from models.rivalry import Rivalry
from models.slice_check import drops, slices_of
from models.verdict import GateResult, Reason

__all__ = ["GateResult", "Reason", "judged"]
MONEY = "arr_recall_at_capacity"


def judged(
    evaluation: Evaluation,
    hygiene: Hygiene,
    pushes: PushCheck,
    *,
    kind: Kind,
    params: GateParams,
    rivalry: Rivalry | None = None,
) -> GateResult:
    """Hygiene, enough outcomes, a signal at all, baselines, anchor, calibration, slices, explanations; then the champion."""
    reasons = [_leak(hygiene, params), _permuted(hygiene), _outcomes(evaluation, params)]
    if evaluation.churned_accounts:
        few = _few(evaluation, kind, params)
        probability = params.beat_probability_anchor if few else params.beat_probability
        reasons.append(_signal(evaluation, probability, few=few))
        for rival in params.baselines:
            reasons += [_beats(evaluation, rival, probability), *_catches(evaluation, rival, params, few=few)]
        if kind == "blend":
            reasons.append(not_worse_than_anchor(evaluation, params))
        reasons += [
            _band(evaluation, "observed_expected", params.observed_expected),
            _band(evaluation, "calibration_slope", params.calibration_slope),
            _calibration_error(evaluation),
            _slices(evaluation if rivalry is None else rivalry.evaluation, params),
        ]
        reasons += _explanation(pushes, params)
        if rivalry is not None:
            reasons += against_champion(rivalry, params)
    else:
        reasons.append(Reason("signal", math.nan, "tested", False, words.NO_SIGNAL.filled(why=words.NOTHING_TESTED)))
    return GateResult(all(reason.passed for reason in reasons), tuple(reasons))


def judged_table(
    evaluation: Evaluation, hygiene: Hygiene, *, kind: Kind, baselines: tuple[str, ...], params: GateParams
) -> GateResult:
    """The same idea for a table with one row a customer: no calendar, no recency, no champion."""
    probability = params.beat_probability_anchor if _few(evaluation, kind, params) else params.beat_probability
    reasons = [
        _table_leak(hygiene, params),
        _permuted(hygiene, words.PERMUTED_IN_TABLE),
        _outcomes(evaluation, params, words.OUTCOMES_IN_TABLE),
    ]
    if not evaluation.churned_accounts:
        untested = words.NO_SIGNAL.filled(why=words.NO_FOLD_TESTED)
        return GateResult(passed=False, reasons=(*reasons, Reason("signal", math.nan, "tested", passed=False, said=untested)))
    reasons += [_beats(evaluation, rival, probability, words.TABLE_NAMES) for rival in baselines]
    if kind == "blend":
        reasons.append(not_worse_than_anchor(evaluation, params))
    reasons += [
        _band(evaluation, "observed_expected", params.observed_expected),
        _band(evaluation, "calibration_slope", params.calibration_slope),
    ]
    return GateResult(all(reason.passed for reason in reasons), tuple(reasons))


def _few(evaluation: Evaluation, kind: Kind, params: GateParams) -> bool:
    """Whether an anchor serves because few outcomes are known, which cannot show as much as many."""
    return kind == "anchor" and evaluation.churned_accounts < params.automatic_from_churned


def _table_leak(hygiene: Hygiene, params: GateParams) -> Reason:
    return _suspected(
        hygiene, f"every column's AUC <= {params.leak_auc:.2f}", words.NO_LEAK_IN_TABLE, words.LEAK_IN_TABLE, params
    )


def _leak(hygiene: Hygiene, params: GateParams) -> Reason:
    return _suspected(hygiene, f"every signal's AUC <= {params.leak_auc:.2f}", words.NO_LEAK, words.LEAK, params)


def _suspected(hygiene: Hygiene, threshold: str, none: Said, some: Said, params: GateParams) -> Reason:
    if not hygiene.suspects:
        return Reason("leak", math.nan, threshold, True, none)
    named = joined((words.SUSPECT.filled(name=each.signal, auc=each.auc) for each in hygiene.suspects), ", ")
    return Reason("leak", hygiene.suspects[0].auc, threshold, False, some.filled(named=named, limit=params.leak_auc))


def _permuted(hygiene: Hygiene, dealt: Said = words.PERMUTED) -> Reason:
    if math.isnan(hygiene.permuted_auc):
        return Reason("permuted_labels", math.nan, "measured", True, words.NOT_PERMUTED)
    band = f"within [{hygiene.permuted_low:.3f}, {hygiene.permuted_high:.3f}]"
    passed = hygiene.permuted_low <= hygiene.permuted_auc <= hygiene.permuted_high
    said = dealt.filled(auc=hygiene.permuted_auc, low=hygiene.permuted_low, high=hygiene.permuted_high)
    return Reason("permuted_labels", hygiene.permuted_auc, band, passed, said if passed else said + words.LABELS_LEAK)


def _outcomes(evaluation: Evaluation, params: GateParams, tested: Said = words.OUTCOMES) -> Reason:
    churned = evaluation.churned_accounts
    passed = churned >= params.min_churned
    said = tested.filled(churned=churned, needed=params.min_churned)
    return Reason("outcomes", churned, f">= {params.min_churned}", passed, said)


def _signal(evaluation: Evaluation, probability: float, *, few: bool) -> Reason:
    """Accounts of the same calendar risk are compared, so that knowing the renewal dates is no signal.

    Of few outcomes no interval clears chance: the share of draws above chance decides.
    """
    value, (low, high) = evaluation.value("model", "auc_in_cohort"), evaluation.bounds("model", "auc_in_cohort")
    said = words.SIGNAL.filled(auc=value, low=low, high=high)
    if few:
        above = evaluation.draws.above("model", "auc_in_cohort", 0.5)
        passed, threshold = above >= probability, f"above 0.500 in {probability:.0%} of draws"
        said += words.ABOVE_CHANCE.filled(above=above, asked=probability)
    else:
        passed, threshold = low > 0.5, "interval above 0.500"
        said = said if passed else said + words.DOWN_TO_CHANCE
    return Reason("signal", value, threshold, passed, said if passed else words.NO_SIGNAL.filled(why=said))


def _beats(evaluation: Evaluation, rival: str, probability: float, names: Mapping[str, Said] = words.NAMES) -> Reason:
    name = names.get(rival, alike(rival))
    draws = evaluation.draws
    by_loss, by_auc = draws.better("model", rival, "log_loss"), draws.better("model", rival, "auc")
    if math.isnan(by_loss) and math.isnan(by_auc):
        return Reason(f"beats_{rival}", math.nan, "measured", True, words.NOT_COMPUTED.filled(rival=name))
    passed = min(p for p in (by_loss, by_auc) if not math.isnan(p)) >= probability
    said = words.BEATS.filled(
        rival=name,
        loss=evaluation.value("model", "log_loss"),
        loss_of_rival=evaluation.value(rival, "log_loss"),
        by_loss=by_loss,
        auc=evaluation.value("model", "auc"),
        auc_of_rival=evaluation.value(rival, "auc"),
        by_auc=by_auc,
    )
    if not passed:
        said = words.BEATS_NOT.filled(rival=name, how=said, asked=probability)
    worst = float(np.nanmin([by_loss, by_auc]))
    return Reason(f"beats_{rival}", worst, f">= {probability:.2f}", passed, said)


def _catches(evaluation: Evaluation, rival: str, params: GateParams, *, few: bool) -> list[Reason]:
    """Money: the share of churned ARR within capacity, accounts ranked by probability x ARR."""
    better = evaluation.draws.better("model", rival, MONEY)
    if math.isnan(better):
        return []
    asked = params.arr_beat_probability_anchor if few else params.arr_beat_probability
    mine, theirs = evaluation.value("model", MONEY), evaluation.value(rival, MONEY)
    name = words.NAMES.get(rival, alike(rival))
    said = words.CATCHES.filled(mine=mine, theirs=theirs, rival=name, better=better, asked=asked)
    return [Reason(f"catches_arr_of_{rival}", better, f">= {asked:.2f}", better >= asked, said)]


def not_worse_than_anchor(evaluation: Evaluation, params: GateParams) -> Reason:
    """Refused when more than the tolerance above the anchor's log-loss cannot be ruled out; of few outcomes, when it is more."""
    model, anchor = evaluation.value("model", "log_loss"), evaluation.value("anchor", "log_loss")
    confidence = params.anchor_confidence
    worse = evaluation.draws.relative("model", "anchor", "log_loss")
    bound = float(np.quantile(worse, confidence)) if worse is not None else math.nan
    apart = model / anchor - 1.0
    asked = bound if evaluation.churned_accounts >= params.automatic_from_churned else apart
    passed = asked <= params.anchor_tolerance
    side = words.ABOVE if apart > 0 else words.BELOW
    said = words.BESIDE_ANCHOR.filled(
        loss=model, apart=abs(apart), side=side, of_anchor=anchor, confidence=confidence, bound=bound
    )
    if not passed:
        said += words.ABOVE_ALLOWED.filled(allowed=params.anchor_tolerance)
    return Reason("not_worse_than_anchor", asked, f"<= {params.anchor_tolerance}", passed, said)


def _band(evaluation: Evaluation, metric: str, band: tuple[float, float]) -> Reason:
    """Refused when the value lies outside the band and chance alone (an interval that holds 1) does not explain it."""
    value, (low, high) = evaluation.value("model", metric), evaluation.bounds("model", metric)
    inside, by_chance = band[0] <= value <= band[1], low <= 1.0 <= high
    said = words.BAND.filled(measure=words.MEASURES[metric], value=value, low=low, high=high, least=band[0], most=band[1])
    if by_chance and not inside:
        said += words.BY_CHANCE
    return Reason(metric, value, f"within [{band[0]}, {band[1]}]", inside or by_chance, said)


def _calibration_error(evaluation: Evaluation) -> Reason:
    """Held against what exact probabilities would show on so many rows: a fixed limit refuses a perfect model on few."""
    error, chance = (evaluation.value("model", name) for name in ("calibration_error", "calibration_error_by_chance"))
    said = words.CALIBRATION.filled(error=error, chance=chance)
    return Reason("calibration_error", error, f"<= {chance:.4f}", error <= chance, said)


def _slices(evaluation: Evaluation, params: GateParams) -> Reason:
    """Against the champion where there is one, against the rule score else."""
    rival = "champion" if "champion" in evaluation.predictions else "rule_score"
    threshold = f"no AUC more than {params.slice_auc_drop:.2f} below"
    if rival not in evaluation.predictions:
        return Reason("slices", math.nan, threshold, True, words.NOT_COMPUTED.filled(rival=words.NAMES[rival]))
    slices = slices_of(evaluation.predictions, rival)
    found = drops(slices, params=params)
    tested = sum(each.churned_accounts >= params.slice_min_churned for each in slices)
    said = words.SLICES.filled(tested=tested, churned=params.slice_min_churned, rival=words.NAMES[rival])
    if not found:
        return Reason("slices", 0.0, threshold, True, said + words.NONE_WORSE)
    named = joined(
        words.WORSE_SLICE.filled(name=each.name, mine=each.candidate, theirs=each.rival, below=each.below) for each in found
    )
    said += words.WORSE.filled(drop=params.slice_auc_drop, named=named)
    return Reason("slices", found[0].size, threshold, False, said)


def _explanation(pushes: PushCheck, params: GateParams) -> list[Reason]:
    allowed = params.push_gap
    summed = Reason(
        "pushes_sum",
        pushes.gap,
        f"<= {allowed:g}",
        pushes.gap <= allowed,
        words.SUMS.filled(gap=pushes.gap, allowed=allowed),
    )
    lowering = sorted(pushes.lowering.items())
    named = joined((words.LOWERS_FAMILY.filled(family=family, share=share) for family, share in lowering), ", ")
    said = words.LOWERS.filled(named=named) if lowering else words.NONE_LOWERS
    worst = max(pushes.lowering.values(), default=0.0)
    return [summed, Reason("driver_signs", worst, "<= 0", not pushes.lowering, said)]
