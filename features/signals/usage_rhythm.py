"""Usage against the account's own rhythm: its year, its quarter, its weeks, its gaps, and what is new to it."""

from functools import partial

import ibis

from features.exact import change, gaps_passed, share, total
from features.forms import IT_ROSE, Amount, Forms
from features.signal import Phrase, signal
from features.signals.usage import NO_LOG
from features.views import USAGE_DAYS, USAGE_FEATURES, USAGE_YEAR

YEAR_DAYS = 364  # 52 weeks: the same days of the week
RHYTHM_DAYS = 5  # on fewer days of use there is no usual gap

_usage = partial(signal, family="usage", missing=NO_LOG)


def _used(rows: ibis.Table, days: int) -> ibis.Value:
    return (rows.age <= days) & (rows.quantity > 0)


@_usage(
    view=USAGE_YEAR,
    window_days=392,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=392,
    missing=f"{NO_LOG}; or it reaches back less than 392 days, or nothing was used in those weeks of the year before",
    phrase=Phrase(
        "use {value} against the same four weeks a year before (typical account: {comparison})",
        "el uso {value} frente a las mismas cuatro semanas del año anterior (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: rows.quantity > 0,
)
def usage_change_year_28d(rows: ibis.Table) -> ibis.Value:
    """Quantity of the last 28 days over that of the 28 days 364 days earlier, as it was known then, minus 1: a season's dip
    is no decline.
    """
    now = total(rows.quantity, where=rows.age <= YEAR_DAYS)
    return change(now, total(rows.quantity, where=rows.age > YEAR_DAYS))


@_usage(
    view=USAGE_DAYS,
    window_days=168,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=168,
    missing=f"{NO_LOG}; or it reaches back less than 168 days, or nothing was used in the earlier part",
    phrase=Phrase(
        "use {value} against the 12 weeks before (typical account: {comparison})",
        "el uso {value} frente a las 12 semanas anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _used(rows, 168),
)
def usage_change_84d(rows: ibis.Table) -> ibis.Value:
    """Quantity of the last 84 days over that of the 84 days before, minus 1."""
    return change(total(rows.quantity, where=rows.age <= 84), total(rows.quantity, where=rows.age.between(85, 168)))


@_usage(
    view=USAGE_DAYS,
    window_days=84,
    unit="count",
    direction=-1,
    phrase=Phrase(
        "used in {value} of the last 12 weeks (typical account: {comparison})",
        "con uso en {value} de las últimas 12 semanas (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 84),
)
def active_weeks_84d(rows: ibis.Table) -> ibis.Value:
    """Weeks with any use, counted back from as_of."""
    return ((rows.age - 1) // 7).nunique(where=_used(rows, 84))


@_usage(
    view=USAGE_DAYS,
    window_days=182,
    unit="number",
    direction=1,
    empty=None,
    missing=f"{NO_LOG}, or it was used on fewer than {RHYTHM_DAYS} days of 182",
    phrase=Phrase(
        "idle for {value} times its usual gap between days of use (typical account: {comparison})",
        "lleva sin uso {value} veces su intervalo habitual entre días de uso (cuenta típica: {comparison})",
        "idle for its usual gap between days of use (typical account: {comparison})",
        "lleva sin uso su intervalo habitual entre días de uso (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _used(rows, 182),
)
def idle_gaps_182d(rows: ibis.Table) -> ibis.Value:
    """Days since anything was used, over the account's own mean gap between days of use: the weekly and the daily user each
    by their own measure.
    """
    return gaps_passed(rows.age, where=_used(rows, 182), at_least=RHYTHM_DAYS)


@_usage(
    view=USAGE_DAYS,
    window_days=56,
    unit="flag",
    direction=1,
    needs_days=28,
    missing=f"{NO_LOG}, or it reaches back less than 28 days",
    phrase=Phrase(
        "not in a first month without use ({comparison})",
        "no está en un primer mes sin uso ({comparison})",
        "in the first month without any use ({comparison})",
        "está en el primer mes sin ningún uso ({comparison})",
        amount=Amount(
            Forms("most accounts are", zero="most accounts are not"),
            Forms("la mayoría de las cuentas lo está", zero="la mayoría de las cuentas no lo está"),
        ),
    ),
    evidence=lambda rows: _used(rows, 56),
)
def first_inactive_month(rows: ibis.Table) -> ibis.Value:
    """1 when nothing was used in the last 28 days, though something was in the 28 days before, else 0."""
    return (rows.count(where=_used(rows, 28)) == 0) & (rows.count(where=_used(rows, 56)) > 0)


@_usage(
    view=USAGE_FEATURES,
    window_days=56,
    unit="change",
    direction=-1,
    empty=None,
    needs_days=56,
    missing=f"{NO_LOG}; or it reaches back less than 56 days, or nothing was used in the earlier part",
    phrase=Phrase(
        "the number of features in use {value} against the 28 days before (typical account: {comparison})",
        "el número de funciones en uso {value} frente a los 28 días anteriores (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _used(rows, 56),
)
def features_change_28d(rows: ibis.Table) -> ibis.Value:
    """Different features used in the last 28 days over those of the 28 days before, minus 1."""
    before = rows.feature.nunique(where=_used(rows, 56) & (rows.age > 28))
    return change(rows.feature.nunique(where=_used(rows, 28)), before)


@_usage(
    view=USAGE_FEATURES,
    window_days=84,
    unit="share",
    direction=-1,
    empty=None,
    missing=f"{NO_LOG}; or no feature is new to the company, or nothing at all was used in 84 days",
    phrase=Phrase(
        "{value} of the features that came in 12 weeks have been tried (typical account: {comparison})",
        "se ha probado el {value} de las funciones aparecidas en 12 semanas (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.new & (rows.quantity > 0),
    actionable=True,
)
def new_feature_uptake_84d(rows: ibis.Table) -> ibis.Value:
    """Features used, of those that anybody at the company was first seen to use in the 84 days before as_of."""
    return share(rows.feature.nunique(where=rows.new & (rows.quantity > 0)), rows.new_count.max())
