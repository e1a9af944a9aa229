"""Sentiment: what they say they think of us, and how it is turning."""

from functools import partial

import ibis

from features.exact import before_and_now, mean, share
from features.forms import Amount, Forms
from features.signal import Phrase, signal
from features.views import MESSAGES, SURVEYS, TEXTS

NO_NPS = "no answered NPS survey among those sent"
NO_TONE = "fewer than 3 texts of the customer"
ENOUGH = 3  # texts: fewer are an anecdote
CURT, WARM = -0.3, 0.3  # tones from which a text counts as negative, and as positive
POINTS = Amount(
    Forms("rose by {n} points", "fell by {n} points", "did not change", "rose by one point", "fell by one point"),
    Forms("subió {n} puntos", "bajó {n} puntos", "no cambió", "subió un punto", "bajó un punto"),
)
TICKS = 10_000  # parts of a second's worth of order that break a tie between answers of the same second

_sentiment = partial(signal, family="sentiment")


def _nps(rows: ibis.Table) -> ibis.Value:
    return (rows.kind == "nps") & rows.score.notnull() & rows.answered_at.notnull()


def _csat(rows: ibis.Table) -> ibis.Value:
    return (rows.kind == "csat") & rows.score.notnull()


def _toned(rows: ibis.Table) -> ibis.Value:
    return (rows.side == "customer") & rows.sentiment.between(-1.0, 1.0)


@_sentiment(
    view=SURVEYS,
    window_days=365,
    unit="score",
    direction=-1,
    empty=None,
    missing=f"{NO_NPS} in 365 days",
    phrase=Phrase(
        "the last NPS score is {value} (typical account: {comparison})",
        "la última nota NPS es {value} (cuenta típica: {comparison})",
    ),
    evidence=_nps,
)
def nps_last(rows: ibis.Table) -> ibis.Value:
    """The NPS score (0-10) answered last; of two in the same second, the lower."""
    order = rows.answered_at.truncate("s").epoch_seconds() * TICKS - (rows.score * 100).round().cast("int64")
    return rows.score.argmax(order, where=_nps(rows))


@_sentiment(
    view=SURVEYS,
    window_days=365,
    unit="score",
    direction=-1,
    empty=None,
    needs_days=270,
    missing=f"{NO_NPS} in the last 180 days or in the 185 before; or surveys reach back less than 270 days",
    phrase=Phrase(
        "the mean NPS score {value} in half a year (typical account: {comparison})",
        "la nota NPS media {value} en medio año (cuenta típica: {comparison})",
        amount=POINTS,
    ),
    evidence=_nps,
)
def nps_change_180d(rows: ibis.Table) -> ibis.Value:
    """Mean NPS score of the surveys of the last 180 days, minus that of the 185 days before."""
    before, now = before_and_now(rows, rows.score, _nps(rows), recent=180, until=365)
    return now - before


@_sentiment(
    view=SURVEYS,
    window_days=365,
    unit="count",
    direction=1,
    missing="no surveys from this source before as_of",
    phrase=Phrase(
        "{value} NPS answers of 6 or less in a year (typical account: {comparison})",
        "{value} respuestas NPS de 6 o menos en un año (cuenta típica: {comparison})",
        "one NPS answer of 6 or less in a year (typical account: {comparison})",
        "una respuesta NPS de 6 o menos en un año (cuenta típica: {comparison})",
    ),
    tells=("score",),
    evidence=lambda rows: _nps(rows) & (rows.score <= 6),
)
def nps_detractors_365d(rows: ibis.Table) -> ibis.Value:
    """NPS answers of 6 or less."""
    return rows.count(where=_nps(rows) & (rows.score <= 6))


@_sentiment(
    view=SURVEYS,
    window_days=180,
    unit="score",
    direction=-1,
    empty=None,
    missing="no answered CSAT survey among those sent in 180 days",
    phrase=Phrase(
        "satisfaction in surveys averages {value} of 5 (typical account: {comparison})",
        "la satisfacción media en las encuestas es de {value} sobre 5 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.kind == "csat") & (rows.age <= 180) & rows.score.notnull(),
)
def csat_mean_180d(rows: ibis.Table) -> ibis.Value:
    """Mean CSAT score (1-5) of the surveys sent."""
    return mean(rows.score, where=(rows.kind == "csat") & (rows.age <= 180))


@_sentiment(
    view=TEXTS,
    window_days=90,
    unit="score",
    direction=-1,
    empty=None,
    missing=f"{NO_TONE} in 90 days",
    phrase=Phrase(
        "the tone of their words is {value}, from -1 to 1 (typical account: {comparison})",
        "el tono de sus palabras es {value}, de -1 a 1 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _toned(rows) & (rows.age <= 90),
)
def sentiment_mean_90d(rows: ibis.Table) -> ibis.Value:
    """Mean tone of the customer's own texts, from -1 to 1."""
    return mean(rows.sentiment, where=_toned(rows) & (rows.age <= 90), at_least=ENOUGH)


@_sentiment(
    view=TEXTS,
    window_days=180,
    unit="score",
    direction=-1,
    empty=None,
    needs_days=120,
    missing=f"{NO_TONE} in the last 90 days or in the 90 before; or texts reach back less than 120 days",
    phrase=Phrase(
        "the tone of their words {value} in 90 days (typical account: {comparison})",
        "el tono de sus palabras {value} en 90 días (cuenta típica: {comparison})",
        amount=Amount(Forms("rose by {n}", "fell by {n}", "did not change"), Forms("subió {n}", "bajó {n}", "no cambió")),
    ),
    evidence=lambda rows: _toned(rows) & (rows.age <= 180),
)
def sentiment_change_90d(rows: ibis.Table) -> ibis.Value:
    """Mean tone of the last 90 days minus that of the 90 days before."""
    before, now = before_and_now(rows, rows.sentiment, _toned(rows), recent=90, until=180, at_least=ENOUGH)
    return now - before


@_sentiment(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts with a negative tone in 90 days (typical account: {comparison})",
        "{value} textos de tono negativo en 90 días (cuenta típica: {comparison})",
        "one text with a negative tone in 90 days (typical account: {comparison})",
        "un texto de tono negativo en 90 días (cuenta típica: {comparison})",
    ),
    tells=("sentiment",),
    evidence=lambda rows: _toned(rows) & (rows.age <= 90) & (rows.sentiment <= CURT),
)
def negative_texts_90d(rows: ibis.Table) -> ibis.Value:
    """The customer's texts with a tone of -0.3 or worse."""
    return rows.count(where=_toned(rows) & (rows.age <= 90) & (rows.sentiment <= CURT))


@_sentiment(
    view=SURVEYS,
    window_days=365,
    unit="score",
    direction=-1,
    empty=None,
    needs_days=270,
    missing="no answered CSAT survey among those sent in the last 180 days or in the 185 before; or surveys reach back less than "
    "270 days",
    phrase=Phrase(
        "satisfaction in surveys {value} in half a year (typical account: {comparison})",
        "la satisfacción en las encuestas {value} en medio año (cuenta típica: {comparison})",
        amount=POINTS,
    ),
    evidence=_csat,
)
def csat_change_180d(rows: ibis.Table) -> ibis.Value:
    """Mean CSAT score of the surveys of the last 180 days, minus that of the 185 days before."""
    before, now = before_and_now(rows, rows.score, _csat(rows), recent=180, until=365)
    return now - before


@_sentiment(
    view=TEXTS,
    window_days=180,
    unit="score",
    direction=-1,
    empty=None,
    missing="no comment in a survey within 180 days",
    phrase=Phrase(
        "the tone of their survey comments is {value}, from -1 to 1 (typical account: {comparison})",
        "el tono de sus comentarios en encuestas es {value}, de -1 a 1 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _toned(rows) & (rows.age <= 180) & (rows.source == "surveys"),
)
def comment_tone_180d(rows: ibis.Table) -> ibis.Value:
    """Mean tone of what the customer wrote in surveys, from -1 to 1."""
    return mean(rows.sentiment, where=_toned(rows) & (rows.age <= 180) & (rows.source == "surveys"))


@_sentiment(
    view=TEXTS,
    window_days=180,
    unit="score",
    direction=-1,
    empty=None,
    missing=f"{NO_TONE} in tickets within 180 days",
    phrase=Phrase(
        "the tone of their tickets is {value}, from -1 to 1 (typical account: {comparison})",
        "el tono de sus tickets es {value}, de -1 a 1 (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: _toned(rows) & (rows.age <= 180) & (rows.source == "tickets"),
)
def ticket_tone_180d(rows: ibis.Table) -> ibis.Value:
    """Mean tone of what the customer wrote in tickets, from -1 to 1."""
    return mean(rows.sentiment, where=_toned(rows) & (rows.age <= 180) & (rows.source == "tickets"), at_least=ENOUGH)


@_sentiment(
    view=TEXTS,
    window_days=90,
    unit="count",
    direction=-1,
    missing="no texts from any source before as_of",
    phrase=Phrase(
        "{value} texts with a warm tone in 90 days (typical account: {comparison})",
        "{value} textos de tono cordial en 90 días (cuenta típica: {comparison})",
        "one text with a warm tone in 90 days (typical account: {comparison})",
        "un texto de tono cordial en 90 días (cuenta típica: {comparison})",
    ),
    tells=("sentiment",),
    evidence=lambda rows: _toned(rows) & (rows.age <= 90) & (rows.sentiment >= WARM),
)
def warm_texts_90d(rows: ibis.Table) -> ibis.Value:
    """The customer's texts with a tone of 0.3 or better: praise that no longer comes is a sign too."""
    return rows.count(where=_toned(rows) & (rows.age <= 90) & (rows.sentiment >= WARM))


@_sentiment(
    view=MESSAGES,
    window_days=180,
    unit="number",
    direction=-1,
    empty=None,
    needs_days=90,
    missing="fewer than 3 messages of the customer in the last 60 days or in the 120 before; or they reach back under 90 days",
    phrase=Phrase(
        "the customer's messages are {value} times as long as before (typical account: {comparison})",
        "los mensajes del cliente tienen {value} veces la longitud de antes (cuenta típica: {comparison})",
        "the customer's messages are as long as before (typical account: {comparison})",
        "los mensajes del cliente tienen la misma longitud que antes (cuenta típica: {comparison})",
    ),
    evidence=lambda rows: (rows.age <= 180) & (rows.direction == "in") & rows.text.notnull(),
)
def message_length_ratio(rows: ibis.Table) -> ibis.Value:
    """Mean characters of the customer's messages of the last 60 days, over those of the 120 days before: who turns curt."""
    theirs = rows.direction == "in"
    before, now = before_and_now(rows, rows.text.length(), theirs, recent=60, until=180, at_least=ENOUGH)
    return share(now, before)
