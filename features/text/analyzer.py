"""What an analyzer of texts takes and gives; `rules.RuleAnalyzer` is the first one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SIGNALS = (
    "competitive",
    "budget",
    "stakeholder",
    "cancellation",
    "value_doubt",
    "product_issue",
    "service_complaint",
)
MARKS = ("rival_signed",)  # what a text may tell beyond the seven signals; no column of `tenure text`
HIT_FROM = 0.5


@dataclass(frozen=True)
class Text:
    """One text and who wrote it.

    `author_side`: `customer` = the customer's own words (hits and sentiment); `us` = our report about the customer, a note or
    the notes of a meeting (hits, sentiment is NaN); `agent` = our words to the customer (neither).
    `lang` is what is known of the language, used when the text is too short to tell. `rating` is a score given beside it.
    """

    id: str
    account_id: str
    text: str
    at: datetime
    source: str
    author_side: str = "customer"
    lang: str | None = None
    rating: float | None = None


@dataclass(frozen=True)
class Hit:
    """One place that speaks for a signal: `score` in (0, 1]; `span` in code points of the original text, end excluded.

    `rule` names what matched. A `negated` hit ("we will not cancel") is kept as evidence and never counts.
    """

    signal: str
    score: float
    span: tuple[int, int] | None
    rule: str | None
    negated: bool = False


@dataclass(frozen=True)
class TextSignals:
    """What one text says. `lang` is `en`, `es` or `und`; `sentiment` lies in [-1, 1] or is NaN; `sentiment_conf` in [0, 1]."""

    text_id: str
    lang: str
    sentiment: float
    sentiment_conf: float
    hits: tuple[Hit, ...]
    analyzer: str
    version: str


class TextAnalyzer(Protocol):
    """Anything that reads texts. `name` and `version` go into cache keys and manifests."""

    name: str
    version: str

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given; one bad text never raises."""
        ...


def scores(found: TextSignals) -> dict[str, float]:
    """Score of every signal and mark in [0, 1]: 1 - product of (1 - score) over its distinct rules: two weak cues make a hit."""
    best: dict[tuple[str, str | None], float] = {}
    for hit in found.hits:
        if not hit.negated:
            key = (hit.signal, hit.rule)
            best[key] = max(best.get(key, 0.0), hit.score)
    missed = dict.fromkeys((*SIGNALS, *MARKS), 1.0)
    for (signal, _), score in best.items():
        missed[signal] *= 1.0 - score
    return {signal: round(1.0 - rest, 4) for signal, rest in missed.items()}
