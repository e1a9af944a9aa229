"""The first analyzer: phrase rules, named competitors and a lexicon, in English and Spanish, both always."""

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files

from features.params import TextParams
from features.text.analyzer import Hit, Text, TextSignals
from features.text.competitors import CompetitorNames
from features.text.language import language
from features.text.own_words import own_words
from features.text.phrase_files import rule_index
from features.text.phrasebook import Phrasebook
from features.text.sentiment import Sentiment
from features.text.spelling import Spelling
from features.text.words import Reader, Words

UNREAD = ("nan", "none", "null")
VERSION = "4"
CODE = (".py", ".yaml")


class RuleAnalyzer:
    """Reads texts by rules. Same text and version give the same result: the version changes with settings, rules and code.

    Order: quoted replies, signatures and agents' turns fall out; the rest is folded and cut into clauses; patterns of both
    languages; negation; exclusions of the clause; then sentiment from lexicon and hits. Only the first
    `text.longest_characters` characters are read. A text that is no string reads as empty.
    """

    name = "rules"

    def __init__(self, params: TextParams) -> None:
        self.version = f"{VERSION}-{_fingerprint(params)}"
        self._params = params
        self._competitors = CompetitorNames(params)
        self._reader = Reader(Spelling(spared=self._competitors.words))
        self._sentiment = Sentiment(params.negation_words)

    @cached_property
    def _book(self) -> Phrasebook:
        """Made when there is something to read: on most days there is nothing new, or no text at all."""
        return Phrasebook(rule_index(), self._competitors.words, self._params.negation_words)

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        return [self._read(text) for text in texts]

    def _read(self, text: Text) -> TextSignals:
        content = text.text[: self._params.longest_characters] if isinstance(text.text, str) else ""
        if content.strip().casefold() in UNREAD:
            content = ""
        words = self._reader.read(content, own_words(content, agent_turns=text.author_side == "us"))
        lang = language(words, content, text.lang)
        hits = () if text.author_side == "agent" else self._hits(words)
        sentiment, confidence = float("nan"), 0.0
        if text.author_side == "customer":
            sentiment, confidence = self._sentiment.of(words, lang, hits)
        return TextSignals(text.id, lang, sentiment, confidence, hits, self.name, self.version)

    def _hits(self, words: Words) -> tuple[Hit, ...]:
        if not words.words:
            return ()
        found = [*self._book.hits(words), *self._competitors.hits(words)]
        return tuple(sorted(found, key=lambda hit: (hit.span or (0, 0), hit.signal, hit.rule or "")))


def _fingerprint(params: TextParams) -> str:
    """Of all that decides what a text says."""
    digest = hashlib.sha256(params.model_dump_json(exclude={"analyzer"}).encode() + _code())
    return digest.hexdigest()[:8]


@cache
def _code() -> bytes:
    """The hashes of the files beside this one and of the phrase files."""
    folder = files("features.text")
    paths = sorted((*folder.iterdir(), *(folder / "phrases").iterdir()), key=lambda path: path.name)
    return b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths if path.name.endswith(CODE))
