"""The phrase rules as the YAML files beside this one state them, and an index of which of them a text could match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from features.languages import LANGUAGES
from features.one_of_each import FASTEST
from features.text.analyzer import MARKS, SIGNALS
from features.text.groups import vocabulary
from features.text.patterns import Pattern, PatternIndex, compile_pattern

KEYS = {"pattern", "weight", "negatable", "known_rival", "exclude", "examples_pos", "examples_neg"}
HEAD = {"lang", "exclude", "retract", "rules"}


@dataclass(frozen=True)
class Rule:
    """One rule of a page in `phrases/`: any of its patterns makes a hit of `weight` (0-1).

    A negation before a `negatable` one turns it round. An `exclude` takes it back where it touches the part of the sentence
    that the phrase stands in, as far as the next clause; a `retract` ("… is solved") wherever in the sentence it is.
    The `{name}` of a `known_rival` rule is a competitor from the settings or widely used software, not any capitalised word.
    """

    name: str
    signal: str
    lang: str
    weight: float
    negatable: bool
    known_rival: bool
    patterns: tuple[Pattern, ...]
    exclude: tuple[Pattern, ...]
    retract: tuple[Pattern, ...]
    examples_pos: tuple[str, ...]
    examples_neg: tuple[str, ...]


@dataclass(frozen=True)
class Lookalike:
    """An entry of `lookalikes.yaml`: a short text in which one of its patterns stands has no hit of its `signals`."""

    what: str
    signals: frozenset[str]
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class RuleIndex:
    """Patterns beside what they say, and which of them a text could match: of hits, of what undoes them, of look-alikes."""

    hits: tuple[tuple[Rule, Pattern], ...]
    undoing: tuple[Pattern, ...]
    silencing: tuple[tuple[frozenset[str], Pattern], ...]
    of_hits: PatternIndex
    of_undoing: PatternIndex
    of_silencing: PatternIndex

    @classmethod
    def of(cls, rules: Sequence[Rule], entries: Sequence[Lookalike]) -> "RuleIndex":
        """Of so many rules and look-alikes."""
        hits = tuple((rule, pattern) for rule in rules for pattern in rule.patterns)
        undoing = tuple(dict.fromkeys(pattern for rule in rules for pattern in (*rule.exclude, *rule.retract)))
        silencing = tuple((entry.signals, pattern) for entry in entries for pattern in entry.patterns)
        made = [PatternIndex(each) for each in ([pattern for _, pattern in hits], undoing, [p for _, p in silencing])]
        return cls(hits, undoing, silencing, *made)


@cache
def compiled_rules() -> tuple[Rule, ...]:
    """Every rule of the phrase files; `ValueError` names the rule that does not read."""
    return tuple(rule for signal in (*SIGNALS, *MARKS) for rule in _rules(signal))


@cache
def rule_index() -> RuleIndex:
    """The index of every rule, which no setting changes: made once."""
    return RuleIndex.of(compiled_rules(), lookalikes())


@cache
def lookalikes() -> tuple[Lookalike, ...]:
    """Every entry of `lookalikes.yaml`."""
    entries = _read("lookalikes.yaml")
    return tuple(
        Lookalike(
            what=entry["what"],
            signals=frozenset(entry.get("signals", SIGNALS)),
            patterns=_compiled(entry["patterns"]),
            examples=tuple(entry["examples"]),
        )
        for entry in entries
    )


def _rules(signal: str) -> Iterator[Rule]:
    pages = {name: _read(f"phrases/{name}.yaml") for name in _names(signal)}
    shared = {key: [source for page in pages.values() for source in page.get(key, ())] for key in ("exclude", "retract")}
    for name, page in pages.items():
        lang = page["lang"]
        if unknown := set(page) - HEAD:
            raise ValueError(f"phrases/{name}.yaml: unknown keys {sorted(unknown)}")
        for number, entry in enumerate(page["rules"], 1):
            if unknown := set(entry) - KEYS:
                raise ValueError(f"phrases/{name}.yaml, rule {number}: unknown keys {sorted(unknown)}")
            yield Rule(
                name=f"{name.removesuffix(f'_{lang}')}.{lang}.{number}",
                signal=signal,
                lang=lang,
                weight=float(entry.get("weight", 1.0)),
                negatable=bool(entry.get("negatable", True)),
                known_rival=bool(entry.get("known_rival", False)),
                patterns=_compiled(entry["pattern"]),
                exclude=_compiled([*shared["exclude"], *entry.get("exclude", ())]),
                retract=_compiled(shared["retract"]),
                examples_pos=tuple(entry["examples_pos"]),
                examples_neg=tuple(entry["examples_neg"]),
            )


def _names(signal: str) -> list[str]:
    """The pages of a signal: `<signal>_<lang>`, and `<signal>_<subject>_<lang>` where one page would be too long."""
    names = [entry.name.removesuffix(".yaml") for entry in (files("features.text") / "phrases").iterdir()]
    own = [name for name in names if name.startswith(f"{signal}_") and name.endswith(tuple(f"_{lang}" for lang in LANGUAGES))]
    return sorted(own, key=lambda name: (name.count("_"), name))


def _read(path: str) -> Any:
    return yaml.load((files("features.text") / path).read_text(encoding="utf-8"), Loader=FASTEST)  # noqa: S506 - a SafeLoader


def _compiled(sources: Sequence[str]) -> tuple[Pattern, ...]:
    return tuple(_pattern(source) for source in sources)


@cache
def _pattern(source: str) -> Pattern:
    return compile_pattern(source, vocabulary())
