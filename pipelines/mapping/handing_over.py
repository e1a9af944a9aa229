"""The stage behind `tenure map`: a proposal written to a file that did not exist, and what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.errors import BadInput
from pipelines.mapping.proposal import Proposal
from pipelines.mapping.proposing import propose
from pipelines.mapping.writing import as_yaml
from pipelines.params import Params
from pipelines.sources import recognised
from pipelines.sources.mapping_file import ENDINGS, is_mapping
from pipelines.sources.place import FolderPlace, Place, place


@dataclass(frozen=True)
class Mapped:
    """A proposal and the file it was written to. `known`: what is said when a source reads the place without a mapping."""

    proposal: Proposal
    out: Path
    known: str = ""

    @property
    def document(self) -> dict[str, Any]:
        """For machines."""
        found = self.proposal
        return {
            "tables": [
                {
                    "table": part.table,
                    "file": part.file,
                    "rows": part.rows,
                    "likeness": round(part.likeness, 2),
                    "columns": {each.name: each.said for each in part.columns if each.state == "sure"},
                    "open": part.open,
                    "offered": {each.name: each.said for each in part.columns if each.state == "offered"},
                    "unused": dict(part.unused),
                    "notes": part.notes,
                }
                for part in found.parts
            ],
            "undecided": found.undecided,
            "unplaced": found.unplaced,
            "problems": found.problems,
            "open": found.open,
            "known": self.known,
            "out": self.out,
        }

    @property
    def text(self) -> str:
        """For a person: what is which table, what is open, and what to do next."""
        lines = [_part_line(part.table, part.file, part.columns, part.open) for part in self.proposal.parts]
        lines += [f"not mapped: {file} may be {tables}" for file, tables in self.proposal.undecided.items()]
        lines += [f"not mapped: {name} is like no table" for name in self.proposal.unplaced]
        lines += [f"cannot be read: {problem}" for problem in self.proposal.problems]
        lines += [self.known] if self.known else []
        lines.append(f"written to {self.out}: read it, correct it, then")
        return "\n".join([*lines, f"  tenure check {self.proposal.shown} --source {self.out}"])

    @property
    def refused(self) -> str:
        """That something is left to decide; empty when nothing is."""
        found = self.proposal.open
        if not found:
            return ""
        many = "1 place is" if len(found) == 1 else f"{len(found)} places are"
        return f"{many} left to decide, marked ? in {self.out}: {', '.join(found)}."


def map_to_file(tables: str, out: Path, params: Params, progress: Callable[[str, int, int], None]) -> Mapped:
    """Propose a mapping for TABLES and write it to `out`.

    `BadInput` when nothing can be proposed, and when `out` exists: somebody may have corrected it.
    """
    if not is_mapping(str(out)):
        raise BadInput(f"--out {out}: a mapping file ends in {' or '.join(ENDINGS)}, by which --source knows it.")
    if out.exists():
        raise BadInput(f"--out {out} exists, and somebody may have corrected it. Give another name, or remove it.")
    progress("look at the files", 0, 1)
    where = place(tables)
    known = _known(where)
    try:
        proposal = propose(where, params.mapping)
    except BadInput as error:
        raise BadInput("\n".join([str(error), *([known] if known else [])])) from error
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(as_yaml(proposal, str(out)), encoding="utf-8")
    progress("look at the files", 1, 1)
    return Mapped(proposal, out, known)


def _known(where: Place) -> str:
    """That a source of ours reads the place without any mapping; empty when none does."""
    names = recognised(where.folder) if isinstance(where, FolderPlace) else []
    if not names:
        return ""
    flag = "as it is" if names[0] == "contract" else f"with --source {names[0]}"
    return f"{where.shown} is in the form of {names[0]}: every verb reads it {flag}, without a mapping."


def _part_line(table: str, file: str, columns: Any, left: tuple[str, ...]) -> str:
    count = sum(each.state == "sure" for each in columns)
    said = f"{table}: {file}, {count} column{'' if count == 1 else 's'}"
    return f"{said}, to decide: {', '.join(left)}" if left else said
