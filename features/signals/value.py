"""Value: whether they reach what they bought it for, and whether anybody shows them."""

from functools import partial

import ibis

from features.exact import days_since, happened, past, said, share
from features.forms import AGO
from features.signal import Phrase, signal
from features.views import GOALS, GOALS_USED, MEETINGS, TEXTS, USAGE_FEATURES

NO_GOALS = "no goals from this source before as_of"
NO_MEETINGS = "no meetings from this source before as_of"

_value = partial(signal, family="value")
_goals = partial(_value, view=GOALS, missing=NO_GOALS)


def _overdue(rows: ibis.Table) -> ibis.Value:
    return happened(rows, rows.due_at) & ~happened(rows, rows.met_at)


def _reviewed(rows: ibis.Table) -> ibis.Value:
    return (rows.kind == "value_review") & (rows.status == "held")


@_goals(
    unit="share",
    direction=-1,
    empty=None,
    missing="no goal was agreed",
    phrase=Phrase(
        "{value} of the agreed goals are met (typical account: {comparison})",
        "se ha cumplido el {value} de los objetivos acordados (cuenta típica: {comparison})",
    ),
    tells=("met_at",),
    evidence=lambda rows: rows.age >= 1,
)
def goals_met_share(rows: ibis.Table) -> ibis.Value:
    """Goals met over all goals ever agreed."""
    return share(rows.count(where=(rows.age >= 1) & happened(rows, rows.met_at)), rows.count(where=rows.age >= 1))


@_goals(
    unit="count",
    direction=1,
    phrase=Phrase(
        "{value} goals past their date and not met (typical account: {comparison})",
        "{value} objetivos vencidos sin cumplir (cuenta típica: {comparison})",
        "one goal past its date and not met (typical account: {comparison})",
        "un objetivo vencido sin cumplir (cuenta típica: {comparison})",
    ),
    tells=("due_at", "met_at"),
    evidence=_overdue,
    evidence_at="due_at",
    actionable=True,
)
def goals_overdue(rows: ibis.Table) -> ibis.Value:
    """Goals whose date lies before as_of and that are not met."""
    return rows.count(where=_overdue(rows))


@_goals(
    window_days=28,
    unit="count",
    direction=1,
    phrase=Phrase(
        "{value} goals fell due in 28 days and are not met (typical account: {comparison})",
        "{value} objetivos vencieron en los últimos 28 días sin cumplirse (cuenta típica: {comparison})",
        "one goal fell due in 28 days and is not met (typical account: {comparison})",
        "un objetivo venció en los últimos 28 días sin cumplirse (cuenta típica: {comparison})",
    ),
    tells=("due_at", "met_at"),
    evidence=lambda rows: _overdue(rows) & past(rows, rows.due_at, 28),
    evidence_at="due_at",
)
def goals_missed_28d(rows: ibis.Table) -> ibis.Value:
    """Goals whose date lies in the last 28 days and that are not met."""
    return rows.count(where=_overdue(rows) & past(rows, rows.due_at, 28))


@_goals(
    window_days=365,
    unit="days",
    direction=1,
    empty=None,
    missing="no goal met within a year, or no goals from this source before as_of",
    phrase=Phrase(
        "the last goal was met {value} (typical account: {comparison})",
        "el último objetivo se cumplió {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    tells=("met_at",),
    evidence=lambda rows: past(rows, rows.met_at, 365),
    evidence_at="met_at",
)
def days_since_goal_met(rows: ibis.Table) -> ibis.Value:
    """Days since a goal was last met, within a year."""
    return days_since(rows, rows.met_at).min(where=past(rows, rows.met_at, 365))


@_goals(
    window_days=365,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "{value} goals met within a year (typical account: {comparison})",
        "{value} objetivos cumplidos en un año (cuenta típica: {comparison})",
        "one goal met within a year (typical account: {comparison})",
        "un objetivo cumplido en un año (cuenta típica: {comparison})",
    ),
    tells=("met_at",),
    evidence=lambda rows: past(rows, rows.met_at, 365),
    evidence_at="met_at",
)
def goals_met_365d(rows: ibis.Table) -> ibis.Value:
    """Goals met."""
    return rows.count(where=past(rows, rows.met_at, 365))


@_value(
    view=MEETINGS,
    window_days=365,
    unit="count",
    direction=-1,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "{value} value reviews held in a year (typical account: {comparison})",
        "{value} revisiones de valor en un año (cuenta típica: {comparison})",
        "one value review held in a year (typical account: {comparison})",
        "una revisión de valor en un año (cuenta típica: {comparison})",
    ),
    tells=("status",),
    evidence=_reviewed,
    actionable=True,
)
def value_reviews_365d(rows: ibis.Table) -> ibis.Value:
    """Value reviews that took place."""
    return rows.count(where=_reviewed(rows))


@_value(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts of the last 90 days doubt the value (typical account: {comparison})",
        "{value} textos de los últimos 90 días dudan del valor (cuenta típica: {comparison})",
        "one text of the last 90 days doubts the value (typical account: {comparison})",
        "un texto de los últimos 90 días duda del valor (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.value_doubt),
)
def value_doubt_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly doubt what they get out of it."""
    return rows.count(where=(rows.age <= 90) & said(rows.value_doubt))


@_value(
    view=USAGE_FEATURES,
    window_days=84,
    unit="count",
    direction=1,
    empty=None,
    missing="no usage log, or nothing of this account in 84 days",
    phrase=Phrase(
        "{value} core features not used in 12 weeks (typical account: {comparison})",
        "{value} funciones clave sin usar en 12 semanas (cuenta típica: {comparison})",
        "one core feature not used in 12 weeks (typical account: {comparison})",
        "una función clave sin usar en 12 semanas (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.quantity > 0,
    actionable=True,
)
def core_unused(rows: ibis.Table) -> ibis.Value:
    """Core features there are, less those used."""
    return rows.core_count.max() - rows.feature.nunique(where=rows.core & (rows.quantity > 0))


@_value(
    view=MEETINGS,
    window_days=365,
    unit="days",
    direction=1,
    empty=365.0,
    missing=NO_MEETINGS,
    phrase=Phrase(
        "a value review was last held {value} (typical account: {comparison})",
        "la última revisión de valor fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    tells=("status",),
    evidence=_reviewed,
    actionable=True,
)
def days_since_value_review(rows: ibis.Table) -> ibis.Value:
    """Days since a value review was held; 365 when none was in 365 days."""
    return rows.age.min(where=_reviewed(rows))


@_value(
    view=GOALS_USED,
    unit="share",
    direction=-1,
    empty=None,
    missing="no agreed goal names a feature, or the usage log does not cover the account",
    phrase=Phrase(
        "{value} of the features that answer their goals are in use (typical account: {comparison})",
        "está en uso el {value} de las funciones que responden a sus objetivos (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age >= 1) & rows.feature.notnull(),
    actionable=True,
)
def goal_features_used_share(rows: ibis.Table) -> ibis.Value:
    """Of the features that the agreed goals name: those used within 84 days: whether they use what they bought it for."""
    named = (rows.age >= 1) & rows.feature.notnull()
    return share(rows.feature.nunique(where=named & rows.used), rows.feature.nunique(where=named))
