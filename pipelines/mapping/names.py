"""Names of files and columns as words, and how near two of them are."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.fuzz import ratio

Words = tuple[str, ...]
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_SMALL = frozenset(("de", "del", "la", "el", "los", "las", "the", "of", "en", "in", "a", "y", "and", "por", "by", "para", "for"))
_IRREGULAR = {"people": "person", "companies": "company", "meses": "mes", "addresses": "address"}
TYPO = 88.0  # similarity (0-100) from which a name is taken for a misspelt one


def words_of(name: str) -> Words:
    """`fechaAlta`, `Fecha de alta` and `FECHA_ALTA` are all (fecha, alta): no case, accents, joints, small words or plurals."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = [part.lower() for part in _PARTS.findall(plain)]
    kept = [word for word in found if word not in _SMALL] or found
    return tuple(_singular(word) for word in kept)


def snake(name: str) -> str:
    """The name as a column's: lower case, no accents, `_` between its words."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "_".join(part.lower() for part in _PARTS.findall(plain))


def folded(text: str) -> str:
    """A value as its words in one line; signs alone stay as they are."""
    return " ".join(words_of(text)) or text.strip().lower()


def nearness(name: Words, phrase: Words) -> float:
    """0 to 1: 1 the same words, .95 in another order, below it misspelt or with words too many on one side."""
    if not name or not phrase:
        return 0.0
    if name == phrase or "".join(name) == "".join(phrase):
        return 1.0
    if sorted(name) == sorted(phrase):
        return 0.95
    alike = ratio("".join(name), "".join(phrase))
    spelled = 0.9 * alike / 100 if alike >= TYPO and min(len("".join(name)), len("".join(phrase))) > 3 else 0.0
    shared = set(name) & set(phrase)
    covered = 0.8 * len(shared) / len(set(name) | set(phrase)) if shared in (set(name), set(phrase)) else 0.0
    return max(spelled, covered)


def nearest(name: Words, phrases: Iterable[Words]) -> float:
    """How near the nearest of the phrases is; 0 without any."""
    return max((nearness(name, phrase) for phrase in phrases), default=0.0)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 5 and word.endswith("ones"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
