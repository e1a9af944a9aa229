"""Whether a probability can be bet on: `calibration.py OUT ACCOUNTS MONTHS SEED …`.

One row an account-decision at each lead of `evaluation.leads_days`, and the snapshots of the origins, over eight rolling origins
of a made-up company until its end: observed / expected, slope, calibration error beside what chance allows, and observed /
expected by contract. In brackets: 95 % by account.
"""

import sys
import time
from pathlib import Path

import pandas as pd

from models.evaluation import Evaluation
from pipelines.home import Home
from pipelines.params import load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train, world

ORIGINS = 8


def row(seed: int, asked: str, found: Evaluation) -> dict[str, object]:
    """One evaluation in words."""
    by_contract = found.slices.loc[
        (found.slices["trait"] == "contract")
        & (found.slices["model"] == "model")
        & (found.slices["metric"] == "observed_expected")
    ]
    error, chance = found.value("model", "calibration_error"), found.value("model", "calibration_error_by_chance")
    levels = {
        f"O/E {each['level']}": f"{each['value']:.2f} [{each['low']:.2f}, {each['high']:.2f}]"
        for _, each in by_contract.iterrows()
    }
    return {
        "seed": seed,
        "asked": asked,
        "rows / left": f"{len(found.predictions)} / {found.churned_accounts}",
        "O/E": found.cell("model", "observed_expected"),
        "slope": found.cell("model", "calibration_slope"),
        "error / by chance": f"{error:.4f} / {chance:.4f}",
        **levels,
        "AUC": found.cell("model", "auc"),
    }


def one(out: Path, accounts: int, months: int, seed: int) -> list[dict[str, object]]:
    """All rows of one company."""
    params = load(None)
    params = params.model_copy(update={"evaluation": params.evaluation.model_copy(update={"origins": ORIGINS})})
    data = out / f"{accounts}x{months}-{seed}"
    if not data.exists():
        world(accounts, months, seed, data, params)
    prepared = prepare(str(data), "contract", Home(out / "home"), params)
    training = train(prepared, params.world.end, params, None, Stages()).training
    leads = [row(seed, f"{days} d ahead", found) for days, found in training.proof.decisions.items()]
    return [*leads, row(seed, f"snapshots, {training.evaluation.horizon_days} d", training.evaluation)]


def main() -> None:
    """Print one row a seed and lead."""
    out, accounts, months, *seeds = sys.argv[1:]
    started = time.process_time()
    rows = [each for seed in seeds for each in one(Path(out), int(accounts), int(months), int(seed))]
    print(pd.DataFrame(rows).to_markdown(index=False))
    print(f"\n{time.process_time() - started:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
