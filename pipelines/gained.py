"""Which files of a folder are as they were when it was last read, which are new, and which have only grown at their end."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from features.growth import Growth
from features.tables import TABLES
from pipelines.parquet_rows import fingerprint, write_after

BLOCK = 1 << 20
PARQUET = ".parquet"


@dataclass(frozen=True)
class Content:
    """One file as it was read: bytes, and the SHA-256 of them. Of Parquet also its rows, and their fingerprint."""

    size: int
    digest: str
    rows: int = field(default=0, compare=False)
    rows_digest: str = field(default="", compare=False)

    @classmethod
    def of(cls, path: Path) -> Self:
        """The content of a file now."""
        rows = fingerprint(path) if path.suffix == PARQUET else (0, "")
        with path.open("rb") as file:
            return cls(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), *rows)

    def begins(self, path: Path) -> bool:
        """Whether the file begins with exactly this content, and it ends with a whole line."""
        digest, left, last = hashlib.sha256(), self.size, b""
        with path.open("rb") as file:
            while left and (block := file.read(min(left, BLOCK))):
                digest.update(block)
                left, last = left - len(block), block[-1:]
        return not left and last == b"\n" and digest.hexdigest() == self.digest


Contents = Mapping[str, Mapping[str, Content]]


def gained(base: Path, before: Contents, now: Contents, files: Mapping[str, Mapping[str, Path]], tails: Path) -> Growth | None:
    """What the tables gained since they had the contents `before`; None when nothing of them is as it was.

    Contents and `files` are by table and by name of the file. The new rows of a file that grew are written to `tails`.
    """
    same = frozenset(name for name in now if now[name] == before.get(name))
    added = {}
    for name in set(now) & set(before) - same:
        found = _added(before[name], now[name], files[name], tails / name)
        if found:
            added[name] = tuple(found)
    return Growth(base, same, added) if same or added else None


def _added(before: Mapping[str, Content], now: Mapping[str, Content], files: Mapping[str, Path], tails: Path) -> list[Path]:
    """Files with the new rows alone; none when something else has changed."""
    if not set(before) <= set(now):
        return []
    found = [files[name] for name in now if name not in before]
    for name in (name for name in before if before[name] != now[name]):
        tail = _tail(before[name], now[name], files[name], tails / name)
        if tail is None:
            return []
        found.append(tail)
    return sorted(found)


def _tail(before: Content, now: Content, path: Path, tail: Path) -> Path | None:
    """What a CSV or Parquet file has gained, as a file; None when it is neither or its earlier rows are not as they were."""
    if path.suffix == PARQUET:
        return _rows_after(before, now, path, tail)
    return _lines_after(before, path, tail)


def _rows_after(before: Content, now: Content, path: Path, tail: Path) -> Path | None:
    if not before.rows < now.rows or not before.rows or fingerprint(path, before.rows) != (before.rows, before.rows_digest):
        return None
    tail.parent.mkdir(parents=True, exist_ok=True)
    write_after(path, before.rows, tail)
    return tail


def _lines_after(before: Content, path: Path, tail: Path) -> Path | None:
    """The header and the new lines."""
    if path.suffix != ".csv" or path.stat().st_size <= before.size or not before.begins(path):
        return None
    tail.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as file, tail.open("wb") as out:
        header = file.readline()
        if b'"' in header or len(header) >= before.size:
            return None
        out.write(header)
        file.seek(before.size)
        for block in iter(lambda: file.read(BLOCK), b""):
            out.write(block)
    return tail


def earlier(cache: Path, rules: str, now: Contents) -> Iterator[tuple[int, Path, Contents]]:
    """The prepared folders that were made by the same rules, each with how many bytes of it stand now as they did then."""
    for done in sorted(cache.glob("*/done.json")):
        found = json.loads(done.read_text(encoding="utf-8"))
        if found.get("rules") == rules:
            contents = {name: {file: Content(**each) for file, each in told.items()} for name, told in found["tables"].items()}
            yield _kept(contents, now), done.parent, contents


def _kept(before: Contents, now: Contents) -> int:
    """Bytes of files that are there with the same name and at least the size."""
    return sum(
        content.size
        for name in set(before) & set(now) & set(TABLES)
        for file, content in before[name].items()
        if file in now[name] and (now[name][file] == content or now[name][file].size > content.size)
    )
