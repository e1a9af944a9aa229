"""Words for the synthetic world: a template by subject and language, its slots filled for the account and the writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from features.languages import LANGUAGES
from features.world.clock import Bools, Ints, Strings
from features.world.draws import Rng


@dataclass(frozen=True)
class Lexicon:
    """The templates of one language: `lines` by dotted subject (`mail.budget`), the rest for names and mails."""

    lines: dict[str, tuple[str, ...]]

    def __getitem__(self, subject: str) -> tuple[str, ...]:
        """The templates of a subject; `KeyError` names the subject."""
        return self.lines[subject]


@cache
def lexicon(language: str) -> Lexicon:
    """The templates that ship for `en` or `es`."""
    text = (files("features.world.texts") / f"{language}.yaml").read_text(encoding="utf-8")
    lines: dict[str, tuple[str, ...]] = {}
    for name, value in yaml.safe_load(text).items():
        if isinstance(value, list):
            lines[name] = tuple(value)
        else:
            lines.update({f"{name}.{subject}": tuple(templates) for subject, templates in value.items()})
    return Lexicon(lines)


@dataclass(frozen=True)
class Writers:
    """Who writes each text: the account, the person (any number that is the same for the same person), the language."""

    account: Ints
    person: Ints
    spanish: Bools
    csm: Strings

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.account)


def write_lines(rng: Rng, subjects: Strings, writers: Writers, competitors: Sequence[str], features: Sequence[str]) -> Strings:
    """One line for each subject, in the writer's language. An account in talks with a rival names always the same one."""
    size = len(writers)
    luck = rng.random(size)
    third, thing, number = rng.integers(0, 1 << 20, (3, size)).tolist()
    result = np.empty(size, dtype=object)
    for spanish, language in enumerate(LANGUAGES):
        words = lexicon(language)
        first, last = words["first_names"], words["last_names"]
        rows = np.flatnonzero(writers.spanish == bool(spanish))
        accounts, people = writers.account[rows].tolist(), writers.person[rows].tolist()
        for row, account, person in zip(rows.tolist(), accounts, people, strict=True):
            templates = words[subjects[row]]
            template = templates[int(luck[row] * len(templates))]
            if "{" in template:
                template = template.format(
                    name=first[person % len(first)],
                    last=last[person // 7 % len(last)],
                    csm=writers.csm[row],
                    person=first[third[row] % len(first)],
                    feature=features[thing[row] % len(features)],
                    competitor=competitors[account % len(competitors)],
                    n=number[row] % 8 + 2,
                    pct=10 + 5 * (number[row] // 8 % 7),
                )
            result[row] = template
    return result


def as_mails(rng: Rng, lines: Strings, writers: Writers, competitors: Sequence[str], features: Sequence[str]) -> Strings:
    """The lines dressed as mails: often a greeting, sometimes an aside, a closing and a signature, over several lines."""
    size = len(lines)
    parts = {}
    for subject in ("greetings", "asides", "closings", "signatures"):
        subjects = np.full(size, subject, dtype=object)
        parts[subject] = write_lines(rng, subjects, writers, competitors, features)
    luck = rng.random((4, size))
    rows = zip(lines, *(parts[subject] for subject in parts), *luck.tolist(), strict=True)
    return np.array([_mail(*row) for row in rows], dtype=object)


def _mail(
    line: str, greeting: str, aside: str, closing: str, signature: str, greets: float, adds: float, signs: float, wraps: float
) -> str:
    gap = "\n\n" if wraps < 0.6 else "\n"
    body = f"{line} {aside}" if adds < 0.25 else f"{aside} {line}" if adds < 0.35 else line
    head = f"{greeting}{gap}" if greets < 0.8 else ""
    tail = f"{gap}{closing}\n{signature}" if signs < 0.75 else f"\n{signature}" if signs < 0.85 else ""
    return head + body + tail
