"""Firmographic: who they are, and what the news says of them."""

from functools import partial

import ibis

from features.forms import Amount, Forms
from features.signal import Phrase, signal
from features.views import ACCOUNT, COMPANY_EVENTS

_firmographic = partial(signal, family="firmographic")
_news = partial(
    _firmographic,
    view=COMPANY_EVENTS,
    unit="count",
    missing="no company news from this source before as_of",
)
_fact = partial(_firmographic, view=ACCOUNT, direction=0, empty=None)


def _told(rows: ibis.Table, kind: str, days: int) -> ibis.Value:
    return (rows.kind == kind) & (rows.age <= days)


@_news(
    window_days=180,
    direction=1,
    phrase=Phrase(
        "{value} reports of layoffs in 180 days (typical account: {comparison})",
        "{value} noticias de despidos en 180 días (cuenta típica: {comparison})",
        "one report of layoffs in 180 days (typical account: {comparison})",
        "una noticia de despidos en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "layoffs", 180),
)
def layoffs_180d(rows: ibis.Table) -> ibis.Value:
    """News of layoffs."""
    return rows.count(where=_told(rows, "layoffs", 180))


@_news(
    window_days=180,
    direction=1,
    phrase=Phrase(
        "{value} reports of an acquisition or merger in 180 days (typical account: {comparison})",
        "{value} noticias de adquisición o fusión en 180 días (cuenta típica: {comparison})",
        "one report of an acquisition or merger in 180 days (typical account: {comparison})",
        "una noticia de adquisición o fusión en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "acquisition", 180),
)
def acquisition_180d(rows: ibis.Table) -> ibis.Value:
    """News of an acquisition or merger."""
    return rows.count(where=_told(rows, "acquisition", 180))


@_news(
    window_days=180,
    direction=1,
    phrase=Phrase(
        "{value} reports of financial trouble in 180 days (typical account: {comparison})",
        "{value} noticias de dificultades económicas en 180 días (cuenta típica: {comparison})",
        "one report of financial trouble in 180 days (typical account: {comparison})",
        "una noticia de dificultades económicas en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "financial_trouble", 180),
)
def trouble_180d(rows: ibis.Table) -> ibis.Value:
    """News of financial trouble."""
    return rows.count(where=_told(rows, "financial_trouble", 180))


@_news(
    window_days=180,
    direction=1,
    phrase=Phrase(
        "{value} reports of new leadership in 180 days (typical account: {comparison})",
        "{value} noticias de cambio de dirección en 180 días (cuenta típica: {comparison})",
        "one report of new leadership in 180 days (typical account: {comparison})",
        "una noticia de cambio de dirección en 180 días (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "leadership_change", 180),
)
def leadership_change_180d(rows: ibis.Table) -> ibis.Value:
    """News of new leadership."""
    return rows.count(where=_told(rows, "leadership_change", 180))


@_news(
    window_days=365,
    direction=0,
    phrase=Phrase(
        "{value} reports of a change of business in a year (typical account: {comparison})",
        "{value} noticias de cambio de negocio en un año (cuenta típica: {comparison})",
        "one report of a change of business in a year (typical account: {comparison})",
        "una noticia de cambio de negocio en un año (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "pivot", 365),
)
def pivot_365d(rows: ibis.Table) -> ibis.Value:
    """News of a change of business: good or bad, as our product still fits or not."""
    return rows.count(where=_told(rows, "pivot", 365))


@_news(
    window_days=365,
    direction=-1,
    phrase=Phrase(
        "{value} reports of new funding or growth in a year (typical account: {comparison})",
        "{value} noticias de financiación o crecimiento en un año (cuenta típica: {comparison})",
        "one report of new funding or growth in a year (typical account: {comparison})",
        "una noticia de financiación o crecimiento en un año (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: rows.kind.isin(["funding", "growth"]),
)
def funding_365d(rows: ibis.Table) -> ibis.Value:
    """News of new funding or growth."""
    return rows.count(where=rows.kind.isin(["funding", "growth"]))


@_news(
    window_days=365,
    direction=0,
    phrase=Phrase(
        "{value} reports of a change of regulation in a year (typical account: {comparison})",
        "{value} noticias de cambio normativo en un año (cuenta típica: {comparison})",
        "one report of a change of regulation in a year (typical account: {comparison})",
        "una noticia de cambio normativo en un año (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _told(rows, "regulation", 365),
)
def regulation_365d(rows: ibis.Table) -> ibis.Value:
    """News of a regulation that changes: a new need for us, or the end of one; either way a date to talk before."""
    return rows.count(where=_told(rows, "regulation", 365))


@_fact(unit="category", missing="the industry is not known", phrase=Phrase("industry: {value}", "sector: {value}"))
def industry(rows: ibis.Table) -> ibis.Value:
    """Industry of the account."""
    return rows.industry.max()


@_fact(unit="category", missing="the country is not known", phrase=Phrase("country: {value}", "país: {value}"))
def country(rows: ibis.Table) -> ibis.Value:
    """Country of the account."""
    return rows.country.max()


@_fact(unit="category", missing="the region is not known", phrase=Phrase("region: {value}", "región: {value}"))
def region(rows: ibis.Table) -> ibis.Value:
    """Region of the account."""
    return rows.region.max()


@_fact(
    unit="count",
    missing="the number of people is not known",
    phrase=Phrase(
        "{value} people work there (typical account: {comparison})",
        "trabajan allí {value} personas (cuenta típica: {comparison})",
        "one person works there (typical account: {comparison})",
        "trabaja allí una persona (cuenta típica: {comparison})",
    ),
)
def employees(rows: ibis.Table) -> ibis.Value:
    """People employed."""
    return rows.employees.max()


@_fact(
    unit="flag",
    missing="whether the account is strategic is not known",
    phrase=Phrase(
        "not a strategic account ({comparison})",
        "no es una cuenta estratégica ({comparison})",
        "a strategic account ({comparison})",
        "es una cuenta estratégica ({comparison})",
        amount=Amount(
            Forms("most accounts are", zero="most accounts are not"),
            Forms("la mayoría de las cuentas lo es", zero="la mayoría de las cuentas no lo es"),
        ),
    ),
)
def strategic(rows: ibis.Table) -> ibis.Value:
    """1 for a strategic account, else 0."""
    return rows.strategic.cast("int64").max()
