"""How sentences of each signal are worded: what all the words of a sentence say together, where no phrase need stand.

A linear reader of words, their beginnings, and pairs of neighbours, learned from the shipped examples (`features.text.examples`)
and those of the rules. A sentence is a sum over its words, so that a text of any length is read at the speed of a look-up.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, repeat

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from features.text.analyzer import SIGNALS
from features.text.examples import examples
from features.text.phrase_files import compiled_rules
from features.text.spelling import Spelling
from features.text.words import Reader

Floats = NDArray[np.float64]
BEGINNINGS = (4, 5, 6)  # letters: endings differ by person, number and tense
STEM = 4  # letters of a word in a pair that is not side by side
REACH = 3  # words from the first to the second of a pair
SEEN = 2  # examples that must have a feature
STRENGTH = 0.5  # of the fit (inverse of its penalty)
SCALE = 0.1  # of the features, which the strength of the fit belongs to
EVEN = 4.0  # words added to the length of a text, so that two words alone do not shout
REMEMBERED_WORDS = 50_000


def units(word: str) -> list[Hashable]:
    """What a word says by itself: the word, and how it begins."""
    return [word, *(f"{word[:letters]}*" for letters in BEGINNINGS if len(word) > letters)]


def pairs(clause: Sequence[str]) -> Iterator[tuple[int, Iterator[Hashable]]]:
    """What two words of a clause say together, by how far the second stands behind the first, from left to right.

    Side by side as they are; then up to `REACH` apart by their stems. The ends of the clause are words too.
    """
    padded = ("^", *clause, "$")
    yield 1, pairwise(padded)
    stems = [word[:STEM] for word in padded]
    for reach in range(1, REACH + 1):
        yield reach, zip(stems, stems[reach:], repeat(reach), strict=False)


class Wording:
    """The margin by which words speak for each signal, fitted when it is first asked, in two or three seconds.

    The same examples give the same margins. `without`: the hand whose sentences it does not know, to be asked about them.
    """

    def __init__(self, without: str = "") -> None:
        self._without = without
        self._of_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._look_up)

    def total(self, clause: Sequence[str]) -> Floats:
        """Shape (8,): the sum over the words and pairs of one clause, in the order of `SIGNALS`, and for any signal at all."""
        known, weights, _ = self._fitted
        found = [row for word in clause for row in self._of_word(word)]
        for _, each in pairs(clause):
            found += [row for row in map(known.get, each) if row is not None]
        return np.asarray(weights[found].sum(axis=0))

    def margins(self, totals: Floats, lengths: NDArray[np.int64]) -> Floats:
        """Of clauses together, from the sums of their totals, shape (n, 8), and of their numbers of words, shape (n,)."""
        return totals * _shrunk(lengths)[:, None] + self._fitted[2]

    def spoken(self, clause: Sequence[str], signal: str) -> Floats:
        """Shape (words,): how much each word of the clause says for `signal`, a pair shared by both of its words."""
        known, weights, _ = self._fitted
        says = weights[:, SIGNALS.index(signal)]
        each = np.array([says[list(self._of_word(word))].sum() for word in clause])
        for reach, some in pairs(clause):
            for first, pair in enumerate(some, -1):
                inside = [at for at in (first, first + reach) if 0 <= at < len(clause)]
                if pair in known and inside:
                    each[inside] += says[known[pair]] / len(inside)
        return each

    def _look_up(self, word: str) -> tuple[int, ...]:
        known = self._fitted[0]
        return tuple(known[unit] for unit in units(word) if unit in known)

    @cached_property
    def _fitted(self) -> tuple[Mapping[Hashable, int], Floats, Floats]:
        """Feature -> row; weights, shape (features, 8); and the bias, shape (8,)."""
        reader = Reader(Spelling())
        of_rules = [(text, frozenset((rule.signal,))) for rule in compiled_rules() for text in rule.examples_pos]
        texts = [*examples(self._without), *of_rules]
        read = [reader.read(text, [(0, len(text))]) for text, _ in texts]
        shown = np.array([[*(signal in signals for signal in SIGNALS), bool(signals)] for _, signals in texts])
        found = [_features([words.words[slice(*clause)] for clause in words.clauses()]) for words in read]
        seen = Counter(feature for each in found for feature in each)
        known = {feature: row for row, feature in enumerate(each for each, number in seen.items() if number >= SEEN)}
        rare = np.log((1 + len(texts)) / (1 + np.array([seen[feature] for feature in known]))) + 1
        counted = _counts(found, known)
        lengths = _shrunk(np.array([len(words.words) for words in read]))
        values = counted.multiply(rare).multiply(SCALE * lengths[:, None]).tocsr()
        models = [_model().fit(values, target) for target in shown.T]
        weights = np.column_stack([model.coef_[0] for model in models]) * rare[:, None] * SCALE
        return known, weights, np.array([model.intercept_[0] for model in models])


def _features(clauses: Sequence[Sequence[str]]) -> Counter[Hashable]:
    found = Counter[Hashable](unit for clause in clauses for word in clause for unit in units(word))
    found.update(pair for clause in clauses for _, some in pairs(clause) for pair in some)
    return found


def _counts(found: Sequence[Counter[Hashable]], known: Mapping[Hashable, int]) -> csr_matrix:
    rows = [[(known[feature], count) for feature, count in each.items() if feature in known] for each in found]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    flat = np.array([entry for row in rows for entry in row]).reshape(-1, 2)
    return csr_matrix((flat[:, 1].astype(np.float64), flat[:, 0], ends), shape=(len(rows), len(known)))


def _shrunk(lengths: NDArray[np.int64]) -> Floats:
    return np.asarray(1.0 / np.sqrt(lengths + EVEN), dtype=np.float64)


def _model() -> LinearSVC:
    return LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0, max_iter=3000)
