"""Among peers: what comparable accounts did in the same days, so that a holiday or an outage of ours is nobody's decline.

Made in a second step (features.peers) from the values of all accounts; evidence and family are those of the signal ranked.
"""

from dataclasses import replace

from features.forms import Amount, Forms
from features.signal import AmongPeers, Phrase, Signal
from features.signals import engagement, sentiment, support, usage

TOO_FEW = "fewer accounts than peers.at_least have a value on that day"


def _rank(name: str, of: Signal, phrase: Phrase, better: str) -> Signal:
    """Where `of` stands among the peers: the share of the others that are better off, which is riskier when higher."""
    return replace(
        of,
        name=name,
        unit="rank",
        direction=1,
        empty=None,
        missing=f"{of.missing}; or {TOO_FEW}",
        phrase=phrase,
        meaning=f"Share of the other accounts of its segment (by yearly value; of all, when the segment is small) {better}.",
        peers=AmongPeers(of, "rank"),
        actionable=False,
    )


LESS = Amount(
    Forms("less than {n} of comparable accounts did", zero="as much as or more than any comparable account"),
    Forms("menos que el {n} de las cuentas comparables", zero="tanto o más que cualquier cuenta comparable"),
)
FEWER_FEATURES = Amount(
    Forms(
        "fewer core features than {n} of comparable accounts did", zero="as many core features as any comparable account, or more"
    ),
    Forms(
        "menos funciones clave que el {n} de las cuentas comparables",
        zero="tantas funciones clave como cualquier cuenta comparable, o más",
    ),
)
WORSE = Amount(
    Forms("worse than in {n} of comparable accounts", zero="as good as or better than in any comparable account"),
    Forms("peor que en el {n} de las cuentas comparables", zero="igual o mejor que en cualquier cuenta comparable"),
)
LONGER = Amount(
    Forms("longer than {n} of comparable accounts", zero="no longer than any comparable account"),
    Forms("más tiempo que el {n} de las cuentas comparables", zero="tan poco tiempo como cualquier cuenta comparable, o menos"),
)
MORE_TICKETS = Amount(
    Forms("more open tickets than {n} of comparable accounts", zero="no more open tickets than any comparable account"),
    Forms(
        "más tickets sin resolver que el {n} de las cuentas comparables",
        zero="tan pocos tickets sin resolver como cualquier cuenta comparable, o menos",
    ),
)

usage_rank_28d = _rank(
    "usage_rank_28d",
    usage.events_28d,
    Phrase("in 28 days it used {value}", "en 28 días usó {value}", amount=LESS),
    "that used more in 28 days",
)
seat_use_rank_28d = _rank(
    "seat_use_rank_28d",
    usage.seat_use_28d,
    Phrase("it used its seats {value}", "aprovechó sus licencias {value}", amount=LESS),
    "of which more of the seats bought were used in 28 days",
)
breadth_rank_84d = _rank(
    "breadth_rank_84d",
    usage.core_breadth_84d,
    Phrase("in 12 weeks it used {value}", "en 12 semanas usó {value}", amount=FEWER_FEATURES),
    "that used more of the core features in 12 weeks",
)
usage_change_rank_28d = _rank(
    "usage_change_rank_28d",
    usage.usage_change_28d,
    Phrase("the trend of use in 28 days is {value}", "la evolución del uso en 28 días es {value}", amount=WORSE),
    "whose use changed for the better in the same 28 days: what befell all is no decline",
)
silence_rank_182d = _rank(
    "silence_rank_182d",
    engagement.days_since_message,
    Phrase("the customer has been silent {value}", "el cliente lleva callado {value}", amount=LONGER),
    "from which we heard more recently",
)
tone_rank_90d = _rank(
    "tone_rank_90d",
    sentiment.sentiment_mean_90d,
    Phrase("the tone of their words is {value}", "el tono de sus palabras es {value}", amount=WORSE),
    "whose words had a better tone in 90 days",
)
open_tickets_rank = _rank(
    "open_tickets_rank",
    support.open_tickets,
    Phrase("it has {value}", "tiene {value}", amount=MORE_TICKETS),
    "that have fewer tickets open",
)
first_response_rank_90d = _rank(
    "first_response_rank_90d",
    support.first_response_hours_90d,
    Phrase("it waits for our first answer {value}", "espera nuestra primera respuesta {value}", amount=LONGER),
    "that got a first answer sooner",
)

usage_beside_peers_28d = replace(
    usage.usage_change_28d,
    name="usage_beside_peers_28d",
    missing=f"{usage.SHORT}; or {TOO_FEW}",
    phrase=Phrase(
        "beside comparable accounts in the same days, use {value} in 28 days",
        "frente a cuentas comparables en los mismos días, el uso {value} en 28 días",
        amount=usage.usage_change_28d.phrase.amount,
    ),
    meaning="The change of use in 28 days when the median change of its segment (by yearly value; of all, when the segment is "
    "small) is taken out, (1 + own) / (1 + median) - 1.",
    peers=AmongPeers(usage.usage_change_28d, "beside"),
)
