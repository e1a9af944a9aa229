"""The words of a table's card: its own, and beside them those of the pages (`serving/web/wording.yaml`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from serving.web.words import Words
from serving.wording import Text

WORDING_FILE = Path(__file__).parent / "wording.yaml"


class TableWords(Words):
    """Says a text by its key; a table's own text goes before that of the pages."""

    def count(self, key: str, count: int, **filled: object) -> str:
        """The text of `key` for so many; `<key>_one` when there is one and such a text exists."""
        one = f"{key}_one"
        return self.say(one, count=count, **filled) if count == 1 and one in own() else super().count(key, count, **filled)

    def known(self, key: str, otherwise: str) -> str:
        """The text of `key`, or `otherwise` where there is none."""
        return own()[key].in_language(self.language) if key in own() else super().known(key, otherwise)

    def _text(self, key: str) -> str:
        return own()[key].in_language(self.language) if key in own() else super()._text(key)


@cache
def own() -> Mapping[str, Text]:
    """The table's own texts by key (`group.name`)."""
    groups = yaml.safe_load(WORDING_FILE.read_text(encoding="utf-8"))
    texts = TypeAdapter(dict[str, dict[str, Text]]).validate_python(groups)
    return {f"{group}.{name}": text for group, entries in texts.items() for name, text in entries.items()}
