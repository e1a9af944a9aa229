"""The small language phrases are written in, and the index that tries only patterns whose key word is in the text.

A pattern is a row of elements, each one word of the folded text (lower case, no accents, contractions spelled out):
`cancel` the word, `cancel*` a word that begins so, `a|b` either, `get_rid_of` words in a row, `@group` a group of
`vocabulary.yaml`, `a|b?` optional, `!a|b` not next, `<3>` up to three words, `#` a number, `{name}` a capitalised word,
`^` and `$` the ends of a clause (`a|$`: the word or the end). `a ~3 b`: both, up to three words apart, in either order.
`<object>`: up to five words between a verb and its object; where a second noun phrase begins ("my plan your export"), it ends.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import or_

from features.text.groups import group

Vocabulary = Mapping[str, Sequence[str]]

NUMBER = (
    r"\d[^ \n]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|dozen|dozens|several|couple|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte"
    r"|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|docena|varios|varias"
)
NAME = "{name}"
OBJECT = "<object>"
OBJECT_WORDS = 5
REMEMBERED_WORDS = 20_000
IS_NUMBER = re.compile(NUMBER)


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern as it is `written`, its `source` as a regular expression, and its keys.

    `keys` holds, for every element that must be there, one word of each of its choices (`#` a number, `word*` a word that
    begins so): a text without a word of every key cannot match. The first key is found for nothing least often.
    """

    source: str
    written: str
    keys: tuple[frozenset[str], ...]

    @property
    def named(self) -> bool:
        """Whether it must be tried on a line that marks names: a tab after each, where other words have a blank."""
        return NAME in self.written

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first tried: most patterns never are."""
        return re.compile(self.source)


def compile_pattern(source: str, vocabulary: Vocabulary) -> Pattern:
    """Compile one pattern; `ValueError` names the pattern when it has no word of its own or an unknown group."""
    pair = re.fullmatch(r"(\S+) ~(\d) (\S+)", source)
    orders = [source] if pair is None else [f"{pair[1]} <{pair[2]}> {pair[3]}", f"{pair[3]} <{pair[2]}> {pair[1]}"]
    elements = [[_element(element, vocabulary, source) for element in order.split()] for order in orders]
    keys = [key for _, key in elements[0] if key]
    if not keys:
        raise ValueError(f"pattern {source!r} needs at least one word that must be there")
    regex = r"(?<![^ \n])(?:" + "|".join("".join(regex for regex, _ in order) for order in elements) + ")"
    return Pattern(
        source=_either_blank(regex) if NAME in source else regex,
        written=source,
        keys=tuple(frozenset(firsts) for firsts in sorted(keys, key=_cost)),
    )


def _either_blank(regex: str) -> str:
    """The regex for a line in which the blank after a name is a tab."""
    return r"[^ \t\n]".join(part.replace(" ", r"[ \t]") for part in regex.split(r"[^ \n]"))


def _element(element: str, vocabulary: Vocabulary, source: str) -> tuple[str, list[str]]:
    """The regex of one element, and a word of each of its choices when the element must be there."""
    if element == OBJECT or re.fullmatch(r"<\d\d?>", element):
        return _gap(element, vocabulary, source), []
    if element in ("^", "$"):
        return {"^": r"(?<=\n)", "$": r"(?=\n)"}[element], []
    choices = _choices(element.removeprefix("!").removesuffix("?"), vocabulary, source)
    ends = "|(?=\n)" if "$" in choices else ""
    rows = sorted((choice for choice in choices if choice != "$"), key=lambda row: (row == NAME, -len(row)))
    words = "|".join(_row(choice, vocabulary, source) for choice in rows)
    if element.startswith("!"):
        return f"(?!(?:{words}) )", []
    if element.endswith("?"):
        return f"(?:(?:{words}) {ends})?", []
    keys = [] if ends or NAME in rows else [key for choice in rows for key in _keys(choice, vocabulary, source)]
    return f"(?:(?:{words}) {ends})", keys


def _keys(choice: str, vocabulary: Vocabulary, source: str) -> list[str]:
    """The words of a row one of which must be there: of all its parts, the part that is found for nothing least often."""
    parts = [
        [part]
        if not part.startswith("@")
        else [key for inner in _choices(part, vocabulary, source) for key in _keys(inner, vocabulary, source)]
        for part in choice.split("_")
        if part != NAME
    ]
    return min(parts, key=_cost)


def _gap(element: str, vocabulary: Vocabulary, source: str) -> str:
    """As few words as will do; in an object none but a linking one stands before a second determiner."""
    if element != OBJECT:
        return rf"(?:[^ \n]+ ){{0,{element[1:-1]}}}?"
    links, determiners = (_one(f"@{name}", vocabulary, source) for name in ("links", "determiners"))
    return rf"(?:{links} |[^ \n]+ (?!{determiners} )){{0,{OBJECT_WORDS}}}?"


def _choices(element: str, vocabulary: Vocabulary, source: str) -> list[str]:
    """What stands between the bars, groups spelled out; a group inside a row of words stays."""
    found: list[str] = []
    for choice in element.split("|"):
        if not choice:
            raise ValueError(f"pattern {source!r} has an empty choice in {element!r}")
        if not choice.startswith("@") or "_" in choice:
            found.append(choice)
        elif choice[1:] in vocabulary:
            found.extend(word for inner in vocabulary[choice[1:]] for word in _choices(inner, vocabulary, source))
        else:
            raise ValueError(f"pattern {source!r}: no group {choice!r} in vocabulary.yaml")
    return list(dict.fromkeys(found))


def _row(choice: str, vocabulary: Vocabulary, source: str) -> str:
    """Regex of words in a row, without the last blank."""
    return " ".join(_one(part, vocabulary, source) for part in choice.split("_"))


def _one(part: str, vocabulary: Vocabulary, source: str) -> str:
    if part.startswith("@"):
        return "(?:" + "|".join(_row(word, vocabulary, source) for word in _choices(part, vocabulary, source)) + ")"
    if part in ("#", NAME):
        return f"(?:{NUMBER})" if part == "#" else r"[^ \n]+(?=\t)"
    return re.escape(part).replace(r"\*", r"[^ \n]*")


def _cost(firsts: Sequence[str]) -> int:
    """How often this element would be found for nothing: common and short words cost most."""
    return sum(100 if word in group("common") or word.startswith("#") else 10 if len(word) < 4 else 1 for word in firsts)


class PatternIndex:
    """Which of many patterns a text could match, from its distinct words: each element is a bit, each word sets bits."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        bits: dict[frozenset[str], int] = {}
        self._firsts: dict[str, list[int]] = {}
        self._bits: dict[str, int] = {}
        for number, pattern in enumerate(patterns):
            for word in pattern.keys[0]:
                self._firsts.setdefault(word, []).append(number)
            for key in pattern.keys:
                bits.setdefault(key, len(bits))
        for key, bit in bits.items():
            for word in key:
                self._bits[word] = self._bits.get(word, 0) | 1 << bit
        self._bytes = len(bits) // 8 + 1
        self._others = [[divmod(bits[key], 8) for key in pattern.keys[1:]] for pattern in patterns]
        self._lengths = sorted({len(word) - 1 for word in self._bits if word.endswith("*")})
        self._of = lru_cache(maxsize=REMEMBERED_WORDS)(self._find)

    def candidates(self, words: Iterable[str]) -> list[int]:
        """Numbers of the patterns worth trying, rising."""
        known = [self._of(word) for word in words]
        there = reduce(or_, [bits for bits, _ in known], 0).to_bytes(self._bytes, "little")
        found = []
        for number in set().union(*[firsts for _, firsts in known]):
            for byte, bit in self._others[number]:
                if not there[byte] >> bit & 1:
                    break
            else:
                found.append(number)
        return sorted(found)

    def _find(self, word: str) -> tuple[int, frozenset[int]]:
        """The bits that a word sets, and the patterns whose first key it is."""
        names = [word, *(word[:length] + "*" for length in self._lengths if length <= len(word))]
        if IS_NUMBER.fullmatch(word):
            names.append("#")
        bits = reduce(or_, (self._bits.get(name, 0) for name in names))
        return bits, frozenset(number for name in names for number in self._firsts.get(name, ()))
