"""What the contract check found: counts by table and reason, never a cell's content."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from features.source import Finding
from features.suspicion import Suspicion

REPORT = "report.json"


@dataclass(frozen=True)
class TableReport:
    """One table: `read` = `accepted` + `duplicates` + `rejected` rows. `reasons`: reason -> rows (a row may have several).

    `versions`: accepted rows that a newer version of the same thing replaces. `late`: accepted rows known after they
    happened. `stand_in`: what stands for `known_at` (empty: the data gives it). `first`, `last`: ISO times of accepted rows.
    """

    name: str
    read: int
    accepted: int
    duplicates: int
    rejected: int
    reasons: Mapping[str, int]
    versions: int
    late: int
    stand_in: str
    unknown_columns: tuple[str, ...]
    first: str | None
    last: str | None


@dataclass(frozen=True)
class CheckReport:
    """The whole check. `problems` are fatal; `findings` and `suspicions` (columns that may leak the outcome) refuse no row.

    `absent` are optional tables that did not come.
    """

    source: str
    tables: tuple[TableReport, ...]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    problems: tuple[str, ...]
    findings: tuple[Finding, ...]
    reporting_currency: str | None
    allowed_reject_share: float
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def too_many_rejects(self) -> tuple[str, ...]:
        """Tables with a larger share of rejected rows than allowed; empty when all is well."""
        return tuple(t.name for t in self.tables if t.rejected > self.allowed_reject_share * t.read)

    @property
    def rejected(self) -> dict[str, int]:
        """Table -> rejected rows, of the tables that have any."""
        return {table.name: table.rejected for table in self.tables if table.rejected}

    def rejected_text(self, kept: Path) -> str:
        """How many rows of which table were not used, and where they are kept."""
        counts = ", ".join(f"{count:,} of {name}" for name, count in self.rejected.items())
        return f"rejected rows, not used: {counts}; kept in {kept}"

    def refusal(self, kept: Path, before: str = "") -> str:
        """What a run on these tables refused: what it says itself (`before`), and that more rows than allowed were rejected.

        Empty when neither is so.
        """
        if not self.too_many_rejects:
            return before
        many, share = ", ".join(self.too_many_rejects), f"{100 * self.allowed_reject_share:.3g}%"
        rejected = f"More than {share} (data.allowed_reject_share) of the rows of {many} were rejected; they are in {kept}."
        return f"{before} {rejected}" if before else rejected

    def table(self, name: str) -> TableReport:
        """The report of one table; `KeyError` when it did not come."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"{name} was not among the tables: {', '.join(t.name for t in self.tables)}")

    def as_dict(self) -> dict[str, Any]:
        """Everything, for machines."""
        suspicions = [asdict(each) | {"advice": each.advice} for each in self.suspicions]
        return asdict(self) | {"too_many_rejects": list(self.too_many_rejects), "suspicions": suspicions}

    def as_text(self) -> str:
        """Everything, for a person: fatal problems, then each table, then findings."""
        lines = [f"cannot be used: {problem}" for problem in self.problems]
        for table in self.tables:
            lines += _table_lines(table)
        if self.absent:
            lines.append(f"no {', '.join(self.absent)}: what they would tell will be missing")
        if self.ignored:
            lines.append(f"not in the contract, ignored: {', '.join(self.ignored)}")
        if self.findings:
            lines += ["", "findings (no row is refused for these):"]
            lines += [f"  {f.table}: {f.what}: {_counted(f)}" for f in self.findings]
        if self.suspicions:
            lines += ["", "columns that may tell what nobody knew yet (no row is refused; look before you train):"]
            lines += [f"  {each.text}" for each in self.suspicions]
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def from_json(cls, path: Path) -> "CheckReport":
        """What `write` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            source=found["source"],
            tables=tuple(TableReport(**(t | {"unknown_columns": tuple(t["unknown_columns"])})) for t in found["tables"]),
            absent=tuple(found["absent"]),
            ignored=tuple(found["ignored"]),
            problems=tuple(found["problems"]),
            findings=tuple(Finding(**f) for f in found["findings"]),
            reporting_currency=found["reporting_currency"],
            allowed_reject_share=found["allowed_reject_share"],
            suspicions=tuple(Suspicion(**{k: v for k, v in s.items() if k != "advice"}) for s in found["suspicions"]),
        )


def _table_lines(table: TableReport) -> list[str]:
    counts = f"{table.read:,} rows read, {table.accepted:,} accepted, {table.duplicates:,} identical, "
    lines = [f"{table.name}: {counts}{table.rejected:,} rejected"]
    lines += [f"  rejected: {reason}: {count:,}" for reason, count in table.reasons.items()]
    if table.versions:
        lines.append(f"  replaced by a newer version: {table.versions:,}")
    if table.late:
        lines.append(f"  known after they happened: {table.late:,}")
    if table.stand_in:
        lines.append(f"  in place of known_at: {table.stand_in}")
    if table.unknown_columns:
        lines.append(f"  columns not in the contract, ignored: {', '.join(table.unknown_columns)}")
    if table.first is not None:
        lines.append(f"  from {table.first} to {table.last}")
    return lines


def _counted(finding: Finding) -> str:
    if not finding.of:
        return f"{finding.count:,}"
    return f"{finding.count:,} of {finding.of:,} ({finding.count / finding.of:.1%})"
