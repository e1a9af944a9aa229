"""From somebody's tables to clean ones, once for each content."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from features.check import check
from features.check_grown import check_grown
from features.check_report import REPORT, CheckReport
from features.clean_files import clean_files
from features.history import DECLARED
from features.read_texts import write_texts
from features.source import Source
from features.text.choice import open_analyzer
from features.text.remembered import Remembered
from pipelines.gained import Contents, earlier, gained
from pipelines.home import Home
from pipelines.known_contents import KnownContents
from pipelines.one_at_a_time import one_at_a_time
from pipelines.params import Params
from pipelines.progress import Stages
from pipelines.sources import open_source
from pipelines.sources.folder import ContractFolder

CODE = (
    "features/contracts.py",
    "features/languages.py",
    "features/one_of_each.py",
    "features/tables.py",
    "features/texts.py",
    "features/read_texts.py",
    "features/source.py",
    "features/sql.py",
    "features/suspicion.py",
    "features/check",
    "features/clean_files.py",
    "features/growth.py",
    "features/cleaning",
    "features/engines/",
    "features/text/",
    "features/totals/",
)
DONE = "done.json"
WAITING = "another run prepares these tables: waiting for it"
KEPT_OF_A_DATABASE = 3
CONTENTS = "contents.json"
Progress = Callable[[str, int, int], None]
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Prepared:
    """A folder of clean tables (`<table>.parquet`), what the check said of them, and the fingerprint of what they came from."""

    folder: Path
    report: CheckReport
    fingerprint: str


def prepare(tables: str, source: str, home: Home, params: Params, progress: Progress | None = None) -> Prepared:
    """Check TABLES and clean them into the cache, unless the same content was cleaned by the same rules before.

    Of a folder that has only gained files, or rows at the end of files, since it was last prepared, only these are checked,
    cleaned and analysed; the result is that of a full preparation. A table for which this cannot be proven is read in full,
    which `progress` is told with the reason. Rejected rows go to `HOME/rejects`. A database is read again each time. Of two
    runs that prepare the same at a time one waits, and nobody's folder is touched while it may be read. Raises `BadInput` with
    every fatal problem at once.
    """
    opened, progress = open_source(tables, source), progress or Stages()
    known = KnownContents(home.cache / CONTENTS)
    rules, contents = _rules(opened, params), _contents(opened, known)
    known.write()
    fingerprint = _fingerprint_of(rules, contents)
    with one_at_a_time(home.cache / f"{fingerprint}.lock", lambda: progress(WAITING, 0, 1)):
        folder = home.cache / fingerprint
        if opened.files and (folder / DONE).exists():
            _keep_rejects(folder / "rejects", home.rejects)
        else:
            draft = home.cache / f".{fingerprint}"
            try:
                _fill(opened, draft, params, Known(home.cache, rules, contents), progress)
            finally:
                _keep_rejects(draft / "rejects", home.rejects)
            fingerprint = fingerprint if opened.files else _fingerprint_of_rows(draft, fingerprint)
            folder = _moved(draft, home.cache / fingerprint)
            told = {name: {file: asdict(each) for file, each in listed.items()} for name, listed in contents.items()}
            (folder / DONE).write_text(json.dumps({"source": source, "rules": rules, "tables": told}))
            _forget(home.cache, rules, folder)
    return Prepared(folder, CheckReport.from_json(folder / REPORT), fingerprint)


def _moved(draft: Path, folder: Path) -> Path:
    """The folder, with what was made; of the same rows made again only the report: somebody may be reading the rest."""
    if (folder / DONE).exists():
        (draft / REPORT).replace(folder / REPORT)
        shutil.rmtree(draft)
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    return draft.rename(folder)


def _forget(cache: Path, rules: str, newest: Path) -> None:
    """Of a database, which is read anew each time, nobody needs more than the newest and what a run beside it still reads."""
    same = [told.parent for told in cache.glob(f"*/{DONE}") if _of_a_database(told, rules) and told.parent != newest]
    for old in sorted(same, key=lambda folder: (folder / DONE).stat().st_mtime_ns)[: 1 - KEPT_OF_A_DATABASE]:
        shutil.rmtree(old)


def _of_a_database(told: Path, rules: str) -> bool:
    found = json.loads(told.read_text())
    return found["rules"] == rules and not any(found["tables"].values())


@dataclass(frozen=True)
class Known:
    """Where earlier preparations lie, and by what rules and of which content this one is."""

    cache: Path
    rules: str
    contents: Contents


def _fill(opened: Source, folder: Path, params: Params, known: Known, progress: Progress) -> None:
    """What a broken run left half-filled is thrown away first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _check(opened, folder, params, known, progress)
    write_texts(folder, reader(folder, params))


def reader(folder: Path, params: Params) -> Remembered:
    """What reads the texts of a folder of clean tables; it remembers what it read of any folder beside it."""
    return Remembered(open_analyzer(params.text), folder.parent / "texts.sqlite")


def _check(opened: Source, folder: Path, params: Params, known: Known, progress: Progress) -> None:
    """Check the tables into the folder: what was gained since an earlier check of them where that can be proven, else all."""
    if isinstance(opened, ContractFolder):
        found = max(earlier(known.cache, known.rules, known.contents), key=lambda each: each[0], default=None)
        if found and found[0]:
            with TemporaryDirectory(dir=folder, prefix=".tails-") as tails:
                files = {name: {path.name: path for path in paths} for name, paths in opened.tables.items()}
                growth = gained(found[1], found[2], known.contents, files, Path(tails))
                if growth:
                    check_grown(opened, params.data, folder, growth, lambda why: progress(why, 0, 1))
                    return
    check(opened, params.data, folder)


def _keep_rejects(made: Path, kept: Path) -> None:
    for old in kept.glob("*.parquet"):
        old.unlink(missing_ok=True)
    for path in sorted(made.glob("*.parquet")):
        shutil.copyfile(path, kept / path.name)


def _fingerprint_of(rules: str, contents: Contents) -> str:
    digest = hashlib.sha256(rules.encode())
    for name in sorted(contents):
        for file, content in sorted(contents[name].items()):
            digest.update(f"{name}/{file} {content.size} {content.digest}\n".encode())
    return digest.hexdigest()[:16]


def _rules(opened: Source, params: Params) -> str:
    """Changes with the kind of source, the settings tables are read by, and the code that reads them."""
    digest = hashlib.sha256(opened.name.encode())
    for section in (params.data, params.text):
        digest.update(section.model_dump_json().encode())
    for path in _code():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _contents(opened: Source, known: KnownContents) -> Contents:
    """What each file holds, by table; of a source that maps files of its own, by the folder they lie in."""
    if isinstance(opened, ContractFolder):
        tables = opened.tables
    else:
        tables = {str(folder): tuple(paths) for folder, paths in groupby(opened.files, key=lambda path: path.parent.name)}
    return {name: {path.name: known.of(path) for path in paths} for name, paths in tables.items()}


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
        if path.suffix in (".py", ".yaml", ".csv") and str(path.relative_to(ROOT)).startswith(CODE):
            yield path
    yield from sorted((ROOT / "pipelines" / "sources").glob("*.py"))
