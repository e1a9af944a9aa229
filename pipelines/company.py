"""One company opened for work: its history, the catalogue, and the settings that signals need."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
from pyarrow.parquet import read_schema

from features.catalogue import catalogue
from features.coverage import Coverage
from features.errors import BadInput
from features.grid import as_of_grid
from features.history import BEHAVIOUR, History
from features.labels import contractions, follow_up
from features.signal import Signal
from features.snapshots import Matrix, Progress, Setting, matrix
from features.tables import TABLES
from features.traits import traits_of
from pipelines.params import Params
from pipelines.preparing import Prepared
from pipelines.spark import engine_of


class Company:
    """Clean tables, opened with the settings. Everything here is a question to the features package."""

    def __init__(self, prepared: Prepared, params: Params) -> None:
        self.prepared = prepared
        self.params = params
        snapshots = params.snapshots
        self.history = History.open(
            prepared.folder, memory_gb=snapshots.memory_gb, threads=snapshots.threads, engine=engine_of(snapshots)
        )
        self.catalogue: tuple[Signal, ...] = catalogue()
        self.setting = Setting(tuple(params.data.core_features), params.label.grace_days, params.peers)

    def matrix(self, as_ofs: Sequence[date], progress: Progress) -> Matrix:
        """The signals of every account alive at each as_of."""
        return matrix(self.history, as_ofs, self.catalogue, self.setting, progress)

    def coverage(self, made: Matrix) -> pd.DataFrame:
        """Which table covers which account since when, for the rows of a matrix."""
        days = [day.date() for day in made.state["as_of"].unique()]
        return Coverage(self.history, made.state, days).table()

    def require_accounts(self, day: date, option: str) -> None:
        """`BadInput` when no account is known before the day that the option gave."""
        if self.history.known("accounts", [day]).limit(1).to_pandas().empty:
            begins = self.history.first_day()
            raise BadInput(f"no account is known before {day}. Give a later {option}; the data begins on {begins}.")

    def grid(self, until: date) -> list[date]:
        """The days training looks at before `until`; `BadInput` when the data is too short for one."""
        snapshots = self.params.snapshots
        days = as_of_grid(
            self.history,
            until,
            step=snapshots.step,
            warm_up_days=snapshots.warm_up_days,
            history_months=snapshots.history_months,
        )
        if not days:
            first = self.history.first_day()
            raise BadInput(
                f"nothing can be learned before {until}: the data begins on {first} and the first look is "
                f"{snapshots.warm_up_days} days later. Give a later --until, or lower snapshots.warm_up_days."
            )
        return days

    def ended_before(self, until: date) -> str:
        """That the data ends more than a decision's horizon before `until`, and what to do; empty when it does not."""
        happened = {name for name, table in TABLES.items() if not table.column(table.time).plan}
        told = {table.name: table.last for table in self.prepared.report.tables if table.last and table.name in happened}
        days = [date.fromisoformat(told[name][:10]) for name in ("usage", *BEHAVIOUR) if name in told]
        if not days or (until - max(days)).days <= self.params.decision.horizon_days:
            return ""
        return f"the data ends on {max(days)}, long before {until}. Give an --until soon after the data ends, or newer data."

    def traits(self, frame: pd.DataFrame, until: date) -> pd.DataFrame:
        """What kind of customer each row of a matrix is: the language as known before `until`, the rest as on its own day."""
        known = self.history.known("accounts", [until]).order_by(["account_id", "known_at"]).to_pandas()
        cuts, years = self.params.peers.segments_from_arr, self.params.evaluation.tenure_from_years
        return traits_of(frame, known, segments_from_arr=cuts, tenure_from_years=years)

    def follow_up(self, snapshots: pd.DataFrame, until: date) -> pd.DataFrame:
        """What happened after each snapshot, as known before `until`."""
        return follow_up(self.history, snapshots, until, grace_days=self.params.label.grace_days)

    def contractions(self, followed: pd.DataFrame, until: date) -> pd.DataFrame:
        """The first renewal for less after each row of a `follow_up`, as known before `until`."""
        return contractions(self.history, followed, until)


def read_matrix(path: Path, until: date, catalogue: Sequence[Signal]) -> pd.DataFrame:
    """The rows before `until` of a file that `tenure features` wrote; `BadInput` when it is not one.

    Column by column, each straight into its place: no second copy of the matrix is ever there.
    """
    if not path.is_file():
        raise BadInput(f"--features {path} does not exist. Make it with `tenure features`, or leave --features out.")
    names = _names(path)
    missing = [name for name in ("account_id", "as_of", *(s.name for s in catalogue)) if name not in names]
    if missing:
        raise BadInput(f"--features {path} lacks {', '.join(missing[:5])}. Make it again with `tenure features`.")
    keys = _some_of(path, ["account_id", "as_of"]).reset_index(drop=True)
    as_of = pd.to_datetime(keys["as_of"], utc=True).dt.tz_localize(None).astype("datetime64[us]")
    keys = keys.assign(as_of=as_of).loc[as_of < pd.Timestamp(until)].sort_values(["as_of", "account_id"])
    whole: dict[str, pd.Series] = {}
    for name in names:
        column = keys[name] if name in keys else _some_of(path, [name])[name].iloc[keys.index]
        whole[name] = column.reset_index(drop=True)
    return pd.DataFrame(whole, copy=False)


def _names(path: Path) -> list[str]:
    """The columns of a Parquet file, without those that pandas keeps for the index of its rows."""
    try:
        schema = read_schema(path)
    except (ValueError, OSError) as error:
        raise _unreadable(path) from error
    index = (schema.pandas_metadata or {}).get("index_columns", ())
    return [name for name in schema.names if name not in index]


def _some_of(path: Path, names: list[str]) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, columns=names)
    except (ValueError, OSError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> BadInput:
    return BadInput(f"--features {path} cannot be read as Parquet. Make it again with `tenure features`.")
