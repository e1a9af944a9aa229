"""What each file held when it was last read, so that a file that nobody touched since is not read again."""

import json
import time
from dataclasses import asdict
from pathlib import Path

from features.totals.facts import replace
from pipelines.gained import Content

SETTLED_NS = 2_000_000_000  # a file system may write the same time on two changes that are closer to each other


class KnownContents:
    """Contents by path, kept in `file`, which may be deleted at any time.

    A file is the one that was read when its size, its inode, the time of its last change and the time at which the system
    itself last noted a change of it are the same. Nobody can set the last of these back: a file that was put in the place of
    another with its size and time is read, too. One that had changed just before it was read is read again the next time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _kept(file)

    def of(self, path: Path) -> Content:
        """What the file holds now."""
        name, mark = str(path.absolute()), _mark(path)
        held = self._known.get(name)
        if held is not None and held[0] == mark:
            return held[1]
        began = time.time_ns()
        content = Content.of(path)
        if began - path.stat().st_ctime_ns > SETTLED_NS and _mark(path) == mark:
            self._known[name] = (mark, content)
        else:
            self._known.pop(name, None)
        return content

    def write(self) -> None:
        """Keep what is known of files that are still there."""
        told = {name: [mark, asdict(content)] for name, (mark, content) in self._known.items() if Path(name).exists()}
        replace(self._file, lambda draft: draft.write_text(json.dumps(told), encoding="utf-8"))


def _mark(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]


def _kept(file: Path) -> dict[str, tuple[list[int], Content]]:
    """What `write` wrote; nothing when it was not, or when the file is damaged: then every file is read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {name: (mark, Content(**content)) for name, (mark, content) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
