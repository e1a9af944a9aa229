"""Commercial: the contract, what was promised with it, and how it went so far. What the calendar knows ahead is marked."""

from functools import partial

import ibis

from features.exact import EXACT, change, days_since, happened
from features.forms import IT_ROSE, Amount, Forms
from features.signal import Phrase, signal
from features.views import INTERVENTIONS, PROMISES, STATE, TERMS

NEXT_DAYS = 31  # a term follows another when no more lies between them

_commercial = partial(signal, family="commercial")
_state = partial(_commercial, view=STATE, direction=0, empty=None)
_calendar = partial(_state, calendar=True)


@_calendar(
    unit="days",
    missing="no term runs at as_of",
    phrase=Phrase(
        "the term {value}",
        "el contrato {value}",
        amount=Amount(
            Forms("ends in {n} days", "ended {n} days ago", "ends today", "ends in one day", "ended one day ago"),
            Forms("vence en {n} días", "venció hace {n} días", "vence hoy", "vence en un día", "venció hace un día"),
        ),
    ),
)
def days_to_renewal(rows: ibis.Table) -> ibis.Value:
    """Days from as_of to the end of the running term and of the agreed terms that follow it; below 0 in the days of grace."""
    return -days_since(rows, rows.chain_end).max()


@_calendar(
    unit="days",
    missing="no term runs at as_of",
    phrase=Phrase(
        "the term lasts {value} days", "el contrato dura {value} días", "the term lasts one day", "el contrato dura un día"
    ),
)
def term_days(rows: ibis.Table) -> ibis.Value:
    """Length of the running term."""
    return rows.term_days.max()


@_calendar(
    unit="flag",
    missing="no term runs at as_of",
    phrase=Phrase(
        "the term does not end every month ({comparison})",
        "el contrato no vence cada mes ({comparison})",
        "the term ends every month ({comparison})",
        "el contrato vence cada mes ({comparison})",
        amount=Amount(
            Forms("in most accounts it does", zero="in most accounts it does not"),
            Forms("en la mayoría de las cuentas sí", zero="en la mayoría de las cuentas no vence cada mes"),
        ),
    ),
)
def monthly_term(rows: ibis.Table) -> ibis.Value:
    """1 when the term is billed or renewed monthly, so that any month may be the last, else 0."""
    return rows.monthly_term.cast("int64").max()


@_calendar(
    unit="flag",
    missing="whether the term renews without a word is not known",
    phrase=Phrase(
        "the term does not renew without a word ({comparison})",
        "el contrato no se renueva automáticamente ({comparison})",
        "the term renews without a word ({comparison})",
        "el contrato se renueva automáticamente ({comparison})",
        amount=Amount(
            Forms("in most accounts it does", zero="in most accounts it does not"),
            Forms("en la mayoría de las cuentas sí", zero="en la mayoría de las cuentas no"),
        ),
    ),
)
def auto_renew(rows: ibis.Table) -> ibis.Value:
    """1 when the term renews without a word, else 0."""
    return rows.auto_renew.cast("int64").max()


@_calendar(
    unit="days",
    missing="the time of notice is not known",
    phrase=Phrase(
        "notice is due {value}",
        "el preaviso vence {value}",
        amount=Amount(
            Forms("{n} days before the end", None, "on the last day", "one day before the end"),
            Forms("{n} días antes del fin", None, "el último día", "un día antes del fin"),
        ),
    ),
)
def notice_days(rows: ibis.Table) -> ibis.Value:
    """Days before the end of the term by which notice is due."""
    return rows.notice_days.max()


@_state(
    unit="days",
    missing="never: every account has a beginning",
    phrase=Phrase(
        "a customer for {value} days (typical account: {comparison})",
        "cliente desde hace {value} días (cuenta típica: {comparison})",
        "a customer for one day (typical account: {comparison})",
        "cliente desde hace un día (cuenta típica: {comparison})",
    ),
)
def tenure_days(rows: ibis.Table) -> ibis.Value:
    """Days since the account began."""
    return days_since(rows, rows.began).max()


@_state(
    unit="money",
    missing="the amount is not known in the reporting currency",
    phrase=Phrase("pays {value} a year (typical account: {comparison})", "paga {value} al año (cuenta típica: {comparison})"),
)
def arr(rows: ibis.Table) -> ibis.Value:
    """Yearly revenue of the running terms."""
    return rows.arr.max()


@_state(
    unit="count",
    missing="seats are not known",
    phrase=Phrase(
        "{value} seats bought (typical account: {comparison})",
        "{value} licencias compradas (cuenta típica: {comparison})",
        "one seat bought (typical account: {comparison})",
        "una licencia comprada (cuenta típica: {comparison})",
    ),
)
def seats(rows: ibis.Table) -> ibis.Value:
    """Seats of the running terms."""
    return rows.seats.max()


@_state(unit="category", missing="the plan is not known", phrase=Phrase("on the plan {value}", "en el plan {value}"))
def plan(rows: ibis.Table) -> ibis.Value:
    """Plan of the running term that ends last."""
    return rows.plan.max()


@_commercial(
    view=TERMS,
    unit="change",
    direction=0,
    empty=None,
    missing="no running term follows another, or one of the amounts is not known",
    phrase=Phrase(
        "the yearly price {value} at the last renewal (typical account: {comparison})",
        "el precio anual {value} en la última renovación (cuenta típica: {comparison})",
        amount=IT_ROSE,
    ),
    evidence=lambda rows: rows.age >= 0,
)
def price_rise_share(rows: ibis.Table) -> ibis.Value:
    """ARR of the terms that began last and run, over that of the terms they follow, minus 1: a rise strains, growth binds."""
    term = ibis.struct({"start": rows.started_at, "end": rows.renews_at, "arr": rows.arr.try_cast(EXACT)})
    running = term.collect(where=(rows.age >= 0) & (days_since(rows, rows.renews_at) < 0))
    ended = term.collect(where=days_since(rows, rows.renews_at) >= 0)
    start = running.map(lambda one: one.start).maxs()
    end = ended.map(lambda one: one.end).maxs()
    now = running.filter(lambda one: one.start == start).map(lambda one: one.arr).sums()
    before = ended.filter(lambda one: one.end == end).map(lambda one: one.arr).sums()
    follows = start.date().delta(end.date(), unit="day").between(-NEXT_DAYS, NEXT_DAYS)
    return ibis.ifelse(follows & now.notnull(), change(now, before), ibis.null("float64"))


@_commercial(
    view=INTERVENTIONS,
    unit="count",
    direction=0,
    missing="no save attempts from this source before as_of",
    phrase=Phrase(
        "saved {value} times before (typical account: {comparison})",
        "salvada {value} veces antes (cuenta típica: {comparison})",
        "saved once before (typical account: {comparison})",
        "salvada una vez antes (cuenta típica: {comparison})",
    ),
    tells=("outcome",),
    evidence=lambda rows: rows.outcome == "saved",
    evidence_at="finished_at",
)
def past_saves(rows: ibis.Table) -> ibis.Value:
    """Save attempts that succeeded: the saved leave more often at the next renewal, the well recovered less."""
    return rows.count(where=rows.outcome == "saved")


@_commercial(
    view=PROMISES,
    unit="count",
    direction=1,
    missing="no promises from this source before as_of",
    phrase=Phrase(
        "{value} promises past their date and not kept (typical account: {comparison})",
        "{value} promesas vencidas sin cumplir (cuenta típica: {comparison})",
        "one promise past its date and not kept (typical account: {comparison})",
        "una promesa vencida sin cumplir (cuenta típica: {comparison})",
    ),
    tells=("due_at", "kept_at"),
    evidence=lambda rows: happened(rows, rows.due_at) & ~happened(rows, rows.kept_at),
    evidence_at="due_at",
    actionable=True,
)
def promises_overdue(rows: ibis.Table) -> ibis.Value:
    """Promises whose date lies before as_of and that are not kept."""
    return rows.count(where=happened(rows, rows.due_at) & ~happened(rows, rows.kept_at))
