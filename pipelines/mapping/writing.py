"""A proposal as the YAML file that a person edits: every line with its reason beside it, what is open marked `?`."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from features.tables import TABLES
from pipelines.mapping.proposal import PartProposal, Proposal, Said, Suggestion

_WIDTH = 118
_HEAD = """\
Proposed by `tenure map {shown}`. Read it, correct it, then look at what the contract says of the result:

  tenure check {shown} --source {name}

Every verb takes it as --source. Beside each line stands why it is there; a number is how alike name and content are (0 to 1).
  ?    a place that has to be decided: nothing works before. The comment says what could stand there.
  #?   an offer: take away `#?` to accept it, or leave it.
A column of the contract is COLUMN of the file, or keys: {{column: …}} or {{value: …}} (always the same) or
{{expression: …}} (SQL over the row's columns), and where it needs them: time (iso, epoch_seconds, epoch_milliseconds or a
strptime format; a list tries several), zone (Europe/Madrid, for times that name none: they are UTC otherwise), decimal
(',' or '.'), values ({{theirs: ours}}, null for "not known"), times (12), plus_days (1), missing (texts for "not known"),
of and by (a column of another FILE, by the column both have) with pick (first or last of several times).
`where` on a table: an SQL condition that leaves other rows out.
Columns and values of the contract: docs/tables.md."""


def as_yaml(proposal: Proposal, name: str) -> str:
    """The text of the mapping file that is to be called `name`; ends with a line end."""
    return "\n".join([*_comment(_HEAD.format(shown=proposal.shown, name=name), wrap=False), *_lines(proposal)]) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    for what, said in _left_aside(proposal).items():
        yield from ("", *_comment(f"{what}: {said}"))
    if proposal.missing:
        yield from ("", f"missing: {_flow(list(proposal.missing))}  # texts that mean nothing is known, in every column")
    if proposal.layouts:
        yield from ("", "files:  # those that are not plain CSV in UTF-8")
        for file, layout in proposal.layouts.items():
            keys = {"delimiter": layout.delimiter} if layout.delimiter != "," else {}
            keys |= {"encoding": layout.encoding} if layout.encoding != "utf-8" else {}
            yield f"  {_flow(file)}: {_flow(keys)}"
    yield from ("", "tables:")
    for table in TABLES:
        parts = [part for part in proposal.parts if part.table == table]
        if parts:
            yield f"  {table}:"
            for part in parts:
                yield from _part(part)
        if table in proposal.lacking:
            needed = ", ".join(column.name for column in TABLES[table].columns if column.required)
            yield from (
                "",
                f"  # {table} is required and no file was found for it. Write its `- file:` and `columns:` with {needed}:",
            )
            yield f'  {table}: "?"'


def _left_aside(proposal: Proposal) -> Mapping[str, str]:
    """What is said above the tables; what is empty is left out."""
    undecided = "; ".join(f"{file} may be {tables}" for file, tables in proposal.undecided.items())
    said = {
        "Files that cannot be read": "; ".join(proposal.problems),
        "Files whose table is not clear, not mapped (add them by hand)": undecided,
        "Files that are like no table, not mapped": ", ".join(proposal.unplaced),
    }
    return {what: text for what, text in said.items() if text}


def _part(part: PartProposal) -> Iterator[str]:
    yield f"    - file: {_flow(part.file)}  # {part.likeness:.2f} {part.rows:,} rows"
    for note in part.notes:
        yield from _comment(note, indent=6)
    if part.where is not None:
        yield f"      where: {_flow(part.where)}"
    if part.stand_in:
        yield f"      stand_in: {_flow(part.stand_in)}"
    yield "      columns:"
    for each in part.columns:
        yield from _column(each)
    if part.unused:
        yield from _comment("not used:", indent=6)
        for name, why in part.unused:
            yield from _comment(f"  {_flow(name)}: {why}", indent=6)


def _column(each: Suggestion) -> Iterator[str]:
    line = f"{each.name}: {_flow(each.said)}"
    mark = "#? " if each.state == "offered" else ""
    whole = f"        {mark}{line}  # {each.why}"
    if len(whole) <= _WIDTH + 12:
        yield whole
        return
    yield from _comment(each.why, indent=8)
    yield f"        {mark}{line}"


def _comment(text: str, *, indent: int = 0, wrap: bool = True) -> Sequence[str]:
    lines = textwrap.wrap(text, _WIDTH - indent, break_long_words=False, break_on_hyphens=False) if wrap else text.splitlines()
    return [" " * indent + f"# {line}".rstrip() for line in lines]


class _Dumper(yaml.SafeDumper):
    """Never refers back to a value that stands twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """True: a person reads it."""
        return True


def _flow(said: Said | Sequence[str] | Mapping[str, Any]) -> str:
    """In one line."""
    text = yaml.dump(said, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return text.removesuffix("\n").removesuffix("...").rstrip("\n")
