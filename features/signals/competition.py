"""Competition: rivals in their words, and signs of packing."""

from functools import partial

import ibis

from features.exact import change, said, total
from features.forms import AGO, THEY_ROSE, Amount, Forms
from features.signal import Phrase, signal
from features.views import TEXTS, USAGE_FEATURES

NO_TEXTS = "no texts from any source before as_of"
NO_LOG = "no usage log, or nothing of this account in it"

_competition = partial(signal, family="competition")
_texts = partial(_competition, view=TEXTS, missing=NO_TEXTS)


def _rival(rows: ibis.Table) -> ibis.Value:
    return said(rows.competitive)


def _export(rows: ibis.Table) -> ibis.Value:
    return rows.feature.lower().contains("export")


@_texts(
    window_days=90,
    unit="count",
    direction=1,
    phrase=Phrase(
        "{value} texts of the last 90 days name or weigh a rival (typical account: {comparison})",
        "{value} textos de los últimos 90 días nombran a un competidor o nos comparan con él (cuenta típica: {comparison})",
        "one text of the last 90 days names or weighs a rival (typical account: {comparison})",
        "un texto de los últimos 90 días nombra a un competidor o nos compara con él (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & _rival(rows),
)
def competitive_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly name or weigh a rival."""
    return rows.count(where=(rows.age <= 90) & _rival(rows))


@_texts(
    window_days=90,
    unit="count",
    direction=1,
    phrase=Phrase(
        "{value} of the customer's own texts of the last 90 days name or weigh a rival (typical account: {comparison})",
        "{value} textos del cliente de los últimos 90 días nombran a un competidor o nos comparan con él "
        "(cuenta típica: {comparison})",
        "one of the customer's own texts of the last 90 days names or weighs a rival (typical account: {comparison})",
        "un texto del cliente de los últimos 90 días nombra a un competidor o nos compara con él (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & (rows.side == "customer") & _rival(rows),
)
def competitive_own_words_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer alone that clearly name or weigh a rival."""
    return rows.count(where=(rows.age <= 90) & (rows.side == "customer") & _rival(rows))


@_texts(
    window_days=90,
    unit="score",
    direction=1,
    phrase=Phrase(
        "the clearest hint at a rival in 90 days is rated {value} on a scale of 0 to 1 (typical account: {comparison})",
        "la alusión más clara a un competidor en 90 días puntúa {value} en una escala de 0 a 1 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & rows.competitive.between(0.01, 1.0),
)
def competitive_strength_90d(rows: ibis.Table) -> ibis.Value:
    """The strongest competitive reading of any text, from 0 to 1; a text is a hit from 0.5 on."""
    return rows.competitive.max(where=(rows.age <= 90) & rows.competitive.between(0.0, 1.0))


@_texts(
    window_days=180,
    unit="flag",
    direction=1,
    phrase=Phrase(
        "nobody has said that a contract with a rival is signed ({comparison})",
        "nadie ha dicho que haya un contrato firmado con un competidor ({comparison})",
        "a contract with a rival is said to be signed ({comparison})",
        "se ha dicho que hay un contrato firmado con un competidor ({comparison})",
        amount=Amount(
            Forms("in most accounts somebody has", zero="in most accounts nobody has"),
            Forms("en la mayoría de las cuentas sí se ha dicho", zero="en la mayoría de las cuentas no se ha dicho"),
        ),
    ),
    evidence=lambda rows: (rows.age <= 180) & said(rows.rival_signed),
)
def rival_signed(rows: ibis.Table) -> ibis.Value:
    """1 when a text of the customer, or a note of ours, clearly says that a rival's contract is signed, else 0."""
    return rows.count(where=(rows.age <= 180) & said(rows.rival_signed)) > 0


@_texts(
    window_days=182,
    unit="days",
    direction=-1,
    empty=182.0,
    phrase=Phrase(
        "a rival last came up {value} (typical account: {comparison})",
        "se habló de un competidor por última vez {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=_rival,
)
def days_since_competitive_hit(rows: ibis.Table) -> ibis.Value:
    """Days since a text last clearly named or weighed a rival; 182 when none did in 182 days."""
    return rows.age.min(where=_rival(rows))


@_competition(
    view=USAGE_FEATURES,
    window_days=28,
    unit="count",
    direction=0,
    missing=NO_LOG,
    phrase=Phrase(
        "{value} data exports in 28 days (typical account: {comparison})",
        "{value} exportaciones de datos en 28 días (cuenta típica: {comparison})",
        "one data export in 28 days (typical account: {comparison})",
        "una exportación de datos en 28 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 28) & _export(rows),
)
def export_use_28d(rows: ibis.Table) -> ibis.Value:
    """Quantity of the features that export data: routine for some, packing for others."""
    return total(rows.quantity, where=(rows.age <= 28) & _export(rows))


@_competition(
    view=USAGE_FEATURES,
    window_days=56,
    unit="change",
    direction=0,
    empty=None,
    needs_days=56,
    missing=f"{NO_LOG}; or it reaches back less than 56 days, or nothing was exported in the 28 days before",
    phrase=Phrase(
        "data exports {value} against the 28 days before (typical account: {comparison})",
        "las exportaciones de datos {value} frente a los 28 días anteriores (cuenta típica: {comparison})",
        amount=THEY_ROSE,
    ),
    evidence=lambda rows: (rows.age <= 56) & _export(rows),
)
def export_use_change(rows: ibis.Table) -> ibis.Value:
    """Exports of the last 28 days over those of the 28 days before, minus 1."""
    before = total(rows.quantity, where=rows.age.between(29, 56) & _export(rows))
    return change(total(rows.quantity, where=(rows.age <= 28) & _export(rows)), before)
