from pathlib import Path

import pytest

from pipelines import steps
from pipelines.params import load

QUICK = """
world:
  hazard: {annual_churn: 0.6, monthly_churn: 0.1}
evaluation: {origins: 1, bootstrap: 50, null_draws: 20}
training: {seeds: 1, max_rounds: 20, first_rounds: 10}
gate: {permutations: 1, baselines: [], anchor_tolerance: 9, min_churned: 1, observed_expected: [0, 99], calibration_slope: [-99, 99]}
flows: {retry_delay_seconds: 0, workers: 2}
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Path:
    """A settings file under which a tiny company trains in seconds and the gate is no obstacle."""
    path = tmp_path_factory.mktemp("settings") / "quick.yaml"
    path.write_text(QUICK, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tables(tmp_path_factory, settings) -> Path:
    """A made-up company of 120 accounts and 15 months that ends on 2026-07-01."""
    folder = tmp_path_factory.mktemp("tables")
    steps.world(120, 15, 5, folder, load(settings))
    return folder
