"""What the gate answers: one reason a check, with what was measured, what was asked, and a sentence for people."""

import json
import math
from dataclasses import dataclass

from features.languages import Language
from features.said import Said, joined
from models.gate_words import NOT_PASSED, PASSED


@dataclass(frozen=True)
class Reason:
    """One check: what was measured, what was asked, whether it is enough, and a sentence for people."""

    check: str
    value: float
    threshold: str
    passed: bool
    said: Said

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return self.said.en


@dataclass(frozen=True)
class GateResult:
    """`passed` only when every reason passed."""

    passed: bool
    reasons: tuple[Reason, ...]

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """What fell short."""
        return tuple(reason for reason in self.reasons if not reason.passed)

    @property
    def fell_short(self) -> Said:
        """The sentences of what fell short, in a row; empty when the gate is passed."""
        return joined(reason.said for reason in self.refusals)

    def as_json(self) -> str:
        """Strict JSON: a value that could not be measured (NaN, infinite) is null."""
        reasons = [
            {
                "check": each.check,
                "value": each.value if math.isfinite(each.value) else None,
                "threshold": each.threshold,
                "passed": each.passed,
                "sentence": each.said.en,
                "sentence_es": each.said.es,
            }
            for each in self.reasons
        ]
        return json.dumps({"passed": self.passed, "reasons": reasons}, indent=1, ensure_ascii=False, allow_nan=False)

    def as_text(self, language: Language = "en") -> str:
        """One line a check; a check has the same name in both languages."""
        head = (PASSED if self.passed else NOT_PASSED).in_language(language)
        lines = [f"  {'ok ' if r.passed else 'NO '} {r.check}: {r.said.in_language(language)}" for r in self.reasons]
        return "\n".join([head, *lines])
