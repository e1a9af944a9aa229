"""Usage: how much, by how many, how widely, and where it is heading."""

from functools import partial

import ibis

from features.exact import change, share, total, weighed
from features.forms import AGO, IT_ROSE, THEY_ROSE, Amount, Forms
from features.signal import Phrase, signal
from features.views import USAGE_DAYS, USAGE_FEATURES, USAGE_USERS

NO_LOG = "no usage log, or nothing of this account in it"
SHORT = f"{NO_LOG}; or it reaches back less than twice the window, or nothing was used in the earlier part"
WEEKS = 12
SQUARES = 286.0  # the slope of 12 weekly totals is (11, 9, … -11) . totals / 286, newest week first

_usage = partial(signal, family="usage", missing=NO_LOG)


def _used(rows: ibis.Table, days: int) -> ibis.Value:
    return (rows.age <= days) & (rows.quantity > 0)


def _before(rows: ibis.Table, days: int) -> ibis.Value:
    return rows.age.between(days + 1, 2 * days) & (rows.quantity > 0)


@_usage(
    view=USAGE_DAYS,
    window_days=28,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "{value} uses in the last 28 days (typical account: {comparison})",
        "{value} usos en los últimos 28 días (cuenta típica: {comparison})",
        "one use in the last 28 days (typical account: {comparison})",
        "un uso en los últimos 28 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 28),
)
def events_28d(rows: ibis.Table) -> ibis.Value:
    """Sum of the quantities used."""
    return total(rows.quantity, where=rows.age <= 28)


@_usage(
    view=USAGE_DAYS,
    window_days=7,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "{value} uses in the last 7 days (typical account: {comparison})",
        "{value} usos en los últimos 7 días (cuenta típica: {comparison})",
        "one use in the last 7 days (typical account: {comparison})",
        "un uso en los últimos 7 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 7),
)
def events_7d(rows: ibis.Table) -> ibis.Value:
    """Sum of the quantities used."""
    return total(rows.quantity, where=rows.age <= 7)


@_usage(
    view=USAGE_DAYS,
    window_days=14,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "used on {value} of the last 14 days (typical account: {comparison})",
        "con uso en {value} de los últimos 14 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 14),
)
def active_days_14d(rows: ibis.Table) -> ibis.Value:
    """Days with any use."""
    return rows.age.nunique(where=_used(rows, 14))


@_usage(
    view=USAGE_DAYS,
    window_days=28,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=28,
    missing=f"{NO_LOG}; or it reaches back less than 28 days, or nothing was used in the three weeks before the last",
    phrase=Phrase(
        "use in the last week {value} against the three weeks before (typical account: {comparison})",
        "el uso de la última semana {value} frente a las tres anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _used(rows, 28),
)
def usage_change_7d(rows: ibis.Table) -> ibis.Value:
    """Quantity of the last 7 days over a third of that of the 21 days before, minus 1."""
    return change(3 * total(rows.quantity, where=rows.age <= 7), total(rows.quantity, where=rows.age.between(8, 28)))


@_usage(
    view=USAGE_DAYS,
    window_days=56,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=56,
    missing=SHORT,
    phrase=Phrase(
        "use {value} against the 28 days before (typical account: {comparison})",
        "el uso {value} frente a los 28 días anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _used(rows, 56),
)
def usage_change_28d(rows: ibis.Table) -> ibis.Value:
    """Quantity of the last 28 days over that of the 28 days before, minus 1."""
    return change(total(rows.quantity, where=rows.age <= 28), total(rows.quantity, where=rows.age.between(29, 56)))


@_usage(
    view=USAGE_DAYS,
    window_days=84,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=84,
    missing=f"{NO_LOG}; or it reaches back less than 84 days, or nothing was used in them",
    phrase=Phrase(
        "use {value} over 12 weeks (typical account: {comparison})",
        "el uso {value} en 12 semanas (cuenta típica: {comparison})",
        amount=Amount(
            Forms("rose by {n} a week", "fell by {n} a week", "did not change"),
            Forms("subió un {n} por semana", "cayó un {n} por semana", "no cambió"),
        ),
    ),
    evidence=lambda rows: _used(rows, 84),
)
def usage_slope_84d(rows: ibis.Table) -> ibis.Value:
    """Slope of the 12 weekly totals (least squares), as a share of their mean: -0.1 loses a tenth of the mean each week."""
    weight = 11 - 2 * ((rows.age - 1) // 7)
    slope = total(weighed(rows.quantity, weight), where=rows.age <= 84) / SQUARES
    return share(slope * WEEKS, total(rows.quantity, where=rows.age <= 84))


@_usage(
    view=USAGE_DAYS,
    window_days=182,
    unit="days",
    direction=1,
    empty=182.0,
    phrase=Phrase(
        "last used {value} (typical account: {comparison})", "último uso {value} (cuenta típica: {comparison})", amount=AGO
    ),
    evidence=lambda rows: _used(rows, 182),
)
def days_since_use(rows: ibis.Table) -> ibis.Value:
    """Days since anything was used; 182 when nothing was in 182 days."""
    return rows.age.min(where=_used(rows, 182))


@_usage(
    view=USAGE_DAYS,
    window_days=28,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "used on {value} of the last 28 days (typical account: {comparison})",
        "con uso en {value} de los últimos 28 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 28),
)
def active_days_28d(rows: ibis.Table) -> ibis.Value:
    """Days with any use."""
    return rows.age.nunique(where=_used(rows, 28))


@_usage(
    view=USAGE_USERS,
    window_days=28,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "{value} people used it in the last 28 days (typical account: {comparison})",
        "{value} personas lo usaron en los últimos 28 días (cuenta típica: {comparison})",
        "one person used it in the last 28 days (typical account: {comparison})",
        "una persona lo usó en los últimos 28 días (cuenta típica: {comparison})",
    ),
    tells=("user_id",),
    evidence=lambda rows: _used(rows, 28) & rows.user_id.notnull(),
    actionable=True,
)
def active_users_28d(rows: ibis.Table) -> ibis.Value:
    """Different users with any use."""
    return rows.user_id.nunique(where=_used(rows, 28))


@_usage(
    view=USAGE_USERS,
    window_days=56,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=56,
    missing=SHORT,
    phrase=Phrase(
        "active users {value} against the 28 days before (typical account: {comparison})",
        "los usuarios activos {value} frente a los 28 días anteriores (cuenta típica: {comparison})",
        amount=THEY_ROSE,
    ),
    tells=("user_id",),
    evidence=lambda rows: _used(rows, 56) & rows.user_id.notnull(),
)
def active_users_change_28d(rows: ibis.Table) -> ibis.Value:
    """Active users of the last 28 days over those of the 28 days before, minus 1."""
    return change(rows.user_id.nunique(where=_used(rows, 28)), rows.user_id.nunique(where=_before(rows, 28)))


@_usage(
    view=USAGE_USERS,
    window_days=28,
    unit="share",
    direction=-1,
    empty=None,
    missing=f"{NO_LOG}; or seats are not known, or nothing at all was used in 84 days",
    phrase=Phrase(
        "{value} of the seats bought are used (typical account: {comparison})",
        "se usa el {value} de las licencias compradas (cuenta típica: {comparison})",
    ),
    tells=("user_id",),
    evidence=lambda rows: _used(rows, 28) & rows.user_id.notnull(),
    actionable=True,
)
def seat_use_28d(rows: ibis.Table) -> ibis.Value:
    """Active users over seats bought; above 1 when more people use it than seats were bought."""
    return share(rows.user_id.nunique(where=_used(rows, 28)), rows.seats.max())


@_usage(
    view=USAGE_FEATURES,
    window_days=84,
    unit="share",
    direction=-1,
    phrase=Phrase(
        "{value} of the core features were used in 12 weeks (typical account: {comparison})",
        "se usó el {value} de las funciones clave en 12 semanas (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 84),
    actionable=True,
)
def core_breadth_84d(rows: ibis.Table) -> ibis.Value:
    """Different core features used, over all core features there are."""
    return share(rows.feature.nunique(where=_used(rows, 84) & rows.core), rows.core_count.max())
