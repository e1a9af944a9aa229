"""History replayed: which model scored which month, and what was written."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from features.errors import BadInput
from features.said import alike
from models.backtest import QUEUE_COLUMNS, months_of
from models.errors import UnableToTrain
from models.gate import GateResult, Reason
from pipelines import backtesting, steps
from pipelines.company import Company
from tests.pipelines.whole.conftest import changed, quiet

START, UNTIL = date(2026, 1, 1), date(2026, 5, 1)
DAYS = [pd.Timestamp(f"2026-0{month}-01", tz="UTC") for month in (1, 2, 3, 4)]


class Trained:
    """What a training is to the replay: the model of a cut and the gate's verdict on it."""

    def __init__(self, model, *, passes):
        self.model = model
        self.passes = passes

    def judged(self, _params):
        reasons = (
            Reason("a", 1.0, "", True, alike("this was in order")),
            Reason("b", 0.0, "", self.passes, alike("this <fell> short")),
        )
        return GateResult(passed=self.passes, reasons=reasons)


@pytest.fixture(scope="module")
def measured(learned):
    """The signals on every day of the replay and of its trainings."""
    days = {*learned.company.grid(UNTIL), *(day.date() for day in DAYS)}
    return learned.company.matrix(sorted(days), quiet)


@pytest.fixture(scope="module")
def replay(prepared, learned, params, measured, tmp_path_factory):
    """`replay([True, False])` -> (result, folder, trainings): what the gate says at each cut; None cannot be trained."""

    def run(verdicts):
        asked = []

        def train(matrix, follow_up, _catalogue, *, until, champion, **_):
            asked.append({"matrix": matrix, "follow_up": follow_up, "until": until, "champion": champion})
            verdict = verdicts[len(asked) - 1]
            if verdict is None:
                raise UnableToTrain("only 2 churned accounts")
            known = learned.training.model
            fingerprint = known.fingerprint | {"until": until.isoformat()}
            return Trained(known.calibrated(known.calibration, known.push_scale, fingerprint), passes=verdict)

        folder = tmp_path_factory.mktemp("backtest")
        settings = changed(params, backtest={"retrain_every_months": 2})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backtesting, "train", train)
            patch.setattr(Company, "matrix", lambda *_: measured)
            result = steps.backtest(prepared, START, UNTIL, folder, settings, quiet)
        return result, folder, asked

    return run


@pytest.fixture(scope="module")
def passed(replay):
    """A replay whose first model passes its gate and whose second does not."""
    return replay([True, False])


@pytest.fixture(scope="module")
def refused(replay):
    """A replay in which no model ever serves."""
    return replay([None, False])


class TestChampions:
    def test_a_model_is_trained_at_the_first_month_and_every_so_many_after(self, passed):
        assert [asked["until"] for asked in passed[2]] == [date(2026, 1, 1), date(2026, 3, 1)]

    def test_a_model_learns_from_snapshots_before_its_cut_and_outcomes_known_by_then(self, passed):
        for asked in passed[2]:
            cut = pd.Timestamp(asked["until"])
            assert len(asked["matrix"]) == len(asked["follow_up"]) > 0
            assert asked["matrix"]["as_of"].max() < cut
            assert (asked["follow_up"]["followed_until"] <= cut).all()
            assert (asked["follow_up"]["outcome_known_at"].dropna() < cut).all()
        assert passed[2][1]["follow_up"]["churned_at"].notna().any()

    def test_a_challenger_is_measured_against_the_champion_that_serves(self, passed):
        first, second = (asked["champion"] for asked in passed[2])
        assert first is None
        assert second.fingerprint["until"] == "2026-01-01"

    def test_a_refused_model_leaves_the_champion_in_its_place_and_its_reason_behind(self, passed):
        result, _, _ = passed
        assert set(result.queue["model_until"]) == {"2026-01-01"}
        assert result.refusals == {"2026-03-01": "this <fell> short"}

    def test_a_passed_model_takes_over_from_its_cut_on(self, replay):
        queue = replay([True, True])[0].queue
        by_month = queue.groupby("as_of")["model_until"].agg(set)
        assert by_month.tolist() == [{"2026-01-01"}, {"2026-01-01"}, {"2026-03-01"}, {"2026-03-01"}]


class TestFiles:
    def test_every_month_is_written_with_all_who_were_alive(self, passed, learned):
        _, folder, _ = passed
        queue = pd.read_parquet(folder / "queue.parquet")
        assert list(queue.columns) == list(QUEUE_COLUMNS)
        assert sorted(queue["as_of"].unique()) == DAYS
        assert not queue.duplicated(["as_of", "account_id"]).any()
        assert "x-left" not in set(queue["account_id"])
        assert {"x-decided", "x-no-usage"} < set(queue["account_id"])

    def test_months_are_counted_from_the_queue(self, passed, params):
        result, folder, _ = passed
        months = pd.read_parquet(folder / "months.parquet")
        assert months["as_of"].tolist() == DAYS
        again = months_of(result.queue, params.decision.capacity_share)
        pd.testing.assert_frame_equal(months.drop(columns="as_of"), again.drop(columns="as_of"), check_dtype=False)
        assert result.totals["months"] == 4

    def test_an_outcome_later_than_until_is_not_seen(self, passed):
        result, _, _ = passed
        assert (result.queue["churned_at"].dropna() < pd.Timestamp(UNTIL)).all()
        last = result.queue.loc[result.queue["as_of"] == pd.Timestamp("2026-04-01")]
        assert last["churned_at"].notna().any()
        assert not last["matured"].any()  # its ninety days are not over: an early churn is no outcome yet

    def test_the_report_tells_it_and_escapes_what_it_was_told(self, passed):
        page = (passed[1] / "report.html").read_text(encoding="utf-8")
        assert "What the queue would have caught, 1 Jan 2026 to 1 May 2026" in page
        assert "Lo que habría captado la cola, del 1 ene 2026" in (passed[1] / "report.es.html").read_text(encoding="utf-8")
        assert "this &lt;fell&gt; short" in page

    def test_a_replay_without_any_champion_is_told_and_has_files_all_the_same(self, refused):
        result, folder, _ = refused
        assert result.refusals == {"2026-01-01": "only 2 churned accounts", "2026-03-01": "this <fell> short"}
        assert list(pd.read_parquet(folder / "queue.parquet").columns) == list(QUEUE_COLUMNS)
        assert "flagged_arr" in pd.read_parquet(folder / "months.parquet")
        assert "No model would have been champion" in (folder / "report.html").read_text(encoding="utf-8")
        assert result.totals["flagged_arr"] != result.totals["flagged_arr"]


class TestWhatCannotBeReplayed:
    def test_a_span_without_the_first_of_a_month(self, prepared, params, tmp_path):
        with pytest.raises(BadInput, match=r"no month begins between --from 2026-01-02 and --until 2026-01-31"):
            steps.backtest(prepared, date(2026, 1, 2), date(2026, 1, 31), tmp_path, params, quiet)

    def test_until_itself_is_not_replayed(self, prepared, params, tmp_path):
        with pytest.raises(BadInput, match="no month begins"):
            steps.backtest(prepared, date(2026, 1, 2), date(2026, 2, 1), tmp_path, params, quiet)

    def test_a_span_before_the_data_names_the_first_day(self, prepared, params, tmp_path):
        with pytest.raises(BadInput, match=r"the data begins on 2025-0.-"):
            steps.backtest(prepared, date(2025, 1, 1), date(2025, 3, 1), tmp_path, params, quiet)


def test_a_month_before_anything_could_be_learned_is_a_refusal_not_an_end(prepared, params, measured, monkeypatch, tmp_path):
    later = measured.frame.loc[measured.frame["as_of"] >= pd.Timestamp(START)].reset_index(drop=True)
    monkeypatch.setattr(Company, "matrix", lambda *_: replace(measured, frame=later))
    result = steps.backtest(prepared, START, date(2026, 2, 1), tmp_path, params, quiet)
    assert list(result.refusals) == ["2026-01-01"]
    assert result.queue.empty
