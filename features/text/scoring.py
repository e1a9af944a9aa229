"""Reading a table of texts: what `tenure text` writes."""

import json

import pandas as pd

from features.languages import LANGUAGES
from features.text.analyzer import HIT_FROM, SIGNALS, TextAnalyzer, TextSignals, scores
from features.text.table import analyze_unique

ADDED = ("sentiment", *SIGNALS, "spans")


def score_csv_frame(frame: pd.DataFrame, analyzer: TextAnalyzer) -> pd.DataFrame:
    """`frame` (column `text`, perhaps `lang`) with `lang`, `sentiment`, a column a signal and `spans` added.

    Rows, order and columns stay; a given `en` or `es` stays, other languages are filled in. Scores lie in [0, 1], a hit from
    0.5; `spans` is JSON, [{signal, start, end}] in code points of the text, of the signals that are hits. An empty text has
    zeros and no span. `KeyError` names a missing `text`.
    """
    if "text" not in frame.columns:
        raise KeyError(f"no column 'text' among {', '.join(map(str, frame.columns))}; rename the one that holds the texts")
    texts = [text if isinstance(text, str) else "" for text in frame["text"].tolist()]
    given = frame["lang"].tolist() if "lang" in frame.columns else [None] * len(texts)
    known = [str(lang).strip().lower()[:2] if isinstance(lang, str) else None for lang in given]
    found = analyze_unique(texts, known, analyzer)
    scored = [scores(result) for result in found]
    result = frame.copy()
    result["lang"] = [lang if lang in LANGUAGES else each.lang for lang, each in zip(known, found, strict=True)]
    result["sentiment"] = [each.sentiment for each in found]
    for signal in SIGNALS:
        result[signal] = [score[signal] for score in scored]
    result["spans"] = [_spans(each, score) for each, score in zip(found, scored, strict=True)]
    return result


def _spans(found: TextSignals, score: dict[str, float]) -> str:
    hits = [
        hit
        for hit in found.hits
        if hit.signal in SIGNALS and hit.span is not None and not hit.negated and score[hit.signal] >= HIT_FROM
    ]
    merged: list[tuple[int, int, str]] = []
    for signal in SIGNALS:
        ends: list[tuple[int, int, str]] = []
        for start, end in sorted(hit.span for hit in hits if hit.signal == signal and hit.span is not None):
            if ends and start <= ends[-1][1]:
                ends[-1] = (ends[-1][0], max(end, ends[-1][1]), signal)
            else:
                ends.append((start, end, signal))
        merged += ends
    return json.dumps([{"signal": signal, "start": start, "end": end} for start, end, signal in sorted(merged)])
