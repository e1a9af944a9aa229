"""How hurried people write, mended: short forms spelled out, slips of key words put right."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import ascii_lowercase

import yaml

SHORTEST = 6
SHORTEST_SOUND = 5
SHORTEST_SKELETON = 4
VOWELS = re.compile("[aeiou]")
DOUBLED = re.compile(r"(.)\1+")


class Spelling:
    """What a folded word stands for, from `spelling.yaml`; words of `spared` and real words are never mended."""

    def __init__(self, spared: frozenset[str] = frozenset()) -> None:
        self._spared = spared | _real_words()

    def get(self, word: str) -> tuple[str, ...] | None:
        """The words that `word` stands for, None when it stands for itself.

        A short form; else the key word it is one slip away from, that sounds the same in Spanish, or whose consonants it is.
        """
        if word in self._spared:
            return None
        meant = _shorts().get(word) or _slipped().get(word)
        if meant is None and len(word) >= SHORTEST_SOUND:
            meant = _sounds().get(_sound(word))
        if meant is None and len(word) >= SHORTEST_SKELETON and not VOWELS.search(word):
            meant = _skeletons().get(word)
        return meant


@cache
def _content() -> Mapping[str, object]:
    content: Mapping[str, object] = yaml.safe_load((files("features.text") / "spelling.yaml").read_text(encoding="utf-8"))
    return content


@cache
def _keywords() -> tuple[str, ...]:
    return tuple(str(_content()["keywords"]).split())


@cache
def _shorts() -> Mapping[str, tuple[str, ...]]:
    words = _content()["words"]
    assert isinstance(words, dict)
    return {short: tuple(meant.split()) for meant, shorts in words.items() for short in shorts.split()}


@cache
def _real_words() -> frozenset[str]:
    """Real words, but not those that are listed as short forms all the same."""
    return frozenset({*_keywords(), *str(_content()["keep"]).split()} - _shorts().keys())


@cache
def _slipped() -> Mapping[str, tuple[str, ...]]:
    mended: dict[str, tuple[str, ...]] = {}
    for keyword in _keywords():
        if len(keyword) >= SHORTEST:
            for slip in _slips(keyword):
                mended.setdefault(slip, (keyword,))
    return mended


@cache
def _sounds() -> Mapping[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for keyword in _keywords():
        known.setdefault(_sound(keyword), (keyword,))
    return known


@cache
def _skeletons() -> Mapping[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for keyword in _keywords():
        known.setdefault(VOWELS.sub("", keyword), (keyword,))
    return known


def _sound(word: str) -> str:
    """How Latin America says it: no h, b = v, s = z = soft c, k = qu = hard c, ll = y."""
    said = word.replace("ch", "0").replace("h", "").replace("qu", "k").replace("ll", "y")
    said = re.sub("c(?=[ei])", "s", said.replace("v", "b").replace("z", "s").replace("x", "s")).replace("c", "k")
    return DOUBLED.sub(r"\1", said)


def _slips(word: str) -> Iterator[str]:
    """Every way to miss one key: a letter left out, doubled, swapped with the next, or another one in its place.

    The first letter is never wrong, and an ending is never lost: `renewal` is no slip of `renewals`.
    """
    for at in range(1, len(word)):
        if at < len(word) - 1:
            yield word[:at] + word[at + 1 :]
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            for letter in ascii_lowercase:
                yield word[:at] + letter + word[at + 1 :]
                yield word[:at] + letter + word[at:]
        yield word[: at + 1] + word[at] + word[at + 1 :]
