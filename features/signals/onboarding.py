"""Onboarding: how fast a new account gets to first value."""

from functools import partial

import ibis

from features.exact import days_since, happened, mean, share
from features.forms import AFTER, Amount, Forms
from features.signal import Phrase, signal
from features.views import GOALS, MEETINGS, ONBOARDING, USAGE_DAYS

NO_STEPS = "no onboarding steps from this source, or the account's onboarding is more than 180 days past"

FIRST_VALUE_DAYS = 30  # by then a new account should have reached something
NEW_ACCOUNT_DAYS = 180

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
    actionable=True,
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
    actionable=True,
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
    actionable=True,
)
def guided_sessions_90d(rows: ibis.Table) -> ibis.Value:
    """Onboarding sessions and trainings that took place."""
    return rows.count(where=_guided(rows))


@_onboarding(
    view=USAGE_DAYS,
    window_days=180,
    unit="days",
    direction=1,
    empty=None,
    missing="the account is older than 180 days, or nothing was used yet",
    phrase=Phrase(
        "first used {value} the account began (typical account: {comparison})",
        "el primer uso fue {value} del inicio (cuenta típica: {comparison})",
        amount=AFTER,
    ),
    evidence=lambda rows: (rows.age <= 180) & (rows.quantity > 0),
)
def first_use_days(rows: ibis.Table) -> ibis.Value:
    """Of accounts in their first 180 days: days from the beginning to the first use."""
    old = days_since(rows, rows.began).max()
    first = rows.age.max(where=(rows.age <= 180) & (rows.quantity > 0))
    return ibis.ifelse(old <= NEW_ACCOUNT_DAYS, old - first, ibis.null("int64"))


@_onboarding(
    view=GOALS,
    unit="flag",
    direction=1,
    empty=None,
    missing="the account is not between 31 and 180 days old, or no goal was agreed",
    phrase=Phrase(
        "a first goal has been met ({comparison})",
        "ya se ha cumplido un primer objetivo ({comparison})",
        "no goal has been met since the beginning ({comparison})",
        "no se ha cumplido ningún objetivo desde el inicio ({comparison})",
        amount=Amount(
            Forms("most accounts of its age have met none", zero="most accounts of its age have met one"),
            Forms(
                "la mayoría de las cuentas de su edad no ha cumplido ninguno",
                zero="la mayoría de las cuentas de su edad ya cumplió uno",
            ),
        ),
    ),
    tells=("met_at",),
    evidence=lambda rows: rows.age >= 1,
)
def no_value_yet(rows: ibis.Table) -> ibis.Value:
    """Of accounts 31 to 180 days old with an agreed goal: 1 when none has been met, else 0 (the aim: value within 30 days)."""
    late = days_since(rows, rows.began).max().between(FIRST_VALUE_DAYS + 1, NEW_ACCOUNT_DAYS)
    agreed = rows.count(where=rows.age >= 1) > 0
    met = rows.count(where=(rows.age >= 1) & happened(rows, rows.met_at)) > 0
    return ibis.ifelse(late & agreed, (~met).cast("int64"), ibis.null("int64"))
