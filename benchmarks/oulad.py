"""OULAD on the public protocol, with nothing written for it but its mapping: `oulad.py FOLDER [HOME]`.

Rows: enrolment x week 1 to 10, alive at day 7w and registered before it; label: unregistered in days [7w, 7w+6]; features from
before day 7w. Grouped: three folds by student, out of fold. Temporal: learned before 2014J, tested on 2014J, the honest one.
Published on the grouped protocol (124 features): CatBoost .8436 / .1589, XGBoost .8374, random forest .8285, elastic net .8048.
"""

import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

from models.fitting import Material, fit, fit_until
from models.later import LaterRows
from models.metrics import auc, average_precision, log_losses
from models.model import Model
from models.rows import HazardRows
from models.splits import grouped_folds
from models.training import microseconds
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages

STARTS = {"2013B": date(2013, 2, 4), "2013J": date(2013, 10, 7), "2014B": date(2014, 2, 3), "2014J": date(2014, 10, 6)}
WEEKS = range(1, 11)
END = date(2016, 1, 1)
FOLDS = 3
TRIALS = 3  # one booster's best number of trees is a noisy figure: .060 to .074 temporal AP over four seeds


def protocol_rows(company: Company, progress: Stages) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Matrix, follow-up and student of the protocol's rows: each course run looked at in its own first ten weeks."""
    days = [start + timedelta(days=7 * week) for start in STARTS.values() for week in WEEKS]
    made = company.matrix(days, progress)
    week = (made.frame["as_of"] - made.state["chain_start"]).dt.days // 7
    kept = week.isin(WEEKS)
    frame = made.frame.loc[kept].reset_index(drop=True)
    student = frame["account_id"].str.rsplit("_", n=1).str[-1]
    return frame, company.follow_up(frame, END), student


def churned(frame: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """1 where the account left within seven days of as_of."""
    return (after["churned_at"] < frame["as_of"] + pd.Timedelta(days=7)).to_numpy(dtype=float)


def learned(frame: pd.DataFrame, after: pd.DataFrame, later: np.ndarray, company: Company, params: Params) -> Model:
    """A model of these rows; the `later` ones (a mask) choose the number of trees and the anchor's share, then join them."""
    material = Material.of(frame, after, company.catalogue, periods=params.label.periods, grace_days=params.label.grace_days)
    cut = microseconds(END)
    rows = material.rows(params.rows, before=cut, cut=cut)
    held = later[rows.position]
    usual = params.training.anchor_share
    tried = [
        fit_until(material, only(rows, ~held), only(rows, held), params.training.model_copy(update={"seed": seed}), share=usual)
        for seed in range(params.training.seed, params.training.seed + TRIALS)
    ]
    first, rounds = tried[0][0], round(np.mean([trees for _, trees in tried]))  # as many as the trials stopped at on average
    share = LaterRows.scored(material, first, only(rows, held), rounds).anchor_share("blend", params.training)
    print(f"{rounds} trees, anchor's share {share:.2f}", file=sys.stderr)
    return fit(material, rows, params.training, kind="blend", share=share, rounds=rounds, seeds=params.training.seeds)


def only(rows: HazardRows, keep: np.ndarray) -> HazardRows:
    """The hazard rows under a mask."""
    return replace(rows, position=rows.position[keep], period=rows.period[keep], event=rows.event[keep], weight=rows.weight[keep])


def grouped(frame: pd.DataFrame, after: pd.DataFrame, student: pd.Series, company: Company, params: Params) -> np.ndarray:
    """Out-of-fold probabilities; within each fold a fifth of the students chooses trees and share."""
    found = np.zeros(len(frame))
    for train, test in grouped_folds(student.tolist(), FOLDS, params.training.seed):
        inner = grouped_folds(student.iloc[train].tolist(), 5, params.training.seed)[0][1]
        later = np.zeros(len(train), dtype=bool)
        later[inner] = True
        some, then = (each.iloc[train].reset_index(drop=True) for each in (frame, after))
        model = learned(some, then, later, company, params)
        found[test] = model.churn_probability(frame.iloc[test].reset_index(drop=True), 7)
    return found


def temporal(frame: pd.DataFrame, after: pd.DataFrame, company: Company, params: Params) -> tuple[np.ndarray, np.ndarray]:
    """(probabilities, mask of the test rows): learned on the runs before 2014J, trees and share chosen on 2014B."""
    test = (frame["as_of"] > pd.Timestamp(STARTS["2014J"])).to_numpy()
    some, then = (each.loc[~test].reset_index(drop=True) for each in (frame, after))
    model = learned(some, then, (some["as_of"] > pd.Timestamp(STARTS["2014B"])).to_numpy(), company, params)
    return model.churn_probability(frame.loc[test].reset_index(drop=True), 7), test


def line(name: str, y: np.ndarray, p: np.ndarray, seconds: float) -> str:
    """One row of the table."""
    loss = log_losses(y, p).mean()
    counts, ranks = f"{len(y):,} | {int(y.sum()):,}", f"{auc(y, p):.4f} | {average_precision(y, p):.4f}"
    return f"| {name} | {counts} | {ranks} | {loss:.5f} | {seconds:.0f} |"


def main() -> None:
    """Print the table."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    home = Home(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(mkdtemp(prefix="oulad-")))
    params = load(Path(__file__).with_suffix(".yaml"))
    progress = Stages()
    started = time.perf_counter()
    company = Company(prepare(sys.argv[1], "oulad", home, params), params)
    frame, after, student = protocol_rows(company, progress)
    y = churned(frame, after)
    print(
        f"rows {len(frame):,} (the protocol has 271,593), churned {int(y.sum()):,} (3,316), "
        f"{frame.shape[1] - 2} columns, {time.perf_counter() - started:.0f} s to make them\n"
    )
    print("| protocol | rows | churned | AUC | AP | log-loss | s |\n| --- | --- | --- | --- | --- | --- | --- |")
    started = time.perf_counter()
    print(
        line("grouped by student, out of fold", y, grouped(frame, after, student, company, params), time.perf_counter() - started)
    )
    started = time.perf_counter()
    p, test = temporal(frame, after, company, params)
    print(line("temporal, 2014J", y[test], p, time.perf_counter() - started))


if __name__ == "__main__":
    main()
