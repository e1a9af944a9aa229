"""Sentiment in [-1, 1]: own lexicons of stems, with intensifiers, negation and what the hits of the rules add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import sqrt

import yaml

from features.languages import LANGUAGES, UNDETERMINED
from features.text.analyzer import Hit
from features.text.clauses import is_negated
from features.text.groups import vocabulary
from features.text.language import votes
from features.text.patterns import Pattern, PatternIndex, compile_pattern
from features.text.words import Words

FLATTEN = 12.0
REMEMBERED_WORDS = 20_000
HIT_VALENCE = {
    "service_complaint": -1.6,
    "product_issue": -1.1,
    "value_doubt": -1.3,
    "cancellation": -1.3,
    "budget": -0.5,
    "competitive": -0.3,
    "stakeholder": 0.0,
}
NEGATED_GOOD = -0.7
NEGATED_BAD = -0.4
AFTER_BUT = 1.4
BEFORE_BUT = 0.6
BUT = frozenset(("but", "however", "pero", "embargo", "although", "aunque"))


@dataclass(frozen=True)
class Lexicon:
    """Valences from -4 to 4 by word and by stem, factors of intensifiers, and valences of whole phrases."""

    words: Mapping[str, float]
    stems: Mapping[str, float]
    factors: Mapping[str, float]
    phrases: tuple[tuple[Pattern, float], ...]

    def valence(self, word: str) -> float:
        """Valence of a folded word, 0 when unknown: the word itself, else its longest stem."""
        exact = self.words.get(word)
        if exact is not None:
            return exact
        for length in range(len(word), 2, -1):
            value = self.stems.get(word[:length])
            if value is not None:
                return value
        return 0.0


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of `en` or `es`; any other language reads both, English first."""
    if lang not in LANGUAGES:
        english, spanish = lexicon("en"), lexicon("es")
        return Lexicon(
            words={**spanish.words, **english.words},
            stems={**spanish.stems, **english.stems},
            factors={**spanish.factors, **english.factors},
            phrases=(*english.phrases, *spanish.phrases),
        )
    content = yaml.safe_load((files("features.text") / f"lexicon_{lang}.yaml").read_text(encoding="utf-8"))
    entries = {word: float(value) for value, line in content["words"].items() for word in line.split()}
    return Lexicon(
        words={word: value for word, value in entries.items() if not word.endswith("*")},
        stems={word[:-1]: value for word, value in entries.items() if word.endswith("*")},
        factors={word: float(value) for value, line in content["factors"].items() for word in line.split()},
        phrases=tuple((compile_pattern(p, vocabulary()), float(v)) for p, v in content["phrases"].items()),
    )


class Sentiment:
    """Weighs the words of a text; `negation_words` is how far a negation reaches."""

    def __init__(self, negation_words: int) -> None:
        self._negation_words = negation_words
        self._valence = {lang: lru_cache(maxsize=REMEMBERED_WORDS)(lexicon(lang).valence) for lang in (*LANGUAGES, UNDETERMINED)}
        self._phrases = {lang: PatternIndex([p for p, _ in lexicon(lang).phrases]) for lang in (*LANGUAGES, UNDETERMINED)}

    def of(self, words: Words, lang: str, hits: Sequence[Hit]) -> tuple[float, float]:
        """Sentiment in [-1, 1] and confidence in [0, 1]; (0, 0) when no word says anything."""
        values = [value for value in self._valences(words, lang) if value]
        said: dict[str, float] = {}
        for hit in hits:
            if not hit.negated and hit.signal in HIT_VALENCE:
                said[hit.signal] = max(said.get(hit.signal, 0.0), hit.score)
        total = sum(values) * (1 + 0.05 * min(words.shouts, 4)) + sum(HIT_VALENCE[s] * score for s, score in said.items())
        evidence = len(values) + len(said)
        confidence = evidence / (evidence + 2) * (0.5 if lang == UNDETERMINED else 1.0)
        return round(total / sqrt(total * total + FLATTEN), 4), round(confidence, 4)

    def _valences(self, words: Words, lang: str) -> list[float]:
        """One valence a word, phrases first; a clause is read in its own language when that is clear."""
        values = [0.0] * len(words.words)
        taken = [False] * len(words.words)
        for number in self._phrases[lang].candidates(set(words.words)):
            pattern, value = lexicon(lang).phrases[number]
            for match in pattern.regex.finditer(words.line):
                first, past = words.at(match.start(), match.end())
                if not any(taken[first:past]):
                    taken[first:past] = [True] * (past - first)
                    values[first] = self._negated(value, words, first)
        for start, end in words.clauses():
            spoken = _clause_language(words.words[start:end], lang)
            weight = _clause_weight(words, start, end)
            for at in range(start, end):
                if not taken[at]:
                    values[at] = self._one(words, at, start, spoken)
                values[at] *= weight
        return values

    def _one(self, words: Words, at: int, start: int, lang: str) -> float:
        value = self._valence[lang](words.words[at])
        if not value:
            return 0.0
        for before in words.words[max(start, at - 2) : at]:
            value *= lexicon(lang).factors.get(before, 1.0)
        return self._negated(value, words, at)

    def _negated(self, value: float, words: Words, at: int) -> float:
        if not is_negated(words, at, self._negation_words):
            return value
        return value * (NEGATED_GOOD if value > 0 else NEGATED_BAD)


def _clause_language(clause: Sequence[str], lang: str) -> str:
    english, spanish = votes(clause)
    if abs(english - spanish) < 2:
        return lang
    return "en" if english > spanish else "es"


def _clause_weight(words: Words, start: int, end: int) -> float:
    """What stands after a "but" weighs more, what it takes back weighs less."""
    if words.words[start] in BUT:
        return AFTER_BUT
    if end < len(words.words) and words.words[end] in ("but", "pero", "however"):
        return BEFORE_BUT
    return 1.0
