"""The pages that show commands with what they print are run, command by command, in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "how-to").glob("*.md"))


def steps(page):
    """(commands, what they print) of each block of `sh`; a block of `text` right after it is its output, else anything goes."""
    blocks = re.findall(r"```(sh|text)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    following = [*blocks[1:], ("sh", "")]
    return [
        (said, after if kind == "text" else None)
        for (mark, said), (kind, after) in zip(blocks, following, strict=True)
        if mark == "sh"
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_prints_what_the_page_says(page, tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = []
    for commands, expected in steps(page):
        done = subprocess.run(
            ["bash", "-c", commands], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        if expected is not None:
            assert done.stdout == expected, commands
            printed.append(done.stdout)
    assert any(printed)
