import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest
import yaml

from pipelines.params import CHECKOUT, load

STAGES = {"features", "train", "backtest"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, settings, tables):
    """A checkout without git, whose settings are quick and whose tables are a tiny company's."""
    folder = tmp_path_factory.mktemp("workspace")
    for name in ("features", "models", "pipelines", "serving"):
        copytree(CHECKOUT.parent / name, folder / name, ignore=ignore_patterns("__pycache__"))
    copytree(tables, folder / "company")
    for name in ("dvc.yaml", ".dvcignore"):
        copy(CHECKOUT.parent / name, folder)
    written = load(settings).model_dump(mode="json", by_alias=True)
    written["dvc"] = {"tables": "company", "source": "contract", "from": "2026-06-01", "until": "2026-07-01"}
    (folder / "params.yaml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    run(folder, "init", "--no-scm", "--quiet")
    return folder


def run(folder, *words):
    """One DVC command; its standard output. Verbs are found beside the Python that runs the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if name not in ("TENURE_HOME", "MLFLOW_TRACKING_URI")}
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        env=clean | {"PATH": path, "DVC_NO_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def reproduced(workspace):
    return run(workspace, "repro")


def ran(said):
    return {name for name in STAGES if f"Running stage '{name}'" in said}


def test_repro_runs_every_stage_once(workspace, reproduced):
    assert ran(reproduced) == STAGES
    assert json.loads((workspace / "build" / "training.json").read_text())["metrics"]["model"]["auc"] > 0.5
    assert (workspace / "build" / "backtest" / "report.html").exists()


def test_the_metrics_name_nothing_that_another_run_or_place_would_name_otherwise(workspace, reproduced):
    written = (workspace / "build" / "training.json").read_text()
    assert not {"run_id", "version", "champion", "rejects"} & set(json.loads(written))
    assert str(workspace) not in written


def test_repro_again_runs_nothing(workspace, reproduced):
    assert ran(run(workspace, "repro")) == set()


def test_the_numbers_of_a_training_are_metrics_of_dvc(workspace, reproduced):
    assert "metrics.model.auc" in run(workspace, "metrics", "show")


def test_another_model_setting_leaves_the_features_alone(workspace, reproduced):
    path = workspace / "params.yaml"
    path.write_text(path.read_text().replace("max_rounds: 20", "max_rounds: 21"), encoding="utf-8")
    changed = json.loads(run(workspace, "status", "--json"))
    assert set(changed) == {"train", "backtest"}


def test_dvc_reads_the_settings_of_the_checkout_as_they_are_written(tmp_path):
    for name in ("dvc.yaml", "params.yaml"):
        copy(CHECKOUT.parent / name, tmp_path)
    run(tmp_path, "init", "--no-scm", "--quiet")
    assert {line.split()[0] for line in run(tmp_path, "stage", "list").splitlines()} == STAGES


def test_every_section_a_stage_names_exists():
    stages = yaml.safe_load((CHECKOUT.parent / "dvc.yaml").read_text())["stages"]
    assert set(stages) == STAGES
    assert {section for stage in stages.values() for section in stage["params"]} <= set(type(load(None)).model_fields)
