"""What every file of the house keeps to."""

import re
import statistics
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("features", "models", "serving", "pipelines")
LONG_FOR_A_REASON = {"features/tables.py"}  # one declaration a column: seventeen tables, nothing but data


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_files_are_short_and_long_ones_have_a_reason():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert statistics.median(lengths.values()) <= 120
    assert {name for name, lines in lengths.items() if lines > 300} <= LONG_FOR_A_REASON


def test_no_file_is_a_drawer_for_odds_and_ends():
    assert not [path for path in sources() if path.stem in {"utils", "helpers", "common", "misc", "base"}]


@pytest.mark.parametrize(
    "pattern", ["NotImplementedError", "TO" + "DO", "FIX" + "ME", r"except[^\n]*:\s*pass\b", r"\bimport pickle\b"]
)
def test_nothing_is_left_for_later_swallowed_or_pickled(pattern):
    assert not [path for path in sources() if re.search(pattern, path.read_text())]


def test_no_folder_of_tests_shadows_a_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_the_packages_are_this_checkout_and_nobody_elses(package):
    module = __import__(package)
    assert Path(module.__file__).is_relative_to(ROOT)
    assert set(packages_distributions().get(package, [])) <= {"tenure"}


@pytest.mark.parametrize("package", ["features", "models"])
def test_features_and_models_read_no_clock(package):
    clocks = re.compile(r"datetime\.now|date\.today|time\.time\(|utcnow|Timestamp\.now|Timestamp\.today")
    assert not [path for path in (ROOT / package).rglob("*.py") if clocks.search(path.read_text())]


def test_mlflow_is_imported_in_one_place():
    """Besides it, only the file that MLflow itself loads inside a model."""
    found = {p.relative_to(ROOT) for p in sources() if re.search(r"^\s*(import|from) mlflow", p.read_text(), re.MULTILINE)}
    assert {path.parts[:2] for path in found} <= {("pipelines", "tracking"), ("pipelines", "pyfunc_model.py")}


def test_help_loads_nothing_heavy():
    heavy = "{'pandas', 'numpy', 'duckdb', 'ibis', 'lightgbm', 'sklearn', 'mlflow', 'prefect', 'fastapi', 'sqlalchemy'}"
    code = f"import sys, pipelines.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("stage", "needless"),
    [
        ("pipelines.preparing", {"mlflow", "sqlalchemy", "jinja2", "fastapi", "matplotlib", "scipy", "sklearn", "lightgbm"}),
        ("pipelines.features_file", {"mlflow", "sqlalchemy", "jinja2", "fastapi", "matplotlib", "scipy", "sklearn", "lightgbm"}),
        ("pipelines.steps", {"mlflow", "fastapi", "matplotlib", "scipy", "sklearn", "lightgbm", "prefect", "shap"}),
        ("pipelines.tracking", {"matplotlib", "jinja2", "sklearn", "lightgbm", "prefect", "shap"}),
    ],
)
def test_a_stage_starts_without_what_only_others_need(stage, needless):
    code = f"import sys, {stage}; print(sorted({needless} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_path_of_a_machine_and_no_registry_host_stands_in_the_project():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    names = [name for name in listed if Path(name).suffix in {".py", ".md", ".yaml", ".toml", ".html", ""} and name != "LICENSE"]
    # written in two parts, so that this file does not find itself
    forbidden = re.compile("/wo" + "rk/|/ro" + "ot/|pypi\\.o" + "rg|\\.\\./sha" + "red")
    assert not [name for name in names if (ROOT / name).is_file() and forbidden.search((ROOT / name).read_text(errors="ignore"))]
