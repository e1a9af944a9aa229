"""How hurried people write, mended: short forms spelled out, one-letter slips of key words put right."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import ascii_lowercase

import yaml

SHORTEST = 6


@cache
def spelling() -> Mapping[str, tuple[str, ...]]:
    """Folded word -> the words it stands for, from `spelling.yaml`; real words are never mended."""
    content = yaml.safe_load((files("features.text") / "spelling.yaml").read_text(encoding="utf-8"))
    keywords = content["keywords"].split()
    mended: dict[str, tuple[str, ...]] = {}
    for keyword in keywords:
        if len(keyword) >= SHORTEST:
            for slip in _slips(keyword):
                mended.setdefault(slip, (keyword,))
    for real in {*keywords, *content["keep"].split()}:
        mended.pop(real, None)
    for meant, shorts in content["words"].items():
        mended.update(dict.fromkeys(shorts.split(), tuple(meant.split())))
    return mended


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
