"""What a database's error means, asked of real databases: wait, mend something, or own up to a statement of ours."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from features.errors import BadInput
from serving.store import Store
from serving.store.failures import StoreAwayError, failure, reason

NEW_DAY = "INSERT INTO tenure_batches VALUES ('2026-01-01', 90, 1)"


def told(url: str, *statements: str) -> Exception:
    """What the store raises when it is asked the statements, the last of which fails."""
    *before, last = map(text, statements)
    store = Store(url)
    with store.engine.begin() as connection:
        for statement in before:
            connection.execute(statement)
        with pytest.raises((BadInput, DBAPIError)) as caught:
            connection.execute(last)
        connection.rollback()
    store.close()
    return caught.value


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path}/store.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.mark.parametrize("statement", ["SELECT absent FROM tenure_batches", "SELECT * FROM nowhere"])
def test_tables_of_another_shape_are_bad_input_and_no_waiting_helps(url, statement):
    error = told(url, statement)
    assert type(error) is BadInput
    assert "absent" in str(error) or "nowhere" in str(error)
    assert "are not those of this tenure" in str(error)


@pytest.mark.parametrize("statements", [("SELEC 1",), (NEW_DAY, NEW_DAY)], ids=["misspelt", "twice"])
def test_what_is_wrong_with_a_statement_of_ours_passes_as_it_is(url, statements):
    error = told(url, *statements)
    assert isinstance(error, DBAPIError)
    assert failure(error) is None


def test_the_server_says_which_database_it_does_not_have(postgres_url):
    with pytest.raises(BadInput, match=r'database "nowhere" does not exist\. Check its address') as caught:
        Store(postgres_url.replace("/postgres?", "/nowhere?"))
    assert type(caught.value) is BadInput


def test_what_a_server_says_of_a_row_is_not_repeated(postgres_url):
    assert reason(told(postgres_url, "SELECT CAST('the customer wrote' AS integer)")) == "ProgrammingError 22P02"


def test_a_file_that_another_run_locks_is_a_matter_of_waiting(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/store.db")
    with sqlite3.connect(tmp_path / "store.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        with store.engine.connect() as mine:
            mine.execute(text("PRAGMA busy_timeout = 1"))
            with pytest.raises(StoreAwayError, match=r"database is locked\. Another run works in it"):
                mine.execute(text(NEW_DAY))
    store.close()


def test_a_place_nobody_may_write_to_is_not_called_damaged(tmp_path):
    with pytest.raises(BadInput, match=r"unable to open database file\. Give a place you may write to") as caught:
        Store(f"sqlite:///{tmp_path}/nowhere/store.db")
    assert "restore" not in str(caught.value)


def test_an_error_of_the_system_without_a_number_keeps_its_words():
    assert reason(TimeoutError("timed out")) == "timed out"
