"""A second opinion on what the phrase rules hit: do the words around it mean what the phrase says?

On sentences that no author of rules has seen, a hit of one rule alone is right about every second time. The judge knows what a
rule does not: how the shipped examples (`features.text.examples`) are worded as a whole, and how hits that look so have turned
out on sentences which the rules read for the first time (`judge.yaml`, by hand).
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_union

from features.one_of_each import FASTEST
from features.text.analyzer import SIGNALS
from features.text.examples import examples
from features.text.phrase_files import compiled_rules
from features.text.pieces import Piece
from features.text.spelling import Spelling
from features.text.words import Reader

Floats = NDArray[np.float64]
STRENGTH = 5.0  # of the fit (inverse of its penalty)
LEAST = 1e-4  # no probability is nearer to 0 or 1
LOOKS = ("several_rules", "strength", "meant", "asks", "quotes")


class Wording:
    """How the examples of each signal are worded: logistic regressions over words, pairs of words and parts of words.

    Fitted when it is first asked, in a second or two; the same examples give the same answers. `without`: the hand whose
    sentences it does not know, to be asked about them.
    """

    def __init__(self, without: str = "") -> None:
        self._without = without

    def probabilities(self, lines: Sequence[str]) -> Floats:
        """Shape (lines, 7) of lines of folded words, in the order of `SIGNALS`."""
        vectors = self._fitted[0].transform(lines)
        return np.column_stack([model.predict_proba(vectors)[:, 1] for model in self._fitted[1]])

    @cached_property
    def _fitted(self) -> tuple[FeatureUnion, list[LogisticRegression]]:
        reader = Reader(Spelling())
        of_rules = [(text, frozenset((rule.signal,))) for rule in compiled_rules() for text in rule.examples_pos]
        known = [*examples(self._without), *of_rules]
        lines = [" ".join(reader.read(text, [(0, len(text))]).words) for text, _ in known]
        shown = np.array([[signal in signals for signal in SIGNALS] for _, signals in known])
        vectors = (whole := _vectors()).fit_transform(lines)
        return whole, [_model().fit(vectors, target) for target in shown.T]


def _vectors() -> FeatureUnion:
    return make_union(
        TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True),
    )


def _model() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear", class_weight="balanced")


class Judge:
    """The probability that a hit means what it says: a logistic regression with the mean weights of the hands of `judge.yaml`."""

    def __init__(self) -> None:
        learned = yaml.load((files("features.text") / "judge.yaml").read_text(encoding="utf-8"), Loader=FASTEST)  # noqa: S506
        self._from: float = learned["believed_from"]
        weights = np.mean([[hand[name] for name in ("intercept", *LOOKS)] for hand in learned["hands"].values()], axis=0)
        self._intercept, self._weights = float(weights[0]), weights[1:]
        self._wording = Wording()

    def believes(self, pieces: Sequence[Piece]) -> list[bool]:
        """Of each piece, whether its hits are to stand."""
        return [bool(each) for each in self.probabilities(pieces) >= self._from]

    def probabilities(self, pieces: Sequence[Piece]) -> Floats:
        """Shape (pieces,)."""
        margin = looks(pieces, self._wording) @ self._weights + self._intercept
        return np.asarray(1.0 / (1.0 + np.exp(-margin)), dtype=np.float64)


def looks(pieces: Sequence[Piece], wording: Wording) -> Floats:
    """What the judge looks at, shape (pieces, 5) in the order of `LOOKS`.

    `meant`: log-odds by the wording of the piece or of the clauses of the hits, whichever speaks more for the signal.
    """
    if not pieces:
        return np.empty((0, len(LOOKS)))
    own = (np.arange(len(pieces)), [SIGNALS.index(piece.signal) for piece in pieces])
    lines = ([piece.words for piece in pieces], [piece.near for piece in pieces])
    given = np.clip(np.maximum(*(wording.probabilities(each)[own] for each in lines)), LEAST, 1.0 - LEAST)
    meant = np.log(given / (1.0 - given))
    seen = [(each.rules > 1, each.strength, odds, each.asks, each.quotes) for each, odds in zip(pieces, meant, strict=True)]
    return np.array(seen, dtype=np.float64)
