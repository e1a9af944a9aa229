"""The generated pages are those of today's declarations."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
make_docs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_docs)


@pytest.mark.parametrize(("path", "page"), make_docs.pages().items(), ids=lambda v: v.name if isinstance(v, Path) else "")
def test_a_generated_page_is_up_to_date(path, page):
    assert path.read_text(encoding="utf-8") == page, f"{path.name} lags behind its declarations; run `make docs`"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80
