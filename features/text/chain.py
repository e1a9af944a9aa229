"""Two analyzers in a row: the quick one first, the stronger one only where the quick one is not sure."""

from collections.abc import Sequence
from dataclasses import replace

from features.languages import UNDETERMINED
from features.text.analyzer import HIT_FROM, SIGNALS, Text, TextAnalyzer, TextSignals, scores
from features.text.sides import silent


class Chain:
    """Reads by `first`; a text in which it finds no signal for sure is read by `second` as well, and both speak.

    A signal's score is the higher of the two. Language and sentiment are the first's, where it has any. Name and version hold
    both. Our words to the customer and texts without words are never handed on.
    """

    def __init__(self, first: TextAnalyzer, second: TextAnalyzer) -> None:
        self._first = first
        self._second = second
        self.name = f"{first.name}+{second.name}"
        self.version = f"{first.version}+{second.version}"

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        read = self._first.analyze(texts)
        unsure = [at for at, (text, found) in enumerate(zip(texts, read, strict=True)) if not silent(text) and _unsure(found)]
        again = self._second.analyze([texts[at] for at in unsure]) if unsure else []
        stronger = dict(zip(unsure, again, strict=True))
        return [self._both(found, stronger.get(at)) for at, found in enumerate(read)]

    def _both(self, quick: TextSignals, strong: TextSignals | None) -> TextSignals:
        """Hits of each signal from the one that is surer of it."""
        named = replace(quick, analyzer=self.name, version=self.version)
        if strong is None:
            return named
        by_quick, by_strong = scores(quick), scores(strong)
        kept = [hit for hit in quick.hits if hit.negated or by_quick[hit.signal] >= by_strong[hit.signal]]
        added = [hit for hit in strong.hits if by_strong[hit.signal] > by_quick[hit.signal]]
        hits = tuple(sorted((*kept, *added), key=lambda hit: (hit.span or (0, 0), hit.signal, hit.rule or "")))
        judged = quick.sentiment_conf > 0 or strong.sentiment_conf == 0
        tone = quick if judged else strong
        lang = quick.lang if quick.lang != UNDETERMINED else strong.lang
        return replace(named, lang=lang, sentiment=tone.sentiment, sentiment_conf=tone.sentiment_conf, hits=hits)


def _unsure(found: TextSignals) -> bool:
    score = scores(found)
    return max(score[signal] for signal in SIGNALS) < HIT_FROM
