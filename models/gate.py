"""The gate: what a candidate must show before it may serve, and for each thing a sentence with the numbers."""

import math
from collections.abc import Mapping

import numpy as np

from models.evaluation import Evaluation
from models.explanation_check import PushCheck
from models.gate_champion import against_champion
from models.hygiene import Hygiene
from models.model import Kind
from models.params import GateParams
from models.rivalry import Rivalry
from models.slice_check import drops, slices_of
from models.verdict import NAMES, GateResult, Reason

TABLE_NAMES = {"base_rate": "the base rate", "best_column": "the best single column"}
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
        probability = params.beat_probability if kind == "blend" else params.beat_probability_anchor
        reasons.append(_signal(evaluation, kind, probability))
        for rival in params.baselines:
            reasons += [_beats(evaluation, rival, probability), *_catches(evaluation, rival, params, kind)]
        if kind == "blend":
            reasons.append(not_worse_than_anchor(evaluation, params))
        reasons += [
            _band(evaluation, "observed_expected", "observed / expected churn", params.observed_expected),
            _band(evaluation, "calibration_slope", "calibration slope", params.calibration_slope),
            _calibration_error(evaluation),
            _slices(evaluation if rivalry is None else rivalry.evaluation, params),
        ]
        reasons += _explanation(pushes, params)
        if rivalry is not None:
            reasons += against_champion(rivalry, params)
    else:
        reasons.append(
            Reason("signal", math.nan, "tested", False, "there is no usable signal: nothing could be tested out of time")
        )
    return GateResult(all(reason.passed for reason in reasons), tuple(reasons))


def judged_table(
    evaluation: Evaluation, hygiene: Hygiene, *, kind: Kind, baselines: tuple[str, ...], params: GateParams
) -> GateResult:
    """The same idea for a table with one row a customer: no calendar, no recency, no champion."""
    probability = params.beat_probability if kind == "blend" else params.beat_probability_anchor
    reasons = [_table_leak(hygiene, params), _permuted(hygiene), _outcomes(evaluation, params, "in rows the model had not seen")]
    if not evaluation.churned_accounts:
        untested = "there is no usable signal: no fold could be tested"
        return GateResult(passed=False, reasons=(*reasons, Reason("signal", math.nan, "tested", passed=False, sentence=untested)))
    reasons += [_beats(evaluation, rival, probability, TABLE_NAMES) for rival in baselines]
    if kind == "blend":
        reasons.append(not_worse_than_anchor(evaluation, params))
    reasons += [
        _band(evaluation, "observed_expected", "observed / expected churn", params.observed_expected),
        _band(evaluation, "calibration_slope", "calibration slope", params.calibration_slope),
    ]
    return GateResult(all(reason.passed for reason in reasons), tuple(reasons))


def _table_leak(hygiene: Hygiene, params: GateParams) -> Reason:
    threshold = f"every column's AUC <= {params.leak_auc:.2f}"
    if not hygiene.suspects:
        return Reason("leak", math.nan, threshold, passed=True, sentence="no single column gives the outcome away")
    named = ", ".join(f"{each.signal} (AUC {each.auc:.3f})" for each in hygiene.suspects)
    sentence = (
        f"suspected leak: {named} alone tells who left, above {params.leak_auc:.2f}; "
        "if it is filled in or changed when a customer leaves, leave it out with --drop"
    )
    return Reason("leak", hygiene.suspects[0].auc, threshold, passed=False, sentence=sentence)


def _leak(hygiene: Hygiene, params: GateParams) -> Reason:
    threshold = f"every signal's AUC <= {params.leak_auc:.2f}"
    if not hygiene.suspects:
        return Reason("leak", math.nan, threshold, True, "no single signal gives the outcome away")
    named = ", ".join(f"{suspect.signal} (AUC {suspect.auc:.3f})" for suspect in hygiene.suspects)
    sentence = (
        f"suspected leak: {named} alone tells who leaves, above {params.leak_auc:.2f}; "
        "check when its rows become known (known_at), or drop it"
    )
    return Reason("leak", hygiene.suspects[0].auc, threshold, False, sentence)


def _permuted(hygiene: Hygiene) -> Reason:
    if math.isnan(hygiene.permuted_auc):
        return Reason("permuted_labels", math.nan, "measured", True, "too few outcomes to measure with permuted labels")
    band = f"within [{hygiene.permuted_low:.3f}, {hygiene.permuted_high:.3f}]"
    passed = hygiene.permuted_low <= hygiene.permuted_auc <= hygiene.permuted_high
    sentence = f"with outcomes dealt to the wrong accounts the AUC is {hygiene.permuted_auc:.3f}, chance is {band}"
    return Reason("permuted_labels", hygiene.permuted_auc, band, passed, sentence if passed else f"{sentence}: labels leak")


def _outcomes(evaluation: Evaluation, params: GateParams, how: str = "out of time") -> Reason:
    churned = evaluation.churned_accounts
    passed = churned >= params.min_churned
    sentence = f"{churned} churned accounts were tested {how}, {params.min_churned} are needed"
    return Reason("outcomes", churned, f">= {params.min_churned}", passed, sentence)


def _signal(evaluation: Evaluation, kind: Kind, probability: float) -> Reason:
    """Accounts of the same calendar risk are compared, so that knowing the renewal dates is no signal.

    An anchor has too few outcomes for an interval to clear chance: the share of draws above chance decides.
    """
    value, (low, high) = evaluation.value("model", "auc_in_cohort"), evaluation.bounds("model", "auc_in_cohort")
    sentence = f"out-of-time AUC among accounts of the same calendar risk {value:.3f}, 95 % interval {low:.3f} to {high:.3f}"
    if kind == "anchor":
        above = evaluation.draws.above("model", "auc_in_cohort", 0.5)
        passed, threshold = above >= probability, f"above 0.500 in {probability:.0%} of draws"
        sentence += f", above chance (0.500) in {above:.0%} of draws, {probability:.0%} is asked"
    else:
        passed, threshold = low > 0.5, "interval above 0.500"
        sentence += "" if passed else " reaches down to chance (0.500)"
    return Reason("signal", value, threshold, passed, sentence if passed else f"there is no usable signal: {sentence}")


def _beats(evaluation: Evaluation, rival: str, probability: float, names: Mapping[str, str] = NAMES) -> Reason:
    name = names.get(rival, rival)
    draws = evaluation.draws
    by_loss, by_auc = draws.better("model", rival, "log_loss"), draws.better("model", rival, "auc")
    if math.isnan(by_loss) and math.isnan(by_auc):
        return Reason(f"beats_{rival}", math.nan, "measured", True, f"{name} could not be computed on this data")
    passed = min(p for p in (by_loss, by_auc) if not math.isnan(p)) >= probability
    loss = evaluation.value("model", "log_loss"), evaluation.value(rival, "log_loss")
    area = evaluation.value("model", "auc"), evaluation.value(rival, "auc")
    sentence = (
        f"log-loss {loss[0]:.4f} against {loss[1]:.4f} of {name} (better in {by_loss:.0%} of draws), "
        f"AUC {area[0]:.3f} against {area[1]:.3f} (better in {by_auc:.0%})"
    )
    if not passed:
        sentence = f"there is no usable signal beyond {name}: {sentence}; {probability:.0%} is asked of both"
    worst = float(np.nanmin([by_loss, by_auc]))
    return Reason(f"beats_{rival}", worst, f">= {probability:.2f}", passed, sentence)


def _catches(evaluation: Evaluation, rival: str, params: GateParams, kind: Kind) -> list[Reason]:
    """Money: the share of churned ARR within capacity, accounts ranked by probability x ARR."""
    better = evaluation.draws.better("model", rival, MONEY)
    if math.isnan(better):
        return []
    asked = params.arr_beat_probability if kind == "blend" else params.arr_beat_probability_anchor
    mine, theirs = evaluation.value("model", MONEY), evaluation.value(rival, MONEY)
    sentence = (
        f"churned ARR within capacity {mine:.1%} against {theirs:.1%} of {NAMES.get(rival, rival)} "
        f"(better in {better:.0%} of draws), {asked:.0%} is asked"
    )
    return [Reason(f"catches_arr_of_{rival}", better, f">= {asked:.2f}", better >= asked, sentence)]


def not_worse_than_anchor(evaluation: Evaluation, params: GateParams) -> Reason:
    """Refused when more than the tolerance above the anchor's log-loss cannot be ruled out; of few outcomes, when it is more."""
    model, anchor = evaluation.value("model", "log_loss"), evaluation.value("anchor", "log_loss")
    confidence = params.anchor_confidence
    worse = evaluation.draws.relative("model", "anchor", "log_loss")
    bound = float(np.quantile(worse, confidence)) if worse is not None else math.nan
    apart = model / anchor - 1.0
    asked = bound if evaluation.churned_accounts >= params.automatic_from_churned else apart
    passed = asked <= params.anchor_tolerance
    sentence = (
        f"log-loss {model:.4f}, {abs(apart):.1%} {'above' if apart > 0 else 'below'} the anchor's {anchor:.4f}, "
        f"with {confidence:.0%} confidence at most {bound:+.1%}"
    )
    if not passed:
        sentence += f"; at most {params.anchor_tolerance:.1%} above is allowed"
    return Reason("not_worse_than_anchor", asked, f"<= {params.anchor_tolerance}", passed, sentence)


def _band(evaluation: Evaluation, metric: str, name: str, band: tuple[float, float]) -> Reason:
    """Refused when the value lies outside the band and chance alone (an interval that holds 1) does not explain it."""
    value, (low, high) = evaluation.value("model", metric), evaluation.bounds("model", metric)
    inside, by_chance = band[0] <= value <= band[1], low <= 1.0 <= high
    sentence = f"{name} {value:.2f} (95 % {low:.2f} to {high:.2f}), {band[0]:.2f} to {band[1]:.2f} is asked"
    if by_chance and not inside:
        sentence += "; with so few outcomes chance explains it"
    return Reason(metric, value, f"within [{band[0]}, {band[1]}]", inside or by_chance, sentence)


def _calibration_error(evaluation: Evaluation) -> Reason:
    """Held against what exact probabilities would show on so many rows: a fixed limit refuses a perfect model on few."""
    error, chance = (evaluation.value("model", name) for name in ("calibration_error", "calibration_error_by_chance"))
    sentence = f"mean gap between predicted and observed {error:.4f}, up to {chance:.4f} would be chance"
    return Reason("calibration_error", error, f"<= {chance:.4f}", error <= chance, sentence)


def _slices(evaluation: Evaluation, params: GateParams) -> Reason:
    """Against the champion where there is one, against the rule score else."""
    rival = "champion" if "champion" in evaluation.predictions else "rule_score"
    threshold = f"no AUC more than {params.slice_auc_drop:.2f} below"
    if rival not in evaluation.predictions:
        return Reason("slices", math.nan, threshold, True, f"{NAMES[rival]} could not be computed on this data")
    slices = slices_of(evaluation.predictions, rival)
    found = drops(slices, params=params)
    tested = sum(each.churned_accounts >= params.slice_min_churned for each in slices)
    said = f"{tested} slices with {params.slice_min_churned} churned accounts or more ranked against {NAMES[rival]}"
    if not found:
        return Reason("slices", 0.0, threshold, True, f"{said}: none clearly worse")
    named = "; ".join(
        f"{each.name}: AUC {each.candidate:.3f} against {each.rival:.3f} (lower in {each.below:.1%} of draws)" for each in found
    )
    sentence = f"{said}, clearly worse by more than {params.slice_auc_drop:.2f}: {named}"
    return Reason("slices", found[0].size, threshold, False, sentence)


def _explanation(pushes: PushCheck, params: GateParams) -> list[Reason]:
    allowed = params.push_gap
    summed = Reason(
        "pushes_sum",
        pushes.gap,
        f"<= {allowed:g}",
        pushes.gap <= allowed,
        f"base and pushes miss the margin by at most {pushes.gap:.1e} log-odds, {allowed:.0e} is allowed",
    )
    named = ", ".join(f"{family} ({share:.0%} of accounts)" for family, share in sorted(pushes.lowering.items()))
    sentence = f"worse signals lower the risk: {named}" if named else "no family's worse signals lower the risk"
    worst = max(pushes.lowering.values(), default=0.0)
    return [summed, Reason("driver_signs", worst, "<= 0", not pushes.lowering, sentence)]
