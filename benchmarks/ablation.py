"""What each family of signals adds out of time: `ablation.py FOLDER UNTIL [HOME]`, or `ablation.py --oulad FOLDER [HOME]`.

The whole catalogue and, one after the other, the catalogue without a family learn from the same rows at the same rolling origins
(of OULAD: before 2014J) and are measured on the same rows. Added = whole - without: AUC, AP and Brier (there: without - whole, so
that more is better), with 95 % intervals from draws of accounts. Prints Markdown; the CSV that docs/signals.md shows goes to
docs/signals/ablation.csv. A family of which the data knows nothing adds nothing and is not run.
"""

import sys
import time
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import oulad
import pandas as pd
from threadpoolctl import threadpool_limits

from features.signal import FAMILIES, Signal
from models.bootstrap import draws_of, interval
from models.encoding import ATTRIBUTE
from models.fitting import Material
from models.replay import replayed
from models.splits import rolling_origins
from models.training import microseconds
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages

ORIGINS, DRAWS = 3, 500
ROWS = {"max_rows": 15_000}  # twelve models are learned: each from a sample that keeps every churn, weighted back exactly,
TREES = {"max_rounds": 100, "patience_rounds": 15, "first_rounds": 80}  # and of no more trees than origins usually ask for
MEASURES = {"auc": 1, "average_precision": 1, "brier": -1}
WRITTEN = Path(__file__).parents[1] / "docs" / "signals" / "ablation.csv"
WHOLE = "whole"


def cheap(params: Params) -> Params:
    """The settings with fewer rows and trees, the same for every model."""
    rows = params.rows.model_copy(update=ROWS)
    return params.model_copy(update={"rows": rows, "training": params.training.model_copy(update=TREES)})


def known(frame: pd.DataFrame, catalogue: tuple[Signal, ...]) -> list[str]:
    """The families of which anything is known in the matrix."""
    named = {family: [s.name for s in catalogue if s.family == family and not s.calendar] for family in FAMILIES}
    return [family for family, names in named.items() if frame[names].notna().to_numpy().any()]


def without(family: str, frame: pd.DataFrame, catalogue: tuple[Signal, ...]) -> tuple[pd.DataFrame, tuple[Signal, ...]]:
    """The matrix and the catalogue less one family; what the calendar knows stays, attributes go with the firm."""
    attributes = [name for name in frame.columns if name.startswith(ATTRIBUTE)] if family == "firmographic" else []
    return frame.drop(columns=attributes), tuple(s for s in catalogue if s.family != family or s.calendar)


def of_company(folder: str, until: date, home: Home, params: Params) -> pd.DataFrame:
    """The predictions at the rolling origins, one column a model."""
    progress = Stages()
    company = Company(prepare(folder, "contract", home, params), params)
    made = company.matrix(company.grid(until), progress)
    after, cut = company.follow_up(made.frame, until), microseconds(until)

    def predicted(frame: pd.DataFrame, catalogue: tuple[Signal, ...]) -> pd.DataFrame:
        material = Material.of(frame, after, catalogue, periods=params.label.periods, grace_days=params.label.grace_days)
        horizon = params.decision.horizon_days
        step = params.evaluation.origin_step_days
        origins = rolling_origins(material.outcomes.as_of, until=cut, horizon_days=horizon, step_days=step, count=ORIGINS)
        arr = made.state["arr"].fillna(0.0).to_numpy()
        return replayed(
            material, origins, arr, until=cut, horizon_days=horizon, params=params, progress=progress, prove=False
        ).predictions

    table = predicted(made.frame, company.catalogue).rename(columns={"model": WHOLE})
    for family in known(made.frame, company.catalogue):
        table[family] = predicted(*without(family, made.frame, company.catalogue))["model"]
    return table


def of_oulad(folder: str, home: Home, params: Params) -> pd.DataFrame:
    """The predictions on 2014J, one column a model."""
    progress = Stages()
    company = Company(prepare(folder, "oulad", home, params), params)
    frame, after, _ = oulad.protocol_rows(company, progress)
    whole = company.catalogue
    p, test = oulad.temporal(frame, after, company, params)
    table = frame.loc[test, ["account_id", "as_of"]].reset_index(drop=True)
    table = table.assign(churned=oulad.churned(frame, after)[test], arr=0.0, calendar=0.0, **{WHOLE: p})
    for family in known(frame, whole):
        some, company.catalogue = without(family, frame, whole)
        table[family] = oulad.temporal(some, after, company, params)[0]
    return table


def added(table: pd.DataFrame, params: Params) -> pd.DataFrame:
    """family, then of each measure the gain of having it and the ends of its interval; the first row is the whole catalogue."""
    families = tuple(family for family in FAMILIES if family in table)
    share, seed = params.decision.capacity_share, params.evaluation.seed
    draws = draws_of(table, (WHOLE, *families), capacity_share=share, draws=DRAWS, seed=seed)
    rows = [{"family": WHOLE} | {m: draws.values[WHOLE, m].mean() for m in MEASURES}]
    for family in families:
        gaps = {measure: sign * draws.gap(WHOLE, family, measure) for measure, sign in MEASURES.items()}
        one = {"family": family} | {measure: gap.mean() for measure, gap in gaps.items()}
        for measure, gap in gaps.items():
            one[f"{measure}_low"], one[f"{measure}_high"] = interval(gap)
        rows.append(one)
    return pd.DataFrame(rows)


def written(data: str, found: pd.DataFrame) -> None:
    """The rows of `data` in the CSV, in place of those of an earlier run."""
    earlier = pd.read_csv(WRITTEN) if WRITTEN.exists() else pd.DataFrame()
    kept = earlier.loc[earlier["data"] != data] if len(earlier) else earlier
    WRITTEN.parent.mkdir(exist_ok=True)
    pd.concat([kept, found.assign(data=data)], ignore_index=True).round(5).to_csv(WRITTEN, index=False)


def main() -> None:
    """Print the table and keep it."""
    words = sys.argv[1:]
    if len(words) < 2:
        sys.exit(__doc__)
    started = time.process_time()
    threadpool_limits(limits=1)  # as training does: on a busy machine more threads wait longer than they work
    if words[0] == "--oulad":
        params = cheap(load(Path(oulad.__file__).with_suffix(".yaml")))
        home = Home(Path(words[2]) if len(words) > 2 else Path(mkdtemp(prefix="oulad-")))
        data, table = "OULAD", of_oulad(words[1], home, params)
    else:
        params = cheap(load(None))
        home = Home(Path(words[2]) if len(words) > 2 else Path(mkdtemp(prefix="ablation-")))
        data, table = "world", of_company(words[0], date.fromisoformat(words[1]), home, params)
    found = added(table, params)
    written(data, found)
    churned = int(table["churned"].sum())
    print(f"{len(table):,} rows, {churned:,} churned, {time.process_time() - started:.0f} CPU s\n")
    print(found.set_index("family").to_markdown(floatfmt="+.4f"))


if __name__ == "__main__":
    main()
