"""Where a clause with a subject of its own begins, and whether a negation reaches a phrase."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from features.text.groups import group
from features.text.words import Words

FEW = 2  # words after a comma or an "and" that still belong to what was named before it


def clause_borders(words: Words, word: int) -> list[int]:
    """Where in the sentence of `word` a clause with a subject of its own begins: at a comma or a @border word.

    A few words without a determiner or a pronoun ("slow and useless", "solved, thanks") still speak of what was named before.
    """
    start = words.clause_start(word)
    end = bisect_right(words.clause, words.clause[word])
    maybe = [at for at in range(start + 1, end) if words.paused[at] or _is_border(words, at)]
    return [at for at, until in pairwise([*maybe, end]) if _has_subject(words.words[at:until])]


def _has_subject(part: Sequence[str]) -> bool:
    own = part[1:] if part[0] in group("border") else part
    return len(own) > FEW or not group("determiners").isdisjoint(own) or not group("pronouns").isdisjoint(own)


def _is_border(words: Words, at: int) -> bool:
    return words.words[at] in group("border") or "_".join(words.words[at : at + 2]) in group("border")


def between(borders: Sequence[int], words: Words, first: int, past: int) -> tuple[int, int]:
    """The words between the borders around a phrase; a border that ends it ("to cancel and …") is no longer its own."""
    while past - 1 > first and (past - 1) in borders:
        past -= 1
    start = max((at for at in borders if at <= first), default=words.clause_start(first))
    return start, min((at for at in borders if at >= past), default=bisect_right(words.clause, words.clause[first]))


def is_negated(words: Words, first: int, reach: int) -> bool:
    """Whether a negation stands within `reach` words before word `first`, in its clause and after the last pause."""
    clause = words.clause[first]
    for step in range(1, reach + 1):
        at = first - step
        if words.paused[at + 1] or at < 0 or words.clause[at] != clause:
            return False
        if words.words[at] in group("negators") and words.words[at + 1] not in group("no_negation"):
            return True
    return False


def denied(words: Words, first: int, past: int) -> bool:
    """Whether a negation stands inside a phrase, in one of its gaps, with no pause after it ("we will not, ever, cancel")."""
    for at in range(past - 2, first, -1):
        if words.paused[at + 1]:
            return False
        if words.words[at] in group("negators") and words.words[at + 1] not in group("no_negation"):
            return True
    return False
