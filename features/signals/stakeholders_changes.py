"""Stakeholders as they come and go: leaders who left or were replaced, champions there, and how recent the change is."""

from functools import partial

import ibis

from features.exact import days_since, past
from features.forms import AGO, Amount, Forms
from features.people import KEY_ROLES, LEADERS, there, took_over
from features.signal import Phrase, signal
from features.signals.stakeholders import NO_CONTACTS, NOBODY
from features.views import CONTACTS

_changes = partial(signal, family="stakeholders", view=CONTACTS)
_leaving = partial(_changes, window_days=180, direction=1, missing=NO_CONTACTS, tells=("ended_at",), evidence_at="ended_at")


def _left(rows: ibis.Table, roles: tuple[str, ...]) -> ibis.Value:
    return rows.role.isin(roles) & past(rows, rows.ended_at, 180)


@_leaving(
    unit="flag",
    phrase=Phrase(
        "no decision maker or sponsor left in 180 days ({comparison})",
        "ningún responsable o patrocinador se fue en los últimos 180 días ({comparison})",
        "a decision maker or sponsor left within 180 days ({comparison})",
        "un responsable o patrocinador se fue en los últimos 180 días ({comparison})",
        amount=Amount(
            Forms("most accounts lost one", zero="most accounts lost none"),
            Forms("la mayoría de las cuentas perdió alguno", zero="la mayoría de las cuentas no perdió ninguno"),
        ),
    ),
    evidence=lambda rows: _left(rows, LEADERS),
)
def leader_left_180d(rows: ibis.Table) -> ibis.Value:
    """1 when a decision maker or executive sponsor left the role, else 0."""
    return rows.count(where=_left(rows, LEADERS)) > 0


@_leaving(
    unit="flag",
    phrase=Phrase(
        "the decision maker was not replaced in 180 days ({comparison})",
        "el responsable no fue sustituido en los últimos 180 días ({comparison})",
        "the decision maker was replaced within 180 days ({comparison})",
        "el responsable fue sustituido en los últimos 180 días ({comparison})",
        amount=Amount(
            Forms("in most accounts this happened", zero="in most accounts this did not happen"),
            Forms("en la mayoría de las cuentas sí ocurrió", zero="en la mayoría de las cuentas no ocurrió"),
        ),
    ),
    evidence=lambda rows: (rows.role == "decision_maker") & (past(rows, rows.ended_at, 180) | there(rows)),
)
def decision_maker_replaced_180d(rows: ibis.Table) -> ibis.Value:
    """1 when a decision maker left the role and somebody holds it now, else 0."""
    held = rows.count(where=there(rows) & (rows.role == "decision_maker")) > 0
    return held & (rows.count(where=_left(rows, ("decision_maker",))) > 0)


@_leaving(
    unit="count",
    phrase=Phrase(
        "{value} of their people left a role in 180 days (typical account: {comparison})",
        "{value} personas del cliente dejaron su función en 180 días (cuenta típica: {comparison})",
        "one of their people left a role in 180 days (typical account: {comparison})",
        "una persona del cliente dejó su función en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: past(rows, rows.ended_at, 180),
)
def people_left_180d(rows: ibis.Table) -> ibis.Value:
    """Different people who left a role of any kind."""
    return rows.contact_id.nunique(where=past(rows, rows.ended_at, 180))


@_changes(
    unit="count",
    direction=-1,
    empty=None,
    missing=NOBODY,
    phrase=Phrase(
        "{value} champions stand for us (typical account: {comparison})",
        "{value} promotores nos respaldan (cuenta típica: {comparison})",
        "one champion stands for us (typical account: {comparison})",
        "un promotor nos respalda (cuenta típica: {comparison})",
        en_zero="no champion stands for us (typical account: {comparison})",
        es_zero="ningún promotor nos respalda (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: there(rows) & (rows.role == "champion"),
)
def champions_there(rows: ibis.Table) -> ibis.Value:
    """Different people who are champion at as_of."""
    return rows.contact_id.nunique(where=there(rows) & (rows.role == "champion"))


@_changes(
    window_days=365,
    unit="days",
    direction=-1,
    empty=365.0,
    missing=NO_CONTACTS,
    phrase=Phrase(
        "champions, decision makers or sponsors last changed {value} (typical account: {comparison})",
        "el último cambio de promotores, responsables o patrocinadores fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    tells=("ended_at",),
    evidence=lambda rows: rows.role.isin(KEY_ROLES) & (rows.age.between(1, 365) | past(rows, rows.ended_at, 365)),
    evidence_at="ended_at",
)
def days_since_people_change(rows: ibis.Table) -> ibis.Value:
    """Days since a champion, decision maker or sponsor last left, or came more than 30 days after the account began; 365 when
    none did in 365 days.
    """
    key = rows.role.isin(KEY_ROLES)
    came = rows.age.min(where=key & took_over(rows) & rows.age.between(1, 365))
    return ibis.least(came, days_since(rows, rows.ended_at).min(where=key & past(rows, rows.ended_at, 365)))
