import pytest
import sqlalchemy
import sqlalchemy.exc

from features.errors import BadInput
from pipelines.stages import StageFailedError, may_pass, tellable
from serving.sink import SinkUnavailableError
from serving.store import Store


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_what_is_outside_and_does_not_answer_may_pass():
    assert may_pass(ConnectionResetError())
    assert may_pass(TimeoutError())
    assert may_pass(SinkUnavailableError("the CRM is down"))
    assert may_pass(sqlalchemy.exc.OperationalError("select 1", {}, Exception("database is locked")))


def test_a_store_that_does_not_answer_may_pass_and_one_that_is_none_does_not(tmp_path):
    with pytest.raises(BadInput) as away:
        Store("postgresql+pg8000://me@127.0.0.1:1/db")
    (tmp_path / "words.txt").write_text("no database " * 200, encoding="utf-8")
    with pytest.raises(BadInput) as wrong:
        Store(f"sqlite:///{tmp_path}/words.txt")
    assert (may_pass(away.value), may_pass(wrong.value)) == (True, False)


def test_a_misspelt_statement_of_ours_does_not_pass_by_waiting():
    with sqlalchemy.create_engine("sqlite://").connect() as connection, pytest.raises(sqlalchemy.exc.OperationalError) as caught:
        connection.execute(sqlalchemy.text("SELEC 1"))
    assert not may_pass(caught.value)
    assert isinstance(tellable(caught.value), StageFailedError)


def test_bad_input_does_not_pass_by_waiting():
    assert not may_pass(BadInput("no such folder"))
    assert not may_pass(KeyError("x"))
    assert not may_pass(None)


def test_bad_input_whose_cause_is_outside_may_pass():
    assert may_pass(raised(BadInput("the server does not answer"), ConnectionRefusedError()))


def test_our_own_words_are_told_as_they_are():
    error = raised(BadInput("column arr is text"))
    assert tellable(error) is error


def test_a_defect_is_named_without_its_words():
    told = tellable(raised(RuntimeError("the customer wrote: we leave")))
    assert isinstance(told, StageFailedError)
    assert "RuntimeError in test_stages.py:" in str(told)
    assert "we leave" not in str(told)
