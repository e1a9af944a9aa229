"""The phrase rules, tried on the folded words of a text."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from features.text.analyzer import MARKS, Hit
from features.text.clauses import between, clause_borders, denied, is_negated
from features.text.groups import group
from features.text.patterns import Pattern, PatternIndex
from features.text.phrase_files import Rule, RuleIndex
from features.text.words import Words

OUTDONE = 2  # so many times more patterns of another signal in the same words and sentence take a hit back
SHORT = 60  # words of a text that speaks of one thing: what it is about holds for all of it
TOGETHER = frozenset(("budget", "cancellation"))  # a smaller plan is both: these two never take each other's words


class Phrasebook:
    """All rules of all signals; `rivals` are the words of competitors' names, folded; `negation_words` is how far before a
    phrase a negation reaches.
    """

    def __init__(self, index: RuleIndex, rivals: frozenset[str], negation_words: int) -> None:
        self._rules = index
        self._rivals = rivals | group("vendor")
        self._negation_words = negation_words

    def hits(self, words: Words) -> list[Hit]:
        """Every hit in the text, at most one a rule and place, in reading order; the same words speak for one signal only."""
        found = dict[tuple[int, int, str], Hit]()
        speaking = Counter[tuple[int, str]]()
        lines = _Lines(words, self._rivals)
        for number, (start, end) in enumerate(words.clauses()):
            sentence = _Sentence(lines, start, end, self._rules.undoing, self._rules.of_undoing)
            for candidate in self._rules.of_hits.candidates(sentence.spoken):
                rule, pattern = self._rules.hits[candidate]
                line = lines.of(pattern, known_rival=rule.known_rival)
                for match in pattern.regex.finditer(line, sentence.place, sentence.until):
                    hit = self._hit(rule, pattern, match, sentence)
                    if hit is not None and hit.span is not None:
                        found[*hit.span, rule.name] = hit
                        speaking[number, rule.signal] += not hit.negated
        silent = self._silent(words, lines) if found else frozenset()
        return _told_once([found[key] for key in sorted(found) if found[key].signal not in silent], speaking, words)

    def _silent(self, words: Words, lines: "_Lines") -> frozenset[str]:
        """The signals that a short text does not tell, whatever its words, because all of it speaks of something else."""
        if len(words.words) > SHORT:
            return frozenset()
        maybe = [self._rules.silencing[at] for at in self._rules.of_silencing.candidates(set(words.words))]
        return frozenset().union(*[signals for signals, pattern in maybe if pattern.regex.search(lines.of(pattern))])

    def _hit(self, rule: Rule, pattern: Pattern, match: re.Match[str], sentence: "_Sentence") -> Hit | None:
        words = sentence.words
        first, past = words.at(match.start(), match.end())
        if self._taken_back(rule, sentence, first, past):
            return None
        negated = rule.negatable and (
            is_negated(words, first, self._negation_words) or (not _negates(pattern) and denied(words, first, past))
        )
        return Hit(rule.signal, rule.weight, words.span(first, past), rule.name, negated)

    def _taken_back(self, rule: Rule, sentence: "_Sentence", first: int, past: int) -> bool:
        """Whether an exclusion beside the phrase, or a retraction anywhere in its sentence, takes it back."""
        undoing = sentence.undoing
        excluding = [pattern for pattern in rule.exclude if pattern in undoing]
        if excluding:
            borders = sentence.borders
            near, until = between(borders, sentence.words, first, past)
            for pattern in excluding:
                for start, end in self._unnegated(pattern, sentence):
                    if (
                        start < until
                        and end > near
                        and (_names_border(pattern.written) or not any(start < at < end for at in borders))
                    ):
                        return True
        retracting = [pattern for pattern in rule.retract if pattern in undoing]
        return any(True for pattern in retracting for _ in self._unnegated(pattern, sentence))

    def _unnegated(self, pattern: Pattern, sentence: "_Sentence") -> Iterator[tuple[int, int]]:
        """Where in the sentence the pattern stands and is not itself negated ("is not fixed")."""
        words = sentence.words
        for match in pattern.regex.finditer(sentence.lines.of(pattern), sentence.place, sentence.until):
            start, end = words.at(match.start(), match.end())
            negates = not group("negators").isdisjoint(match[0].split())
            if negates or not is_negated(words, start, self._negation_words):
                yield start, end


class _Lines:
    """The line of a text, and the same with names marked, made when a pattern with a name is first tried."""

    def __init__(self, words: Words, rivals: frozenset[str]) -> None:
        self.words = words
        self._rivals = rivals

    def of(self, pattern: Pattern, *, known_rival: bool = False) -> str:
        if not pattern.named:
            return self.words.line
        return self._known if known_rival else self._capital

    @cached_property
    def _known(self) -> str:
        return self._marked(at for at, word in enumerate(self.words.words) if word in self._rivals)

    @cached_property
    def _capital(self) -> str:
        words = self.words
        return self._marked(at for at, word in enumerate(words.words) if words.capital[at] and word not in _no_names())

    def _marked(self, names: Iterable[int]) -> str:
        words = self.words
        line = list(words.line)
        for at in names:
            line[words.places[at] + len(words.words[at])] = "\t"
        return "".join(line)


@cache
def _no_names() -> frozenset[str]:
    """Words that name nobody though they are capitalised."""
    return group("not_a_name") | group("english") | group("spanish") | group("common")


class _Sentence:
    """One sentence of a text, and what is worked out of it once: words, borders, and what could take a hit back."""

    def __init__(self, lines: _Lines, start: int, end: int, undoing: Sequence[Pattern], index: PatternIndex) -> None:
        words = lines.words
        self.lines = lines
        self.words = words
        self.place, self.until = words.places[start] - 1, words.places[end - 1] + len(words.words[end - 1]) + 2
        self.spoken = set(words.words[start:end])
        self._start = start
        self._undoing = undoing
        self._index = index

    @cached_property
    def undoing(self) -> frozenset[Pattern]:
        """The exclusions and retractions that the words could match."""
        return frozenset(self._undoing[at] for at in self._index.candidates(self.spoken))

    @cached_property
    def borders(self) -> list[int]:
        return clause_borders(self.words, self._start)


def _told_once(hits: Sequence[Hit], speaking: Mapping[tuple[int, str], int], words: Words) -> list[Hit]:
    """Without hits whose words say something else: one of another signal overlaps, for which far more patterns speak."""
    placed = [(hit, hit.span or (0, 0)) for hit in hits]
    clause = {span: words.clause[bisect_left(words.spans, span)] for _, span in placed}
    support = [speaking[clause[span], hit.signal] for hit, span in placed]

    def outdone(at: int) -> bool:
        hit, (start, end) = placed[at]
        return any(
            more >= OUTDONE * support[at]
            and other.signal != hit.signal
            and not other.negated
            and not {hit.signal, other.signal} <= TOGETHER
            for (other, (first, past)), more in zip(placed, support, strict=True)
            if first < end and start < past
        )

    strongest = max(support, default=0)
    return [
        hit
        for at, hit in enumerate(hits)
        if hit.negated or hit.signal in MARKS or strongest < OUTDONE * support[at] or not outdone(at)
    ]


@cache
def _names_border(pattern: str) -> bool:
    return not group("border").isdisjoint(re.findall(r"[a-z]+", pattern))


@cache
def _negates(pattern: Pattern) -> bool:
    """Whether a pattern holds a negation of its own ("not renew")."""
    return not group("negators").isdisjoint(re.findall(r"[a-z]+", pattern.source))
