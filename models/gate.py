"""The gate: what a candidate must show before it may serve, and for each thing a sentence with the numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.evaluation import Evaluation
from models.hygiene import Hygiene
from models.model import Kind
from models.params import GateParams

NAMES = {
    "base_rate": "the base rate of the renewal cohort",
    "calendar": "the renewal calendar alone",
    "recency": "recency of use",
    "rule_score": "the rule score",
    "anchor": "the anchor",
    "champion": "the champion",
}
TABLE_NAMES = {"base_rate": "the base rate", "best_column": "the best single column"}


@dataclass(frozen=True)
class Reason:
    """One check: what was measured, what was asked, whether it is enough, and a sentence for people."""

    check: str
    value: float
    threshold: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class GateResult:
    """`passed` only when every reason passed."""

    passed: bool
    reasons: tuple[Reason, ...]

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """What fell short."""
        return tuple(reason for reason in self.reasons if not reason.passed)

    def as_text(self) -> str:
        """One line a check."""
        head = "the gate is passed" if self.passed else "the gate is not passed"
        return "\n".join([head, *(f"  {'ok ' if r.passed else 'NO '} {r.check}: {r.sentence}" for r in self.reasons)])


@dataclass(frozen=True)
class Rivalry:
    """Candidate and champion on the same rows. `seen`: the champion was trained after these rows' origin, so it is favoured."""

    evaluation: Evaluation
    seen: bool


def judged(
    evaluation: Evaluation, hygiene: Hygiene, *, kind: Kind, params: GateParams, rivalry: Rivalry | None = None
) -> GateResult:
    """Hygiene, enough outcomes, a signal at all, baselines, anchor, calibration; then the champion when there is one."""
    reasons = [_leak(hygiene, params), _permuted(hygiene), _outcomes(evaluation, params)]
    if evaluation.churned_accounts:
        probability = params.beat_probability if kind == "blend" else params.beat_probability_anchor
        reasons.append(_signal(evaluation, kind, probability))
        reasons += [_beats(evaluation, rival, probability) for rival in params.baselines]
        if kind == "blend":
            reasons.append(_anchor(evaluation, params))
        reasons += [
            _band(evaluation, "observed_expected", "observed / expected churn", params.observed_expected),
            _band(evaluation, "calibration_slope", "calibration slope", params.calibration_slope),
        ]
        if rivalry is not None:
            reasons += _champion(rivalry, params)
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
        reasons.append(_anchor(evaluation, params))
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


def _anchor(evaluation: Evaluation, params: GateParams) -> Reason:
    model, anchor = evaluation.value("model", "log_loss"), evaluation.value("anchor", "log_loss")
    worse = model / anchor - 1.0
    passed = worse <= params.anchor_tolerance
    sentence = f"log-loss {model:.4f}, {abs(worse):.1%} {'above' if worse > 0 else 'below'} the anchor's {anchor:.4f}"
    if not passed:
        sentence += f"; at most {params.anchor_tolerance:.1%} above is allowed"
    return Reason("not_worse_than_anchor", worse, f"<= {params.anchor_tolerance}", passed, sentence)


def _band(evaluation: Evaluation, metric: str, name: str, band: tuple[float, float]) -> Reason:
    """Refused when the value lies outside the band and chance alone (an interval that holds 1) does not explain it."""
    value, (low, high) = evaluation.value("model", metric), evaluation.bounds("model", metric)
    inside, by_chance = band[0] <= value <= band[1], low <= 1.0 <= high
    sentence = f"{name} {value:.2f} (95 % {low:.2f} to {high:.2f}), {band[0]:.2f} to {band[1]:.2f} is asked"
    if by_chance and not inside:
        sentence += "; with so few outcomes chance explains it"
    return Reason(metric, value, f"within [{band[0]}, {band[1]}]", inside or by_chance, sentence)


def _champion(rivalry: Rivalry, params: GateParams) -> list[Reason]:
    evaluation = rivalry.evaluation
    note = " (the champion has seen these outcomes, which favours it)" if rivalry.seen else ""
    by_loss = evaluation.draws.better("model", "champion", "log_loss")
    loss = evaluation.value("model", "log_loss"), evaluation.value("champion", "log_loss")
    first = Reason(
        "beats_champion",
        by_loss,
        f">= {params.champion_probability:.2f}",
        by_loss >= params.champion_probability,
        f"log-loss {loss[0]:.4f} against the champion's {loss[1]:.4f}: better in {by_loss:.0%} of draws, "
        f"{params.champion_probability:.0%} is asked{note}",
    )
    gap = evaluation.draws.gap("model", "champion", "arr_recall_at_capacity")
    if gap is None:
        return [first]
    low = float(sorted(gap)[int(0.10 * (len(gap) - 1))])
    second = Reason(
        "keeps_arr",
        low,
        f">= -{params.arr_recall_tolerance}",
        low >= -params.arr_recall_tolerance,
        f"churned ARR within capacity, candidate minus champion: at least {low:+.3f} with 90 % confidence, "
        f"{-params.arr_recall_tolerance:+.3f} is allowed{note}",
    )
    return [first, second]
