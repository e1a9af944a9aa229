"""Engagement over time: who stops coming, stops answering and goes quiet, each by the account's own past."""

from functools import partial

import ibis

from features.exact import change, gaps_passed, share
from features.forms import AGO, IT_ROSE
from features.signal import Phrase, signal
from features.signals.engagement import LEARNING, NO_MEETINGS, NO_MESSAGES, missed
from features.views import MEETINGS, MESSAGES

RHYTHM_DAYS = 4  # with messages on fewer days there is no usual gap

_meetings = partial(signal, family="engagement", view=MEETINGS, tells=("status",))
_messages = partial(signal, family="engagement", view=MESSAGES)
_recent = partial(_meetings, window_days=365, unit="days", direction=1, empty=365.0, missing=NO_MEETINGS)


def _held(rows: ibis.Table) -> ibis.Value:
    return rows.status == "held"


def _since_they_wrote(rows: ibis.Table) -> ibis.Value:
    """Of single rows: our mails and calls of the days after the customer's last, notes left out."""
    last = rows.age.min(where=rows.direction == "in").over(ibis.window(group_by=["account_id", "as_of"]))
    # one expression: as a conjunct, "ours" would be filtered first and hide the customer's messages from the window
    return ibis.ifelse(last.isnull() | (rows.age < last), _ours(rows), ibis.literal(False))


def _ours(rows: ibis.Table) -> ibis.Value:
    return (rows.direction == "out") & (rows.channel != "note").fill_null(True)


@_meetings(
    window_days=365,
    unit="count",
    direction=1,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "{value} business reviews missed, declined or cancelled by the customer in a year (typical account: {comparison})",
        "{value} revisiones de negocio a las que el cliente faltó o que rechazó o canceló en un año "
        "(cuenta típica: {comparison})",
        "one business review missed, declined or cancelled by the customer in a year (typical account: {comparison})",
        "una revisión de negocio a la que el cliente faltó o que rechazó o canceló en un año (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.kind == "qbr") & missed(rows),
)
def qbrs_missed_365d(rows: ibis.Table) -> ibis.Value:
    """Business reviews (QBRs) that the customer missed, declined or cancelled."""
    return rows.count(where=(rows.kind == "qbr") & missed(rows))


@_meetings(
    window_days=180,
    unit="share",
    direction=1,
    empty=None,
    missing=f"{NO_MEETINGS}, or none of 180 days was held or missed",
    phrase=Phrase(
        "{value} of the meetings of 180 days were missed, declined or cancelled by the customer (typical account: {comparison})",
        "el cliente no acudió al {value} de las reuniones de 180 días, o las rechazó o canceló (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & missed(rows),
)
def meetings_missed_share_180d(rows: ibis.Table) -> ibis.Value:
    """Meetings that the customer missed, declined or cancelled, over those and the ones held."""
    near = rows.age <= 180
    return share(rows.count(where=near & missed(rows)), rows.count(where=near & (missed(rows) | _held(rows))))


@_recent(
    phrase=Phrase(
        "a meeting was last held {value} (typical account: {comparison})",
        "la última reunión celebrada fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=_held,
    actionable=True,
)
def days_since_meeting(rows: ibis.Table) -> ibis.Value:
    """Days since a meeting of any kind was held; 365 when none was in 365 days."""
    return rows.age.min(where=_held(rows))


@_recent(
    phrase=Phrase(
        "a training, office hour or webinar was last attended {value} (typical account: {comparison})",
        "la última formación, sesión de consulta o webinar con asistencia del cliente fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=lambda rows: rows.kind.isin(LEARNING) & _held(rows),
    actionable=True,
)
def days_since_training(rows: ibis.Table) -> ibis.Value:
    """Days since a training, office hour or webinar took place with the customer; 365 when none did in 365 days."""
    return rows.age.min(where=rows.kind.isin(LEARNING) & _held(rows))


@_messages(
    window_days=180,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=180,
    missing=f"{NO_MESSAGES}; or they reach back less than 180 days, or the customer wrote nothing in the earlier part",
    phrase=Phrase(
        "the number of the customer's messages {value} against the 90 days before (typical account: {comparison})",
        "el número de mensajes del cliente {value} frente a los 90 días anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: (rows.age <= 180) & (rows.direction == "in"),
)
def messages_change_90d(rows: ibis.Table) -> ibis.Value:
    """Mails and calls from the customer in the last 90 days over those of the 90 days before, minus 1."""
    theirs = rows.direction == "in"
    return change(rows.count(where=theirs & (rows.age <= 90)), rows.count(where=theirs & rows.age.between(91, 180)))


@_messages(
    window_days=182,
    unit="number",
    direction=1,
    empty=None,
    missing=f"{NO_MESSAGES}, or the customer wrote on fewer than {RHYTHM_DAYS} days of 182",
    phrase=Phrase(
        "the customer has been silent for {value} times the usual gap between messages (typical account: {comparison})",
        "el cliente lleva en silencio {value} veces su intervalo habitual entre mensajes (cuenta típica: {comparison})",
        "the customer has been silent for the usual gap between messages (typical account: {comparison})",
        "el cliente lleva en silencio su intervalo habitual entre mensajes (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.direction == "in",
)
def silent_gaps_182d(rows: ibis.Table) -> ibis.Value:
    """Days since the customer wrote or called, over the account's own mean gap between days with messages."""
    return gaps_passed(rows.age, where=rows.direction == "in", at_least=RHYTHM_DAYS)


@_messages(
    window_days=182,
    unit="count",
    direction=1,
    missing=NO_MESSAGES,
    phrase=Phrase(
        "{value} messages of ours since the customer last wrote (typical account: {comparison})",
        "{value} mensajes nuestros desde el último del cliente (cuenta típica: {comparison})",
        "one message of ours since the customer last wrote (typical account: {comparison})",
        "un mensaje nuestro desde el último del cliente (cuenta típica: {comparison})",
    ),
    evidence=_since_they_wrote,
    actionable=True,
)
def messages_unanswered(rows: ibis.Table) -> ibis.Value:
    """Our mails and calls on the days after the customer's last one; all of 182 days when there is none."""
    ours = rows.age.collect(where=_ours(rows))
    last = rows.age.min(where=rows.direction == "in")
    return ours.filter(lambda age: last.isnull() | (age < last)).length()
