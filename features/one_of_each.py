"""YAML that a person wrote: read safely, and a key written twice is refused."""

from collections.abc import Hashable
from typing import Any

import yaml

FASTEST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first reads ten times sooner, and is not everywhere


class OneOfEach(FASTEST):  # type: ignore[misc,valid-type]
    """Refuses a key that is written twice, of which YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node; `ConstructorError` with the line of a key that is none, or of the second of two equal ones."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                said = "a key is a word, not a list or a mapping"
                raise yaml.constructor.ConstructorError(None, None, said, key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


def read_yaml(text: str) -> Any:
    """What the text says; `yaml.YAMLError` where it is none."""
    return yaml.load(text, Loader=OneOfEach)  # noqa: S506 - it is a SafeLoader
