"""The phrase rules: read from the YAML files beside this one, tried on the folded words of a text."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from features.languages import LANGUAGES
from features.text.analyzer import MARKS, SIGNALS, Hit
from features.text.groups import group, vocabulary
from features.text.patterns import Pattern, PatternIndex, compile_pattern
from features.text.words import Words

KEYS = {"pattern", "weight", "negatable", "known_rival", "exclude", "examples_pos", "examples_neg"}
HEAD = {"lang", "exclude", "retract", "rules"}
OUTDONE = 2  # so many times more patterns of another signal in the same words and sentence take a hit back
FEW = 2  # words after a comma or an "and" that still belong to what was named before it


@dataclass(frozen=True)
class Rule:
    """One rule of `phrases/<signal>_<lang>.yaml`: any of its patterns makes a hit of `weight` (0-1).

    A negation before a `negatable` one turns it round. An `exclude` takes it back where it touches the part of the sentence
    that the phrase stands in, as far as the next clause; a `retract` ("… is solved") wherever in the sentence it is.
    The `{name}` of a `known_rival` rule is a competitor from the settings or widely used software, not any capitalised word.
    """

    name: str
    signal: str
    lang: str
    weight: float
    negatable: bool
    known_rival: bool
    patterns: tuple[Pattern, ...]
    exclude: tuple[Pattern, ...]
    retract: tuple[Pattern, ...]
    examples_pos: tuple[str, ...]
    examples_neg: tuple[str, ...]


class Phrasebook:
    """All rules of all signals; `rivals` are the words of competitors' names, folded; `negation_words` is how far before a
    phrase a negation reaches.
    """

    def __init__(self, rules: Sequence[Rule], rivals: frozenset[str], negation_words: int) -> None:
        self._patterns = [(rule, pattern) for rule in rules for pattern in rule.patterns]
        self._index = PatternIndex([pattern for _, pattern in self._patterns])
        self._undoing = list(dict.fromkeys(pattern for rule in rules for pattern in (*rule.exclude, *rule.retract)))
        self._undoing_index = PatternIndex(self._undoing)
        self._rivals = rivals | group("vendor")
        self._negation_words = negation_words

    def hits(self, words: Words) -> list[Hit]:
        """Every hit in the text, at most one a rule and place, in reading order; the same words speak for one signal only."""
        found = dict[tuple[int, int, str], Hit]()
        speaking = Counter[tuple[int, str]]()
        for number, (start, end) in enumerate(words.clauses()):
            sentence = _Sentence(words, start, end, self._undoing, self._undoing_index)
            for candidate in self._index.candidates(sentence.spoken):
                rule, pattern = self._patterns[candidate]
                for match in pattern.regex.finditer(words.line, sentence.place, sentence.until):
                    hit = self._hit(rule, match, sentence)
                    if hit is not None and hit.span is not None:
                        found[*hit.span, rule.name] = hit
                        speaking[number, rule.signal] += not hit.negated
        return _told_once([found[key] for key in sorted(found)], speaking, words)

    def _hit(self, rule: Rule, match: re.Match[str], sentence: "_Sentence") -> Hit | None:
        words = sentence.words
        first, past = words.at(match.start(), match.end())
        name = match.groupdict().get("name")
        if name and not self._is_name(words, words.at(*match.span("name"))[0], rule):
            return None
        if self._taken_back(rule, sentence, first, past):
            return None
        negated = rule.negatable and is_negated(words, first, self._negation_words)
        return Hit(rule.signal, rule.weight, words.span(first, past), rule.name, negated)

    def _is_name(self, words: Words, at: int, rule: Rule) -> bool:
        if rule.known_rival:
            return words.words[at] in self._rivals
        return words.capital[at] and words.words[at] not in group("not_a_name")

    def _taken_back(self, rule: Rule, sentence: "_Sentence", first: int, past: int) -> bool:
        """Whether an exclusion beside the phrase, or a retraction anywhere in its sentence, takes it back."""
        undoing = sentence.undoing
        excluding = [pattern for pattern in rule.exclude if pattern in undoing]
        if excluding:
            borders = sentence.borders
            near, until = _between(borders, sentence.words, first, past)
            for pattern in excluding:
                for start, end in self._unnegated(pattern, sentence.words, first):
                    if (
                        start < until
                        and end > near
                        and (_names_border(pattern.written) or not any(start < at < end for at in borders))
                    ):
                        return True
        retracting = [pattern for pattern in rule.retract if pattern in undoing]
        return any(True for pattern in retracting for _ in self._unnegated(pattern, sentence.words, first))

    def _unnegated(self, pattern: Pattern, words: Words, first: int) -> Iterator[tuple[int, int]]:
        """Where in the clause of word `first` the pattern stands and is not itself negated ("is not fixed")."""
        place = words.places[words.clause_start(first)] - 1
        for match in pattern.regex.finditer(words.clause_text(first)):
            start, end = words.at(place + match.start(), place + match.end())
            negates = not group("negators").isdisjoint(match[0].split())
            if negates or not is_negated(words, start, self._negation_words):
                yield start, end


class _Sentence:
    """One sentence of a text, and what is worked out of it once: words, borders, and what could take a hit back."""

    def __init__(self, words: Words, start: int, end: int, undoing: Sequence[Pattern], index: PatternIndex) -> None:
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
            more >= OUTDONE * support[at] and other.signal != hit.signal and not other.negated
            for (other, (first, past)), more in zip(placed, support, strict=True)
            if first < end and start < past
        )

    strongest = max(support, default=0)
    return [
        hit
        for at, hit in enumerate(hits)
        if hit.negated or hit.signal in MARKS or strongest < OUTDONE * support[at] or not outdone(at)
    ]


def clause_borders(words: Words, word: int) -> list[int]:
    """Where in the sentence of `word` a clause with a subject of its own begins: at a comma or a @border word.

    A few words without a determiner or a pronoun ("slow and useless", "solved, thanks") still speak of what was named before.
    """
    start = words.clause_start(word)
    end = bisect_right(words.clause, words.clause[word])
    maybe = [at for at in range(start + 1, end) if words.paused[at] or _is_border(words, at)]
    return [at for at, until in pairwise([*maybe, end]) if _has_subject(words.words[at:until])]


def _has_subject(part: Sequence[str]) -> bool:
    own = part[1:] if part[0] in group("border") else part
    return len(own) > FEW or not group("determiners").isdisjoint(own) or not group("pronouns").isdisjoint(own)


def _is_border(words: Words, at: int) -> bool:
    return words.words[at] in group("border") or "_".join(words.words[at : at + 2]) in group("border")


@cache
def _names_border(pattern: str) -> bool:
    return not group("border").isdisjoint(re.findall(r"[a-z]+", pattern))


def _between(borders: Sequence[int], words: Words, first: int, past: int) -> tuple[int, int]:
    """The words between the borders around a phrase; a border that ends it ("to cancel and …") is no longer its own."""
    while past - 1 > first and (past - 1) in borders:
        past -= 1
    start = max((at for at in borders if at <= first), default=words.clause_start(first))
    return start, min((at for at in borders if at >= past), default=bisect_right(words.clause, words.clause[first]))


def is_negated(words: Words, first: int, reach: int) -> bool:
    """Whether a negation stands within `reach` words before word `first`, in its clause and after the last pause."""
    clause = words.clause[first]
    for step in range(1, reach + 1):
        at = first - step
        if words.paused[at + 1] or at < 0 or words.clause[at] != clause:
            return False
        if words.words[at] in group("negators") and words.words[at + 1] not in group("no_negation"):
            return True
    return False


@cache
def compiled_rules() -> tuple[Rule, ...]:
    """Every rule of the phrase files; `ValueError` names the rule that does not read."""
    return tuple(rule for signal in (*SIGNALS, *MARKS) for rule in _rules(signal))


def _rules(signal: str) -> Iterator[Rule]:
    pages = {lang: _page(signal, lang) for lang in LANGUAGES}
    shared = {key: [source for page in pages.values() for source in page.get(key, ())] for key in ("exclude", "retract")}
    for lang, page in pages.items():
        if unknown := set(page) - HEAD:
            raise ValueError(f"phrases/{signal}_{lang}.yaml: unknown keys {sorted(unknown)}")
        for number, entry in enumerate(page["rules"], 1):
            if unknown := set(entry) - KEYS:
                raise ValueError(f"phrases/{signal}_{lang}.yaml, rule {number}: unknown keys {sorted(unknown)}")
            yield Rule(
                name=f"{signal}.{lang}.{number}",
                signal=signal,
                lang=lang,
                weight=float(entry.get("weight", 1.0)),
                negatable=bool(entry.get("negatable", True)),
                known_rival=bool(entry.get("known_rival", False)),
                patterns=_compiled(entry["pattern"]),
                exclude=_compiled([*shared["exclude"], *entry.get("exclude", ())]),
                retract=_compiled(shared["retract"]),
                examples_pos=tuple(entry["examples_pos"]),
                examples_neg=tuple(entry["examples_neg"]),
            )


def _page(signal: str, lang: str) -> Any:
    return yaml.safe_load((files("features.text") / "phrases" / f"{signal}_{lang}.yaml").read_text(encoding="utf-8"))


def _compiled(sources: Sequence[str]) -> tuple[Pattern, ...]:
    return tuple(_pattern(source) for source in sources)


@cache
def _pattern(source: str) -> Pattern:
    return compile_pattern(source, vocabulary())
