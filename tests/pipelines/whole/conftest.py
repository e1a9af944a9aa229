"""A small world, cleaned, trained on and scored once for all tests that need the whole way."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from features.snapshots import Matrix
from features.world.generate import World, generate, write
from pipelines import steps
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import Prepared
from pipelines.steps import Learned
from serving.store import Batch

UNTIL, AS_OF = date(2026, 3, 1), date(2026, 5, 1)
VERSION = "7"


def quiet(*_):
    """Nobody watches."""


def term(account, start, end, **columns):
    row = {"subscription_id": f"s-{account}", "account_id": account, "started_at": start, "renews_at": end, "arr": 900.0}
    return row | {"known_at": start, **columns}


def churned(account, renews, decided):
    return {"account_id": account, "renews_at": renews, "decided_at": decided, "outcome": "churned", "known_at": decided}


ODD_ONES = {
    "x-decided": "2025-01-01",
    "x-left": "2025-01-01",
    "x-lapsed": "2025-01-01",
    "x-no-contract": "2025-01-01",
    "x-no-usage": "2025-01-01",
    "x-too-new": "2026-04-20",
}
BESIDE = {
    "accounts": [{"account_id": name, "created_at": day, "name": name, "known_at": day} for name, day in ODD_ONES.items()],
    "subscriptions": [
        term("x-decided", "2025-01-01", "2026-12-01"),
        term("x-left", "2025-01-01", "2026-01-01"),
        term("x-lapsed", "2025-01-01", "2026-01-01"),
        term("x-no-usage", "2025-01-01", "2026-12-01"),
        term("x-too-new", "2026-04-20", "2027-04-20"),
    ],
    "renewals": [churned("x-decided", "2026-12-01", "2026-04-30"), churned("x-left", "2026-01-01", "2025-11-15")],
    "usage": [
        {"account_id": name, "occurred_at": "2026-04-25", "feature": "reports", "quantity": 1.0, "known_at": "2026-04-25"}
        for name in ("x-too-new", "x-decided")
    ],
}


def changed(params: Params, **sections) -> Params:
    """The settings with single values of some sections replaced."""
    new = {name: getattr(params, name).model_copy(update=values) for name, values in sections.items()}
    return params.model_copy(update=new)


def with_rows(tables, beside):
    """The tables with rows added, each value in the column's own type."""
    made = dict(tables)
    for name, rows in beside.items():
        added = pd.DataFrame(rows)
        typed = {column: added[column].astype(tables[name][column].dtype) for column in added}
        made[name] = pd.concat([tables[name], pd.DataFrame(typed)], ignore_index=True)
    return made


@pytest.fixture(scope="session")
def params() -> Params:
    """The shipped settings, quick to train; a lossy world; a third held out."""
    shipped = load(None)
    segments = {
        name: segment.model_copy(update={"usage_rows_month": segment.usage_rows_month / 3})
        for name, segment in shipped.world.segments.items()
    }
    hazard = shipped.world.hazard.model_copy(update={"annual_churn": 0.35, "monthly_churn": 0.06})
    return changed(
        shipped,
        world={"segments": segments, "hazard": hazard},
        training={"seeds": 1, "first_rounds": 15, "max_rounds": 15, "patience_rounds": 5, "anchor_only_below_churned": 10},
        evaluation={"origins": 1, "bootstrap": 50, "null_draws": 20},
        gate={"permutations": 1},
        learning={"holdout_share": 0.3},
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def tables(tmp_path_factory, params) -> Path:
    """A folder of a hundred accounts over sixteen months, and beside them one account for each reason not to be scored."""
    folder = tmp_path_factory.mktemp("world")
    made = generate(100, 16, 5, params.world, [rival.name for rival in params.text.competitors])
    write(World(with_rows(made.tables, BESIDE), made.truth), folder)
    return folder


@pytest.fixture(scope="session")
def prepared(tables, home, params) -> Prepared:
    return steps.prepare(str(tables), "contract", home, params)


@pytest.fixture(scope="session")
def learned(prepared, params) -> Learned:
    return steps.train(prepared, UNTIL, params, None, quiet)


@dataclass(frozen=True)
class Scored:
    """What `steps.score` handed back, the folder it wrote, and the signals it looked at."""

    batch: Batch
    folder: Path
    matrix: Matrix

    def part(self, name) -> pd.DataFrame:
        return pd.read_parquet(self.folder / f"{name}.parquet")


@pytest.fixture(scope="session")
def score(prepared, learned, params, tmp_path_factory):
    """`score()` scores AS_OF into a new folder."""

    def made() -> Scored:
        folder = tmp_path_factory.mktemp("scores")
        looked_at = []
        measure = Company.matrix

        def matrix(*asked) -> Matrix:
            looked_at.append(measure(*asked))
            return looked_at[-1]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Company, "matrix", matrix)
            batch = steps.score(prepared, AS_OF, folder, learned.training.model, VERSION, params, quiet)
        return Scored(batch, folder, looked_at[0])

    return made


@pytest.fixture(scope="session")
def scored(score) -> Scored:
    return score()
