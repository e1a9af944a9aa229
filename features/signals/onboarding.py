"""Onboarding: how fast a new account gets to first value."""

from functools import partial

import ibis

from features.exact import happened, mean, share
from features.forms import AFTER
from features.signal import Phrase, signal
from features.views import GOALS, MEETINGS, ONBOARDING

NO_STEPS = "no onboarding steps from this source, or the account's onboarding is more than 180 days past"

_onboarding = partial(signal, family="onboarding")
_steps = partial(_onboarding, view=ONBOARDING)


def _overdue(rows: ibis.Table) -> ibis.Value:
    return ~happened(rows, rows.completed_at) & (rows.age >= 1)


def _guided(rows: ibis.Table) -> ibis.Value:
    return (rows.age <= 90) & rows.kind.isin(["onboarding", "training"]) & (rows.status == "held")


@_steps(
    unit="share",
    direction=-1,
    empty=None,
    missing=f"{NO_STEPS}, or it has no steps",
    phrase=Phrase(
        "{value} of the onboarding steps are done (typical account: {comparison})",
        "está hecho el {value} de los pasos de incorporación (cuenta típica: {comparison})",
    ),
    tells=("completed_at",),
    evidence=lambda rows: rows.step.notnull(),
)
def onboarding_steps_done_share(rows: ibis.Table) -> ibis.Value:
    """Steps done over all steps planned, those still ahead included."""
    return share(rows.count(where=happened(rows, rows.completed_at)), rows.count())


@_steps(
    unit="count",
    direction=1,
    missing=NO_STEPS,
    phrase=Phrase(
        "{value} onboarding steps past their date and not done (typical account: {comparison})",
        "{value} pasos de incorporación vencidos sin hacer (cuenta típica: {comparison})",
        "one onboarding step past its date and not done (typical account: {comparison})",
        "un paso de incorporación vencido sin hacer (cuenta típica: {comparison})",
    ),
    tells=("completed_at",),
    evidence=_overdue,
)
def onboarding_overdue_steps(rows: ibis.Table) -> ibis.Value:
    """Steps whose date lies before as_of and that are not done."""
    return rows.count(where=_overdue(rows))


@_steps(
    unit="days",
    direction=1,
    missing=NO_STEPS,
    phrase=Phrase(
        "an onboarding step has been due for {value} days (typical account: {comparison})",
        "un paso de incorporación lleva {value} días vencido (cuenta típica: {comparison})",
        "an onboarding step has been due for one day (typical account: {comparison})",
        "un paso de incorporación lleva un día vencido (cuenta típica: {comparison})",
        en_zero="no onboarding step is past its date (typical account: {comparison})",
        es_zero="ningún paso de incorporación está vencido (cuenta típica: {comparison})",
    ),
    tells=("completed_at",),
    evidence=_overdue,
)
def onboarding_longest_overdue_days(rows: ibis.Table) -> ibis.Value:
    """Days since the oldest step not done was due; 0 when none is past its date."""
    return rows.age.max(where=_overdue(rows))


@_steps(
    unit="days",
    direction=1,
    empty=None,
    missing=f"{NO_STEPS}, or no step is done",
    phrase=Phrase(
        "onboarding steps are done {value} they are due (typical account: {comparison})",
        "los pasos de incorporación se hacen {value} de su vencimiento (cuenta típica: {comparison})",
        amount=AFTER,
    ),
    evidence=lambda rows: happened(rows, rows.completed_at),
    evidence_at="completed_at",
)
def onboarding_delay_days(rows: ibis.Table) -> ibis.Value:
    """Mean days from a step's date to its completion; below 0 when done early."""
    delay = rows.completed_at.date().delta(rows.due_at.date(), unit="day")
    return mean(delay, where=happened(rows, rows.completed_at))


@_onboarding(
    view=GOALS,
    unit="days",
    direction=1,
    empty=None,
    missing="no goal has been met yet, or no goals from this source before as_of",
    phrase=Phrase(
        "the first goal was met {value} the account began (typical account: {comparison})",
        "el primer objetivo se cumplió {value} del inicio (cuenta típica: {comparison})",
        amount=AFTER,
    ),
    evidence=lambda rows: happened(rows, rows.met_at),
    evidence_at="met_at",
)
def first_value_days(rows: ibis.Table) -> ibis.Value:
    """Days from the account's beginning to the first goal met."""
    taken = rows.met_at.date().delta(rows.began.date(), unit="day")
    return taken.min(where=happened(rows, rows.met_at))


@_onboarding(
    view=MEETINGS,
    window_days=90,
    unit="count",
    direction=-1,
    missing="no meetings from this source before as_of",
    phrase=Phrase(
        "{value} guided sessions held in 90 days (typical account: {comparison})",
        "{value} sesiones guiadas en 90 días (cuenta típica: {comparison})",
        "one guided session held in 90 days (typical account: {comparison})",
        "una sesión guiada en 90 días (cuenta típica: {comparison})",
    ),
    tells=("status",),
    evidence=_guided,
)
def guided_sessions_90d(rows: ibis.Table) -> ibis.Value:
    """Onboarding sessions and trainings that took place."""
    return rows.count(where=_guided(rows))
