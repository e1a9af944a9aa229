"""The generated pages are those of today's declarations."""

import importlib.util
import re
from pathlib import Path

import pytest

from features.cleaning.writing import REJECT_LINE, REJECT_REASON
from features.text.analyzer import SIGNALS
from features.world.generate import generate
from models.assessment import STATUSES
from models.backtest import MONTH_COLUMNS, QUEUE_COLUMNS
from models.evaluation import SHOWN
from pipelines import scoring
from pipelines.one_table.result import COLUMNS as TABLE_COLUMNS
from pipelines.one_table.result import PUSHES
from pipelines.params import load
from serving.sinks.csv import COLUMNS as DELIVERED
from serving.store.batch import COLUMNS as PARTS

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
make_docs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_docs)


@pytest.mark.parametrize(("path", "page"), make_docs.pages().items(), ids=lambda v: v.name if isinstance(v, Path) else "")
def test_a_generated_page_is_up_to_date(path, page):
    assert path.read_text(encoding="utf-8") == page, f"{path.name} lags behind its declarations; run `make docs`"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


OUTPUTS = {
    **{f"`{name}.parquet`": columns for name, columns in PARTS.items()},
    "`assessments.parquet`": scoring.COLUMNS,
    "Statuses": STATUSES,
    "`months.parquet`": MONTH_COLUMNS,
    "`queue.parquet`": QUEUE_COLUMNS,
    "`predictions.parquet`": TABLE_COLUMNS,
    "`pushes.parquet`": PUSHES,
    "CSV of `tenure text`": ("lang", "sentiment", *SIGNALS, "spans"),
    "`HOME/rejects/<table>.parquet`": (REJECT_REASON, REJECT_LINE),
    "Delivered rows": DELIVERED,
}


def explained(output):
    """The columns that the section of `docs/outputs.md` with this heading explains."""
    page = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    section = re.search(rf"^##+ {re.escape(output)}.*?(?=^##)", page, re.MULTILINE | re.DOTALL)[0]
    firsts = " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("|"))
    return set(re.findall(r"`([^`]+)`", firsts))


@pytest.mark.parametrize(("output", "columns"), OUTPUTS.items(), ids=[name.strip("`") for name in OUTPUTS])
def test_every_column_that_is_written_is_explained(output, columns):
    assert set(columns) - explained(output) == set()


def test_every_column_of_the_planted_truth_is_explained():
    made = generate(40, 6, 1, load(None).world, ["Rivalio"])
    for name, frame in made.truth.items():
        assert set(frame.columns) - explained(f"`truth/{name}.parquet`") == set()


def test_every_number_that_training_prints_is_in_the_glossary():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    printed = [*SHOWN.values(), "calibration slope", "calibration error"]
    assert [name for name in printed if f"| {name} |" not in glossary] == []
