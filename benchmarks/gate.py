"""How often the gate replaces a champion by its equal, and by its better: `gate.py [WORLDS]`.

Each world draws accounts, their risk and their outcomes anew. Champion and candidate know the same part of the risk, each with an
error of its own, as two fits of one recipe have. A better candidate knows more of it, told as the rise of its AUC. Promoted means
that all holds which the gate asks of a candidate against its champion (params.yaml, section gate).
"""

import sys
import time

import numpy as np
import pandas as pd
from scipy.special import expit

from models.evaluation import Evaluation, evaluated
from models.gate_champion import against_champion
from models.params import EvaluationParams
from models.rivalry import Rivalry
from pipelines.params import load

ORIGINS = 4
WORLDS = 60


def world(
    rng: np.random.Generator, accounts: int, apart: float, better: float, evaluation: EvaluationParams, capacity: float
) -> Evaluation:
    """Champion and candidate measured at four origins; `apart` is the spread of each one's error in log-odds."""
    account = np.tile(np.arange(accounts), ORIGINS)
    lasting = rng.normal(size=accounts)[account]
    due = rng.random(len(account)) < 0.4
    seen, more = 0.7 * lasting + 0.7 * rng.normal(size=(2, len(account)))
    calendar = np.where(due, -2.4, -6.0)
    churned = rng.random(len(account)) < expit(calendar + 0.9 * seen + better * more)
    gone = pd.Series(churned).groupby(account).cumsum().to_numpy() - churned > 0
    table = pd.DataFrame(
        {
            "account_id": [f"A{number:05d}" for number in account],
            "as_of": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.repeat(np.arange(ORIGINS), accounts) * 90, unit="D"),
            "origin": np.repeat(np.arange(ORIGINS), accounts).astype(str),
            "due": due,
            "arr": np.round(rng.lognormal(9.8, 1.2, accounts))[account],
            "churned": churned,
            "model": expit(calendar + 0.9 * seen + better * more + apart * rng.normal(size=len(account))),
            "champion": expit(calendar + 0.9 * seen + apart * rng.normal(size=len(account))),
            "calendar": expit(calendar),
        }
    )
    table = table.loc[~gone].reset_index(drop=True)
    return evaluated(table, pd.DataFrame(), horizon_days=90, capacity_share=capacity, params=evaluation)


def main() -> None:
    """Print one row a setting: the share of worlds in which the candidate is promoted, and by log-loss alone."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    params = load(None)
    quick = params.evaluation.model_copy(update={"bootstrap": 200, "null_draws": 20})
    rows, started = [], time.process_time()
    for accounts in (400, 1000):
        for apart, better in ((0.05, 0.0), (0.2, 0.0), (0.4, 0.0), (0.2, 0.3), (0.2, 0.6)):
            rng = np.random.default_rng([accounts, round(100 * apart), round(100 * better)])
            promoted, by_loss, churned, rise = [], [], [], []
            for _ in range(worlds):
                found = world(rng, accounts, apart, better, quick, params.decision.capacity_share)
                reasons = against_champion(Rivalry(found, age_days=0, seen=False, simpler=False), params.gate)
                promoted.append(all(reason.passed for reason in reasons))
                by_loss.append(reasons[0].passed)
                churned.append(found.churned_accounts)
                rise.append(found.value("model", "auc") - found.value("champion", "auc"))
            rows.append(
                {
                    "accounts": accounts,
                    "churned": np.mean(churned),
                    "error of each": apart,
                    "AUC above the champion's": np.mean(rise),
                    "promoted": np.mean(promoted),
                    "by log-loss alone": np.mean(by_loss),
                }
            )
    print(pd.DataFrame(rows).to_markdown(index=False, floatfmt=(".0f", ".0f", ".2f", "+.3f", ".3f", ".3f")))
    print(f"\n{worlds} worlds a row, {time.process_time() - started:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
