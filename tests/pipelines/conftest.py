from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

QUICK = """
evaluation: {origins: 2, bootstrap: 50, null_draws: 20}
training: {seeds: 1, max_rounds: 20, first_rounds: 10}
gate: {permutations: 1, baselines: [], anchor_tolerance: 9, leak_auc: 1.0, observed_expected: [0, 99], calibration_slope: [-99, 99]}
flows: {retry_delay_seconds: 0, workers: 2}
"""
START, END = pd.Timestamp("2025-04-01"), pd.Timestamp("2026-07-01")


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Path:
    """A settings file under which a tiny company trains in seconds and the gate asks little but a signal."""
    path = tmp_path_factory.mktemp("settings") / "quick.yaml"
    path.write_text(QUICK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tables(tmp_path_factory) -> Path:
    """150 accounts on monthly terms until 2026-07-01, as CSV; who falls silent leaves a month or two later."""
    folder = tmp_path_factory.mktemp("tables")
    rng = np.random.default_rng(5)
    months = list(pd.date_range(START, END, freq="MS"))
    rows = {"subscriptions": [], "renewals": [], "usage": []}
    names = [f"A-{number:03d}" for number in range(150)]
    for name in names:
        _live(name, months, rng, rows)
    who = {"csm": "ana@example.com", "country": "ES", "industry": "software", "region": "south"}
    accounts = pd.DataFrame({"account_id": names, "created_at": START, "known_at": START, **who})
    accounts.to_csv(folder / "accounts.csv", index=False)
    for table, found in rows.items():
        pd.DataFrame(found).to_csv(folder / f"{table}.csv", index=False)
    return folder


def _live(name, months, rng, rows):
    """Month by month until it leaves: a term, its use, and what was decided at its end."""
    silent = 0
    arr = float(rng.integers(1, 90) * 1000)
    for number, (begins, ends) in enumerate(pairwise(months)):
        term = {"subscription_id": f"{name}-{number}", "account_id": name, "started_at": begins, "renews_at": ends}
        rows["subscriptions"].append(term | {"arr": arr, "plan": "pro", "billing": "monthly", "known_at": begins})
        silent = silent + 1 if silent or rng.random() < 0.06 else 0
        for day in rng.integers(0, 28, 0 if silent else 6):
            at = begins + pd.Timedelta(days=int(day), hours=9)
            rows["usage"].append({"account_id": name, "user_id": "u", "occurred_at": at, "feature": "f", "known_at": at})
        leaves = rng.random() < (0.0, 0.35, 0.9)[min(silent, 2)]
        decided = ends - pd.Timedelta(days=5)
        outcome = {"account_id": name, "subscription_id": term["subscription_id"], "renews_at": ends, "decided_at": decided}
        rows["renewals"].append(outcome | {"outcome": "churned" if leaves else "renewed", "known_at": decided})
        if leaves:
            return
