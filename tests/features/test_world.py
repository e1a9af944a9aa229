"""The synthetic company as a thing to order: how large, how long, and the same one again."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from features.tables import TABLES
from features.world.generate import World, generate, write
from features.world.params import WorldParams

RIVALS = ("Rivalio", "Contendo", "Optalink")
ROOT = Path(__file__).parents[2]


def params() -> WorldParams:
    return WorldParams.model_validate(yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["world"])


@pytest.fixture(scope="module")
def world() -> World:
    return generate(120, 14, 3, params(), RIVALS)


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def test_the_same_seed_writes_the_same_bytes_in_another_process(world, tmp_path):
    write(world, tmp_path / "here")
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'tests/features');"
        "import test_world as t; t.write(t.generate(120, 14, 3, t.params(), t.RIVALS), Path(sys.argv[1]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "17", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "there")], check=True, cwd=ROOT, env=environment)
    assert digest(tmp_path / "here") == digest(tmp_path / "there")


def test_another_seed_is_another_world(world):
    other = generate(120, 14, 4, params(), RIVALS)
    assert not other.tables["accounts"].equals(world.tables["accounts"])


def test_the_world_has_as_many_accounts_as_asked_for_and_every_table(world):
    assert len(world.tables["accounts"]) == 120
    assert list(world.tables) == list(TABLES)
    assert all(len(frame) for frame in world.tables.values())


def test_the_log_covers_the_months_asked_for(world):
    days = world.tables["usage"]["occurred_at"]
    assert days.min() >= pd.Timestamp("2025-05-01")
    assert days.min() < pd.Timestamp("2025-05-04")
    assert days.max() < pd.Timestamp("2026-07-01")
    assert world.truth["account_months"]["as_of"].nunique() == 14


def test_accounts_keep_coming_in(world):
    created = world.tables["accounts"]["created_at"]
    assert (created < "2025-05-01").mean() > 0.7
    assert (created >= "2025-12-01").sum() > 2


def test_about_half_the_company_speaks_spanish(world):
    accounts = world.tables["accounts"]
    assert 0.35 < (accounts["language"] == "es").mean() < 0.65
    assert set(accounts.loc[accounts["language"] == "es", "country"]) <= set(params().countries_es)


def test_texts_have_no_slot_left_open(world):
    for name in ("messages", "tickets", "meetings", "notices", "surveys", "exit_interviews", "company_events"):
        columns = [column.name for column in TABLES[name].columns if column.free_text]
        for column in columns:
            words = world.tables[name][column].dropna()
            assert not words.str.contains(r"[{}]").any(), (name, column)


def test_texts_are_in_the_account_s_language(world):
    messages = world.tables["messages"].merge(world.tables["accounts"][["account_id", "language"]], on="account_id")
    spanish = messages["text"].str.contains(r"[áéíóúñ¿¡]|\b(?:que|los|para|de)\b")
    assert spanish[messages["language"] == "es"].mean() > 0.9
    assert spanish[messages["language"] == "en"].mean() < 0.1


def test_every_theme_has_eight_templates_in_both_languages():
    for language in ("en", "es"):
        texts = yaml.safe_load((ROOT / "features/world/texts" / f"{language}.yaml").read_text(encoding="utf-8"))
        for kind in ("mail", "note"):
            short = {theme for theme, lines in texts[kind].items() if len(lines) < 8}
            assert short <= {"negated"}, (language, kind)


def test_rivals_are_those_handed_in(world):
    assert set(world.tables["exit_interviews"]["competitor"].dropna()) <= set(RIVALS)


@pytest.mark.parametrize(("accounts", "months"), [(0, 12), (10, 0)])
def test_an_empty_world_is_refused(accounts, months):
    with pytest.raises(ValueError, match="give at least 1"):
        generate(accounts, months, 1, params(), RIVALS)


def test_a_world_without_rivals_is_refused():
    with pytest.raises(ValueError, match="give at least one name"):
        generate(10, 12, 1, params(), ())


def test_one_account_for_one_month_is_a_world():
    tiny = generate(1, 1, 0, params(), RIVALS)
    assert len(tiny.tables["accounts"]) == 1


def test_shares_that_do_not_add_up_are_refused():
    raw = params().model_dump()
    raw["segments"]["small"]["share"] = 0.9
    with pytest.raises(ValueError, match="add up to 1"):
        WorldParams.model_validate(raw)
