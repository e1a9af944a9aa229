"""The languages that tenure reads and writes, once; importing this costs nothing."""

from typing import Literal, get_args

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
UNDETERMINED = "und"  # ISO 639 code of a text in neither
