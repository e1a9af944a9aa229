"""What a model came from: the data, the code, the settings, and the day it was cut at."""

import subprocess
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Lineage:
    """Fingerprints, as they are kept in tags. `as_of` is the day before which everything was known."""

    data: str
    code: str
    params: str
    as_of: date

    def tags(self) -> dict[str, str]:
        """As text by name."""
        return {name: str(value) for name, value in asdict(self).items()}


def code_version(checkout: Path = CHECKOUT) -> str:
    """The commit of a checkout, with `+changed` when files differ from it; `unknown` when it is no git checkout."""
    commit = _git(checkout, "rev-parse", "HEAD")
    if not commit:
        return "unknown"
    return f"{commit}+changed" if _git(checkout, "status", "--porcelain") else commit


def _git(checkout: Path, *words: str) -> str:
    """What git says; empty when there is no git, no checkout or no commit."""
    try:
        said = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(checkout), *words],  # noqa: S607 - whichever git the person has
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""
