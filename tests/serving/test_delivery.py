"""Delivery: nothing is lost, nothing is sent twice, and a killed run is made good by the next."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from serving.delivery import DeliveryReport, deliver
from serving.ledger import Ledger
from serving.recommendation import Recommendation
from serving.sink import Receipt, SinkUnavailableError
from serving.store import Store
from serving.store.schema import LEDGER


def clock() -> datetime:
    return datetime(2026, 3, 2, 6, tzinfo=UTC)


def row(number: int, **changes) -> Recommendation:
    plain = Recommendation(
        account_id=f"A-{number:03d}",
        crm_id=None,
        as_of=date(2026, 3, 2),
        p_churn_90d=0.5,
        risk_band="critical",
        driver_1="support",
        driver_2=None,
        playbook="product_issue",
        why_en="Tickets repeat.",
        why_es="Las incidencias se repiten.",
        respond_by=datetime(2026, 3, 3, tzinfo=UTC),
        first_step_en="Call.",
        first_step_es="Llame.",
        first_step_owner="csm",
        first_step_due=date(2026, 3, 2),
        model_version="3",
        link="http://127.0.0.1:8000/accounts/A",
    )
    return replace(plain, **changes)


ROWS = [row(number) for number in range(10)]


class Memory:
    """A sink in memory, that answers and fails as it is told to."""

    name = "memory"
    target = "here"

    def __init__(self, answers=None, *, gone_at: int | None = None, batch_rows: int = 4, error=SinkUnavailableError) -> None:
        self.held: dict[str, Recommendation] = {}
        self.answers = answers or {}
        self.gone_at = gone_at
        self.batch_rows = batch_rows
        self.error = error
        self.calls = 0

    def send(self, rows):
        self.calls += 1
        if self.calls - 1 == self.gone_at:
            self.held |= {each.account_id: each for each in rows[:1]}  # it died in the middle of the batch
            raise self.error("gone; try later")
        receipts = []
        for each in rows:
            outcome = self.answers.get(each.account_id, "ok")
            if outcome != "failed":
                self.held[each.account_id] = each
            receipts.append(Receipt(each.account_id, outcome, "INVALID_FIELD" if outcome == "failed" else None))
        return receipts

    def lost(self, rows):
        return {each.account_id for each in rows if each.account_id not in self.held}


@pytest.fixture
def ledger():
    store = Store("sqlite://")
    yield Ledger(store.engine)
    store.close()


def run(sink, ledger, rows=ROWS, *, dry_run=False) -> DeliveryReport:
    return deliver(rows, sink, ledger, clock, dry_run=dry_run)


def counts(report: DeliveryReport) -> tuple[int, ...]:
    return (report.planned, report.ok, report.failed, report.unknown, report.not_tried, report.unchanged)


def lines(ledger: Ledger) -> list:
    with ledger.engine.begin() as connection:
        return connection.execute(select(LEDGER).order_by(LEDGER.c.account_id, LEDGER.c.sequence)).mappings().all()


def test_the_second_run_sends_nothing(ledger):
    sink = Memory()
    assert counts(run(sink, ledger)) == (10, 10, 0, 0, 0, 0)
    assert sink.calls == 3
    assert counts(run(sink, ledger)) == (0, 0, 0, 0, 0, 10)
    assert sink.calls == 3


def test_only_what_changed_is_sent(ledger):
    sink = Memory()
    run(sink, ledger)
    report = run(sink, ledger, [row(3, p_churn_90d=0.6), *(each for each in ROWS if each.account_id != "A-003")])
    assert counts(report) == (1, 1, 0, 0, 0, 9)
    assert sink.held["A-003"].p_churn_90d == 0.6


def test_a_value_that_goes_back_is_sent_again(ledger):
    sink = Memory()
    for probability in (0.5, 0.6, 0.5):
        assert run(sink, ledger, [row(1, p_churn_90d=probability)]).ok == 1
    assert sink.held["A-001"].p_churn_90d == 0.5


def test_a_refused_row_is_reported_by_code_and_tried_again(ledger):
    sink = Memory({"A-002": "failed"})
    report = run(sink, ledger)
    assert counts(report) == (10, 9, 1, 0, 0, 0)
    assert report.codes == (("INVALID_FIELD", 1),)
    assert not report.complete
    sink.answers = {}
    assert counts(run(sink, ledger)) == (1, 1, 0, 0, 0, 9)
    assert [line["attempt"] for line in lines(ledger) if line["account_id"] == "A-002"] == [1, 2]


def test_a_target_that_goes_away_leaves_its_batch_unknown_and_the_rest_untried(ledger):
    report = run(Memory(gone_at=1), ledger)
    assert counts(report) == (10, 4, 0, 4, 2, 0)
    assert report.stopped == "gone; try later"
    assert [line["outcome"] for line in lines(ledger)] == ["ok"] * 4 + ["unknown"] * 4 + ["not_tried"] * 2


def test_an_error_nobody_foresaw_passes_through_and_is_made_good_by_the_next_run(ledger):
    sink = Memory(gone_at=1, error=ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        run(sink, ledger)
    assert [line["outcome"] for line in lines(ledger)] == ["ok"] * 4 + ["unknown"] * 4
    assert counts(run(sink, ledger)) == (6, 6, 0, 0, 0, 4)
    assert sink.held == {each.account_id: each for each in ROWS}


def test_a_dry_run_plans_and_writes_nothing(ledger):
    sink = Memory()
    assert counts(run(sink, ledger, dry_run=True)) == (10, 0, 0, 0, 10, 0)
    assert sink.calls == 0
    assert lines(ledger) == []


def test_rows_the_target_lost_are_sent_again(ledger):
    sink = Memory()
    run(sink, ledger)
    del sink.held["A-004"]
    assert counts(run(sink, ledger)) == (1, 1, 0, 0, 0, 9)


def test_a_target_that_is_gone_from_the_start_is_not_tried(ledger):
    sink = Memory()
    run(sink, ledger)

    def gone(_):
        raise SinkUnavailableError("no answer")

    sink.lost = gone
    assert counts(run(sink, ledger)) == (10, 0, 0, 0, 10, 0)
    assert sink.calls == 3


def test_two_targets_of_one_kind_do_not_share_a_line(ledger):
    run(Memory(), ledger)
    elsewhere = Memory()
    elsewhere.target = "there"
    assert run(elsewhere, ledger).ok == 10


def test_a_sink_that_miscounts_is_caught(ledger):
    sink = Memory()
    sink.send = lambda rows: [Receipt(rows[0].account_id, "ok")]
    with pytest.raises(RuntimeError, match="sent 4 rows and answered 1 receipts"):
        run(sink, ledger)


def test_an_account_twice_in_one_delivery_is_refused(ledger):
    with pytest.raises(ValueError, match="repeat an account"):
        run(Memory(), ledger, [row(1), row(1)])


def test_counts_that_lose_a_row_cannot_be_reported():
    with pytest.raises(ValueError, match="lost rows"):
        DeliveryReport(sink="memory", target="here", planned=3, ok=1, failed=0, unknown=0, not_tried=1, unchanged=0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(st.sampled_from([each.account_id for each in ROWS]), st.sampled_from(["failed", "unknown"])),
    gone_at=st.none() | st.integers(0, 4),
    batch_rows=st.integers(1, 11),
)
def test_whatever_happens_every_row_is_counted_and_the_next_run_completes_it(answers, gone_at, batch_rows):
    store = Store("sqlite://")
    ledger, sink = Ledger(store.engine), Memory(answers, gone_at=gone_at, batch_rows=batch_rows)
    first = run(sink, ledger)
    assert first.planned == first.ok + first.failed + first.unknown + first.not_tried == 10
    sink.answers, sink.gone_at = {}, None
    second = run(sink, ledger)
    assert second.complete
    assert second.planned == first.planned - first.ok
    assert sink.held == {each.account_id: each for each in ROWS}
    assert run(sink, ledger).planned == 0
    store.close()
