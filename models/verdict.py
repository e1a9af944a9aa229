"""What the gate answers: one reason a check, with what was measured, what was asked, and a sentence for people."""

import json
import math
from dataclasses import asdict, dataclass

NAMES = {
    "base_rate": "the base rate of the renewal cohort",
    "calendar": "the renewal calendar alone",
    "recency": "recency of use",
    "rule_score": "the rule score",
    "anchor": "the anchor",
    "champion": "the champion",
}


@dataclass(frozen=True)
class Reason:
    """One check: what was measured, what was asked, whether it is enough, and a sentence for people."""

    check: str
    value: float
    threshold: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class GateResult:
    """`passed` only when every reason passed."""

    passed: bool
    reasons: tuple[Reason, ...]

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """What fell short."""
        return tuple(reason for reason in self.reasons if not reason.passed)

    def as_json(self) -> str:
        """Strict JSON: a value that could not be measured (NaN, infinite) is null."""
        reasons = [asdict(each) | {"value": each.value if math.isfinite(each.value) else None} for each in self.reasons]
        return json.dumps({"passed": self.passed, "reasons": reasons}, indent=1, ensure_ascii=False, allow_nan=False)

    def as_text(self) -> str:
        """One line a check."""
        head = "the gate is passed" if self.passed else "the gate is not passed"
        return "\n".join([head, *(f"  {'ok ' if r.passed else 'NO '} {r.check}: {r.sentence}" for r in self.reasons)])
