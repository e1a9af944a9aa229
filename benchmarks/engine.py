"""The engine on a usage log of 731 days: `engine.py OUT [EVENTS] [ACCOUNTS]` (20,000,000 events of 20,000 accounts).

Every line is a process of its own: CPU seconds, start of Python and imports included, and the peak of its memory. The twelve
usage signals are computed at twelve month-ends by the product, twice in pandas and in SQL, and compared to the last bit.
"""

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import pandas as pd

MONTH_ENDS = [date(2024, month, 1) for month in range(2, 13)] + [date(2025, 1, 1)]
EVENTS, ACCOUNTS = 20_000_000, 20_000
IN_PANDAS = ("vectorised", "by_snapshot")
PANDAS_UP_TO = 30_000_000  # events: beyond, pandas does not fit in the memory of a small machine
NEXT_DAY = date(2025, 1, 1)


def scan(folder: Path) -> None:
    """Every value of the columns that the signals need, read once by DuckDB."""
    import duckdb

    from features.clean_files import clean_files

    files = [str(path) for path in clean_files(folder / "clean", "usage")]
    columns = ("account_id", "user_id", "occurred_at", "feature", "quantity", "known_at")
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"SELECT {', '.join(f'min({name})' for name in columns)} FROM read_parquet(?)", [files]).fetchall()


def imports(_folder: Path) -> None:
    """Nothing but the start of Python and the product's own modules."""
    import features.catalogue
    import features.snapshots  # noqa: F401


def prepare(folder: Path) -> None:
    """The rows of two years checked, cleaned and laid out: once."""
    _point(folder, _prepared(folder))


def daily(folder: Path) -> None:
    """One day more of events: what is new is checked, cleaned and totalled, and the signals of the day after computed."""
    _matrix(_prepared(folder), [NEXT_DAY + timedelta(days=1)])


def _prepared(folder: Path) -> Path:
    from pipelines.home import Home
    from pipelines.params import load
    from pipelines.preparing import prepare

    return prepare(str(folder / "raw"), "contract", Home(folder / "home"), load(None)).folder


def _point(folder: Path, clean: Path) -> None:
    (folder / "clean").unlink(missing_ok=True)
    (folder / "clean").symlink_to(clean)


def first_build(folder: Path) -> None:
    """Totals made, then the signals."""
    from features.totals.store import FOLDER

    shutil.rmtree(folder / "clean" / FOLDER, ignore_errors=True)
    from_totals(folder)


def from_totals(folder: Path) -> None:
    """The signals, the totals being there."""
    _matrix(folder / "clean", MONTH_ENDS).to_parquet(folder / "product.parquet")


def vectorised(folder: Path) -> None:
    import engine_pandas

    found = engine_pandas.vectorised(folder / "raw", [pd.Timestamp(day) for day in MONTH_ENDS])
    found.to_parquet(folder / "vectorised.parquet")


def by_snapshot(folder: Path) -> None:
    import engine_pandas

    found = engine_pandas.by_snapshot(folder / "raw", [pd.Timestamp(day) for day in MONTH_ENDS])
    found.to_parquet(folder / "by_snapshot.parquet")


def sql_by_snapshot(folder: Path) -> None:
    import engine_sql

    found = engine_sql.sql_by_snapshot(folder / "raw", [pd.Timestamp(day) for day in MONTH_ENDS])
    found.to_parquet(folder / "sql_by_snapshot.parquet")


def _matrix(clean: Path, days: list[date]) -> pd.DataFrame:
    from engine_pandas import NAMES

    from features.catalogue import catalogue
    from features.history import History
    from features.snapshots import Setting, matrix
    from pipelines.params import load

    params = load(None)
    history = History.open(clean, memory_gb=params.snapshots.memory_gb, threads=params.snapshots.threads)
    asked = [signal for signal in catalogue() if signal.name in NAMES]
    return matrix(history, days, asked, Setting((), 30, params.peers), lambda *_: None).frame[["account_id", "as_of", *NAMES]]


OTHERS = (vectorised, by_snapshot, sql_by_snapshot)
STEPS = {each.__name__: each for each in (imports, prepare, scan, first_build, from_totals, daily, *OTHERS)}
NEW_FILE = "next_day.parquet"
# As on a machine where the product was installed: without bytecode kept, each start compiles 1,500 modules again (Makefile).
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measured(folder: Path, step: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak GiB of one process."""
    started = perf_counter()
    process = subprocess.Popen([sys.executable, __file__, str(folder), "--only", step], env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{step} failed")
    return perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def _without_new_day(place: Path) -> None:
    """As it was before the daily update, and nothing prepared."""
    (place / "raw" / "usage" / NEW_FILE).unlink(missing_ok=True)
    shutil.rmtree(place / "home", ignore_errors=True)


def main() -> None:
    """Print the table."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, *rest = sys.argv[1:]
    if rest[:1] == ["--only"]:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        STEPS[rest[1]](Path(folder))
        return
    events, accounts = (int(rest[0]) if rest else EVENTS), (int(rest[1]) if len(rest) > 1 else ACCOUNTS)
    place = Path(folder) / f"{events}"
    if not (place / "raw" / "usage").exists():
        import engine_events

        engine_events.write(place / "raw", events, accounts)
        engine_events.write_day(place / NEW_FILE, events, accounts)
    _without_new_day(place)
    steps = [name for name in STEPS if events <= PANDAS_UP_TO or name not in IN_PANDAS]
    print(f"{events:,} events, {accounts:,} accounts, {len(MONTH_ENDS)} month-ends\n")
    print("| process | CPU s | x scan | wall s | peak GiB |\n| --- | --- | --- | --- | --- |")
    measured(place, "imports")  # what is compiled to bytecode at the first start is not measured
    took: dict[str, float] = {}
    for step in steps:
        if step == "daily":
            shutil.copy(place / NEW_FILE, place / "raw" / "usage" / NEW_FILE)
        wall, took[step], peak = measured(place, step)
        ratio = f"{took[step] / took['scan']:.1f}" if "scan" in took else ""
        print(f"| {step.replace('_', ' ')} | {took[step]:.2f} | {ratio} | {wall:.1f} | {peak:.2f} |", flush=True)
    full = took["prepare"] + took["first_build"]
    print(f"\ndaily update: {took['daily'] / full:.1%} of the full build (prepare and first build, {full:.0f} CPU s)")
    for name in (each.__name__ for each in OTHERS):
        if name in steps:
            found, other = (pd.read_parquet(place / f"{each}.parquet") for each in ("product", name))
            pd.testing.assert_frame_equal(found, other, check_exact=True, check_dtype=False)
            print(f"\n{name.replace('_', ' ')}: equal to the last bit, {took[name] / took['first_build']:.1f} x the first build")


if __name__ == "__main__":
    main()
