"""Results of an analyzer kept in one file, so that a text is analysed once, whoever prepares it and how often."""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, replace
from math import isnan, nan
from pathlib import Path

from features.text.analyzer import Hit, Text, TextAnalyzer, TextSignals

MADE = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, result TEXT NOT NULL) WITHOUT ROWID"
WAIT_SECONDS = 60.0
AT_ONCE = 500
BATCH = 20_000
Key = bytes


class Remembered:
    """Asks `analyzer` only for what `file` does not hold yet: by text, side, known language, analyzer name and version.

    The file keeps hashes of texts, never their words. Runs at once share it: each text has one row, whoever writes it. A
    file that is damaged is thrown away and made anew, and one that cannot be used is left alone and done without; both are
    told on stderr. Results are written every `BATCH` texts, so that a broken run loses little.
    """

    def __init__(self, analyzer: TextAnalyzer, file: Path) -> None:
        self.name = analyzer.name
        self.version = analyzer.version
        self._analyzer = analyzer
        self._file = file

    def analyze(self, texts: Sequence[Text]) -> list[TextSignals]:
        """One result a text, in the order given."""
        return [found for at in range(0, len(texts), BATCH) for found in self._batch(texts[at : at + BATCH])]

    def _batch(self, texts: Sequence[Text]) -> list[TextSignals]:
        keys = [self._key(text) for text in texts]
        known = self._read(list(dict.fromkeys(keys)))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made = dict(zip(new, self._analyzer.analyze(list(new.values())), strict=True))
        if made:
            self._write(made)
        return [
            replace(made[key], text_id=text.id, analyzer=self.name, version=self.version)
            if key in made
            else _result(known[key], text.id, self)
            for key, text in zip(keys, texts, strict=True)
        ]

    def _key(self, text: Text) -> Key:
        words = text.text.encode(errors="surrogatepass") if isinstance(text.text, str) else b""
        parts = (hashlib.sha256(words).hexdigest(), text.author_side, text.lang, self.name, self.version)
        return hashlib.sha256(json.dumps(parts).encode()).digest()

    def _read(self, keys: Sequence[Key]) -> dict[Key, list[object]]:
        """What the file holds of `keys`; nothing from a file that cannot be read."""
        try:
            with closing(self._open()) as file:
                rows = [row for at in range(0, len(keys), AT_ONCE) for row in _rows(file, keys[at : at + AT_ONCE])]
                return {bytes(key): _checked(json.loads(result)) for key, result in rows}
        except (sqlite3.Error, ValueError, TypeError) as error:
            self._give_up(error)
            return {}

    def _write(self, made: dict[Key, TextSignals]) -> None:
        rows = [(key, _stored(result)) for key, result in made.items()]
        try:
            with closing(self._open()) as file, file:
                file.executemany("INSERT OR IGNORE INTO results VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._file, timeout=WAIT_SECONDS)
        try:
            file.execute(MADE)
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _give_up(self, error: Exception) -> None:
        """An `OperationalError` is the disk's or another run's; any other means that the content is damaged."""
        if isinstance(error, sqlite3.OperationalError):
            told = f"{self._file} cannot be used now ({error}); texts are analysed without it"
        else:
            told = f"{self._file} is damaged ({error}); it was thrown away, and texts are analysed again"
            for suffix in ("", "-journal"):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        print(told, file=sys.stderr)


def _rows(file: sqlite3.Connection, keys: Sequence[Key]) -> Iterator[tuple[bytes, str]]:
    marks = ",".join("?" * len(keys))
    yield from file.execute(f"SELECT key, result FROM results WHERE key IN ({marks})", keys)


def _stored(result: TextSignals) -> str:
    tone = None if isnan(result.sentiment) else result.sentiment
    return json.dumps([result.lang, tone, result.sentiment_conf, [astuple(hit) for hit in result.hits]])


def _checked(stored: object) -> list[object]:
    if not isinstance(stored, list) or len(stored) != 4 or not isinstance(stored[3], list):
        raise ValueError("a row holds no result")
    for hit in stored[3]:
        Hit(*hit)
    return stored


def _result(stored: list[object], text_id: str, kept: Remembered) -> TextSignals:
    lang, tone, confidence, hits = stored
    assert isinstance(hits, list)
    found = tuple(Hit(signal, score, tuple(span) if span else None, rule, negated) for signal, score, span, rule, negated in hits)
    sentiment = nan if tone is None else float(str(tone))
    return TextSignals(text_id, str(lang), sentiment, float(str(confidence)), found, kept.name, kept.version)
