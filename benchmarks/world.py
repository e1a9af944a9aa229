"""What the product finds of a planted truth: `world.py OUT_FOLDER [ACCOUNTS] [MONTHS] [SEED …]`.

Out of time: rolling origins of the training. Drivers: in the riskiest fifth of each of the last scored months, where one planted
family leads (log-odds of at least .5 and 1.5 times the second), how often driver_1 is that family, and how often one of the two.
Share of a ceiling: (AUC - .5) / (its AUC - .5) on the rows of the rolling origins; of the true chance (`truth/chances`),
and of the chance from the tables (`truth/seen_chances`, a lower bound of what can be read from them by who knows the rules).
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from models.assessment import assess
from models.metrics import auc, log_losses
from models.training import Training
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train, world

UNTIL = date(2026, 1, 1)
MONTHS_SCORED = 4
FUTURES, PARTICLES = 64, 128
LEADS, TIMES_SECOND = 0.5, 1.5


def clear_causes(truth: pd.DataFrame) -> pd.DataFrame:
    """account_id, as_of, cause where one planted family clearly leads."""
    names = [c for c in truth if c.startswith("logit_") and c not in ("logit_interaction", "logit_play")]
    values = np.sort(truth[names].to_numpy(), axis=1)
    clear = (values[:, -1] >= LEADS) & (values[:, -1] >= TIMES_SECOND * values[:, -2])
    cause = truth[names].idxmax(axis=1).str.removeprefix("logit_")
    return truth.loc[clear, ["account_id", "as_of"]].assign(cause=cause[clear])


def drivers(training: Training, company: Company, truth: pd.DataFrame, params: Params) -> dict[str, float]:
    """Shares over the clear cases of the riskiest fifths, and whether every probability rises with the horizon."""
    days = [day.date() for day in pd.date_range(UNTIL, periods=MONTHS_SCORED, freq="MS")]
    frame = company.matrix(days, Stages()).frame
    found = assess(
        training.model,
        frame,
        ["scored"] * len(frame),
        model_version="1",
        decision=params.decision,
        explanation=params.explanation,
        health_params=params.health,
    ).assessments
    cut = found.groupby("as_of")["p_churn_90d"].transform(lambda p: p.quantile(0.8))
    risky = found.loc[found["p_churn_90d"] >= cut]
    cases = risky.merge(clear_causes(truth), on=["account_id", "as_of"])
    first, second = (cases[name] == cases["cause"] for name in ("driver_1", "driver_2"))
    horizons = found[["p_churn_30d", "p_churn_90d", "p_churn_180d", "p_churn_365d"]].to_numpy()
    return {
        "clear cases": len(cases),
        "driver_1 is the cause": first.mean(),
        "one of the two is": (first | second).mean(),
        "no driver named": cases["driver_1"].isna().mean(),
        "probabilities rise": float((np.diff(horizons, axis=1) >= 0).all()),
    }


def ceilings(training: Training, truth: Path) -> dict[str, float]:
    """AUC and log-loss of both ceilings on the tested rows, and the model's share of their AUC above chance."""
    rows = training.evaluation.predictions
    days = training.evaluation.horizon_days
    churned = rows["churned"].to_numpy(dtype=float)
    found: dict[str, float] = {}
    for name, file in (("true chance", "chances"), ("chance from the tables", "seen_chances")):
        table = pd.read_parquet(truth / f"{file}.parquet")
        table["as_of"] = pd.to_datetime(table["as_of"], utc=True).dt.tz_localize(None).astype(rows["as_of"].dtype)
        p = rows[["account_id", "as_of"]].merge(table, on=["account_id", "as_of"], how="left")[f"p_churn_{days}d"].to_numpy()
        known = ~np.isnan(p)
        ceiling, model = (auc(churned[known], score[known]) for score in (p, rows["model"].to_numpy(dtype=float)))
        found |= {
            f"AUC of the {name}": ceiling,
            f"log-loss of the {name}": float(log_losses(churned[known], p[known]).mean()),
            f"share of the {name}": (model - 0.5) / (ceiling - 0.5),
        }
    return found


def one(folder: Path, accounts: int, months: int, seed: int) -> dict[str, float]:
    """All figures of one world."""
    params = load(None)
    data = folder / f"{accounts}x{months}-{seed}"
    if not (data / "truth" / "seen_chances.parquet").exists():
        watched = params.world.model_copy(update={"futures": FUTURES, "particles": PARTICLES})
        world(accounts, months, seed, data, params.model_copy(update={"world": watched}))
    started = time.process_time()
    prepared = prepare(str(data), "contract", Home(folder / "home"), params)
    learned = train(prepared, UNTIL, params, None, Stages())
    table = learned.training.evaluation.metrics.set_index(["model", "metric"])["value"]
    truth = pd.read_parquet(data / "truth" / "account_months.parquet")
    truth["as_of"] = pd.to_datetime(truth["as_of"], utc=True).dt.tz_localize(None)
    best = max(table[name, "auc"] for name in ("base_rate", "recency", "rule_score"))
    return {
        "seed": seed,
        "AUC": table["model", "auc"],
        **ceilings(learned.training, data / "truth"),
        "log-loss": table["model", "log_loss"],
        "above the best of base rate, recency, rule score": table["model", "auc"] - best,
        "log-loss / anchor's": table["model", "log_loss"] / table["anchor", "log_loss"],
        "observed / expected": table["model", "observed_expected"],
        "calibration slope": table.get(("model", "calibration_slope"), np.nan),
        **drivers(learned.training, learned.company, truth, params),
        "gate": float(learned.training.judged(params).passed),
        "CPU s": time.process_time() - started,
    }


def main() -> None:
    """Print one column a seed."""
    out, *rest = sys.argv[1:]
    accounts, months, *seeds = [int(word) for word in rest] or [5000, 48]
    rows = [one(Path(out), accounts, months, seed) for seed in seeds or [301]]
    print(pd.DataFrame(rows).set_index("seed").T.to_markdown(floatfmt=".4f"))


if __name__ == "__main__":
    main()
