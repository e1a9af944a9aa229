"""From a text to folded words: what patterns, negation and the lexicon read, with the way back to the original."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from features.text.spelling import Spelling

Interval = tuple[int, int]

TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+|\S+@\S+\.\w+)"
    r"|(?P<word>[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d]|['’`´](?=[^\W_]))*)"
    r"|(?P<cash>[$€£]{2,})"
    r"|(?P<face>[:;]-?[()DP/]|[\u2600-\u27bf\U0001f300-\U0001faff])"
    r"|(?P<end>[.!?;¿¡…。]+(?=[\s\"'”’)\]]|$|[A-ZÁÉÍÓÚÑ¿¡])|\n)"
    r"|(?P<pause>[,:()\[\]\u2013\u2014]| - )"
)
STANDS_FOR = {"link": "link", "cash": "money"}
CONNECTORS = frozenset(("but", "however", "although", "pero", "aunque", "sino", "nevertheless", "embargo"))
REMEMBERED_WORDS = 50_000
NO_LETTERS = "_"
DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d"))


@dataclass(frozen=True)
class Words:
    """The folded words of a text.

    `line` holds every word followed by a blank, and a line feed before the first word of each clause and at the end.
    The lists run in parallel, one item a word: place in `line`, span in the original, whether a pause stands before it,
    whether it is capitalised in the original, number of its clause. `shouts` counts exclamation marks.
    """

    line: str
    words: list[str]
    places: list[int]
    spans: list[Interval]
    paused: list[bool]
    capital: list[bool]
    clause: list[int]
    shouts: int

    def at(self, start: int, end: int) -> tuple[int, int]:
        """First and past-the-last word of `line[start:end]`."""
        return bisect_left(self.places, start), bisect_left(self.places, end)

    def span(self, first: int, past: int) -> Interval:
        """Where words `first` to `past` (excluded, later than `first`) stand in the original."""
        return self.spans[first][0], self.spans[past - 1][1]

    def clauses(self) -> list[Interval]:
        """First and past-the-last word of each clause, in order."""
        starts = [at for at in range(len(self.clause)) if at == 0 or self.clause[at] != self.clause[at - 1]]
        return list(zip(starts, [*starts[1:], len(self.clause)], strict=False))

    def clause_start(self, word: int) -> int:
        """The first word of the clause that `word` stands in."""
        return bisect_left(self.clause, self.clause[word])


def fold(word: str) -> str:
    """Lower case without accents, invisible characters and drawn-out letters; `’` reads as `'`."""
    if not word.isascii():
        word = word.translate(INVISIBLE).replace("’", "'").replace("´", "'").replace("`", "'")
        word = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return DRAWN_OUT.sub(r"\1", word.lower())


class Reader:
    """Reads texts into words; `spelling` gives the words that one stands for (typos, contractions)."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._folded = lru_cache(maxsize=REMEMBERED_WORDS)(self._fold)

    def read(self, text: str, kept: Sequence[Interval]) -> Words:
        """The words of the `kept` parts of `text`."""
        page = _Page(self._folded)
        for start, end in kept:
            for token in TOKEN.finditer(text, start, end):
                page.take(token, text)
            page.close()
        return page.words()

    def _fold(self, raw: str) -> tuple[str, ...]:
        folded = "".join(fold(raw).split()) or NO_LETTERS
        return self._spelling.get(folded) or _parts(folded)


class _Page:
    """Collects words one by one; see `Words` for the lists."""

    def __init__(self, folded: Callable[[str], tuple[str, ...]]) -> None:
        self._folded = folded
        self._line: list[str] = []
        self._length = 0
        self._open = False
        self._pause = False
        self._clause = -1
        self._shouts = 0
        self._words: list[str] = []
        self._places: list[int] = []
        self._spans: list[Interval] = []
        self._paused: list[bool] = []
        self._capital: list[bool] = []
        self._clauses: list[int] = []

    def take(self, token: re.Match[str], text: str) -> None:
        kind, raw = token.lastgroup, token[0]
        if kind == "word":
            self._take_word(raw, token.span())
        elif kind == "pause":
            self._pause = True
        elif kind == "end":
            self._shouts += raw.count("!")
            if raw != "\n" or not _wrapped(text, token.start()):
                self.close()
        else:
            self._add(STANDS_FOR.get(kind or "", raw), token.span(), capital=False)

    def close(self) -> None:
        self._open = self._pause = False

    def words(self) -> Words:
        return Words(
            line="".join(self._line) + "\n",
            words=self._words,
            places=self._places,
            spans=self._spans,
            paused=self._paused,
            capital=self._capital,
            clause=self._clauses,
            shouts=self._shouts,
        )

    def _take_word(self, raw: str, span: Interval) -> None:
        words = self._folded(raw)
        if words[0] in CONNECTORS:
            self.close()
        capital = raw[0].isupper()
        for word in words:
            self._add(word, span, capital=capital)

    def _add(self, word: str, span: Interval, *, capital: bool) -> None:
        if not self._open:
            self._line.append("\n")
            self._length += 1
            self._clause += 1
            self._open = True
        self._words.append(word)
        self._places.append(self._length)
        self._spans.append(span)
        self._paused.append(self._pause)
        self._capital.append(capital)
        self._clauses.append(self._clause)
        self._line.append(word + " ")
        self._length += len(word) + 1
        self._pause = False


def _parts(folded: str) -> tuple[str, ...]:
    """Spell out a contraction: `we're` -> we are, `can't` -> can not, `anna's` -> anna s."""
    if "'" not in folded:
        return (folded,)
    head, _, tail = folded.rpartition("'")
    head = head.replace("'", "")
    if tail == "t" and head.endswith("n") and len(head) > 1:
        stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(head[:-1], head[:-1])
        return (stem, "not")
    whole = {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}.get(tail, tail)
    return (head, whole) if head else (whole,)


def _wrapped(text: str, at: int) -> bool:
    """Whether the line feed at `at` only wraps a line: the next line goes on in lower case."""
    rest = text[at + 1 : at + 2]
    return rest.islower() and at > 0 and text[at - 1] not in ".!?:;\n"
