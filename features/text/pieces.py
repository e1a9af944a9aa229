"""What is judged: a few clauses of a text, the hits of one signal in them, and how they look; or that no rule hits there."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from features.text.analyzer import HIT_FROM, SIGNALS, Hit
from features.text.clauses import between, clause_borders
from features.text.competitors import NAMED
from features.text.words import Interval, Words

AROUND = 40  # words, about as many as an example has
QUOTES = frozenset('"“”«»')
ASKS = frozenset("?¿")


@dataclass(frozen=True)
class Piece:
    """A few clauses of a text and their hits of one signal, if any.

    `reach`: first and past-the-last clause; `near`: first and past-the-last word of what the hits stand in, or of the clause
    asked about when there are none. `hits`: their numbers; `rules`: how many different ones hit; `strength`:
    1 - product of (1 - score) over them. `denied`: whether a negated hit stands there; `asks`, `quotes`: whether a question
    or a quotation mark does.
    """

    signal: str
    reach: Interval
    near: Interval
    hits: tuple[int, ...]
    rules: int
    strength: float
    denied: bool
    asks: bool
    quotes: bool

    @property
    def heard(self) -> bool:
        """Whether its rules alone make a hit."""
        return self.strength >= HIT_FROM


class Pieces:
    """The pieces of one text. Neither a negated hit nor the name of a competitor can be doubted."""

    def __init__(self, text: str, words: Words, hits: Sequence[Hit]) -> None:
        self.clauses = words.clauses()
        self._text = text
        self._words = words
        placed = [(at, hit, bisect_left(words.spans, hit.span[:1])) for at, hit in enumerate(hits) if hit.span]
        self._placed = [each for each in placed if each[1].signal in SIGNALS and not (each[1].rule or "").startswith(NAMED)]
        self._made = dict[tuple[str, Interval], Piece]()
        self._borders = dict[int, list[int]]()
        self.reaches = [self._reach(clause) for clause in range(len(self.clauses))]

    def doubted(self) -> list[Piece]:
        """Those that hold hits, one a signal and reach."""
        spoken = dict.fromkeys((hit.signal, self._words.clause[at]) for _, hit, at in self._placed if not hit.negated)
        return list(dict.fromkeys(self.around(signal, clause) for signal, clause in spoken))

    def around(self, signal: str, clause: int) -> Piece:
        """The piece in whose middle a clause stands; the same one for all its clauses when it holds hits."""
        reach = self.reaches[clause]
        if (signal, reach) not in self._made:
            piece = self._piece(signal, reach, clause)
            if not piece.hits:
                return piece
            self._made[signal, reach] = piece
        return self._made[signal, reach]

    def _piece(self, signal: str, reach: Interval, clause: int) -> Piece:
        first, past = self.clauses[reach[0]][0], self.clauses[reach[1] - 1][1]
        inside = [each for each in self._placed if each[1].signal == signal and first <= each[2] < past]
        own = [each for each in inside if not each[1].negated]
        best = dict[str | None, float]()
        for _, hit, _ in own:
            best[hit.rule] = max(best.get(hit.rule, 0.0), hit.score)
        start, end = self._words.span(first, past)
        shown = self._text[max(0, start - 1) : end + 2]
        near = [self._near(at) for at in {at for _, _, at in own}] or [self.clauses[clause]]
        return Piece(
            signal,
            reach,
            (min(begin for begin, _ in near), max(until for _, until in near)),
            tuple(number for number, _, _ in own),
            len(best),
            1.0 - prod(1.0 - score for score in best.values()),
            len(own) < len(inside),
            not ASKS.isdisjoint(shown),
            not QUOTES.isdisjoint(shown),
        )

    def _reach(self, clause: int) -> Interval:
        """The clause and those next to it, as many as there is room for; the one before comes first."""
        first, last, clauses = clause, clause, self.clauses
        while True:
            before = first > 0 and clauses[last][1] - clauses[first - 1][0] <= AROUND
            first -= before
            after = last + 1 < len(clauses) and clauses[last + 1][1] - clauses[first][0] <= AROUND
            last += after
            if not before and not after:
                return first, last + 1

    def _near(self, at: int) -> Interval:
        clause = self._words.clause[at]
        if clause not in self._borders:
            self._borders[clause] = clause_borders(self._words, at)
        return between(self._borders[clause], self._words, at, at + 1)
