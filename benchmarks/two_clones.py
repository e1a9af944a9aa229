"""Whether two fresh clones in different places say the same, byte for byte: `two_clones.py OUT [ACCOUNTS MONTHS SEED]`.

Clones the commit this checkout stands on twice, sets each clone up, and in each, with a hash seed of its own: a synthetic
company, `dvc repro`, `tenure train --register`, `tenure score`. Then every file is compared; exit 1 when one differs.
Left out is what names its own run: MLflow's identifiers and times, and the folder they lie in.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PLACES = {"one": 1, "another/place further down": 4242}  # folder: seed of Python's hashes
UNTIL = "2026-07-01"
RUN = re.compile(r"^artifacts/.*?/(?=artifacts/)")  # the folder of a run or of a logged model is named by chance
OF_THE_RUN = {"MLmodel", "registered_model_meta"}  # identifiers, times and paths
GROUPS = {
    "the company's tables and truth": "data/world",
    "`dvc repro`: features, metrics, back-test": "build",
    "`train --register`: model, metrics, predictions, card, pictures": "home/artifacts",
    "`score`": "scores",
}


def whole_way(clone: Path, hash_seed: int, size: tuple[str, str, str]) -> None:
    """Everything in one clone, by its own commands; the first that fails ends it all."""
    accounts, months, seed = size
    named = {"PYTHONHASHSEED": str(hash_seed), "PATH": f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    ours = {"TENURE_HOME", "MLFLOW_TRACKING_URI", "TENURE_DATABASE_URL", "VIRTUAL_ENV", "PYTHONPATH"}
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    home, world = ["--home", "home"], "data/world"
    for words in (
        ["make", "--silent", "setup"],
        ["tenure", "world", "--accounts", accounts, "--months", months, "--seed", seed, "--out", world],
        ["dvc", "repro"],
        ["tenure", "train", world, "--until", UNTIL, "--register", *home],
        ["tenure", "score", world, "--as-of", UNTIL, "--out", "scores", *home],
    ):
        done = subprocess.run(words, cwd=clone, env=clean | named, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(words)} in {clone} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


def files(clone: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of each file that came out, the name without what chance gave it."""
    root = clone / folder
    for path in sorted(each for each in root.rglob("*") if each.is_file() and each.name not in OF_THE_RUN):
        yield RUN.sub("", str(path.relative_to(root.parent))), sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Print how many files of each kind are the same, and the names of those that are not."""
    if len(sys.argv) not in (2, 5):
        sys.exit(__doc__)
    out, given = Path(sys.argv[1]), sys.argv[2:]
    size = (given[0], given[1], given[2]) if given else ("400", "30", "7")
    for place, hash_seed in PLACES.items():
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(CHECKOUT), str(out / place)], check=True)
        whole_way((out / place).resolve(), hash_seed, size)
        print(f"{place}: done", file=sys.stderr, flush=True)
    print("| what came out | files | the same bytes |\n| --- | --- | --- |")
    apart = []
    for what, folder in GROUPS.items():
        one, other = (dict(files(out / place, folder)) for place in PLACES)
        if not one:
            sys.exit(f"{folder} of the first clone is empty: nothing can be compared")
        same = {name for name in one.keys() & other.keys() if one[name] == other[name]}
        apart += sorted((one.keys() | other.keys()) - same)
        print(f"| {what} | {len(one.keys() | other.keys())} | {len(same)} |", flush=True)
    if apart:
        sys.exit("these differ: " + ", ".join(apart))


if __name__ == "__main__":
    main()
