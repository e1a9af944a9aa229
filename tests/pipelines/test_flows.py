import pytest
from prefect import flow
from prefect.testing.utilities import prefect_test_harness

from features.errors import BadInput
from pipelines.flows import stage
from pipelines.params import load
from pipelines.stages import StageFailedError


@pytest.fixture(scope="session", autouse=True)
def _prefect():
    with prefect_test_harness(server_startup_timeout=300):
        yield


@pytest.fixture
def quick():
    return load(None).flows.model_copy(update={"retry_delay_seconds": 0, "retries": 2})


class Tables:
    """A source whose connection breaks the first `failures` times."""

    def __init__(self, failures, error):
        self.failures = failures
        self.error = error
        self.asked = 0

    def read(self):
        self.asked += 1
        if self.asked <= self.failures:
            raise self.error
        return "rows"


def run(tables, params):
    @flow
    def reading():
        return stage(tables.read, params)()

    return reading()


def test_a_stage_is_tried_again_when_something_outside_does_not_answer(quick):
    tables = Tables(1, ConnectionResetError("gone"))
    assert run(tables, quick) == "rows"
    assert tables.asked == 2


def test_a_stage_gives_up_after_its_retries(quick):
    tables = Tables(9, TimeoutError("slow"))
    with pytest.raises(TimeoutError):
        run(tables, quick)
    assert tables.asked == 3


def test_bad_input_is_told_at_once(quick):
    tables = Tables(1, BadInput("no such folder"))
    with pytest.raises(BadInput, match="no such folder"):
        run(tables, quick)
    assert tables.asked == 1


def test_a_defect_reaches_prefect_without_a_customers_words(quick, caplog):
    tables = Tables(1, RuntimeError("the customer wrote: we leave"))
    with pytest.raises(StageFailedError, match="RuntimeError"):
        run(tables, quick)
    assert tables.asked == 1
    assert "we leave" not in caplog.text
