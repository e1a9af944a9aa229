"""A source in memory and a check of it, for the tests of the contract check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from features.check import CheckReport, check
from features.params import DataParams
from features.source import Loaded, RawTable

Rows = list[dict[str, Any]]
COMPANY: dict[str, Rows] = {
    "accounts": [{"account_id": "A", "created_at": "2024-01-01"}, {"account_id": "B", "created_at": "2024-01-01"}],
    "subscriptions": [
        {"subscription_id": "S1", "account_id": "A", "started_at": "2024-01-01", "renews_at": "2025-01-01", "arr": "100"},
        {"subscription_id": "S2", "account_id": "B", "started_at": "2024-01-01", "renews_at": "2025-01-01", "arr": "200"},
    ],
    "renewals": [{"account_id": "A", "renews_at": "2025-01-01", "decided_at": "2024-11-01", "outcome": "churned"}],
}

ATTEMPT = {
    "intervention_id": "i-1",
    "account_id": "a",
    "playbook": "budget",
    "assigned_at": "2025-01-10",
    "arm": "treated",
    "started_at": "2025-01-12",
    "finished_at": "2025-02-01",
    "effort_hours": 8,
    "outcome": "saved",
    "known_at": "2025-01-11",
}


@dataclass(frozen=True)
class InMemory:
    """Tables as lists of rows; a column that only some rows have is missing in the others."""

    rows: Mapping[str, Rows]
    name: str = "contract"
    files: tuple[Path, ...] = ()
    ignored: tuple[str, ...] = ()

    def load(self, connection: duckdb.DuckDBPyConnection) -> Loaded:
        for name, rows in self.rows.items():
            table = as_arrow(rows) if isinstance(rows, list) else rows
            connection.register("arrow", table)
            connection.execute(f"CREATE TABLE raw_{name} AS SELECT * FROM arrow")
            connection.unregister("arrow")
        return Loaded({name: RawTable(name, f"raw_{name}") for name in self.rows}, ignored=self.ignored)


@dataclass(frozen=True)
class Checked:
    """A report and the rows behind it."""

    report: CheckReport
    out: Path

    def rows(self, table: str) -> Rows:
        return pq.read_table(self.out / f"{table}.parquet").to_pylist()

    def rejects(self, table: str) -> Rows:
        path = self.out / "rejects" / f"{table}.parquet"
        return pq.read_table(path).to_pylist() if path.exists() else []

    def finding(self, words: str) -> int:
        """How many the one finding with these words counts; 0 when there is none."""
        counts = [f.count for f in self.report.findings if words in f.what]
        assert len(counts) <= 1
        return sum(counts)


@dataclass
class Checker:
    """Checks a company that is sound but for the tables given."""

    folder: Path
    runs: int = field(default=0)

    def __call__(self, rows: Mapping[str, Any] | None = None, **settings: Any) -> Checked:
        self.runs += 1
        out = self.folder / str(self.runs)
        source = InMemory({**COMPANY, **(rows or {})})
        return Checked(check(source, params(**settings), out), out)


def as_arrow(rows: Rows) -> pa.Table:
    names = sorted({name for row in rows for name in row})
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


def params(**settings: Any) -> DataParams:
    section = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["data"]
    return DataParams(**(section | {"allowed_reject_share": 1.0, "threads": 1} | settings))


@pytest.fixture
def company() -> dict[str, Rows]:
    """A sound company of two accounts; copy what you change."""
    return {name: [dict(row) for row in rows] for name, rows in COMPANY.items()}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Checked]:
    """Check the sound company with some tables replaced: `checked({"usage": [...]}, reporting_currency="EUR")`."""
    return Checker(tmp_path)


@pytest.fixture
def in_memory() -> type[InMemory]:
    return InMemory
