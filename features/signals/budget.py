"""Budget: talk of money, late payment, and steps down."""

from functools import partial

import ibis

from features.exact import before_and_now, happened, mean, past, said, share, whole_total
from features.forms import AFTER, Amount, Forms
from features.signal import Phrase, signal
from features.views import INVOICES, NOTICES, RENEWALS, STATE, TEXTS

NO_INVOICES = "no invoices from this source before as_of"
TOLERATED_DAYS = 5  # a payment is late when it comes more than this after it is due

_budget = partial(signal, family="budget")
_invoices = partial(_budget, view=INVOICES, missing=NO_INVOICES)


def _overdue(rows: ibis.Table) -> ibis.Value:
    return happened(rows, rows.due_at) & ~happened(rows, rows.paid_at)


def _days_late(rows: ibis.Table) -> ibis.Value:
    return rows.paid_at.date().delta(rows.due_at.date(), unit="day")


def _late(rows: ibis.Table) -> ibis.Value:
    return _overdue(rows) | (happened(rows, rows.paid_at) & (_days_late(rows) > TOLERATED_DAYS))


@_budget(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts of the last 90 days speak of money or cuts (typical account: {comparison})",
        "{value} textos de los últimos 90 días hablan de dinero o recortes (cuenta típica: {comparison})",
        "one text of the last 90 days speaks of money or cuts (typical account: {comparison})",
        "un texto de los últimos 90 días habla de dinero o recortes (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 90) & said(rows.budget),
)
def budget_hits_90d(rows: ibis.Table) -> ibis.Value:
    """Texts of the customer, and our notes, that clearly speak of a tight budget or the price."""
    return rows.count(where=(rows.age <= 90) & said(rows.budget))


@_invoices(
    window_days=180,
    unit="count",
    direction=1,
    phrase=Phrase(
        "{value} invoices of 180 days paid late or overdue (typical account: {comparison})",
        "{value} facturas de los últimos 180 días pagadas tarde o vencidas (cuenta típica: {comparison})",
        "one invoice of 180 days paid late or overdue (typical account: {comparison})",
        "una factura de los últimos 180 días pagada tarde o vencida (cuenta típica: {comparison})",
    ),
    tells=("paid_at",),
    evidence=lambda rows: (rows.age <= 180) & _late(rows),
    evidence_at="due_at",
)
def late_invoices_180d(rows: ibis.Table) -> ibis.Value:
    """Invoices issued that were paid more than 5 days after they were due, or are unpaid and past due."""
    return rows.count(where=(rows.age <= 180) & _late(rows))


@_invoices(
    window_days=365,
    unit="money",
    direction=1,
    missing=f"{NO_INVOICES}, or an amount past due is not known",
    phrase=Phrase(
        "{value} is past due (typical account: {comparison})", "tiene {value} en facturas vencidas (cuenta típica: {comparison})"
    ),
    tells=("paid_at",),
    evidence=_overdue,
    evidence_at="due_at",
)
def overdue_amount(rows: ibis.Table) -> ibis.Value:
    """Sum of the invoices of a year that are unpaid and past due; missing when one of them has no amount."""
    return whole_total(rows.amount, where=_overdue(rows))


@_invoices(
    window_days=365,
    unit="days",
    direction=1,
    empty=None,
    missing="no invoice of 365 days was paid",
    phrase=Phrase(
        "invoices are paid {value} they are due (typical account: {comparison})",
        "las facturas se pagan {value} del vencimiento (cuenta típica: {comparison})",
        amount=AFTER,
    ),
    evidence=lambda rows: happened(rows, rows.paid_at),
    evidence_at="paid_at",
)
def payment_delay_days_365d(rows: ibis.Table) -> ibis.Value:
    """Mean days from due date to payment of the invoices issued and paid; below 0 when paid early."""
    return mean(_days_late(rows), where=happened(rows, rows.paid_at))


@_budget(
    view=STATE,
    unit="share",
    direction=0,
    empty=None,
    missing="the list price is not known",
    phrase=Phrase(
        "pays {value} (typical account: {comparison})",
        "paga {value} (cuenta típica: {comparison})",
        amount=Amount(
            Forms("{n} below list price", "{n} above list price", "list price"),
            Forms("un {n} menos que el precio de lista", "un {n} más que el precio de lista", "el precio de lista"),
        ),
    ),
)
def discount_share(rows: ibis.Table) -> ibis.Value:
    """1 minus ARR over ARR at list price: a discount ties some, and marks others as price hunters."""
    return (1.0 - share(rows.arr, rows.list_arr)).max()


@_budget(
    view=NOTICES,
    window_days=365,
    unit="count",
    direction=1,
    missing="no notices from this source before as_of",
    phrase=Phrase(
        "{value} notices of a downgrade in a year (typical account: {comparison})",
        "{value} avisos de reducción en un año (cuenta típica: {comparison})",
        "one notice of a downgrade in a year (typical account: {comparison})",
        "un aviso de reducción en un año (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.kind == "downgrade") & ~happened(rows, rows.withdrawn_at),
)
def downgrade_notice_365d(rows: ibis.Table) -> ibis.Value:
    """Notices of a downgrade that were not withdrawn."""
    return rows.count(where=(rows.kind == "downgrade") & ~happened(rows, rows.withdrawn_at))


@_budget(
    view=RENEWALS,
    window_days=730,
    unit="count",
    direction=1,
    missing="no outcomes of renewals before as_of",
    phrase=Phrase(
        "{value} renewals for less within two years (typical account: {comparison})",
        "{value} renovaciones a la baja en dos años (cuenta típica: {comparison})",
        "one renewal for less within two years (typical account: {comparison})",
        "una renovación a la baja en dos años (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.outcome == "contracted") & past(rows, rows.decided_at, 730),
)
def contractions_730d(rows: ibis.Table) -> ibis.Value:
    """Terms that were renewed for less."""
    return rows.count(where=(rows.outcome == "contracted") & past(rows, rows.decided_at, 730))


@_invoices(
    window_days=365,
    unit="days",
    direction=1,
    empty=None,
    needs_days=270,
    missing="no invoice paid among those issued in the last 180 days or in the 185 before; or invoices reach back less than 270 "
    "days",
    phrase=Phrase(
        "invoices are paid {value} (typical account: {comparison})",
        "las facturas se pagan {value} (cuenta típica: {comparison})",
        amount=Amount(
            Forms(
                "{n} days later than before",
                "{n} days sooner than before",
                "as promptly as before",
                "one day later than before",
                "one day sooner than before",
            ),
            Forms(
                "{n} días más tarde que antes",
                "{n} días más pronto que antes",
                "con la misma puntualidad que antes",
                "un día más tarde que antes",
                "un día más pronto que antes",
            ),
        ),
    ),
    evidence=lambda rows: happened(rows, rows.paid_at),
    evidence_at="paid_at",
)
def payment_delay_change_180d(rows: ibis.Table) -> ibis.Value:
    """Mean days from due date to payment of the invoices issued in the last 180 days, minus that of the 185 days before."""
    paid = happened(rows, rows.paid_at)
    before, now = before_and_now(rows, _days_late(rows), paid, recent=180, until=365)
    return now - before
