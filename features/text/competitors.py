"""Named competitors: exact names in any case, names that are common words only beside a cue, and typos of long names."""

from bisect import bisect_right
from collections.abc import Sequence

from rapidfuzz import fuzz

from features.params import Competitor, TextParams
from features.text.analyzer import Hit
from features.text.clauses import is_negated
from features.text.groups import group
from features.text.words import Words, fold

LENGTH_SLACK = 2
NAMED = "competitor:"  # how the rule of a named competitor begins


class CompetitorNames:
    """The names to look for, from `text.competitors`."""

    def __init__(self, params: TextParams) -> None:
        self._params = params
        self._names: dict[tuple[str, ...], Competitor] = {}
        for competitor in params.competitors:
            for name in (competitor.name, *competitor.aliases):
                words = tuple(fold(part) for part in name.replace("-", " ").replace(".", " ").split())
                if words:
                    self._names[words] = competitor
        self._firsts = frozenset(words[0] for words in self._names)
        self._lengths = sorted({len(words) for words in self._names}, reverse=True)
        self._typed = [
            (words[0], competitor)
            for words, competitor in self._names.items()
            if len(words) == 1 and len(words[0]) >= params.fuzzy_letters and not competitor.ambiguous
        ]
        self._typed_initials = frozenset(word[0] for word, _ in self._typed)

    @property
    def words(self) -> frozenset[str]:
        """Every word of every name: none of them is to be mended as a slip of another word."""
        return frozenset(word for words in self._names for word in words)

    def hits(self, words: Words) -> list[Hit]:
        """One hit a mention, in reading order; a rival the customer came from is none, a negated one is marked."""
        if not self._names:
            return []
        cued = not group("rival_cue").isdisjoint(words.words)
        found: list[Hit] = []
        past = 0
        for at, word in enumerate(words.words):
            if at < past or not self._could_be(word):
                continue
            competitor, length = self._name_at(words.words, at)
            past = at + length
            if competitor is not None and (cued or not competitor.ambiguous) and not _came_from(words, at):
                negated = is_negated(words, at, self._params.negation_words)
                rule = f"{NAMED}{competitor.name}"
                found.append(Hit("competitive", 1.0, words.span(at, past), rule, negated))
        return found

    def _could_be(self, word: str) -> bool:
        """Whether a name may begin here: a quick look before the slow ones."""
        return word in self._firsts or (word[0] in self._typed_initials and len(word) >= self._params.fuzzy_letters)

    def _name_at(self, words: Sequence[str], at: int) -> tuple[Competitor | None, int]:
        """The competitor named by the words that begin here and how many words that takes (1 when none)."""
        for length in self._lengths:
            competitor = self._names.get(tuple(words[at : at + length]))
            if competitor is not None and at + length <= len(words):
                return competitor, length
        word = words[at]
        if len(word) >= self._params.fuzzy_letters:
            for name, competitor in self._typed:
                near = abs(len(name) - len(word)) <= LENGTH_SLACK and name[0] == word[0]
                if near and fuzz.ratio(name, word) >= self._params.fuzzy_ratio:
                    return competitor, 1
        return None, 1


def _came_from(words: Words, at: int) -> bool:
    """Whether the customer left this rival for us: "moved from X to you", "veníamos de X"."""
    start = bisect_right(words.clause, words.clause[at] - 1)
    before = words.words[max(start, at - 3) : at]
    if group("came_from").intersection(before):
        return True
    if "de" in before and not {"veniamos", "venimos", "vinimos", "migramos"}.isdisjoint(words.words[start:at]):
        return True
    after = words.words[at : bisect_right(words.clause, words.clause[at])][1:4]
    return "to" in after and not group("our_side").isdisjoint(after)
