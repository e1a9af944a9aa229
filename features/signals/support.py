"""Support: what goes wrong for them, how fast and how well we answer, and whether we keep our own appointments."""

from functools import partial

import ibis

from features.exact import happened, mean, said
from features.signal import Phrase, signal
from features.views import MEETINGS, TEXTS, TICKETS

NO_TICKETS = "no tickets from this source before as_of"
NO_TEXTS = "no texts from any source before as_of"
SECONDS_AN_HOUR = 3600.0

_support = partial(signal, family="support")
_tickets = partial(_support, view=TICKETS, missing=NO_TICKETS)
_trouble = partial(_tickets, window_days=90, unit="count", direction=1)
_open = partial(_tickets, window_days=365, direction=1, tells=("resolved_at",))
_hits = partial(_support, view=TEXTS, window_days=90, unit="count", direction=1, missing=NO_TEXTS)


@_tickets(
    window_days=90,
    unit="count",
    direction=0,
    phrase=Phrase(
        "{value} tickets opened in 90 days (typical account: {comparison})",
        "{value} tickets abiertos en 90 días (cuenta típica: {comparison})",
        "one ticket opened in 90 days (typical account: {comparison})",
        "un ticket abierto en 90 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.age <= 90,
)
def tickets_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened: silence may be worse than many."""
    return rows.count(where=rows.age <= 90)


@_trouble(
    phrase=Phrase(
        "{value} bugs reported in 90 days (typical account: {comparison})",
        "{value} errores comunicados en 90 días (cuenta típica: {comparison})",
        "one bug reported in 90 days (typical account: {comparison})",
        "un error comunicado en 90 días (cuenta típica: {comparison})",
    ),
    tells=("kind",),
    evidence=lambda rows: (rows.age <= 90) & (rows.kind == "bug"),
)
def bugs_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets of kind `bug` opened."""
    return rows.count(where=(rows.age <= 90) & (rows.kind == "bug"))


@_trouble(
    phrase=Phrase(
        "{value} tickets on one and the same topic in 90 days (typical account: {comparison})",
        "{value} tickets sobre un mismo tema en 90 días (cuenta típica: {comparison})",
        "no topic came back in the tickets of 90 days (typical account: {comparison})",
        "ningún tema se repitió en los tickets de 90 días (cuenta típica: {comparison})",
    ),
    tells=("topic",),
    evidence=lambda rows: (rows.age <= 90) & rows.topic.notnull(),
)
def repeat_topic_90d(rows: ibis.Table) -> ibis.Value:
    """The largest number of tickets opened on one topic: 1 when no topic came back, 0 without any ticket that has one."""
    topics = rows.topic.collect(where=(rows.age <= 90) & rows.topic.notnull())
    return topics.unique().map(lambda topic: topics.filter(lambda other: other == topic).length()).maxs()


@_open(
    unit="count",
    phrase=Phrase(
        "{value} tickets are still open (typical account: {comparison})",
        "{value} tickets siguen sin resolver (cuenta típica: {comparison})",
        "one ticket is still open (typical account: {comparison})",
        "un ticket sigue sin resolver (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: ~happened(rows, rows.resolved_at),
    actionable=True,
)
def open_tickets(rows: ibis.Table) -> ibis.Value:
    """Tickets opened within 365 days and not solved before as_of."""
    return rows.count(where=~happened(rows, rows.resolved_at))


@_open(
    unit="days",
    phrase=Phrase(
        "the oldest open ticket has waited {value} days (typical account: {comparison})",
        "el ticket abierto más antiguo lleva {value} días esperando (cuenta típica: {comparison})",
        "the oldest open ticket has waited one day (typical account: {comparison})",
        "el ticket abierto más antiguo lleva un día esperando (cuenta típica: {comparison})",
        en_zero="no ticket is open (typical account: {comparison})",
        es_zero="no hay ningún ticket abierto (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: ~happened(rows, rows.resolved_at),
    actionable=True,
)
def oldest_open_ticket_days(rows: ibis.Table) -> ibis.Value:
    """Age of the oldest ticket opened within 365 days and not solved before as_of; 0 when none is open."""
    return rows.age.max(where=~happened(rows, rows.resolved_at))


@_trouble(
    phrase=Phrase(
        "{value} tickets escalated in 90 days (typical account: {comparison})",
        "{value} tickets escalados en 90 días (cuenta típica: {comparison})",
        "one ticket escalated in 90 days (typical account: {comparison})",
        "un ticket escalado en 90 días (cuenta típica: {comparison})",
    ),
    tells=("escalated",),
    evidence=lambda rows: (rows.age <= 90) & rows.escalated,
)
def escalations_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened that were escalated, as far as that was known."""
    return rows.count(where=(rows.age <= 90) & rows.escalated)


@_tickets(
    window_days=90,
    unit="hours",
    direction=1,
    empty=None,
    missing="no ticket of 90 days has had a first answer",
    phrase=Phrase(
        "a first answer takes us {value} hours (typical account: {comparison})",
        "tardamos {value} horas en dar la primera respuesta (cuenta típica: {comparison})",
        "a first answer takes us one hour (typical account: {comparison})",
        "tardamos una hora en dar la primera respuesta (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & rows.first_response_at.notnull(),
    actionable=True,
)
def first_response_hours_90d(rows: ibis.Table) -> ibis.Value:
    """Mean hours from opening to our first answer, of the tickets opened and answered."""
    seconds = rows.first_response_at.delta(rows.opened_at, unit="second")
    return mean(seconds, where=(rows.age <= 90) & (seconds >= 0)) / SECONDS_AN_HOUR


@_tickets(
    window_days=180,
    unit="score",
    direction=-1,
    empty=None,
    missing="no ticket of 180 days was rated",
    phrase=Phrase(
        "tickets are rated {value} of 5 (typical account: {comparison})",
        "los tickets se valoran con {value} sobre 5 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & rows.csat.notnull(),
)
def ticket_csat_mean_180d(rows: ibis.Table) -> ibis.Value:
    """Mean rating (1-5) of the tickets opened and rated."""
    return mean(rows.csat, where=rows.age <= 180)


@_hits(
    phrase=Phrase(
        "{value} texts of the last 90 days report a problem with the product (typical account: {comparison})",
        "{value} textos de los últimos 90 días señalan un problema del producto (cuenta típica: {comparison})",
        "one text of the last 90 days reports a problem with the product (typical account: {comparison})",
        "un texto de los últimos 90 días señala un problema del producto (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.product_issue),
)
def product_issue_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly report a problem with the product."""
    return rows.count(where=(rows.age <= 90) & said(rows.product_issue))


@_hits(
    phrase=Phrase(
        "{value} texts of the last 90 days complain about our service (typical account: {comparison})",
        "{value} textos de los últimos 90 días se quejan de nuestro servicio (cuenta típica: {comparison})",
        "one text of the last 90 days complains about our service (typical account: {comparison})",
        "un texto de los últimos 90 días se queja de nuestro servicio (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.service_complaint),
)
def service_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly complain about our service."""
    return rows.count(where=(rows.age <= 90) & said(rows.service_complaint))


@_support(
    view=MEETINGS,
    window_days=180,
    unit="count",
    direction=1,
    missing="no meetings from this source before as_of",
    phrase=Phrase(
        "we cancelled {value} meetings in 180 days (typical account: {comparison})",
        "cancelamos {value} reuniones en 180 días (cuenta típica: {comparison})",
        "we cancelled one meeting in 180 days (typical account: {comparison})",
        "cancelamos una reunión en 180 días (cuenta típica: {comparison})",
    ),
    tells=("status", "cancelled_by"),
    evidence=lambda rows: (rows.age <= 180) & (rows.status == "cancelled") & (rows.cancelled_by == "us"),
    actionable=True,
)
def meetings_cancelled_by_us_180d(rows: ibis.Table) -> ibis.Value:
    """Meetings that we cancelled."""
    return rows.count(where=(rows.age <= 180) & (rows.status == "cancelled") & (rows.cancelled_by == "us"))
