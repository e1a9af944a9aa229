"""Stakeholders as they are heard and met: champions who answer late or fall silent, leaders never seen, users who stop."""

from functools import partial

import ibis

from features.exact import before_and_now, change, gaps_passed, past, share
from features.forms import AGO, IT_ROSE, Amount, Forms
from features.people import KEY_ROLES, LEADERS, REGULAR_DAYS, regular, silent, there, took_over
from features.signal import Phrase, signal
from features.signals.engagement import NO_MESSAGES
from features.views import CHAMPION_MESSAGES, MESSAGES, PEOPLE, USAGE_PEOPLE, WRITERS

NEVER = 365  # days: not heard or met within a year

_stakeholders = partial(signal, family="stakeholders")
_seen = partial(_stakeholders, view=PEOPLE, window_days=365, unit="days", direction=1, empty=None, needs_days=30)
_champion = partial(_stakeholders, view=CHAMPION_MESSAGES, unit="number", direction=1, empty=None)


def _last_seen(rows: ibis.Table, roles: tuple[str, ...]) -> ibis.Value:
    held = there(rows) & rows.role.isin(roles)
    days = rows.seen.min(where=held).fill_null(NEVER)
    return ibis.ifelse(rows.count(where=held) > 0, days, ibis.null("int64"))


def _new(rows: ibis.Table) -> ibis.Value:
    return there(rows) & rows.role.isin(KEY_ROLES) & (rows.age <= 180) & took_over(rows)


def _met(rows: ibis.Table) -> ibis.Value:
    return (rows.seen <= rows.age).fill_null(False)


@_seen(
    missing=f"no champion is there, no contacts from this source, or {NO_MESSAGES}",
    phrase=Phrase(
        "the champion was last heard or met {value} (typical account: {comparison})",
        "el último contacto con el promotor fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=lambda rows: there(rows) & (rows.role == "champion"),
)
def days_since_champion_heard(rows: ibis.Table) -> ibis.Value:
    """Days since a champion wrote, called or was in a meeting that was held; 365 when none did in 365 days."""
    return _last_seen(rows, ("champion",))


@_seen(
    missing=f"no decision maker or sponsor is there, no contacts from this source, or {NO_MESSAGES}",
    phrase=Phrase(
        "a decision maker or sponsor was last heard or met {value} (typical account: {comparison})",
        "el último contacto con un responsable o patrocinador fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=lambda rows: there(rows) & rows.role.isin(LEADERS),
    actionable=True,
)
def days_since_leader_heard(rows: ibis.Table) -> ibis.Value:
    """Days since a decision maker or executive sponsor wrote, called or was in a meeting that was held; 365 when none did in
    365 days: the buyer who delegated.
    """
    return _last_seen(rows, LEADERS)


@_stakeholders(
    view=PEOPLE,
    window_days=180,
    unit="count",
    direction=1,
    missing=f"no contacts from this source, or {NO_MESSAGES}",
    phrase=Phrase(
        "{value} new champions, decision makers or sponsors not met yet (typical account: {comparison})",
        "{value} promotores, responsables o patrocinadores nuevos aún sin contacto (cuenta típica: {comparison})",
        "one new champion, decision maker or sponsor not met yet (typical account: {comparison})",
        "un promotor, responsable o patrocinador nuevo aún sin contacto (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: there(rows) & rows.role.isin(KEY_ROLES) & (rows.age <= 180) & ~_met(rows),
    actionable=True,
)
def newcomers_unmet_180d(rows: ibis.Table) -> ibis.Value:
    """Champions, decision makers and sponsors whose role began, more than 30 days after the account did, and who have not
    been heard or met since.
    """
    return rows.count(where=_new(rows) & ~_met(rows))


@_stakeholders(
    view=PEOPLE,
    window_days=180,
    unit="flag",
    direction=-1,
    empty=None,
    missing=f"no champion left within 180 days, no contacts from this source, or {NO_MESSAGES}",
    phrase=Phrase(
        "a champion left and no successor has been met ({comparison})",
        "se fue un promotor y aún no hay contacto con un sucesor ({comparison})",
        "a champion left and a successor has been met ({comparison})",
        "se fue un promotor y ya hay contacto con un sucesor ({comparison})",
        amount=Amount(
            Forms("in most accounts that lost one we have met one", zero="in most accounts that lost one we have met none"),
            Forms(
                "en la mayoría de las cuentas que perdieron alguno sí lo hay",
                zero="en la mayoría de las cuentas que perdieron alguno no lo hay",
            ),
        ),
    ),
    evidence=lambda rows: (rows.role == "champion") & (past(rows, rows.ended_at, 180) | (there(rows) & _met(rows))),
    evidence_at="ended_at",
    actionable=True,
)
def champion_successor_met(rows: ibis.Table) -> ibis.Value:
    """Of accounts that a champion left: 1 when somebody who is champion now has been heard or met in that role, else 0."""
    left = rows.count(where=(rows.role == "champion") & past(rows, rows.ended_at, 180)) > 0
    met = rows.count(where=(rows.role == "champion") & there(rows) & _met(rows)) > 0
    return ibis.ifelse(left, met.cast("int64"), ibis.null("int64"))


@_champion(
    window_days=182,
    missing=f"no champion is there, or wrote on fewer than {REGULAR_DAYS} days of 182; or {NO_MESSAGES}",
    phrase=Phrase(
        "the champion has been silent for {value} times the usual gap (typical account: {comparison})",
        "el promotor lleva en silencio {value} veces su intervalo habitual (cuenta típica: {comparison})",
        "the champion has been silent for the usual gap (typical account: {comparison})",
        "el promotor lleva en silencio su intervalo habitual (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.direction == "in",
)
def champion_silent_gaps_182d(rows: ibis.Table) -> ibis.Value:
    """Days since the champion wrote or called, over the champion's own mean gap: one who left without anybody recording it."""
    return gaps_passed(rows.age, where=rows.direction == "in", at_least=REGULAR_DAYS)


@_champion(
    window_days=180,
    needs_days=90,
    missing="no champion is there, or the champion's reply times are not known in both parts, or messages reach back less than "
    "90 days",
    phrase=Phrase(
        "the champion takes {value} times as long to answer as before (typical account: {comparison})",
        "el promotor tarda en responder {value} veces lo que tardaba antes (cuenta típica: {comparison})",
        "the champion takes as long to answer as before (typical account: {comparison})",
        "el promotor tarda en responder lo mismo que antes (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & (rows.direction == "in") & rows.reply_hours.notnull(),
)
def champion_reply_ratio(rows: ibis.Table) -> ibis.Value:
    """The champion's mean hours to answer in the last 60 days, over those of the 120 days before."""
    theirs = rows.direction == "in"
    before, now = before_and_now(rows, rows.reply_hours, theirs, recent=60, until=180)
    return share(now, before)


@_stakeholders(
    view=WRITERS,
    window_days=182,
    unit="count",
    direction=1,
    missing=NO_MESSAGES,
    phrase=Phrase(
        "{value} people who wrote regularly have fallen silent (typical account: {comparison})",
        "{value} personas que escribían con regularidad han dejado de hacerlo (cuenta típica: {comparison})",
        "one person who wrote regularly has fallen silent (typical account: {comparison})",
        "una persona que escribía con regularidad ha dejado de hacerlo (cuenta típica: {comparison})",
    ),
    tells=("contact_id",),
    evidence=silent,
)
def silent_writers_182d(rows: ibis.Table) -> ibis.Value:
    """People who wrote or called on four days or more, and not for three of their own usual gaps and more than 14 days."""
    return rows.count(where=silent(rows))


@_stakeholders(
    view=USAGE_PEOPLE,
    window_days=84,
    unit="share",
    direction=1,
    empty=None,
    missing="no usage log, or nobody used it on four days of 84",
    phrase=Phrase(
        "{value} of the regular users have stopped using it (typical account: {comparison})",
        "ha dejado de usarlo el {value} de los usuarios habituales (cuenta típica: {comparison})",
    ),
    tells=("user_id",),
    evidence=silent,
)
def silent_users_share_84d(rows: ibis.Table) -> ibis.Value:
    """Of the people who used it on four days or more: those who have not for three of their own usual gaps and more than 14
    days, though nobody recorded that they left.
    """
    return share(rows.count(where=silent(rows)), rows.count(where=regular(rows)))


@_stakeholders(
    view=MESSAGES,
    window_days=180,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=180,
    missing=f"{NO_MESSAGES}; or they reach back less than 180 days, or nobody wrote in the earlier part",
    phrase=Phrase(
        "the number of people who write to us {value} against the 90 days before (typical account: {comparison})",
        "el número de personas que nos escriben {value} frente a los 90 días anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    tells=("contact_id",),
    evidence=lambda rows: (rows.age <= 180) & (rows.direction == "in") & rows.contact_id.notnull(),
)
def active_contacts_change_90d(rows: ibis.Table) -> ibis.Value:
    """Different people who wrote or called in the last 90 days over those of the 90 days before, minus 1."""
    theirs = rows.direction == "in"
    before = rows.contact_id.nunique(where=theirs & rows.age.between(91, 180))
    return change(rows.contact_id.nunique(where=theirs & (rows.age <= 90)), before)
