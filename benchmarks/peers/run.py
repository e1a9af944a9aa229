"""tenure beside others, on the same rows, columns and folds, in one run: `run.py SET …`, with the group `peers` installed.

    run.py tv                          empulse's television subscribers
    run.py cdnow                       CDNOW of lifetimes, 1997-10-01
    run.py telco FILE.csv              IBM Telco, your own copy
    run.py oulad FOLDER grouped|temporal
    run.py company FOLDER UNTIL [SOURCE]   crm5, a `tenure world`, your own tables: forward in time

`--only a,b` runs some, `--folds N` other than five folds, `--repeats N` deals them again. Values are means over the
folds; in brackets 95 % by the corrected resampled t (Nadeau, Bengio 2003), which knows that folds share their training rows;
slope is that of all tested rows. `Δ AUC` is tenure less the peer. Where one block in time is tested, the 95 % are of draws of
customers. Seconds are CPU of learning and predicting one fold.
"""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import inputs
import numpy as np
import pandas as pd
import rivals
from scipy.stats import t as student
from threadpoolctl import threadpool_limits

from models.calibration import logistic_slope
from models.metrics import Ranking, auc, average_precision, log_losses
from models.tabular.folds import Fold, outer_folds
from models.tabular.table import Table
from pipelines.params import load

DRAWS = 200
MEASURES = ("AUC", "AP", "log-loss")


def over_folds(values: np.ndarray, folds: tuple[Fold, ...]) -> tuple[float, float]:
    """(low, high) of the mean of values by fold."""
    shares = np.mean([len(fold.test) / len(fold.train) for fold in folds])
    wide = float(student.ppf(0.975, len(values) - 1) * np.sqrt((1 / len(values) + shares) * np.var(values, ddof=1)))
    return float(np.mean(values)) - wide, float(np.mean(values)) + wide


def drawn(given: inputs.Input, fold: Fold, p: np.ndarray) -> np.ndarray:
    """AUC on each of the draws of customers (Poisson weights), the same draws for every peer."""
    _, codes = np.unique(given.table.group[fold.test], return_inverse=True)
    rng = np.random.default_rng(load(None).evaluation.seed)
    weights = rng.poisson(1.0, size=(DRAWS, codes.max() + 1)).astype(float)[:, codes]
    return Ranking(p).auc(given.table.events(fold.test).astype(float), weights)


def measured(given: inputs.Input, folds: tuple[Fold, ...], names: list[str]) -> pd.DataFrame:
    """One row a rival and fold, with the tested rows' probabilities in `p`."""
    params, rows = load(None), []
    for rival in [each for each in (*rivals.EVERYWHERE, *rivals.ON_PURCHASES) if each.__name__ in names]:
        if rival in rivals.ON_PURCHASES and given.purchases is None:
            continue
        for fold in folds:
            started = time.process_time()
            try:
                p = np.clip(rival(given, fold, params), 1e-6, 1 - 1e-6)
            except ImportError as error:
                print(f"{rival.__name__} is left out: {error}", file=sys.stderr)
                break
            seconds = time.process_time() - started
            y = given.table.events(fold.test).astype(float)
            values = (auc(y, p), average_precision(y, p), float(log_losses(y, p).mean()))
            draws = drawn(given, fold, p) if len(folds) == 1 else None
            rows.append(
                {"peer": rival.__name__, "seconds": seconds, "p": p, "y": y, "draws": draws}
                | dict(zip(MEASURES, values, strict=True))
            )
        print(rival.__name__, file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def printed(found: pd.DataFrame, folds: tuple[Fold, ...]) -> None:
    print("| | AUC | AP | log-loss | slope | Δ AUC | CPU s a fold |\n| --- | --- | --- | --- | --- | --- | --- |")
    own = found.loc[found["peer"] == "tenure"]
    for peer, part in found.groupby("peer", sort=False):
        means = {measure: part[measure].mean() for measure in MEASURES}
        low, high = _ends(part["AUC"].to_numpy(), part["draws"].iloc[0], folds)
        p, y = (np.concatenate(part[name].tolist()) for name in ("p", "y"))
        slope, _ = logistic_slope(np.log(p / (1 - p)), y, np.arange(len(y), dtype=float))
        gap = ""
        if len(own) == len(part) and peer != "tenure":
            less = own["AUC"].to_numpy() - part["AUC"].to_numpy()
            draws = None if part["draws"].iloc[0] is None else own["draws"].iloc[0] - part["draws"].iloc[0]
            ends = _ends(less, draws, folds)
            gap = f"{less.mean():+.4f} [{ends[0]:+.3f}, {ends[1]:+.3f}]"
        area, rest = f"{means['AUC']:.4f} [{low:.3f}, {high:.3f}]", f"{means['AP']:.4f} | {means['log-loss']:.4f}"
        name = str(peer).replace("_", " ")
        print(f"| {name} | {area} | {rest} | {slope:.2f} | {gap} | {part['seconds'].mean():.1f} |", flush=True)


def _ends(values: np.ndarray, draws: np.ndarray | None, folds: tuple[Fold, ...]) -> tuple[float, float]:
    return over_folds(values, folds) if draws is None else tuple(np.quantile(draws, [0.025, 0.975]))


def opened(words: list[str]) -> inputs.Input:
    """The set that the words name."""
    match words:
        case ["tv"]:
            return inputs.tv()
        case ["cdnow"]:
            return inputs.cdnow()
        case ["telco", file]:
            return inputs.telco(file)
        case ["oulad", folder, ("grouped" | "temporal") as protocol]:
            return inputs.oulad(folder, protocol)
        case ["company", folder, until, *source]:
            return inputs.company(folder, date.fromisoformat(until), source[0] if source else "contract")
    sys.exit(__doc__)


def _last(table: Table, label_days: float) -> Fold:
    """Learned from what was over when the last look was taken, tested on that look."""
    last = table.time.max()
    train, test = (table.time < last) & (table.time + label_days <= last), table.time == last
    return Fold("last", 0, np.flatnonzero(train), np.flatnonzero(test))


def main() -> None:
    """Print the table of one set."""
    asked = argparse.ArgumentParser(usage=__doc__)
    asked.add_argument("set", nargs="+")
    asked.add_argument("--only", default=",".join(each.__name__ for each in (*rivals.EVERYWHERE, *rivals.ON_PURCHASES)))
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--repeats", type=int, default=1)
    words = asked.parse_args()
    threadpool_limits(limits=1)
    given = opened(words.set)
    params = load(None).table.model_copy(update={"folds": words.folds, "repeats": words.repeats})
    table = given.table
    folds = (_last(table, given.label_days),) if given.last_only else outer_folds(table, params, given.label_days)
    rows, left = len(table.known), int(table.events(table.known).sum())
    print(
        f"{given.name}: {rows:,} rows, {left:,} left, {len(table.features)} columns, {len(folds)} fold{'s' * (len(folds) > 1)}\n"
    )
    printed(measured(given, folds, words.only.split(",")), folds)


if __name__ == "__main__":
    main()
