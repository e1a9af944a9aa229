"""From somebody's tables to clean ones, once for each content."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from features.check import CheckReport, check
from features.clean_files import clean_files
from features.history import DECLARED
from features.read_texts import write_texts
from features.source import Source
from features.text.rules import RuleAnalyzer
from pipelines.home import Home
from pipelines.params import Params
from pipelines.sources import open_source

CODE = (
    "features/contracts.py",
    "features/tables.py",
    "features/texts.py",
    "features/read_texts.py",
    "features/source.py",
    "features/sql.py",
    "features/suspicion.py",
    "features/check",
    "features/clean_files.py",
    "features/cleaning",
    "features/text/",
    "features/totals/",
)
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Prepared:
    """A folder of clean tables (`<table>.parquet`), what the check said of them, and the fingerprint of what they came from."""

    folder: Path
    report: CheckReport
    fingerprint: str


def prepare(tables: str, source: str, home: Home, params: Params) -> Prepared:
    """Check TABLES and clean them into the cache, unless the same content was cleaned by the same rules before.

    Rejected rows go to `HOME/rejects`. A database is read again each time. Raises `BadInput` with every fatal problem at once.
    """
    opened = open_source(tables, source)
    fingerprint = _fingerprint(opened, params)
    folder = home.cache / fingerprint
    done = folder / "done.json"
    try:
        if not (opened.files and done.exists()):
            _fill(opened, folder, params)
            done.write_text(json.dumps({"source": source}))
    finally:
        _keep_rejects(folder / "rejects", home.rejects)
    report = CheckReport.from_json(folder / "report.json")
    return Prepared(folder, report, fingerprint if opened.files else _fingerprint_of_rows(folder, fingerprint))


def _fill(opened: Source, folder: Path, params: Params) -> None:
    """A half-filled folder of a broken run is thrown away first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    check(opened, params.data, folder)
    write_texts(folder, RuleAnalyzer(params.text))


def _keep_rejects(made: Path, kept: Path) -> None:
    for old in kept.glob("*.parquet"):
        old.unlink()
    for path in sorted(made.glob("*.parquet")):
        shutil.copyfile(path, kept / path.name)


def _fingerprint(opened: Source, params: Params) -> str:
    """Changes with the content of the tables, the settings they are read by, and the code that reads them."""
    digest = hashlib.sha256()
    digest.update(opened.name.encode())
    for section in (params.data, params.text):
        digest.update(section.model_dump_json().encode())
    folder = Path(os.path.commonpath([*(path.parent for path in opened.files)])) if opened.files else ROOT
    named = [(path.name, path) for path in _code()] + [(str(path.relative_to(folder)), path) for path in opened.files]
    for name, path in named:
        digest.update(name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _fingerprint_of_rows(folder: Path, rules: str) -> str:
    """For a database, whose content is known only once it was read."""
    digest = hashlib.sha256(rules.encode())
    for path in (path for name in DECLARED for path in clean_files(folder, name)):
        digest.update(path.name.encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _code() -> Iterator[Path]:
    """The files whose rules decide what a clean row is."""
    for path in sorted((ROOT / "features").rglob("*")):
        if path.suffix in (".py", ".yaml") and str(path.relative_to(ROOT)).startswith(CODE):
            yield path
    yield from sorted((ROOT / "pipelines" / "sources").glob("*.py"))
