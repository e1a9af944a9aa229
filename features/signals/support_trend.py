"""Support over time: whether it gets more, slower or worse, what was opened again, and what waits."""

from functools import partial

import ibis

from features.exact import change, happened, mean, share
from features.forms import IT_ROSE, Amount, Forms
from features.signal import Phrase, signal
from features.signals.support import NO_TICKETS, SECONDS_AN_HOUR
from features.views import TICKETS

_tickets = partial(signal, family="support", view=TICKETS, missing=NO_TICKETS)
_counted = partial(_tickets, unit="count", direction=1)


def _urgent(rows: ibis.Table) -> ibis.Value:
    return (rows.age <= 90) & rows.severity.isin(["high", "urgent"])


def _waiting(rows: ibis.Table) -> ibis.Value:
    answered = happened(rows, rows.first_response_at) | happened(rows, rows.resolved_at)
    return rows.age.between(2, 90) & ~answered


def _taken(rows: ibis.Table, until: ibis.Value) -> ibis.Value:
    """Seconds from opening, where the other time is known and does not lie before it."""
    seconds = until.delta(rows.opened_at, unit="second")
    return ibis.ifelse(seconds >= 0, seconds, ibis.null("int64"))


@_tickets(
    window_days=180,
    unit="change",
    direction=0,
    empty=None,
    needs_days=180,
    missing=f"{NO_TICKETS}; or they reach back less than 180 days, or none was opened in the earlier part",
    phrase=Phrase(
        "the number of tickets {value} against the 90 days before (typical account: {comparison})",
        "el número de tickets {value} frente a los 90 días anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: rows.age <= 180,
)
def tickets_change_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened in the last 90 days over those of the 90 days before, minus 1: trouble, or silence."""
    return change(rows.count(where=rows.age <= 90), rows.count(where=rows.age.between(91, 180)))


@_counted(
    window_days=180,
    phrase=Phrase(
        "{value} tickets of 180 days had to be opened again (typical account: {comparison})",
        "hubo que reabrir {value} tickets de los últimos 180 días (cuenta típica: {comparison})",
        "one ticket of 180 days had to be opened again (typical account: {comparison})",
        "hubo que reabrir un ticket de los últimos 180 días (cuenta típica: {comparison})",
    ),
    tells=("reopened",),
    evidence=lambda rows: (rows.age <= 180) & (rows.reopened > 0),
)
def reopened_180d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened in the window that were opened again at least once, as far as that was known."""
    return rows.count(where=(rows.age <= 180) & (rows.reopened > 0))


@_counted(
    window_days=180,
    phrase=Phrase(
        "{value} missing features asked for in 180 days (typical account: {comparison})",
        "{value} peticiones de funciones que faltan en 180 días (cuenta típica: {comparison})",
        "one missing feature asked for in 180 days (typical account: {comparison})",
        "una petición de una función que falta en 180 días (cuenta típica: {comparison})",
    ),
    tells=("kind",),
    evidence=lambda rows: (rows.age <= 180) & (rows.kind == "feature_request"),
)
def feature_requests_180d(rows: ibis.Table) -> ibis.Value:
    """Tickets of kind `feature_request` opened."""
    return rows.count(where=(rows.age <= 180) & (rows.kind == "feature_request"))


@_counted(
    window_days=90,
    phrase=Phrase(
        "{value} tickets of high or urgent severity in 90 days (typical account: {comparison})",
        "{value} tickets de gravedad alta o urgente en 90 días (cuenta típica: {comparison})",
        "one ticket of high or urgent severity in 90 days (typical account: {comparison})",
        "un ticket de gravedad alta o urgente en 90 días (cuenta típica: {comparison})",
    ),
    tells=("severity",),
    evidence=_urgent,
)
def urgent_tickets_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened with severity `high` or `urgent`."""
    return rows.count(where=_urgent(rows))


@_counted(
    window_days=90,
    phrase=Phrase(
        "{value} tickets have waited more than a day for our first answer (typical account: {comparison})",
        "{value} tickets llevan más de un día esperando nuestra primera respuesta (cuenta típica: {comparison})",
        "one ticket has waited more than a day for our first answer (typical account: {comparison})",
        "un ticket lleva más de un día esperando nuestra primera respuesta (cuenta típica: {comparison})",
    ),
    tells=("first_response_at",),
    evidence=_waiting,
    actionable=True,
)
def unanswered_tickets_90d(rows: ibis.Table) -> ibis.Value:
    """Tickets opened on the day before yesterday or earlier, neither answered nor solved before as_of."""
    return rows.count(where=_waiting(rows))


@_tickets(
    window_days=180,
    unit="hours",
    direction=1,
    empty=None,
    missing="no ticket of 180 days was solved",
    phrase=Phrase(
        "tickets are solved within {value} hours on average (typical account: {comparison})",
        "los tickets se resuelven en {value} horas de media (cuenta típica: {comparison})",
        "tickets are solved within one hour on average (typical account: {comparison})",
        "los tickets se resuelven en una hora de media (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & happened(rows, rows.resolved_at),
    evidence_at="resolved_at",
    actionable=True,
)
def resolution_hours_180d(rows: ibis.Table) -> ibis.Value:
    """Mean hours from opening to solution, of the tickets opened and solved."""
    solved = (rows.age <= 180) & happened(rows, rows.resolved_at)
    return mean(_taken(rows, rows.resolved_at), where=solved) / SECONDS_AN_HOUR


@_tickets(
    window_days=180,
    unit="number",
    direction=1,
    empty=None,
    needs_days=120,
    missing="no ticket answered among those opened in the last 90 days or in the 90 before; or tickets reach back less than "
    "120 days",
    phrase=Phrase(
        "our first answer takes {value} times as long as in the 90 days before (typical account: {comparison})",
        "nuestra primera respuesta tarda {value} veces lo que tardaba en los 90 días anteriores (cuenta típica: {comparison})",
        "our first answer takes as long as in the 90 days before (typical account: {comparison})",
        "nuestra primera respuesta tarda lo mismo que en los 90 días anteriores (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & rows.first_response_at.notnull(),
)
def first_response_ratio_90d(rows: ibis.Table) -> ibis.Value:
    """Mean time to our first answer of the tickets of the last 90 days, over that of the 90 days before."""
    seconds = _taken(rows, rows.first_response_at)
    return share(mean(seconds, where=rows.age <= 90), mean(seconds, where=rows.age.between(91, 180)))


@_tickets(
    window_days=365,
    unit="score",
    direction=-1,
    empty=None,
    needs_days=270,
    missing="no ticket rated among those opened in the last 180 days or in the 185 before; or tickets reach back less than 270 "
    "days",
    phrase=Phrase(
        "the rating of their tickets {value} in half a year (typical account: {comparison})",
        "la valoración de sus tickets {value} en medio año (cuenta típica: {comparison})",
        amount=Amount(
            Forms("rose by {n} points", "fell by {n} points", "did not change", "rose by one point", "fell by one point"),
            Forms("subió {n} puntos", "bajó {n} puntos", "no cambió", "subió un punto", "bajó un punto"),
        ),
    ),
    evidence=lambda rows: rows.csat.notnull(),
)
def ticket_csat_change_180d(rows: ibis.Table) -> ibis.Value:
    """Mean rating of the tickets of the last 180 days, minus that of the 185 days before."""
    return mean(rows.csat, where=rows.age <= 180) - mean(rows.csat, where=rows.age.between(181, 365))
