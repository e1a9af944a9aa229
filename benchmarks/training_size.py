"""Training on a million rows, and explaining 100,000 accounts: `training_size.py OUT_FOLDER`.

Made-up values of a hundred signals of the catalogue for accounts of 48 months. Every line is a process of its own. Trees: the
time of 120 rounds less that of 20, by the product and by plain LightGBM (same leaves, depth, bins and shares of rows and
columns; no directions, weights or start) on the same table. Scoring: probabilities, pushes, chances and drivers against
`pred_contrib` and one `predict` of the same trees on the same table, and nothing else.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from features.signal import Signal
    from models.fitting import Material
    from models.params import TrainingParams
    from models.rows import HazardRows

ROWS, SCORED, MONTHS, SIGNALS, SEED = 1_000_000, 100_000, 48, 100, 5
FEW, MANY = 20, 120
CUT, LATER = date(2025, 1, 1), date(2025, 2, 1)
CALENDAR = {"days_to_renewal": 0.0, "term_days": 365.0, "monthly_term": 0.0, "auto_renew": 1.0, "notice_days": 30.0}


def make(folder: Path, rows: int, scored: int) -> None:
    """The matrix and what became of its accounts."""
    from features.catalogue import catalogue

    rng = np.random.default_rng(SEED)
    accounts = -(-rows // MONTHS)
    as_ofs = pd.date_range("2021-01-01", periods=MONTHS, freq="MS").as_unit("us")
    names = [s.name for s in catalogue() if not s.category and not s.calendar and s.peers is None][:SIGNALS]
    account, month = np.repeat(np.arange(accounts), MONTHS), np.tile(np.arange(MONTHS), accounts)
    due = rng.integers(0, 12, accounts)
    frame = {"account_id": pd.Series(account).map("A-{:06d}".format), "as_of": as_ofs.to_numpy()[month]}
    frame |= CALENDAR | {"days_to_renewal": ((due[account] - month) % 12) * 30.4 + 14.0}
    risk = np.full(len(account), -3.0)
    for number, name in enumerate(names):
        frame[name] = np.where(rng.random(len(account)) < 0.05, np.nan, rng.normal(size=len(account)))
        risk += np.nan_to_num(frame[name]) * (0.4 if number % 20 == 0 else 0.0)
    leaves = (rng.random(len(account)) < 1.0 / (1.0 + np.exp(-risk))) & ((month - due[account]) % 12 == 0)
    gone = pd.Series(np.where(leaves, month, MONTHS)).groupby(account).transform("min").to_numpy()
    day = as_ofs.append(as_ofs[-1:] + pd.DateOffset(months=1)).to_numpy()
    left = pd.Series(np.where(gone < MONTHS, day[gone] + np.timedelta64(10, "D"), np.datetime64("NaT"))).astype("datetime64[us]")
    after = pd.DataFrame(
        {"account_id": frame["account_id"], "as_of": frame["as_of"], "churned_at": left, "outcome_known_at": left}
    )
    alive = month <= gone
    pd.DataFrame(frame).loc[alive].reset_index(drop=True).to_parquet(folder / "matrix.parquet", index=False)
    after = after.assign(followed_until=pd.Timestamp(day[-1])).loc[alive].reset_index(drop=True)
    after.to_parquet(folder / "after.parquet", index=False)
    pd.DataFrame(frame).loc[alive].iloc[-scored:].to_parquet(folder / "scored.parquet", index=False)


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, tuple["Signal", ...]]:
    """The matrix as `tenure train --features` reads it, what became of its rows, and the signals that it has."""
    from features.catalogue import catalogue
    from pipelines.company import read_matrix

    names = pq.read_schema(folder / "matrix.parquet").names
    some = tuple(s for s in catalogue() if s.name in names)
    matrix = read_matrix(folder / "matrix.parquet", LATER, some)
    after = pd.read_parquet(folder / "after.parquet").sort_values(["as_of", "account_id"], ignore_index=True)
    return matrix, after, some


def _material(folder: Path, most: int | None) -> tuple["Material", "HazardRows", "TrainingParams"]:
    from models.fitting import Material
    from pipelines.params import load

    params, (matrix, after, some) = load(None), _read(folder)
    made = Material.of(matrix, after, some, periods=params.label.periods, grace_days=30)
    cut = int(np.datetime64(CUT, "us").astype(np.int64))
    rows = made.rows(params.rows.model_copy(update={"max_rows": most or len(matrix)}), before=cut, cut=cut)
    return made, rows, params.training


def learn(folder: Path, *, most: int | None = None) -> None:
    """The product: rows (at most `most`; None: every one), the anchor, and the preset's boosters."""
    from models.fitting import fit

    made, rows, training = _material(folder, most)
    rounds, seeds = training.first_rounds, training.seeds
    fit(made, rows, training, kind="blend", share=0.3, rounds=rounds, seeds=seeds).to_dir(folder / "model")


def whole(folder: Path) -> None:
    """A whole training with the preset: rolling origins, model, proof, checks; every account is worth the same."""
    from models.training import train
    from pipelines.params import load

    params, (matrix, after, some) = load(None), _read(folder)
    same = {"periods": params.label.periods, "grace_days": 30, "params": params, "progress": lambda *_: None}
    train(matrix, after, some, until=CUT, arr=np.ones(len(matrix)), **same)


def trees(folder: Path, rounds: int) -> None:
    """The product's boosters alone, of so many trees, on the table that was kept."""
    from models.boosting import Examples, fit_boosters
    from models.fitting import PERIOD_COLUMNS
    from models.model import Model
    from pipelines.params import load

    model = Model.from_dir(folder / "model")
    found = Examples(*(np.load(folder / f"{name}.npy") for name in ("X", "event", "weight", "start")))
    fit_boosters(found, (*model.features, *PERIOD_COLUMNS), load(None).training, rounds=rounds, seeds=1)


def table(folder: Path) -> None:
    """What the trees learn from, kept for the plain ones."""
    from models.model import Model

    made, rows, _ = _material(folder, None)
    model = Model.from_dir(folder / "model")
    found = made.examples(rows, model.levels, model.level)
    for name in ("X", "event", "weight", "start"):
        np.save(folder / f"{name}.npy", getattr(found, name))
    shape, churns = f"{rows.count:,} hazard rows of {found.X.shape[1]} columns", int(rows.event.sum())
    print(f"{len(made.matrix):,} matrix rows, {shape}, {churns:,} churns")


def plain(folder: Path, rounds: int) -> None:
    """LightGBM alone on the table that the product's trees learned from."""
    import lightgbm as lgb

    from pipelines.params import load

    t = load(None).training
    data = lgb.Dataset(np.load(folder / "X.npy"), np.load(folder / "event.npy").astype(np.float32), params={"max_bin": t.max_bin})
    shape = {"num_leaves": t.leaves, "max_depth": t.max_depth, "min_data_in_leaf": t.min_child_samples, "max_bin": t.max_bin}
    shares = {"feature_fraction": t.feature_fraction, "bagging_fraction": t.bagging_fraction, "bagging_freq": 1}
    speed = {"num_threads": t.threads, "force_col_wise": True, "verbosity": -1, "learning_rate": t.learning_rate}
    lgb.train({"objective": "binary", **shape, **shares, **speed}, data, num_boost_round=rounds)


def explain(folder: Path) -> None:
    """The product: probabilities at every horizon, pushes, strengths, chances, drivers."""
    from models.assessment import assess
    from models.model import Model
    from pipelines.params import load

    params, matrix = load(None), pd.read_parquet(folder / "scored.parquet")
    settings = {"decision": params.decision, "explanation": params.explanation, "health_params": params.health}
    assess(Model.from_dir(folder / "model"), matrix, ["scored"] * len(matrix), model_version="1", **settings)


def bare(folder: Path) -> None:
    """`pred_contrib` and `predict` of the same trees on the same rows, as one table of floats."""
    from models.model import Model
    from models.periods import Calendar

    model, matrix = Model.from_dir(folder / "model"), pd.read_parquet(folder / "scored.parquet")
    X = model.table(matrix, Calendar.of(matrix, model.grace_days), np.zeros(len(matrix), dtype=np.int64))
    for booster in model.loaded:
        booster.predict(X, pred_contrib=True, num_threads=1)
        booster.predict(X, num_threads=1)


def read_alone(folder: Path) -> None:
    """What both scorings need before they begin: imports, the model, the rows."""
    import models.assessment  # noqa: F401
    from models.model import Model

    Model.from_dir(folder / "model").loaded  # noqa: B018 - parsed when first asked for
    pd.read_parquet(folder / "scored.parquet")


STEPS: dict[str, Callable[[Path], None]] = {
    "made up": lambda folder: make(folder, ROWS, SCORED),
    "learned, at most 150,000 rows (the preset)": lambda folder: learn(folder, most=150_000),
    "learned, every row": learn,
    "a whole training (the preset)": whole,
    "table": table,
    "product, few trees": lambda folder: trees(folder, FEW),
    "product, many trees": lambda folder: trees(folder, MANY),
    "plain, few trees": lambda folder: plain(folder, FEW),
    "plain, many trees": lambda folder: plain(folder, MANY),
    "read alone": read_alone,
    "explain": explain,
    "bare": bare,
}


def measured(folder: Path, step: str) -> tuple[float, float]:
    """CPU seconds and peak GiB of one process."""
    process = subprocess.Popen([sys.executable, __file__, str(folder), "--only", step])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{step} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def main() -> None:
    """Print the table."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, words = Path(sys.argv[1]), sys.argv[2:]
    if words[:1] == ["--only"]:
        STEPS[words[1]](folder)
        return
    folder.mkdir(parents=True, exist_ok=True)
    print("| process | CPU s | peak GiB |\n| --- | --- | --- |")
    cpu = {}
    for step in STEPS:
        cpu[step], peak = measured(folder, step)
        print(f"| {step} | {cpu[step]:.1f} | {peak:.2f} |", flush=True)
    ours, theirs = (cpu[f"{who}, many trees"] - cpu[f"{who}, few trees"] for who in ("product", "plain"))
    print(f"\na tree: {ours / (MANY - FEW):.3f} against {theirs / (MANY - FEW):.3f} CPU s, {ours / theirs:.2f} x plain LightGBM")
    work = [cpu[step] - cpu["read alone"] for step in ("explain", "bare")]
    print(f"explained: {work[0]:.1f} against {work[1]:.1f} CPU s, {work[0] / work[1]:.2f} x bare pred_contrib and predict")


if __name__ == "__main__":
    main()
