"""Where tables come from: a folder, a database, or somebody else's data mapped onto the contract.

A new source is one class here, named once in `SOURCES`; somebody's own files need none, but a mapping file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from features.errors import BadInput
from features.source import Source
from pipelines.sources.address import is_url
from pipelines.sources.crm5 import Crm5
from pipelines.sources.folder import ContractFolder
from pipelines.sources.mapping_file import is_mapping
from pipelines.sources.oulad import Oulad
from pipelines.sources.ravenstack import RavenStack


class FolderSource(Protocol):
    """A source made from a folder; it knows one of its own when it sees it."""

    def __call__(self, folder: Path) -> Source:
        """The source that reads `folder`."""
        ...

    def recognises(self, folder: Path) -> bool:
        """Whether the folder holds this source's files."""
        ...


SOURCES: Mapping[str, FolderSource] = {
    "contract": ContractFolder,
    "oulad": Oulad,
    "ravenstack": RavenStack,
    "crm5": Crm5,
}


def open_source(tables: str, source: str) -> Source:
    """The source behind TABLES (a folder or an SQLAlchemy URL) and `--source` (a name, or the path of a mapping file).

    `BadInput` for an unknown source, a mapping that is none, a folder that is missing, empty or another source's, and a URL
    nobody answers at.
    """
    if is_mapping(source):
        from pipelines.sources.mapped import MappedTables

        return MappedTables(tables, Path(source).expanduser())
    if source not in SOURCES:
        raise BadInput(f"--source {source} is unknown. Give one of {', '.join(SOURCES)}, or a mapping file (FILE.yaml).")
    if is_url(tables):
        if source != "contract":
            raise BadInput(f"--source {source} reads a folder, not a database. Leave --source out, or give the folder.")
        from pipelines.sources.database import Database

        return Database(tables)
    if not tables.strip():
        raise BadInput(f"TABLES is {tables!r}. Give the folder with the tables ('.' for this one), or a database URL.")
    folder = Path(tables).expanduser()
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise BadInput(f"{tables} {what}. Give the folder with the tables, or a database URL such as sqlite:///company.db.")
    if not any(folder.iterdir()):
        raise BadInput(f"{tables} is empty. Put the tables there, one file a table (accounts.csv, subscriptions.csv, …).")
    if not SOURCES[source].recognises(folder):
        raise BadInput(_not_this(tables, folder, source))
    return SOURCES[source](folder)


def recognised(folder: Path) -> list[str]:
    """The sources that know a folder as one of their own; none for most people's."""
    return [name for name, kind in SOURCES.items() if kind.recognises(folder)]


def _not_this(tables: str, folder: Path, source: str) -> str:
    like = [name for name in recognised(folder) if name != source]
    if not like:
        return f"{tables} holds no file that --source {source} reads. It has: {_listed(folder)}."
    flag = "leave --source out" if like[0] == "contract" else f"add --source {like[0]}"
    return f"{tables} is not what --source {source} reads: this looks like {like[0]}. To read it, {flag}."


def _listed(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir())
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
