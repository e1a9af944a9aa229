"""Which of the two languages a text is in, from its commonest words."""

from collections.abc import Sequence

from features.languages import LANGUAGES, UNDETERMINED
from features.text.groups import group
from features.text.words import Words


def votes(words: Sequence[str]) -> tuple[int, int]:
    """How many words are common English ones and how many common Spanish ones."""
    english, spanish = group("english"), group("spanish")
    return sum(word in english for word in words), sum(word in spanish for word in words)


def language(words: Words, text: str, known: str | None) -> str:
    """`en`, `es`, or, when the words do not tell, the language that is known; `und` without one."""
    english, spanish = votes(words.words)
    spanish += sum(text.count(sign) for sign in "ñ¿¡")
    if english == spanish:
        return known if known in LANGUAGES and words.words else UNDETERMINED
    return "en" if english > spanish else "es"
