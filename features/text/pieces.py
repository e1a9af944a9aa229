"""What stands around a hit: the piece of a text that is to mean what the phrase says, and how the hits in it look."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from features.text.analyzer import SIGNALS, Hit
from features.text.clauses import between, clause_borders
from features.text.competitors import NAMED
from features.text.words import Interval, Words

AROUND = 40  # words, about as many as an example has
QUOTES = frozenset('"“”«»')
ASKS = frozenset("?¿")


@dataclass(frozen=True)
class Piece:
    """A few clauses of a text and their hits of one signal.

    `words`: folded; `near`: those of the clauses that the hits stand in. `rules`: how many different ones hit; `strength`:
    1 - product of (1 - score) over them. `asks`, `quotes`: whether a question or a quotation mark stands there.
    """

    signal: str
    words: str
    near: str
    rules: int
    strength: float
    asks: bool
    quotes: bool


def pieces(text: str, words: Words, hits: Sequence[Hit]) -> dict[int, Piece]:
    """For the number of each hit that can be doubted its piece: neither a negated one nor the name of a competitor can."""
    clauses, found = words.clauses(), dict[int, Piece]()
    spoken = [(number, hit) for number, hit in enumerate(hits) if not hit.negated]
    placed = [(number, hit, bisect_left(words.spans, hit.span[:1])) for number, hit in spoken if hit.span]
    made = dict[tuple[str, Interval], Piece]()
    for number, hit, at in placed:
        if hit.signal not in SIGNALS or (hit.rule or "").startswith(NAMED):
            continue
        reach = _around(clauses, words.clause[at])
        if (hit.signal, reach) not in made:
            inside = [(each, place) for _, each, place in placed if each.signal == hit.signal and reach[0] <= place < reach[1]]
            made[hit.signal, reach] = _piece(hit.signal, text, words, reach, inside)
        found[number] = made[hit.signal, reach]
    return found


def _around(clauses: Sequence[Interval], at: int) -> Interval:
    """The words of clause `at` and of the clauses next to it, as many as there is room for; the one before comes first."""
    first, last = at, at
    while True:
        before = first > 0 and clauses[last][1] - clauses[first - 1][0] <= AROUND
        first -= before
        after = last + 1 < len(clauses) and clauses[last + 1][1] - clauses[first][0] <= AROUND
        last += after
        if not before and not after:
            return clauses[first][0], clauses[last][1]


def _piece(signal: str, text: str, words: Words, reach: Interval, hits: Sequence[tuple[Hit, int]]) -> Piece:
    best = dict[str | None, float]()
    for hit, _ in hits:
        best[hit.rule] = max(best.get(hit.rule, 0.0), hit.score)
    start, end = words.span(*reach)
    shown = set(text[start : end + 2])
    own = [between(clause_borders(words, at), words, at, at + 1) for _, at in hits]
    return Piece(
        signal,
        " ".join(words.words[slice(*reach)]),
        " ".join(words.words[min(first for first, _ in own) : max(past for _, past in own)]),
        len(best),
        1.0 - prod(1.0 - score for score in best.values()),
        bool(shown & ASKS),
        bool(set(text[max(0, start - 1) : end + 2]) & QUOTES),
    )
