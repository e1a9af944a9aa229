import shutil
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness

from features.errors import BadInput
from pipelines import flows
from pipelines.flows import stage
from pipelines.home import Home
from pipelines.params import load
from pipelines.stages import StageFailedError
from serving.store import Store

DAY = date(2026, 7, 1)


@pytest.fixture(scope="module", autouse=True)
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


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.delenv("TENURE_DATABASE_URL", raising=False)
        yield tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def retrained(tables, settings, home):
    return flows.retrain(str(tables), DAY, home=home, settings=settings, return_state=True)


def scored_in(parts, tables, settings, home, folder):
    own = folder / f"{parts}.yaml"
    own.write_text(settings.read_text().replace("flows: {", f"flows: {{partitions: {parts}, "), encoding="utf-8")
    state = flows.score(str(tables), folder / str(parts), DAY, home=home, settings=own, return_state=True)
    assert state.is_completed()
    return {path.name: pd.read_parquet(path) for path in sorted((folder / str(parts)).glob("*.parquet"))}


@pytest.fixture(scope="module")
def in_four(retrained, tables, settings, home, tmp_path_factory):
    return scored_in(4, tables, settings, home, tmp_path_factory.mktemp("four"))


def artifacts():
    """The newest artifact of each key."""
    with get_client(sync_client=True) as client:
        return {each.key: each for each in sorted(client.read_artifacts(), key=lambda each: each.created)}


def test_retrain_ends_with_a_champion_and_says_so(retrained):
    assert retrained.is_completed()
    assert "version 1 is the champion" in retrained.message


def test_a_person_reads_tables_and_the_verdict_in_prefect(retrained, in_four):
    shown = artifacts()
    assert {"tables", "model-comparison", "gate", "arr-at-risk"} <= set(shown)
    assert "The gate is passed" in shown["gate"].data
    assert "accounts at 2026-07-01 by model version 1" in shown["arr-at-risk"].description


def test_the_accounts_are_scored_as_mapped_tasks(in_four):
    with get_client(sync_client=True) as client:
        names = [run.name.rsplit("-", 1)[0] for run in client.read_task_runs(limit=200)]
    assert names.count("assess_part") == 4


def test_one_part_or_four_give_the_same_scores(in_four, tables, settings, home, tmp_path):
    in_one = scored_in(1, tables, settings, home, tmp_path)
    assert set(in_one) == set(in_four)
    for name, table in in_one.items():
        pd.testing.assert_frame_equal(table, in_four[name], rtol=1e-12)


def test_missed_days_are_scored_in_order_and_the_folder_holds_the_last(in_four, tables, settings, home, tmp_path):
    own = shutil.copytree(home, tmp_path / "home")
    day = DAY + timedelta(days=3)
    state = flows.score(str(tables), tmp_path / "out", day, home=own, settings=settings, return_state=True)
    assert state.is_completed()
    store = Store(Home(own).store_url)
    last = pd.read_parquet(tmp_path / "out" / "assessments.parquet")
    account = last.loc[last["status"] == "scored", "account_id"].iloc[0]
    assert [point.as_of for point in store.history(account)] == [DAY + timedelta(days=n) for n in range(4)]
    store.close()
    assert set(last["as_of"].dt.date) == {day}


def test_deliver_writes_once_and_shows_the_counts(in_four, tables, settings, home, tmp_path):
    scored_in(2, tables, settings, home, tmp_path)
    for expected in (len(in_four["assessments.parquet"]), 0):
        state = flows.deliver(tmp_path / "2", "csv", home=home, settings=settings, out=tmp_path / "out", return_state=True)
        assert state.is_completed()
        assert f'"planned", "count": {expected}' in artifacts()["delivery"].data.replace("'", '"')


def test_without_a_day_the_one_of_the_schedule_holds():
    @flow
    def asked():
        return flows._scheduled_day()

    assert abs(asked() - datetime.now(UTC).date()).days <= 1


def test_a_refused_candidate_ends_the_flow_as_refused(tables, settings, tmp_path):
    strict = tmp_path / "strict.yaml"
    strict.write_text(settings.read_text().replace("gate: {", "gate: {min_churned: 100000, "), encoding="utf-8")
    state = flows.retrain(str(tables), DAY, home=tmp_path, settings=strict, return_state=True)
    assert state.name == "Refused"
    assert "100000 are needed" in state.message


def test_nothing_to_score_with_fails_at_once_with_the_way_out(tables, settings, tmp_path):
    state = flows.score(str(tables), tmp_path / "s", DAY, home=tmp_path, settings=settings, return_state=True)
    assert state.is_failed()
    assert "There is no champion" in state.message
