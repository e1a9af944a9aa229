"""The page's words in one language, from `wording.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from features.languages import Language
from serving.wording import Text

WORDING_FILE = Path(__file__).parent / "wording.yaml"


@dataclass(frozen=True)
class Words:
    """Says a text by its key (`group.name`), with what is to be filled in."""

    language: Language

    def say(self, key: str, **filled: object) -> str:
        """The text of `key`; `KeyError` names a key or a place that does not exist."""
        return self._text(key).format_map(filled)

    def count(self, key: str, count: int, **filled: object) -> str:
        """The text of `key` for so many; `<key>_one` when there is one and such a text exists."""
        one = f"{key}_one"
        chosen = one if count == 1 and one in _wording() else key
        return self.say(chosen, count=count, **filled)

    def known(self, key: str, otherwise: str) -> str:
        """The text of `key`, or `otherwise` where there is none (a column or value that the contract does not declare)."""
        text = _wording().get(key)
        return otherwise if text is None else text.in_language(self.language)

    def pick(self, text: Text) -> str:
        """A text that was written elsewhere (a play), in this language."""
        return text.in_language(self.language)

    def _text(self, key: str) -> str:
        return _wording()[key].in_language(self.language)


def keys() -> frozenset[str]:
    """Every key there is."""
    return frozenset(_wording())


@cache
def _wording() -> Mapping[str, Text]:
    groups = yaml.safe_load(WORDING_FILE.read_text(encoding="utf-8"))
    texts = TypeAdapter(dict[str, dict[str, Text]]).validate_python(groups)
    return {f"{group}.{name}": text for group, entries in texts.items() for name, text in entries.items()}
