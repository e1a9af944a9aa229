"""The words of the page: complete, in both languages, and all of them used."""

import re
from pathlib import Path

import pytest

from features.tables import TABLES
from serving.web.words import Words, keys

WEB = Path("serving/web")
MORE = (
    Path("serving/page_text.py"),
    Path("serving/queue_text.py"),
    Path("serving/learned_text.py"),
    Path("serving/after_text.py"),
    Path("serving/backtest_report.py"),
    Path("serving/late_text.py"),
    Path("serving/save_plan_text.py"),
    *Path("serving/reports").glob("*.html"),
)
SOURCES = {path: path.read_text(encoding="utf-8") for path in (*WEB.rglob("*.py"), *WEB.rglob("*.html"), *MORE)}
BY_VALUE = ("tables.", "columns.", "values.", "bands.", "status.", "tier.", "comparisons.", "drivers.raises", "drivers.lowers")
BY_VALUE += ("drivers.neutral", "missing.no_data", "missing.not_applicable", "api_answers.")
BY_VALUE += ("after_due.", "after_table.", "learned_quarter.", "learned_by.", "right_closer.")
BY_VALUE += (
    "report.by_",
    "voice_said.",
    "voice_errors.",
    "queue_part.",
    "queue_wait.",
    "no_discount.",
    "refusal.",
    "offer_kind.",
)
BY_VALUE += tuple(
    f"card.{kind}_" for kind in ("metric", "ranking", "check", "trait", "level", "print", "limit", "table", "group", "second")
)
PICTURES = ("reliability", "gains", "alerted", "swarm", "families")
BY_VALUE += tuple(f"card.{picture}_{kind}" for picture in PICTURES for kind in ("title", "read"))


def said() -> set[str]:
    """Every key that the pages say, as far as it is written out."""
    groups = "|".join(sorted({key.partition(".")[0] for key in keys()}))
    found = (re.findall(rf'["\']((?:{groups})\.[a-z_]+)["\']', source) for source in SOURCES.values())
    return {key for each in found for key in each if not key.endswith((".html", ".css"))}


def test_every_key_that_is_said_exists():
    assert said() <= keys()


def test_every_text_is_said_somewhere():
    unused = {key for key in keys() - said() if not key.startswith(BY_VALUE) and key.removesuffix("_one") not in said()}
    assert unused == set()


def test_every_table_column_and_value_of_the_contract_has_its_words():
    known = keys()
    for table in TABLES.values():
        assert f"tables.{table.name}" in known
        for column in table.columns:
            assert column.name == "account_id" or f"columns.{column.name}" in known, column.name
            assert {f"values.{value}" for value in column.allowed} <= known, column.name


def test_both_languages_have_the_same_places_to_fill():
    def places(key: str, language: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", Words(language)._text(key)))

    assert [key for key in sorted(keys()) if places(key, "en") != places(key, "es")] == []


def test_an_unknown_key_is_an_error_and_one_reads_as_one():
    with pytest.raises(KeyError, match=r"list\.nothing"):
        Words("en").say("list.nothing")
    assert Words("es").count("drivers.evidence", 1) == "Indicios: 1 registro"
    assert Words("en").count("drivers.evidence", 2) == "Evidence: 2 rows"
