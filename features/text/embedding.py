"""An analyzer by meaning: sentences as vectors of somebody's encoder, and a small head fitted on the shipped examples."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from features.languages import UNDETERMINED
from features.text.analyzer import SIGNALS, Hit, Text, TextSignals
from features.text.examples import Example
from features.text.language import language
from features.text.own_words import own_words
from features.text.sides import silent
from features.text.spelling import Spelling
from features.text.words import Reader, Words

Floats = NDArray[np.float64]
Encoder = Callable[[Sequence[str]], NDArray[np.floating]]
STRENGTH = 3.0  # of the fit (inverse of its penalty); higher found more on unseen sentences, and more that was not there
SURE = 0.6  # probability from which a sentence counts


@dataclass(frozen=True)
class Head:
    """Logistic weights: shape (dimensions, 7) and (7), a column a signal in the order of `SIGNALS`."""

    weights: Floats
    bias: Floats

    def probabilities(self, vectors: NDArray[np.floating]) -> Floats:
        """Probability of each signal, shape (texts, 7), of vectors of shape (texts, dimensions)."""
        return np.asarray(1.0 / (1.0 + np.exp(-(_unit(vectors) @ self.weights + self.bias))), dtype=np.float64)

    @property
    def version(self) -> str:
        """Changes with the weights."""
        return hashlib.sha256(self.weights.tobytes() + self.bias.tobytes()).hexdigest()[:8]


def fit_head(encoder: Encoder, labelled: Sequence[Example]) -> Head:
    """A regularised logistic regression a signal; `ValueError` names a signal without any example."""
    vectors = _unit(encoder([text for text, _ in labelled]))
    weights, bias = [], []
    for signal in SIGNALS:
        events = np.array([signal in signals for _, signals in labelled])
        if not 0 < events.sum() < len(events):
            raise ValueError(f"{signal} needs examples that show it and examples that do not; there are {events.sum()} that do")
        fitted = LogisticRegression(C=STRENGTH, max_iter=1000).fit(vectors, events)
        weights.append(fitted.coef_[0])
        bias.append(fitted.intercept_[0])
    return Head(np.array(weights, dtype=np.float64).T, np.array(bias, dtype=np.float64))


class EmbeddingAnalyzer:
    """Encodes every sentence of a text by itself; a hit is a sentence whose signal the head gives at least `SURE`.

    It does not judge the tone: sentiment is NaN, confidence 0. `encoder` gives an array of shape (texts, dimensions), the same
    for a text whatever stands beside it. `longest_characters` bounds what is read.
    """

    def __init__(self, encoder: Encoder, head: Head, name: str, version: str, longest_characters: int) -> None:
        self.name = name
        self.version = f"{version}-{head.version}"
        self._encoder = encoder
        self._head = head
        self._longest = longest_characters
        self._reader = Reader(Spelling())

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        read = [None if silent(text) else self._words(text) for text in texts]
        spans = [[] if words is None else [words.span(start, end) for start, end in words.clauses()] for words in read]
        sentences = [text.text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
        distinct = list(dict.fromkeys(sentences))
        given = self._head.probabilities(self._encoder(distinct)) if distinct else np.empty((0, len(SIGNALS)))
        of = dict(zip(distinct, given, strict=True))
        return [self._result(text, words, own, of) for text, words, own in zip(texts, read, spans, strict=True)]

    def _words(self, text: Text) -> Words:
        content = text.text[: self._longest]
        return self._reader.read(content, own_words(content, agent_turns=text.author_side == "us"))

    def _result(self, text: Text, words: Words | None, spans: Sequence[tuple[int, int]], of: dict[str, Floats]) -> TextSignals:
        lang = UNDETERMINED if words is None else language(words, text.text, text.lang)
        hits = tuple(
            Hit(signal, round(float(probability), 4), (start, end), f"{self.name}.{signal}")
            for start, end in spans
            for signal, probability in zip(SIGNALS, of[text.text[start:end]], strict=True)
            if probability >= SURE
        )
        return TextSignals(text.id, lang, nan, 0.0, _surest(hits), self.name, self.version)


def _surest(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The surest sentence of each signal: many weak ones are no strong one."""
    best: dict[str, Hit] = {}
    for hit in hits:
        if hit.signal not in best or hit.score > best[hit.signal].score:
            best[hit.signal] = hit
    return tuple(sorted(best.values(), key=lambda hit: (hit.span or (0, 0), hit.signal)))


def _unit(vectors: NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(np.asarray(vectors, dtype=np.float64), axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float64)
