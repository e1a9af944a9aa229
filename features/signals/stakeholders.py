"""Stakeholders: who stands for us on their side, who left, who is new, and how many threads hold."""

from functools import partial

import ibis

from features.exact import days_since, past, said
from features.forms import AGO, Amount, Forms
from features.people import LEADERS, there, took_over
from features.signal import Phrase, signal
from features.views import CONTACTS, MEETINGS, MESSAGES, TEXTS

NO_CONTACTS = "no contacts from this source before as_of"
NOBODY = "nobody of this account is on record"
THREADS = 3  # fewer people than this: the relationship hangs on too few
AT_THE_TOP = ("executive", "qbr", "value_review")

_stakeholders = partial(signal, family="stakeholders")
_champions = partial(_stakeholders, view=CONTACTS, tells=("ended_at",))
_people = partial(_stakeholders, view=CONTACTS, empty=None, missing=NOBODY)


def _champion_left(rows: ibis.Table, days: int) -> ibis.Value:
    return (rows.role == "champion") & past(rows, rows.ended_at, days)


@_champions(
    window_days=180,
    unit="days",
    direction=0,
    empty=None,
    missing=f"no champion left within 180 days, or {NO_CONTACTS}",
    phrase=Phrase("a champion left {value}", "un promotor se fue {value}", amount=AGO),
    evidence=lambda rows: _champion_left(rows, 180),
    evidence_at="ended_at",
)
def champion_left_days(rows: ibis.Table) -> ibis.Value:
    """Days since a champion last left the role, within 180 days."""
    return days_since(rows, rows.ended_at).min(where=_champion_left(rows, 180))


@_champions(
    window_days=180,
    unit="flag",
    direction=1,
    missing=NO_CONTACTS,
    phrase=Phrase(
        "no champion left in 180 days ({comparison})",
        "ningún promotor se fue en los últimos 180 días ({comparison})",
        "a champion left within 180 days ({comparison})",
        "un promotor se fue en los últimos 180 días ({comparison})",
        amount=Amount(
            Forms("most accounts lost one", zero="most accounts lost none"),
            Forms("la mayoría de las cuentas perdió alguno", zero="la mayoría de las cuentas no perdió ninguno"),
        ),
    ),
    evidence=lambda rows: _champion_left(rows, 180),
    evidence_at="ended_at",
)
def champion_left_180d(rows: ibis.Table) -> ibis.Value:
    """1 when a champion left the role, else 0."""
    return rows.count(where=_champion_left(rows, 180)) > 0


@_people(
    unit="flag",
    direction=1,
    phrase=Phrase(
        "three people or more hold the relationship ({comparison})",
        "la relación se apoya en tres personas o más ({comparison})",
        "fewer than three people hold the relationship ({comparison})",
        "la relación se apoya en menos de tres personas ({comparison})",
        amount=Amount(
            Forms("in most accounts fewer than three do", zero="in most accounts three or more do"),
            Forms("en la mayoría de las cuentas son menos de tres", zero="en la mayoría de las cuentas son tres o más"),
        ),
    ),
    evidence=lambda rows: rows.age >= 1,
    actionable=True,
)
def single_threaded(rows: ibis.Table) -> ibis.Value:
    """1 when fewer than three different people hold a role at as_of, else 0."""
    return rows.contact_id.nunique(where=there(rows)) < THREADS


@_people(
    unit="count",
    direction=-1,
    phrase=Phrase(
        "{value} kinds of role are filled on their side (typical account: {comparison})",
        "el cliente tiene cubiertos {value} tipos de función (cuenta típica: {comparison})",
        "one kind of role is filled on their side (typical account: {comparison})",
        "el cliente tiene cubierto un solo tipo de función (cuenta típica: {comparison})",
    ),
    evidence=there,
    actionable=True,
)
def roles_covered(rows: ibis.Table) -> ibis.Value:
    """Different roles that somebody holds at as_of, from end user to executive sponsor."""
    return rows.role.nunique(where=there(rows))


@_people(
    unit="flag",
    direction=-1,
    phrase=Phrase(
        "there is no executive sponsor ({comparison})",
        "no hay patrocinador ejecutivo ({comparison})",
        "there is an executive sponsor ({comparison})",
        "hay un patrocinador ejecutivo ({comparison})",
        amount=Amount(
            Forms("most accounts have one", zero="most accounts have none"),
            Forms("la mayoría de las cuentas tiene uno", zero="la mayoría de las cuentas no tiene"),
        ),
    ),
    evidence=lambda rows: rows.role == "executive_sponsor",
    actionable=True,
)
def sponsor_present(rows: ibis.Table) -> ibis.Value:
    """1 when somebody is executive sponsor at as_of, else 0."""
    return rows.count(where=there(rows) & (rows.role == "executive_sponsor")) > 0


@_stakeholders(
    view=CONTACTS,
    window_days=180,
    unit="count",
    direction=1,
    missing=NO_CONTACTS,
    phrase=Phrase(
        "{value} decision makers or sponsors are new within 180 days (typical account: {comparison})",
        "{value} responsables o patrocinadores nuevos en 180 días (cuenta típica: {comparison})",
        "one decision maker or sponsor is new within 180 days (typical account: {comparison})",
        "un responsable o patrocinador nuevo en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.role.isin(LEADERS) & rows.age.between(1, 180),
)
def new_leaders_180d(rows: ibis.Table) -> ibis.Value:
    """Decision makers and executive sponsors whose role began, and more than 30 days after the account did."""
    return rows.count(where=rows.role.isin(LEADERS) & rows.age.between(1, 180) & took_over(rows))


@_stakeholders(
    view=MESSAGES,
    window_days=90,
    unit="count",
    direction=-1,
    missing="no messages from this source before as_of",
    phrase=Phrase(
        "{value} people of theirs wrote to us in 90 days (typical account: {comparison})",
        "{value} personas del cliente nos escribieron en 90 días (cuenta típica: {comparison})",
        "one person of theirs wrote to us in 90 days (typical account: {comparison})",
        "una sola persona del cliente nos escribió en 90 días (cuenta típica: {comparison})",
    ),
    tells=("contact_id",),
    evidence=lambda rows: (rows.age <= 90) & (rows.direction == "in") & rows.contact_id.notnull(),
    actionable=True,
)
def active_contacts_90d(rows: ibis.Table) -> ibis.Value:
    """Different people who wrote or called."""
    return rows.contact_id.nunique(where=(rows.age <= 90) & (rows.direction == "in"))


@_stakeholders(
    view=MEETINGS,
    window_days=365,
    unit="days",
    direction=1,
    empty=365.0,
    missing="no meetings from this source before as_of",
    phrase=Phrase(
        "last met at the top {value} (typical account: {comparison})",
        "última reunión con la dirección {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    tells=("status",),
    evidence=lambda rows: rows.kind.isin(AT_THE_TOP) & (rows.status == "held"),
    actionable=True,
)
def days_since_top_meeting(rows: ibis.Table) -> ibis.Value:
    """Days since an executive meeting, QBR or value review was held; 365 when none was in 365 days."""
    return rows.age.min(where=rows.kind.isin(AT_THE_TOP) & (rows.status == "held"))


@_stakeholders(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts of the last 90 days tell of people leaving or changing (typical account: {comparison})",
        "{value} textos de los últimos 90 días hablan de personas que se van o cambian (cuenta típica: {comparison})",
        "one text of the last 90 days tells of somebody leaving or changing (typical account: {comparison})",
        "un texto de los últimos 90 días habla de alguien que se va o cambia (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.stakeholder),
)
def stakeholder_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly tell of a change of people."""
    return rows.count(where=(rows.age <= 90) & said(rows.stakeholder))
