"""Commercial history: where the contract comes from, how often it was renewed or grew, and when it was last saved."""

from functools import partial

import ibis

from features.exact import change, days_since, past, whole_total
from features.forms import AGO, IT_ROSE
from features.signal import Phrase, signal
from features.views import INTERVENTIONS, RENEWALS, TERMS

YEAR_DAYS = 365

_commercial = partial(signal, family="commercial")
_trend = partial(_commercial, view=TERMS, unit="change", direction=-1, empty=None)
_outcomes = partial(
    _commercial,
    view=RENEWALS,
    unit="count",
    direction=0,
    missing="no outcomes of renewals before as_of",
    evidence_at="decided_at",
)


def _running(rows: ibis.Table, days_ago: int) -> ibis.Value:
    return (rows.age >= days_ago) & (days_since(rows, rows.renews_at) < days_ago)


def _in_a_year(rows: ibis.Table, amount: ibis.Value) -> ibis.Value:
    now = whole_total(amount, where=_running(rows, 0))
    known = now.notnull() & (amount.count(where=_running(rows, 0)) > 0)
    return ibis.ifelse(known, change(now, whole_total(amount, where=_running(rows, YEAR_DAYS))), ibis.null("float64"))


@_trend(
    missing="no term ran a year ago or none runs now, or one of the amounts is not known",
    phrase=Phrase(
        "the yearly amount {value} in a year (typical account: {comparison})",
        "el importe anual {value} en un año (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _running(rows, 0) | _running(rows, YEAR_DAYS),
)
def arr_change_365d(rows: ibis.Table) -> ibis.Value:
    """Yearly revenue of the terms that run at as_of over that of the terms that ran 365 days before, minus 1."""
    return _in_a_year(rows, rows.arr)


@_trend(
    missing="no term ran a year ago or none runs now, or one of the numbers of seats is not known",
    phrase=Phrase(
        "the number of seats bought {value} in a year (typical account: {comparison})",
        "el número de licencias contratadas {value} en un año (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: _running(rows, 0) | _running(rows, YEAR_DAYS),
)
def seats_change_365d(rows: ibis.Table) -> ibis.Value:
    """Seats of the terms that run at as_of over those of the terms that ran 365 days before, minus 1."""
    return _in_a_year(rows, rows.seats)


@_outcomes(
    phrase=Phrase(
        "renewed {value} times before (typical account: {comparison})",
        "ha renovado {value} veces (cuenta típica: {comparison})",
        "renewed once before (typical account: {comparison})",
        "ha renovado una vez (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.outcome.isin(["renewed", "expanded"]),
)
def renewals_past(rows: ibis.Table) -> ibis.Value:
    """Terms that were renewed, at the same or a higher value."""
    return rows.count(where=rows.outcome.isin(["renewed", "expanded"]))


@_outcomes(
    window_days=730,
    phrase=Phrase(
        "{value} renewals for more within two years (typical account: {comparison})",
        "{value} renovaciones al alza en dos años (cuenta típica: {comparison})",
        "one renewal for more within two years (typical account: {comparison})",
        "una renovación al alza en dos años (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.outcome == "expanded") & past(rows, rows.decided_at, 730),
)
def expansions_730d(rows: ibis.Table) -> ibis.Value:
    """Terms that were renewed for more."""
    return rows.count(where=(rows.outcome == "expanded") & past(rows, rows.decided_at, 730))


@_commercial(
    view=INTERVENTIONS,
    window_days=730,
    unit="days",
    direction=-1,
    empty=None,
    missing="not saved within 730 days, or no save attempts from this source before as_of",
    phrase=Phrase(
        "last saved {value} (typical account: {comparison})",
        "el último rescate fue {value} (cuenta típica: {comparison})",
        amount=AGO,
    ),
    evidence=lambda rows: (rows.outcome == "saved") & past(rows, rows.finished_at, 730),
    evidence_at="finished_at",
)
def days_since_save(rows: ibis.Table) -> ibis.Value:
    """Days since a save attempt last succeeded: the saved often leave at the next renewal."""
    return days_since(rows, rows.finished_at).min(where=(rows.outcome == "saved") & past(rows, rows.finished_at, 730))
