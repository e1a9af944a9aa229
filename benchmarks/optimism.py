"""Whether what training promises is what comes, and beats the rule score: `optimism.py OUT ACCOUNTS MONTHS SEED …`.

Each company is trained one year before its log ends. What its rolling origins say is held against that year: the trained model on
looks a quarter apart, each with the decision's horizon after it. In a cohort means among accounts of the same calendar risk, the
reading in which a score that knows no calendar is not at a loss. Gap: promised less found.
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from models.fitting import Material
from models.health import rule_score
from models.metrics import InCohort, auc
from models.splits import labelled
from models.training import Training, microseconds
from models.training import train as train_model
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import world

LOOKS = 4


def learned(company: Company, until: date, params: Params) -> Training:
    """What `tenure train` learns until the day, without what no gate asks for."""
    frame = company.matrix(company.grid(until), Stages()).frame
    return train_model(
        frame,
        company.follow_up(frame, until),
        company.catalogue,
        until=until,
        arr=frame["arr"],
        periods=params.label.periods,
        grace_days=params.label.grace_days,
        params=params,
        progress=Stages(),
        worth=params.worth,
        prove=False,
    )


def year_after(training: Training, company: Company, until: date, end: date, params: Params) -> dict[str, float]:
    """How the trained model and the rule score rank the looks after it."""
    horizon, model = training.evaluation.horizon_days, training.model
    days = [day.date() for day in pd.date_range(until, periods=LOOKS, freq="3MS")]
    frame = company.matrix(days, Stages()).frame
    after = company.follow_up(frame, end)
    material = Material.of(frame, after, company.catalogue, periods=params.label.periods, grace_days=params.label.grace_days)
    rows, churned = labelled(material.outcomes, horizon, microseconds(end))
    events = churned.astype(float)
    p = model.churn_probability(frame, horizon)[rows]
    rule = np.nan_to_num(rule_score(frame, model.features, params.health), nan=-1.0)[rows]
    level = model.level.by_period(material.calendar, material.periods, len(frame))
    calendar = material.periods.probability(1 / (1 + np.exp(-level)), horizon)[rows]
    whole = np.ones((1, len(rows)))
    return {
        "left": float(len(np.unique(material.outcomes.account[rows[churned]]))),
        "AUC": auc(events, p),
        "rule score": auc(events, rule),
        "AUC in cohort": float(InCohort(p, calendar).auc(events, whole)[0]),
        "rule score in cohort": float(InCohort(rule, calendar).auc(events, whole)[0]),
        "observed / expected": float(events.sum() / p.sum()),
    }


def one(out: Path, accounts: int, months: int, seed: int) -> dict[str, object]:
    """The row of one company."""
    params = load(None)
    data = out / f"{accounts}x{months}-{seed}"
    if not data.exists():
        world(accounts, months, seed, data, params)
    end = params.world.end
    until = (pd.Timestamp(end) - pd.DateOffset(years=1)).date()
    company = Company(prepare(str(data), "contract", Home(out / "home"), params), params)
    training = learned(company, until, params)
    said, found = training.evaluation, year_after(training, company, until, end, params)
    return {
        "seed": seed,
        "kind": training.model.kind,
        "promised AUC": said.value("model", "auc"),
        "promised in cohort": said.value("model", "auc_in_cohort"),
        "tested left": said.churned_accounts,
        **found,
        "gap": said.value("model", "auc") - found["AUC"],
        "gap in cohort": said.value("model", "auc_in_cohort") - found["AUC in cohort"],
        "above rule": found["AUC"] - found["rule score"],
        "above rule in cohort": found["AUC in cohort"] - found["rule score in cohort"],
        "passed": float(training.judged(params).passed),
    }


def main() -> None:
    """Print a row a company, as it comes, and the mean of each column with the standard error over companies."""
    out, accounts, months, *seeds = sys.argv[1:]
    started = time.process_time()
    rows = []
    for seed in seeds:
        rows.append(one(Path(out), int(accounts), int(months), int(seed)))
        print(
            ", ".join(
                f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}" for name, value in rows[-1].items()
            ),
            flush=True,
        )
    table = pd.DataFrame(rows)
    numbers = table.drop(columns=["seed", "kind"])
    print(table.to_markdown(index=False, floatfmt=".3f"))
    error = numbers.std(ddof=1) / np.sqrt(len(numbers))
    print(pd.DataFrame({"mean": numbers.mean(), "standard error": error}).to_markdown(floatfmt="+.4f"))
    print(f"\n{time.process_time() - started:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
