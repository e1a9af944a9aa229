"""Engagement: whether they come, answer and stay in touch, and whether they have said that they leave."""

from functools import partial

import ibis

from features.exact import before_and_now, happened, said, share
from features.forms import AGO, Amount, Forms
from features.signal import Phrase, signal
from features.views import MEETINGS, MESSAGES, NOTICES, SURVEYS, TEXTS

NO_MEETINGS = "no meetings from this source before as_of"
NO_MESSAGES = "no messages from this source before as_of"
LEARNING = ("training", "office_hours", "webinar")

_engagement = partial(signal, family="engagement")


def missed(rows: ibis.Table) -> ibis.Value:
    """Whether the customer missed, declined or cancelled the meeting."""
    by_customer = rows.cancelled_by == "customer"
    return rows.status.isin(["missed", "declined"]) | ((rows.status == "cancelled") & by_customer)


def _answered(rows: ibis.Table) -> ibis.Value:
    return (rows.direction == "in") & rows.reply_hours.notnull()


@_engagement(
    view=MEETINGS,
    window_days=90,
    unit="count",
    direction=1,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "{value} meetings missed, declined or cancelled by the customer in 90 days (typical account: {comparison})",
        "{value} reuniones a las que el cliente faltó o que rechazó o canceló en 90 días (cuenta típica: {comparison})",
        "one meeting missed, declined or cancelled by the customer in 90 days (typical account: {comparison})",
        "una reunión a la que el cliente faltó o que rechazó o canceló en 90 días (cuenta típica: {comparison})",
    ),
    tells=("status",),
    evidence=lambda rows: (rows.age <= 90) & missed(rows),
)
def meetings_missed_90d(rows: ibis.Table) -> ibis.Value:
    """Meetings that the customer missed, declined or cancelled."""
    return rows.count(where=(rows.age <= 90) & missed(rows))


@_engagement(
    view=MEETINGS,
    window_days=90,
    unit="count",
    direction=-1,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "{value} meetings held in 90 days (typical account: {comparison})",
        "{value} reuniones celebradas en 90 días (cuenta típica: {comparison})",
        "one meeting held in 90 days (typical account: {comparison})",
        "una reunión celebrada en 90 días (cuenta típica: {comparison})",
    ),
    tells=("status",),
    evidence=lambda rows: (rows.age <= 90) & (rows.status == "held"),
    actionable=True,
)
def meetings_held_90d(rows: ibis.Table) -> ibis.Value:
    """Meetings of any kind that took place."""
    return rows.count(where=(rows.age <= 90) & (rows.status == "held"))


@_engagement(
    view=MEETINGS,
    window_days=365,
    unit="count",
    direction=-1,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "{value} trainings, office hours and webinars attended in a year (typical account: {comparison})",
        "{value} formaciones, sesiones de consulta o webinars con asistencia del cliente en un año (cuenta típica: {comparison})",
        "one training, office hour or webinar attended in a year (typical account: {comparison})",
        "una formación, sesión de consulta o webinar con asistencia del cliente en un año (cuenta típica: {comparison})",
    ),
    tells=("status",),
    evidence=lambda rows: rows.kind.isin(LEARNING) & (rows.status == "held"),
    actionable=True,
)
def trainings_365d(rows: ibis.Table) -> ibis.Value:
    """Trainings, office hours and webinars that took place with the customer."""
    return rows.count(where=rows.kind.isin(LEARNING) & (rows.status == "held"))


@_engagement(
    view=MESSAGES,
    window_days=182,
    unit="days",
    direction=1,
    empty=182.0,
    missing=NO_MESSAGES,
    phrase=Phrase(
        "last heard from {value} (typical account: {comparison})",
        "las últimas noticias del cliente son de {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=lambda rows: rows.direction == "in",
)
def days_since_message(rows: ibis.Table) -> ibis.Value:
    """Days since the customer last wrote or called; 182 when it did not in 182 days."""
    return rows.age.min(where=rows.direction == "in")


@_engagement(
    view=MESSAGES,
    window_days=180,
    unit="number",
    direction=1,
    empty=None,
    needs_days=90,
    missing=f"{NO_MESSAGES}; or reply times are not known in both parts, or they reach back less than 90 days",
    phrase=Phrase(
        "the customer takes {value} times as long to answer as before (typical account: {comparison})",
        "el cliente tarda en responder {value} veces lo que tardaba antes (cuenta típica: {comparison})",
        "the customer takes as long to answer as before (typical account: {comparison})",
        "el cliente tarda en responder lo mismo que antes (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & _answered(rows),
)
def reply_hours_ratio(rows: ibis.Table) -> ibis.Value:
    """The customer's mean hours to answer in the last 60 days, over those of the 120 days before."""
    before, now = before_and_now(rows, rows.reply_hours, _answered(rows), recent=60, until=180)
    return share(now, before)


@_engagement(
    view=SURVEYS,
    window_days=365,
    unit="share",
    direction=1,
    empty=None,
    missing="no survey was sent between 15 and 365 days ago",
    phrase=Phrase(
        "{value} of the surveys of a year were left unanswered (typical account: {comparison})",
        "quedó sin responder el {value} de las encuestas de un año (cuenta típica: {comparison})",
    ),
    tells=("answered_at",),
    evidence=lambda rows: (rows.age > 14) & ~happened(rows, rows.answered_at),
)
def surveys_unanswered_share_365d(rows: ibis.Table) -> ibis.Value:
    """Surveys without an answer, over all that were sent and have had 14 days for one."""
    return share(rows.count(where=(rows.age > 14) & ~happened(rows, rows.answered_at)), rows.count(where=rows.age > 14))


@_engagement(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts of the last 90 days speak of cancelling (typical account: {comparison})",
        "{value} textos de los últimos 90 días hablan de cancelar (cuenta típica: {comparison})",
        "one text of the last 90 days speaks of cancelling (typical account: {comparison})",
        "un texto de los últimos 90 días habla de cancelar (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.cancellation),
)
def cancel_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly speak of cancelling."""
    return rows.count(where=(rows.age <= 90) & said(rows.cancellation))


@_engagement(
    view=NOTICES,
    window_days=365,
    unit="flag",
    direction=1,
    missing="no notices from this source before as_of",
    phrase=Phrase(
        "no notice of leaving stands ({comparison})",
        "no hay ningún aviso de baja vigente ({comparison})",
        "a notice of leaving stands ({comparison})",
        "hay un aviso de baja vigente ({comparison})",
        amount=Amount(
            Forms("most accounts have given one", zero="most accounts have given none"),
            Forms("la mayoría de las cuentas tiene uno", zero="la mayoría de las cuentas no tiene ninguno"),
        ),
    ),
    evidence=lambda rows: rows.kind.isin(["cancellation", "non_renewal"]) & ~happened(rows, rows.withdrawn_at),
)
def notice_open(rows: ibis.Table) -> ibis.Value:
    """1 when a notice of cancellation or non-renewal was given within 365 days and not withdrawn, else 0."""
    return rows.count(where=rows.kind.isin(["cancellation", "non_renewal"]) & ~happened(rows, rows.withdrawn_at)) > 0
