"""A second opinion on what the phrase rules hit and what they do not: do the words around mean it?

On sentences that no author of rules has seen, a hit of one rule alone is right about every second time, and every fourth plain
statement is hit by none. The judge knows what a rule does not: how the shipped examples are worded as a whole
(`features.text.wording`), and how pieces of text that look so have turned out on sentences which the rules read for the first
time (`judge.yaml`, by hand).
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files

import numpy as np
import yaml

from features.one_of_each import FASTEST
from features.text.analyzer import SIGNALS, Hit
from features.text.pieces import Piece, Pieces
from features.text.wording import Floats, Wording
from features.text.words import Words

LOOKS = ("heard", "several_rules", "strength", "meant", "another_meant", "anything", "denied", "asks", "quotes")
WORDED = "wording"  # the rule of a hit that no phrase made
UNMEANT = -0.5  # margin of the wording below which it does not matter how little another signal is meant
CLEAREST = 3.0  # margin of the wording beyond which nothing gets clearer


class Judge:
    """The probability that a piece of text means a signal: a logistic regression with the mean of the weights in `judge.yaml`."""

    def __init__(self) -> None:
        learned = yaml.load((files("features.text") / "judge.yaml").read_text(encoding="utf-8"), Loader=FASTEST)  # noqa: S506
        weights = np.mean([[hand[name] for name in ("intercept", *LOOKS)] for hand in learned["hands"].values()], axis=0)
        self._intercept, self._weights = float(weights[0]), weights[1:]
        self._from: float = learned["believed_from"]
        self._wording = Wording()
        least = np.log(self._from / (1.0 - self._from)) - self._intercept
        self._worth_asking = float(least / weights[1 + LOOKS.index("meant")])

    def judged(self, text: str, words: Words, hits: Sequence[Hit]) -> list[Hit]:
        """The hits that mean what they say, and those of the wording where no rule makes one."""
        if not words.words:
            return list(hits)
        found = Pieces(text, words, hits)
        meant = self.meant(words, found)
        asked = list(dict.fromkeys((*found.doubted(), *unheard(found, meant, self._worth_asking))))
        if not asked:
            return list(hits)
        believed = self.probabilities(words, asked, meant)
        given = list(zip(asked, believed.tolist(), strict=True))
        fallen = {number for piece, chance in given if chance < self._from for number in piece.hits}
        kept = [hit for number, hit in enumerate(hits) if number not in fallen]
        return [*kept, *self._worded(words, [each for each in given if each[1] >= self._from and not each[0].heard])]

    def meant(self, words: Words, found: Pieces) -> Floats:
        """What `clauses_meant` gives by the wording of this judge."""
        return clauses_meant(words, found, self._wording)

    def probabilities(self, words: Words, pieces: Sequence[Piece], meant: Floats) -> Floats:
        """Shape (pieces,). `meant`: of the clauses of the text, by `meant`."""
        margin = looks(words, pieces, meant, self._wording) @ self._weights + self._intercept
        return np.asarray(1.0 / (1.0 + np.exp(-margin)), dtype=np.float64)

    def _worded(self, words: Words, given: Sequence[tuple[Piece, float]]) -> Iterator[Hit]:
        """One hit a signal, the likeliest, where the words that say most for it stand."""
        best = dict[str, tuple[Piece, float]]()
        for piece, chance in given:
            if chance > best.get(piece.signal, (piece, 0.0))[1]:
                best[piece.signal] = piece, chance
        for signal, (piece, chance) in best.items():
            start, end = piece.near
            first, past = telling(self._wording.spoken(words.words[start:end], signal))
            yield Hit(signal, round(chance, 4), words.span(start + first, start + past), WORDED)


def looks(words: Words, pieces: Sequence[Piece], meant: Floats, wording: Wording) -> Floats:
    """What the judge looks at, shape (pieces, 9) in the order of `LOOKS`.

    `meant`: the margin of the wording of all the piece or of the clauses of its hits, whichever speaks more for the signal;
    `another_meant`, `anything`: the greatest margin of another signal beside the hits, and of any at all.
    """
    rows, given = [], meant.tolist()
    for piece in pieces:
        signal = SIGNALS.index(piece.signal)
        whole = [max(each) for each in zip(*given[_clauses(words, piece)], strict=True)]
        one = words.clause[piece.near[0]] == words.clause[piece.near[1] - 1]
        near = _near(words, piece, wording) if piece.hits and one else whole
        own, another = max(whole[signal], near[signal]), max(*near[:signal], *near[signal + 1 : -1], UNMEANT)
        anything = max(whole[-1], near[-1])
        clipped = [min(max(each, -CLEAREST), CLEAREST) for each in (own, another, anything)]
        rows.append((piece.heard, piece.rules > 1, piece.strength, *clipped, piece.denied, piece.asks, piece.quotes))
    return np.array(rows, dtype=np.float64).reshape(-1, len(LOOKS))


def _near(words: Words, piece: Piece, wording: Wording) -> list[float]:
    """The margins of what the hits of a piece stand in."""
    near = words.words[slice(*piece.near)]
    margins: list[float] = wording.margins(wording.total(near)[None], np.array([len(near)]))[0].tolist()
    return margins


def _clauses(words: Words, piece: Piece) -> slice:
    """The clauses that the near words of a piece stand in."""
    return slice(words.clause[piece.near[0]], words.clause[piece.near[1] - 1] + 1)


def clauses_meant(words: Words, found: Pieces, wording: Wording) -> Floats:
    """Shape (clauses, 8): the margin of each clause, or of the clauses around it where they speak more for the signal.

    A clause said again adds nothing to those around it.
    """
    totals = np.array([wording.total(words.words[start:end]) for start, end in found.clauses])
    ends = np.array([0, *(end for _, end in found.clauses)])
    alone = wording.margins(totals, ends[1:] - ends[:-1])
    if len(totals) == 1:
        return alone
    said = [tuple(words.words[start:end]) for start, end in found.clauses]
    new = np.array([clause not in said[:number] for number, clause in enumerate(said)])
    ends = np.array([0, *((ends[1:] - ends[:-1]) * new).cumsum()])
    totals = totals * new[:, None]
    sums = np.vstack((np.zeros(totals.shape[1]), totals.cumsum(axis=0)))
    first, past = np.array(found.reaches).T
    return np.maximum(alone, wording.margins(sums[past] - sums[first], ends[past] - ends[first]))


def unheard(found: Pieces, meant: Floats, least: float) -> Iterator[Piece]:
    """Pieces around the clauses whose wording speaks at least so much for a signal, where no rule makes or denies a hit."""
    for clause, signal in np.argwhere(meant[:, : len(SIGNALS)] >= least).tolist():
        piece = found.around(SIGNALS[signal], clause)
        if not piece.heard and not piece.denied:
            yield piece


def telling(said: Floats) -> tuple[int, int]:
    """First and past-the-last of the words in a row that together say most; at least one."""
    best, run, first, span = -np.inf, 0.0, 0, (0, 1)
    for at, value in enumerate(said.tolist()):
        if run <= 0:
            run, first = 0.0, at
        run += value
        if run > best:
            best, span = run, (first, at + 1)
    return span
