import os
import subprocess
import sys

from pipelines.telemetry import QUIET, silence


def test_no_tool_reports_home_once_the_command_line_is_imported():
    names = dict.fromkeys(QUIET, None)
    clean = {name: value for name, value in os.environ.items() if name not in names}
    code = f"import pipelines.cli, os; print(*[os.environ[name] for name in {list(QUIET)}])"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=clean).stdout
    assert said.split() == list(QUIET.values())


def test_what_a_person_has_set_stays(monkeypatch):
    monkeypatch.setenv("DO_NOT_TRACK", "false")
    silence()
    assert os.environ["DO_NOT_TRACK"] == "false"
