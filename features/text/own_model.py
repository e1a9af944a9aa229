"""The company's own model as an analyzer: a function from texts to JSON-like answers, checked field by field."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan

from features.languages import LANGUAGES, UNDETERMINED
from features.text.analyzer import MARKS, SIGNALS, Hit, Text, TextSignals
from features.text.sides import silent

Answer = Mapping[str, object]
Ask = Callable[[Sequence[Mapping[str, object]]], Sequence[Answer]]
FIELDS = frozenset(("lang", "sentiment", "sentiment_conf", "hits"))
HIT_FIELDS = frozenset(("signal", "score", "start", "end", "rule", "negated"))


class BadAnswer(ValueError):
    """What a company's own model answered is not what was asked for: the message names the text, the field and the value."""


class CallableAnalyzer:
    """Asks `fn` once a batch: a list of {id, text, side, lang} in, an answer a text in the same order out.

    An answer: {lang: `en`, `es` or `und`; sentiment: -1 to 1 or None; sentiment_conf: 0 to 1; hits: [{signal, score: 0 (excluded)
    to 1, start, end (code points, both or none), rule, negated}]}; every field but a hit's signal and score may be absent.
    `fn` sees neither what we wrote to the customer nor texts without words; it has to be deterministic for results to be kept.
    `version` is its own: another one asks anew. `BadAnswer` when an answer does not fit.
    """

    def __init__(self, fn: Ask, name: str, version: str) -> None:
        self.name = name
        self.version = version
        self._fn = fn

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        asked = [text for text in texts if not silent(text)]
        questions = [{"id": text.id, "text": text.text, "side": text.author_side, "lang": text.lang} for text in asked]
        answers = list(self._fn(questions)) if questions else []
        if len(answers) != len(asked):
            raise BadAnswer(f"{self.name} gave {len(answers)} answers to {len(asked)} texts; return one a text, in order")
        told = iter(answers)
        return [self._nothing(text) if silent(text) else self._checked(text, next(told)) for text in texts]

    def _nothing(self, text: Text) -> TextSignals:
        tone = 0.0 if text.author_side == "customer" else nan
        return TextSignals(text.id, UNDETERMINED, tone, 0.0, (), self.name, self.version)

    def _checked(self, text: Text, answer: Answer) -> TextSignals:
        if not isinstance(answer, Mapping):
            raise self._bad(text, "answer", answer, "a mapping")
        if unknown := sorted(map(str, answer.keys() - FIELDS)):
            raise self._bad(text, unknown[0], answer[unknown[0]], f"one of {', '.join(sorted(FIELDS))}")
        lang = answer.get("lang", UNDETERMINED)
        if lang not in (*LANGUAGES, UNDETERMINED):
            raise self._bad(text, "lang", lang, f"{', '.join(LANGUAGES)} or {UNDETERMINED}")
        tone = answer.get("sentiment")
        sentiment = nan if tone is None or text.author_side != "customer" else self._number(text, "sentiment", tone, -1, 1)
        confidence = self._number(text, "sentiment_conf", answer.get("sentiment_conf", 0.0), 0, 1)
        hits = answer.get("hits", ())
        if not isinstance(hits, Sequence) or isinstance(hits, str):
            raise self._bad(text, "hits", hits, "a list")
        found = tuple(self._hit(text, f"hits[{at}]", hit) for at, hit in enumerate(hits))
        return TextSignals(text.id, str(lang), sentiment, confidence, found, self.name, self.version)

    def _hit(self, text: Text, field: str, hit: object) -> Hit:
        if not isinstance(hit, Mapping):
            raise self._bad(text, field, hit, "a mapping")
        if unknown := sorted(map(str, hit.keys() - HIT_FIELDS)):
            raise self._bad(text, f"{field}.{unknown[0]}", hit[unknown[0]], f"one of {', '.join(sorted(HIT_FIELDS))}")
        signal = hit.get("signal")
        if signal not in (*SIGNALS, *MARKS):
            raise self._bad(text, f"{field}.signal", signal, f"one of {', '.join((*SIGNALS, *MARKS))}")
        score = self._number(text, f"{field}.score", hit.get("score"), 0, 1)
        if score == 0:
            raise self._bad(text, f"{field}.score", score, "above 0")
        negated = hit.get("negated", False)
        if not isinstance(negated, bool):
            raise self._bad(text, f"{field}.negated", negated, "true or false")
        rule = hit.get("rule") or self.name
        return Hit(str(signal), score, self._span(text, field, hit.get("start"), hit.get("end")), str(rule), negated)

    def _span(self, text: Text, field: str, start: object, end: object) -> tuple[int, int] | None:
        if start is None and end is None:
            return None
        length = len(text.text)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
            raise self._bad(text, f"{field}.start, end", (start, end), f"0 <= start < end <= {length}, the length of the text")
        return start, end

    def _number(self, text: Text, field: str, value: object, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not low <= value <= high:
            raise self._bad(text, field, value, f"a number from {low} to {high}")
        return float(value)

    def _bad(self, text: Text, field: str, value: object, wanted: str) -> BadAnswer:
        return BadAnswer(f"{self.name}, text {text.id}: {field} is {str(value)[:60]!r}; give {wanted}")
