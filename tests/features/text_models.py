"""What the tests of analyzers share: a small encoder, a model of somebody's own, and texts of every kind."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import yaml

from features.params import TextParams
from features.text.analyzer import Text
from features.text.chain import Chain
from features.text.embedding import EmbeddingAnalyzer, fit_head
from features.text.own_model import CallableAnalyzer
from features.text.rules import RuleAnalyzer

PARAMS = TextParams(**yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["text"])
AT = datetime(2025, 1, 1, tzinfo=UTC)
DIMENSIONS = 64
EXAMPLES = [
    ("we want to cancel our contract", frozenset(["cancellation"])),
    ("queremos cancelar el contrato", frozenset(["cancellation"])),
    ("we look at other vendors", frozenset(["competitive"])),
    ("the price is too high", frozenset(["budget"])),
    ("our director left", frozenset(["stakeholder"])),
    ("nobody uses it", frozenset(["value_doubt"])),
    ("the export crashes", frozenset(["product_issue"])),
    ("support never answers", frozenset(["service_complaint"])),
    ("see you on Tuesday", frozenset()),
]


def text(words, side="customer", lang=None, name="1"):
    return Text(name, "a", words, AT, "tickets", author_side=side, lang=lang)


def encoder(texts):
    """Words hashed into a few dimensions; the same vector for a text wherever it stands."""
    vectors = np.zeros((len(texts), DIMENSIONS))
    for row, words in enumerate(texts):
        for word in re.findall(r"\w+", words.lower()):
            vectors[row, int(hashlib.sha256(word.encode(errors="replace")).hexdigest(), 16) % DIMENSIONS] += 1
    return vectors


def own(questions):
    """A model that knows one word."""
    return [answer(question["text"]) for question in questions]


def answer(words):
    at = words.lower().find("cancel")
    hits = [{"signal": "cancellation", "score": 0.8, "start": at, "end": at + 6}] if at >= 0 else []
    return {"lang": "en", "sentiment": -0.5 if hits else 0.0, "sentiment_conf": 0.5, "hits": hits}


def rules():
    return RuleAnalyzer(PARAMS)


def embedding():
    return EmbeddingAnalyzer(encoder, fit_head(encoder, EXAMPLES * 6), "hashed", "1", PARAMS.longest_characters)


def callable_model():
    return CallableAnalyzer(own, "company:model", "2")


def chain():
    return Chain(rules(), embedding())
