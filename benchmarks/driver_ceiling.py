"""What the tables show of the planted causes at all, beside ours: `driver_ceiling.py OUT_FOLDER [ACCOUNTS] [MONTHS] [SEED …]`.

Of the risky account-months with a clear cause (`drivers.py`): how often the first, and one of two, is the cause, for classifiers
that learn the planted cause itself (which no company knows) from all signals of the other accounts, risky or not, in all months:
five folds by account. Linear: a multinomial ridge logistic on how far each signal stands on either side. Trees: LightGBM.
"""

import time
from pathlib import Path

import numpy as np
import pandas as pd
from drivers import Cases, cases_of, hits, print_by_seed, table_of, two_of
from world import MONTHS_SCORED, UNTIL, clear_causes

from features.signal import FAMILIES
from models.model import Model
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train, world

KEY = ["account_id", "as_of"]
FOLDS = 5
LINEAR = {"C": 0.003, "max_iter": 300}
TREES = {
    "n_estimators": 200,
    "learning_rate": 0.04,
    "num_leaves": 15,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.3,
    "reg_lambda": 5.0,
    "random_state": 0,
    "n_jobs": 1,
    "verbose": -1,
}


def sides(model: Model, matrix: pd.DataFrame) -> np.ndarray:
    """How far each directed signal stands on its risky side, and on its safe side: two columns a signal, 0 where missing."""
    indices = model.anchor.indices
    z = np.column_stack([indices.z(matrix, name, sign) for members in indices.members.values() for name, sign in members])
    return np.hstack([np.maximum(z, 0.0), np.minimum(z, 0.0)])


def ceilings(model: Model, matrix: pd.DataFrame, truth: pd.DataFrame, cases: Cases) -> dict[str, float]:
    """Both classifiers, learned on the clear causes of `matrix`, asked about those of the cases."""
    from lightgbm import LGBMClassifier
    from sklearn.linear_model import LogisticRegression

    known = matrix.merge(clear_causes(truth), on=KEY)
    asked = cases.matrix.loc[cases.clear]
    learned_of, asked_of = (_fold(each["account_id"]) for each in (known, asked))
    numbers = [feature.name for feature in model.features if not feature.category]
    plain = [each[numbers].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float) for each in (known, asked)]
    found: dict[str, float] = {"account-months learned from": len(known)}
    for name, made, (x, new) in (
        ("linear", lambda: LogisticRegression(**LINEAR), [sides(model, each) for each in (known, asked)]),
        ("trees", lambda: LGBMClassifier(**TREES), plain),
    ):
        scores = np.full((len(asked), len(FAMILIES)), -1.0)
        for fold in range(FOLDS):
            there = np.flatnonzero(asked_of == fold)
            fitted = made().fit(x[learned_of != fold], known["cause"][learned_of != fold].astype(str))
            columns = [FAMILIES.index(each) for each in fitted.classes_]
            scores[np.ix_(there, columns)] = fitted.predict_proba(new[there])
        every = np.full((len(cases.matrix), len(FAMILIES)), -1.0)
        every[cases.clear] = scores
        found |= _both(name, cases, *two_of(every))
    return found


def _fold(accounts: pd.Series) -> np.ndarray:
    return (pd.util.hash_array(accounts.to_numpy(dtype=object)) % FOLDS).astype(int)


def _both(name: str, cases: Cases, first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    one, two = hits(cases, first, second)
    return {f"{name}: first is the cause": one, f"{name}: one of two is": two}


def compared(model: Model, past: pd.DataFrame, latest: pd.DataFrame, truth: pd.DataFrame, params: Params) -> dict[str, float]:
    """Ours and both ceilings, on the riskiest fifth of `latest`; `past` is only learned from."""
    cases = cases_of(model, latest, truth, params.decision.horizon_days)
    always = table_of(model, cases, params, always=True).accounts
    ours = _both("ours, always naming", cases, *(always[name].to_numpy(dtype=object) for name in ("driver_1", "driver_2")))
    commonest = pd.Series(cases.cause[cases.clear]).value_counts(normalize=True).max()
    every = pd.concat([past, latest], ignore_index=True)
    return {"clear causes": int(cases.clear.sum())} | ours | ceilings(model, every, truth, cases) | {"the commonest": commonest}


def figures(folder: Path, accounts: int, months: int, seed: int) -> dict[str, float]:
    """All figures of one world."""
    started = time.process_time()
    params, data = load(None), folder / f"{accounts}x{months}-{seed}"
    if not (data / "truth" / "account_months.parquet").exists():
        world(accounts, months, seed, data, params)
    learned = train(prepare(str(data), "contract", Home(folder / "home"), params), UNTIL, params, None, Stages())
    company = learned.company
    days = [day.date() for day in pd.date_range(UNTIL, periods=MONTHS_SCORED, freq="MS")]
    past, latest = (company.matrix(each, Stages()).frame for each in (company.grid(UNTIL), days))
    truth = pd.read_parquet(data / "truth" / "account_months.parquet")
    truth["as_of"] = pd.to_datetime(truth["as_of"], utc=True).dt.tz_localize(None)
    found = compared(learned.training.model, past, latest, truth, params)
    return {"seed": seed} | found | {"CPU s": time.process_time() - started}


if __name__ == "__main__":
    print_by_seed(figures, ".3f")
