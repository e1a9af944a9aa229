"""The first analyzer: phrase rules, named competitors and a lexicon, in English and Spanish, both always."""

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

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
VERSION = "7"
CODE = (".py", ".yaml", ".csv")


if TYPE_CHECKING:
    from features.text.judge import Judge


class RuleAnalyzer:
    """Reads texts by rules. Same text and version give the same result: the version changes with settings, rules and code.

    Order: quoted replies, signatures and agents' turns fall out; the rest is folded and cut into clauses; patterns of both
    languages; negation; exclusions of the clause; the judge, who lets fall what the words around it hardly mean and adds
    what they clearly mean where no phrase stands (features.text.judge); then sentiment from lexicon and hits. Only the first
    `text.longest_characters` characters are read. A text that is no string reads as empty.
    """

    name = "rules"

    def __init__(self, params: TextParams) -> None:
        self.version = f"{VERSION}-{_fingerprint(params)}"
        self._params = params

    # All of these are made when there is something to read: on most days there is nothing new, or no text at all.
    @cached_property
    def _competitors(self) -> CompetitorNames:
        return CompetitorNames(self._params)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(Spelling(spared=self._competitors.words))

    @cached_property
    def _sentiment(self) -> Sentiment:
        return Sentiment(self._params.negation_words)

    @cached_property
    def _book(self) -> Phrasebook:
        return Phrasebook(rule_index(), self._competitors.words, self._params.negation_words)

    @cached_property
    def _judge(self) -> "Judge":
        from features.text.judge import Judge

        return Judge()

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        return [self._result(text, *self.unjudged(text)) for text in texts]

    def unjudged(self, text: Text) -> tuple[str, Words, tuple[Hit, ...]]:
        """What is read of the text, its words, and the hits as the rules alone have them."""
        content = text.text[: self._params.longest_characters] if isinstance(text.text, str) else ""
        if content.strip().casefold() in UNREAD:
            content = ""
        words = self._reader.read(content, own_words(content, agent_turns=text.author_side == "us"))
        return content, words, () if text.author_side == "agent" else self._hits(words)

    def _result(self, text: Text, content: str, words: Words, hits: tuple[Hit, ...]) -> TextSignals:
        if text.author_side != "agent":
            hits = _in_order(self._judge.judged(content, words, hits))
        lang = language(words, content, text.lang)
        sentiment, confidence = float("nan"), 0.0
        if text.author_side == "customer":
            sentiment, confidence = self._sentiment.of(words, lang, hits)
        return TextSignals(text.id, lang, sentiment, confidence, hits, self.name, self.version)

    def _hits(self, words: Words) -> tuple[Hit, ...]:
        if not words.words:
            return ()
        return _in_order([*self._book.hits(words), *self._competitors.hits(words)])


def _in_order(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (hit.span or (0, 0), hit.signal, hit.rule or "")))


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
