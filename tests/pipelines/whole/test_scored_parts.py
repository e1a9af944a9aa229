"""A folder of scores that somebody touched: the file and its problem are named, and nothing is said from what is left."""

import sys
from shutil import copytree
from subprocess import PIPE, Popen

import numpy as np
import pandas as pd
import pytest

from features.errors import BadInput
from pipelines import hand_over, scoring
from pipelines.home import Home
from tests.pipelines.whole.conftest import AS_OF

DAMAGES = {
    "no rows": ("assessments", lambda part: part.iloc[:0], "it holds no rows"),
    "days as text": ("assessments", lambda part: part.assign(as_of="2026-05-01"), "the column as_of holds .*, not times"),
    "no day": ("drivers", lambda part: part.assign(as_of=pd.NaT), "rows have no as_of"),
    "a column gone": ("assessments", lambda part: part.drop(columns="risk_band"), "it lacks the columns risk_band"),
    "more than certain": ("assessments", lambda part: part.assign(p_churn_90d=2.0), "p_churn_90d holds .* outside 0 to 1"),
    "less than never": (
        "assessments",
        lambda part: part.assign(save_probability=-0.1),
        "save_probability holds .* outside 0 to 1",
    ),
    "infinite revenue": ("assessments", lambda part: part.assign(arr=np.inf), "the column arr holds .* infinite numbers"),
    "numbers as text": ("assessments", lambda part: part.assign(arr="much"), "the column arr holds .*, not numbers"),
    "a band nobody knows": ("assessments", lambda part: part.assign(risk_band="severe"), "risk_band holds severe, known are"),
    "a play nobody knows": ("plans", lambda part: part.assign(playbook="prayer"), "playbook holds prayer, known are"),
    "steps cut short": ("plans", lambda part: part.assign(steps="[{"), "the column steps holds .* no JSON"),
    "evidence cut short": ("drivers", lambda part: part.assign(evidence="[{"), "the column evidence holds .* no JSON"),
    "a raw row cut short": ("evidence", lambda part: part.assign(row="{"), "the column row holds .* no JSON"),
    "drivers of another run": ("drivers", lambda part: part.assign(push=part["push"] + 0.1), "it is not of the run"),
    "drivers of nobody": ("drivers", lambda part: part.iloc[:0], "it is not of the run"),
    "another play": ("plans", lambda part: part.assign(playbook=part["playbook"].iloc[::-1].to_numpy()), "it is not of the run"),
}


@pytest.fixture
def folder(scored, tmp_path):
    return copytree(scored.folder, tmp_path / "scores")


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_part_is_named_with_its_problem(folder, params, damage):
    name, change, told = DAMAGES[damage]
    path = folder / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    with pytest.raises(BadInput, match=rf"{name}\.parquet: .*{told}.* Score again with"):
        scoring.read(folder, params)


@pytest.mark.parametrize("name", scoring.PARTS)
def test_a_part_that_is_no_parquet_is_named(folder, params, name):
    (folder / f"{name}.parquet").write_bytes(b"junk")
    with pytest.raises(BadInput, match=rf"{name}\.parquet cannot be read as Parquet"):
        scoring.read(folder, params)


WRITER = """
import sys
from pathlib import Path
from pipelines import scoring
from pipelines.params import load
batch = scoring.read(Path(sys.argv[1]), load(None))
for _ in range(15):
    scoring.write(batch, Path(sys.argv[2]))
"""


def test_two_runs_that_write_the_same_folder_at_a_time_both_end_well_and_leave_it_whole(folder, params, tmp_path):
    out = tmp_path / "shared"
    runs = [Popen([sys.executable, "-c", WRITER, str(folder), str(out)], stderr=PIPE, text=True) for _ in range(2)]
    assert [(run.communicate(timeout=120)[1], run.returncode) for run in runs] == [("", 0)] * 2
    assert len(scoring.read(out, params).assessments) == len(pd.read_parquet(folder / "assessments.parquet"))
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{name}.parquet" for name in scoring.PARTS)


def test_drivers_of_another_day_are_refused(folder, params):
    path = folder / "drivers.parquet"
    part = pd.read_parquet(path)
    part.assign(as_of=part["as_of"] + pd.Timedelta(days=1)).to_parquet(path)
    with pytest.raises(BadInput, match=r"drivers: .* rows are not of 2026-05-01"):
        scoring.read(folder, params)


def test_no_page_is_told_from_parts_that_do_not_belong_together(folder, scored, params, tmp_path):
    account = scored.part("assessments").query("status == 'scored'")["account_id"].iloc[0]
    pd.read_parquet(folder / "drivers.parquet").iloc[:0].to_parquet(folder / "drivers.parquet")
    with pytest.raises(BadInput, match="drivers\\.parquet: it is not of the run that wrote"):
        hand_over.explain(account, AS_OF, "en", folder, Home(tmp_path / "home"), params)
