"""Seconds, CPU seconds and peak memory of every stage on synthetic companies: `stages.py OUT_FOLDER [ACCOUNTS …]`.

Each stage is one call of the command line, as a batch job would make it, with a home of its own; the whole process is timed.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

MONTHS = 48
REPLAYED_FROM, AS_OF = "2026-01-01", "2026-07-01"
TENURE = Path(sys.executable).with_name("tenure")


def timed(words: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak GiB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen([str(TENURE), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"tenure {' '.join(words)} failed:\n{errors}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def stages(folder: Path, accounts: int) -> list[tuple[str, list[str]]]:
    """The verbs of the whole way, in order."""
    data, home, scores = str(folder / "data"), ["--home", str(folder / "home")], str(folder / "scores")
    features = str(folder / "features.parquet")
    return [
        ("world", ["world", "--accounts", str(accounts), "--months", str(MONTHS), "--seed", "101", "--out", data]),
        ("check", ["check", data, *home]),
        ("features (1 day)", ["features", data, "--as-of", AS_OF, "--out", features, *home]),
        ("train --register", ["train", data, "--until", AS_OF, "--register", *home]),
        ("score", ["score", data, "--as-of", AS_OF, "--out", scores, *home]),
        ("deliver csv", ["deliver", scores, "--sink", "csv", *home]),
        (
            "backtest, 6 months",
            ["backtest", data, "--from", REPLAYED_FROM, "--until", AS_OF, "--out", str(folder / "backtest"), *home],
        ),
    ]


def main() -> None:
    """Print one Markdown table a size."""
    out = Path(sys.argv[1])
    sizes = [int(word) for word in sys.argv[2:]] or [1000, 10000]
    for accounts in sizes:
        print(f"\n{accounts:,} accounts x {MONTHS} months\n\n| stage | wall s | CPU s | peak GiB |\n| --- | --- | --- | --- |")
        folder = out / str(accounts)
        for name, words in stages(folder, accounts):
            wall, cpu, peak = timed(words)
            print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.2f} |", flush=True)
    print(f"\npeak of all children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
