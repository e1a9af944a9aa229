"""A file that nobody touched is not read again; any other is, however alike it looks."""

import os
import time

import pytest

from pipelines import known_contents
from pipelines.gained import Content
from pipelines.known_contents import KnownContents


@pytest.fixture
def reads(monkeypatch):
    """The files whose content was read, in order."""
    found, of = [], Content.of
    monkeypatch.setattr(Content, "of", lambda path: found.append(path.name) or of(path))
    return found


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A file that last changed longer ago than two changes can share a time."""
    monkeypatch.setattr(known_contents, "SETTLED_NS", 20_000_000)
    path = tmp_path / "usage.csv"
    path.write_text("a,b\n1,2\n")
    time.sleep(0.05)
    return path


def asked(table):
    """The content as a run of its own finds it."""
    known = KnownContents(table.parent / "contents.json")
    found = known.of(table)
    known.write()
    return found


def test_a_file_nobody_touched_is_read_once(table, reads):
    assert asked(table) == asked(table)
    assert reads == ["usage.csv"]


def test_a_file_of_the_same_size_and_time_with_other_content_is_read(table, reads):
    before, when = asked(table), table.stat()
    table.write_text("a,b\n1,3\n")
    os.utime(table, ns=(when.st_atime_ns, when.st_mtime_ns))
    after = asked(table)
    assert (after.size, reads) == (before.size, ["usage.csv", "usage.csv"])
    assert after.digest != before.digest


def test_another_file_moved_into_its_place_is_read(table, reads):
    before, other = asked(table), table.with_name("other")
    other.write_text("a,b\n3,4\n")
    other.replace(table)
    assert asked(table).digest != before.digest


def test_a_file_that_changed_just_now_is_read_again_the_next_time(table, reads, monkeypatch):
    monkeypatch.setattr(known_contents, "SETTLED_NS", 60_000_000_000)
    asked(table)
    asked(table)
    assert reads == ["usage.csv", "usage.csv"]


def test_a_file_that_is_gone_is_forgotten(table):
    asked(table)
    table.unlink()
    known = KnownContents(table.parent / "contents.json")
    known.write()
    assert (table.parent / "contents.json").read_text() == "{}"


@pytest.mark.parametrize("kept", ["", "[]", '{"x": 1}', '{"x": [[1], {"size": 1}]}'])
def test_what_is_damaged_is_as_nothing(table, reads, kept):
    expected = asked(table)
    (table.parent / "contents.json").write_text(kept)
    assert asked(table) == expected
    assert reads == ["usage.csv", "usage.csv"]
