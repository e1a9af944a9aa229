"""Results are kept once, shared by runs, and never trusted blindly."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from features.text.remembered import Remembered
from tests.features.text_models import rules, text

CANCEL, CALM = "We want to cancel our contract.", "See you on Tuesday."
RULES = rules()


class Counting:
    name = "counting"

    def __init__(self, version="1"):
        self.version = version
        self.read = []

    def analyze(self, texts):
        self.read += [each.text for each in texts]
        return RULES.analyze(texts)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "texts.sqlite"


def rows(file):
    with sqlite3.connect(file) as opened:
        return opened.execute("SELECT count(*) FROM results").fetchone()[0]


def test_a_second_run_reads_only_what_is_new(file):
    first, second = Counting(), Counting()
    before = Remembered(first, file).analyze([text(CANCEL, name="1"), text(CALM, name="2"), text(CANCEL, name="3")])
    after = Remembered(second, file).analyze([text(CALM, name="9"), text(CANCEL, name="8"), text("New words.", name="7")])
    assert first.read == [CANCEL, CALM]
    assert second.read == ["New words."]
    assert [found.text_id for found in after] == ["9", "8", "7"]
    assert after[1].hits == before[0].hits != ()
    assert after[1].sentiment == before[0].sentiment


@pytest.mark.parametrize("other", [{"side": "us"}, {"lang": "es"}], ids=["side", "language"])
def test_the_same_words_from_elsewhere_are_read_again(file, other):
    counting = Counting()
    Remembered(counting, file).analyze([text(CANCEL), text(CANCEL, **other)])
    assert counting.read == [CANCEL, CANCEL]


def test_another_version_reads_again(file):
    Remembered(Counting("1"), file).analyze([text(CANCEL)])
    counting = Counting("2")
    Remembered(counting, file).analyze([text(CANCEL)])
    assert counting.read == [CANCEL]


def test_the_file_never_holds_a_text_twice_nor_its_words(file):
    for _ in range(3):
        Remembered(Counting(), file).analyze([text(CANCEL), text(CANCEL), text(CALM)])
    assert rows(file) == 2
    assert b"cancel our contract" not in file.read_bytes()


def test_runs_at_once_share_one_file(file):
    asked = [text(f"We want to cancel contract {number}.", name=str(number)) for number in range(60)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: Remembered(Counting(), file).analyze(asked), range(8)))
    assert all(repr(each) == repr(found[0]) for each in found)
    assert rows(file) == 60


@pytest.mark.parametrize(
    "damage", [b"no database at all, but long enough to be taken for one" * 40, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_damaged_file_is_thrown_away_and_made_anew(file, damage, capsys):
    Remembered(Counting(), file).analyze([text(CANCEL)])
    file.write_bytes(damage)
    counting = Counting()
    (found,) = Remembered(counting, file).analyze([text(CANCEL)])
    assert found.hits
    assert counting.read == [CANCEL]
    assert "is damaged" in capsys.readouterr().err
    assert rows(file) == 1


@pytest.mark.parametrize("row", ["{", "[1, 2]", '["en", 0, 1, [["budget"]]]'])
def test_a_row_that_holds_no_result_is_damage(file, row, capsys):
    Remembered(Counting(), file).analyze([text(CANCEL)])
    with sqlite3.connect(file) as opened:
        opened.execute("UPDATE results SET result = ?", (row,))
    (found,) = Remembered(Counting(), file).analyze([text(CANCEL)])
    assert found.hits
    assert "is damaged" in capsys.readouterr().err


def test_a_place_that_cannot_hold_a_file_is_done_without(tmp_path, capsys):
    (found,) = Remembered(Counting(), tmp_path / "nowhere" / "texts.sqlite").analyze([text(CANCEL)])
    assert found.hits
    assert "cannot be used now" in capsys.readouterr().err
