"""The stage `features`: the signals of chosen days as a file, and who is covered since when beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from features.snapshots import KEY
from pipelines.company import Company
from pipelines.params import Params
from pipelines.preparing import Prepared
from pipelines.progress import Stages

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FeaturesResult:
    """What `features` wrote: rows, columns of signals, the file that says who is covered since when, days nobody was alive on."""

    rows: int
    signals: int
    coverage: Path
    notes: tuple[str, ...] = ()


def features(
    prepared: Prepared, as_ofs: Sequence[date], out: Path, params: Params, progress: Progress | None = None
) -> FeaturesResult:
    """Write the signals of every account alive at each as_of to `out`, and who is covered since when beside it."""
    company = Company(prepared, params)
    made = company.matrix(as_ofs, progress or Stages())
    out.parent.mkdir(parents=True, exist_ok=True)
    _in_utc(made.frame, "as_of").to_parquet(out, index=False)
    _in_utc(_in_utc(company.coverage(made), "as_of"), "covered_from").to_parquet(coverage_path(out), index=False)
    columns = [name for name in made.frame.columns if name not in KEY]
    seen = set(made.frame["as_of"].dt.date)
    notes = tuple(f"nobody was alive on {day}: it has no row" for day in sorted(set(as_ofs)) if day not in seen)
    return FeaturesResult(len(made.frame), len(columns), coverage_path(out), notes)


def coverage_path(out: Path) -> Path:
    """`FILE.coverage.parquet` beside `FILE.parquet`."""
    return out.with_name(f"{out.name.removesuffix('.parquet')}.coverage.parquet")


def training_features(prepared: Prepared, until: date, out: Path, params: Params, progress: Progress) -> FeaturesResult:
    """The signals on every day that training looks at before `until`: the DVC stage `features`."""
    return features(prepared, Company(prepared, params).grid(until), out, params, progress)


def _in_utc(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].dt.tz_localize("UTC").astype("datetime64[us, UTC]")})
