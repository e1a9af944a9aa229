import json
import re
import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from features.errors import BadInput
from pipelines.cli import app
from pipelines.door import entered
from pipelines.params import load

ROOT = Path(__file__).resolve().parents[2]
VERBS = [
    "check",
    "map",
    "features",
    "train",
    "train-table",
    "promote",
    "rollback",
    "backtest",
    "queue",
    "plan",
    "concede",
    "plays",
    "after",
    "learn",
    "score",
    "explain",
    "text",
    "deliver",
    "serve",
    "world",
    "demo",
]


def called(*args):
    return CliRunner().invoke(app, [str(each) for each in args])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("TENURE_HOME", "MLFLOW_TRACKING_URI", "TENURE_DATABASE_URL", "TENURE_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)


def test_every_verb_of_the_design_is_there():
    listed = called("--help").output.split("Commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if line.startswith("  ")][:-1] == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_is_one_line_and_an_example_that_can_be_pasted(verb):
    result = called(verb, "--help")
    prose = result.output.split("Arguments:")[0].split("Options:")[0].strip().splitlines()[2:]
    assert result.exit_code == 0
    assert len(prose[0]) < 80
    assert prose[1] == ""
    assert prose[2].strip().startswith(f"Example: tenure {verb}")
    parsed(example_of(verb))


def example_of(verb) -> list[str]:
    """The words of a verb's example, as a shell hands them over."""
    line = next(line for line in called(verb, "--help").output.splitlines() if "Example: " in line)
    return shlex.split(line.partition("Example: ")[2])


def parsed(words) -> dict:
    """The arguments and options of a call, every one of them known to its verb."""
    command = get_command(app).commands[words[1]]
    with command.make_context(words[1], words[2:]) as context:
        return context.params


@pytest.mark.parametrize("verb", VERBS)
def test_an_example_reads_what_make_demo_makes_or_the_clone_holds_and_names_a_day_of_it(verb):
    given = parsed(example_of(verb))
    assert given.get("tables", "demo/company") == "demo/company"
    assert given.get("scores") in (None, Path("demo/scores"))
    assert given["home"] in (None, Path(".tenure"), Path("demo/home"))
    assert "file" not in given or (ROOT / given["file"]).is_file()
    assert str(given.get("out") or "demo").startswith("demo")
    last = load(None).world.end
    days = [each for name in ("as_of", "start", "until") if given.get(name) for each in np.atleast_1d(given[name])]
    assert all(last - timedelta(days=200) < day <= last for day in days)


def test_every_line_of_the_readme_is_a_call_that_its_verb_understands():
    lines = re.findall(r"^tenure .*", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    calls = [shlex.split(line, comments=True) for line in lines]
    assert {words[1] for words in calls} <= {*VERBS, "--help"}
    assert all(parsed(words) for words in calls if words[1] in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_home_params_and_json(verb):
    options = called(verb, "--help").output
    assert all(option in options for option in ("--home DIR", "--params FILE", "--json"))


def test_help_imports_nothing_heavy():
    heavy = {
        "numpy",
        "pandas",
        "duckdb",
        "ibis",
        "lightgbm",
        "sklearn",
        "mlflow",
        "prefect",
        "yaml",
        "pydantic",
        "rich",
    }
    code = "import pipelines.cli, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not heavy & set(loaded)


@pytest.mark.parametrize(
    "text", ["yesterday", "20250101", "2025-1-1", "01/02/2025", "2025-02-30", "2025-W01-1", "2025-01-01T00:00"]
)
def test_a_day_is_written_one_way_only(text):
    result = called("score", "tables", "--as-of", text, "--out", "scores")
    assert result.exit_code == 2
    assert text in result.output
    assert "YYYY-MM-DD" in result.output


def test_a_language_we_do_not_have_is_told_with_those_we_have():
    result = called("explain", "A", "--as-of", "2026-07-01", "--lang", "fr")
    assert result.exit_code == 2
    assert "Invalid value for '--lang': 'fr' is no language of tenure's. Give one of en, es." in result.output


def test_a_missing_option_is_a_usage_error():
    result = called("score", "tables", "--out", "scores")
    assert result.exit_code == 2
    assert "--as-of" in result.output


def test_a_wrong_settings_file_is_told_and_exits_2(tmp_path):
    (tmp_path / "params.yaml").write_text("flows: {worker: 1}\n", encoding="utf-8")
    result = called("rollback")
    assert result.exit_code == 2
    assert "Did you mean workers?" in result.stderr
    assert result.stdout == ""


def test_with_json_a_failure_is_one_document_too(tmp_path):
    result = called("rollback", "--json", "--params", tmp_path / "absent.yaml")
    assert result.exit_code == 2
    assert "absent.yaml cannot be read" in json.loads(result.stdout)["error"]


def fails_with(error, home, *, as_json=False):
    local = typer.Typer()

    @local.command()
    def verb():
        with entered(home, None, as_json=as_json):
            raise error

    return CliRunner().invoke(local, [])


def test_bad_input_is_a_message_without_a_traceback(tmp_path):
    result = fails_with(BadInput("column arr is text. Write numbers."), tmp_path)
    assert (result.exit_code, result.stderr) == (2, "column arr is text. Write numbers.\n")


def test_a_place_nobody_may_write_to_is_named(tmp_path):
    result = fails_with(PermissionError(13, "Permission denied", "/somewhere/f.parquet"), tmp_path)
    assert (result.exit_code, result.stderr.split(". ")[0]) == (2, "/somewhere/f.parquet: Permission denied")


def test_a_defect_of_ours_is_owned_up_to_and_its_traceback_kept(tmp_path):
    result = fails_with(RuntimeError("the customer wrote: we leave"), tmp_path / "home")
    assert result.exit_code == 2
    assert "RuntimeError in test_cli.py" in result.stderr
    assert "defect of tenure" in result.stderr
    log = (tmp_path / "home" / "error.log").read_text(encoding="utf-8")
    assert "raise error" in log


def test_a_customers_words_reach_neither_the_terminal_nor_the_log(tmp_path):
    result = fails_with(RuntimeError("the customer wrote: we leave"), tmp_path)
    assert "we leave" not in result.output + (tmp_path / "error.log").read_text(encoding="utf-8")


def test_json_writes_missing_numbers_as_null_and_times_in_iso(tmp_path):
    import numpy as np
    import pandas as pd

    local = typer.Typer()

    @local.command()
    def verb():
        with entered(tmp_path, None, as_json=True) as door:
            door.tell({"a": np.float64("nan"), "b": pd.NaT, "c": pd.Timestamp("2025-01-01"), "d": np.int64(3), "e": "ñ"}, "")

    result = CliRunner().invoke(local, [])
    assert json.loads(result.stdout) == {"a": None, "b": None, "c": "2025-01-01T00:00:00", "d": 3, "e": "ñ"}


def test_a_refusal_prints_the_result_and_exits_1(tmp_path):
    local = typer.Typer()

    @local.command()
    def verb():
        with entered(tmp_path, None, as_json=True) as door:
            door.tell({"rows": 3}, "three rows", refused="1 row was refused")

    result = CliRunner().invoke(local, [])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"rows": 3, "refused": "1 row was refused"}
    assert result.stderr == "1 row was refused\n"
