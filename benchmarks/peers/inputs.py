"""The sets that peers are compared on, each as one table; none is downloaded.

`tv` ships in empulse and `cdnow` in lifetimes (group `peers`); `telco`, `oulad` and a company are files of the reader's own.
"""

from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from models.tabular.table import Table
from pipelines.company import Company
from pipelines.home import Home
from pipelines.one_table.reading import Asked, read_table
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages

LOOKS = tuple(pd.Timestamp(day) for day in ("1997-10-01", "1998-01-01", "1998-04-01"))  # at CDNOW; the last one is tested
AHEAD = pd.Timedelta(days=90)
WINDOWS = (28, 56, 91, 182)
OULAD_SETTINGS = Path(__file__).parents[1] / "oulad.yaml"


@dataclass(frozen=True)
class Input:
    """One table, how long its outcomes take in days; `purchases` behind a table of LOOKS, for peers that want these.

    `last_only`: only the rows of the last time are tested, by what was known before it.
    """

    name: str
    table: Table
    label_days: float = 0.0
    last_only: bool = False
    purchases: pd.DataFrame | None = None


def tv() -> Input:
    """Television subscribers, 9,379 rows and 46 anonymous numbers (`empulse`)."""
    from empulse.datasets import load_churn_tv_subscriptions

    data = load_churn_tv_subscriptions(backend="pandas")
    frame = pd.DataFrame(data.data).reset_index(drop=True)
    return Input("TV subscribers (empulse)", Table.of(frame, np.asarray(data.target, dtype=np.float64)))


def cdnow() -> Input:
    """A shop's 23,570 customers at three looks; left = bought nothing in the 90 days after (`lifetimes`).

    Learned from the first two looks, whose outcomes were over by then, tested on the third.
    """
    raw = files("lifetimes").joinpath("datasets", "CDNOW_master.txt").open()  # its own loader needs an old setuptools
    rows = pd.read_csv(raw, sep=r"\s+", skiprows=1, names=["customer", "day", "units", "money"], dtype={"customer": str})
    rows["day"] = pd.to_datetime(rows["day"].astype(str), format="%Y%m%d")
    customers = np.sort(rows["customer"].unique())
    frame = pd.concat([windows(rows, customers, look) for look in LOOKS], ignore_index=True)
    buyers = [rows.loc[(rows["day"] >= look) & (rows["day"] < look + AHEAD), "customer"].unique() for look in LOOKS]
    churned = np.concatenate([~np.isin(customers, each) for each in buyers]).astype(np.float64)
    time = np.repeat([(look - pd.Timestamp(0)).days for look in LOOKS], len(customers)).astype(np.float64)
    table = Table.of(frame, churned, group=np.tile(np.arange(len(customers)), len(LOOKS)), time=time)
    return Input("CDNOW (lifetimes)", table, label_days=90.0, last_only=True, purchases=rows)


def windows(purchases: pd.DataFrame, customers: np.ndarray, look: pd.Timestamp) -> pd.DataFrame:
    """Twenty columns a customer from before the look: orders, units and money in windows, gaps, first and last day."""
    before = purchases[purchases["day"] < look]
    by_day = before.groupby(["customer", "day"], as_index=False)[["units", "money"]].sum()
    ago = (look - by_day["day"]).dt.days
    columns: dict[str, pd.Series] = {}
    for days in WINDOWS:
        part = by_day[ago <= days].groupby("customer")
        columns |= {f"orders_{days}d": part.size(), f"units_{days}d": part["units"].sum(), f"money_{days}d": part["money"].sum()}
    every = by_day.groupby("customer")
    gap = by_day.sort_values(["customer", "day"]).groupby("customer")["day"].diff().dt.days.groupby(by_day["customer"])
    columns |= {
        "orders": every.size(),
        "units": every["units"].sum(),
        "money": every["money"].sum(),
        "money_an_order": every["money"].mean(),
    }
    found = pd.DataFrame(columns).reindex(customers).fillna(0.0)
    found["days_since_first"] = (look - every["day"].min()).dt.days
    found["days_since_last"] = (look - every["day"].max()).dt.days
    found["usual_gap"] = gap.mean()
    found["last_gap_by_usual"] = found["days_since_last"] / found["usual_gap"]
    return found.reset_index(drop=True)


def telco(file: str) -> Input:
    """IBM's Telco churn table, from the reader's own CSV."""
    read = read_table(Path(file), Asked("Churn", falling=("tenure",)))
    return Input("IBM Telco", read.table)


def company(folder: str, until: date, source: str, home: Path | None = None) -> Input:
    """Any company's tables: every look of training before `until`, the signals, left within the decision's horizon."""
    params = load(None)
    opened = _opened(folder, source, params, home)
    frame = opened.matrix(opened.grid(until), Stages()).frame
    return _looks(f"{source}, looks before {until}", frame, opened.follow_up(frame, until), params, pd.Timestamp(until))


def oulad(folder: str, protocol: str, home: Path | None = None) -> Input:
    """The public protocol on OULAD: `grouped` by student, or `temporal` (learned before 2014J, tested on it)."""
    from oulad import END as LAST
    from oulad import STARTS, protocol_rows

    params = load(OULAD_SETTINGS)
    opened = _opened(folder, "oulad", params, home)
    frame, after, student = protocol_rows(opened, Stages())
    found = _looks(f"OULAD, {protocol}", frame, after, params, pd.Timestamp(LAST))
    grouped = replace(found.table, group=pd.factorize(student)[0].astype(np.int64))
    if protocol == "grouped":
        return replace(found, table=replace(grouped, time=None))
    later = (frame["as_of"] > pd.Timestamp(STARTS["2014J"])).to_numpy(dtype=np.float64)
    return replace(found, table=replace(grouped, time=later), label_days=0.0, last_only=True)


def _opened(folder: str, source: str, params: Params, home: Path | None) -> Company:
    return Company(prepare(folder, source, Home(home or Path(mkdtemp(prefix="peers-"))), params), params)


def _looks(name: str, frame: pd.DataFrame, after: pd.DataFrame, params: Params, until: pd.Timestamp) -> Input:
    """Rows whose window was over by `until`; the group is the account, the time the look."""
    days = min(params.decision.horizon_days, params.label.periods[-1])
    ends = frame["as_of"] + pd.Timedelta(days=days)
    left = after["churned_at"] < ends
    seen = (ends <= until) & (left | (after["followed_until"] >= ends) | after["churned_at"].notna())
    kept = frame.loc[seen].reset_index(drop=True)
    columns = kept.drop(columns=[name for name in ("account_id", "as_of", "arr") if name in kept])
    time = (kept["as_of"] - pd.Timestamp(0)) / pd.Timedelta(days=1)
    table = Table.of(
        columns,
        left[seen].to_numpy(dtype=np.float64),
        group=pd.factorize(kept["account_id"])[0].astype(np.int64),
        time=time.to_numpy(dtype=np.float64),
    )
    return Input(name, table, label_days=float(days))
