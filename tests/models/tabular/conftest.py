"""Tiny tables with one row a customer and known causes."""

import numpy as np
import pandas as pd
import pytest

from models.tabular.table import Table
from pipelines.params import load

QUICK = {
    "training": {"max_rounds": 60, "first_rounds": 30, "patience_rounds": 10, "learning_rate": 0.2, "seeds": 1},
    "evaluation": {"bootstrap": 100, "null_draws": 50},
    "table": {"folds": 3, "repeats": 1, "inner_folds": 2, "blocks": 2},
    "gate": {"permutations": 2},
}


def settings(**changes):
    """params.yaml, quick to train; `table={"folds": 5}` replaces single values."""
    loaded = load(None)
    sections = {
        name: getattr(loaded, name).model_copy(update={**QUICK.get(name, {}), **changes.get(name, {})})
        for name in {*QUICK, *changes}
    }
    return loaded.model_copy(update=sections)


def customers(rows=400, seed=1, effect=1.0):
    """(columns, churned): use falls before a customer leaves, plan C is risky, the region is a decoy, seats bend."""
    rng = np.random.default_rng(seed)
    use, seats = rng.normal(size=rows), 1 + np.round(np.exp(rng.normal(3, 1.5, rows)))
    plan = rng.choice(["A", "B", "C"], rows)
    log_odds = -1 + effect * (-1.2 * use + 1.5 * (plan == "C") + 0.8 * (np.log(seats) < 2))
    frame = pd.DataFrame(
        {
            "use": np.where(rng.random(rows) < 0.1, np.nan, use),
            "seats": seats,
            "plan": pd.Series(plan, dtype=object).where(pd.Series(rng.random(rows)) > 0.05, None),
            "region": rng.choice(["north", "south"], rows),
        }
    )
    return frame, (rng.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)


@pytest.fixture(scope="session")
def params_of():
    return settings


@pytest.fixture(scope="session")
def customers_of():
    return customers


@pytest.fixture(scope="session")
def params():
    return settings()


@pytest.fixture(scope="session")
def table():
    return Table.of(*customers())
