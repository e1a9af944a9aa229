"""Recommendations to a sink through the ledger: what changed is sent, what was acknowledged is not sent again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from serving.ledger import Ledger
from serving.recommendation import Recommendation
from serving.sink import Receipt, Sink, SinkUnavailableError

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class DeliveryReport:
    """Counts of rows. `planned` = `ok` + `failed` + `unknown` + `not_tried`; `unchanged` rows were not planned.

    `sink` and `target` name where the rows go, without secrets; `codes` counts the failures by code; `stopped` says why the
    run ended early, None if it did not.
    """

    sink: str
    target: str
    planned: int
    ok: int
    failed: int
    unknown: int
    not_tried: int
    unchanged: int
    codes: tuple[tuple[str, int], ...] = ()
    stopped: str | None = None

    def __post_init__(self) -> None:
        """Refuse counts that lose a row."""
        if self.planned != self.ok + self.failed + self.unknown + self.not_tried:
            raise ValueError(f"delivery lost rows: {self}")

    @property
    def complete(self) -> bool:
        """Whether every planned row was acknowledged."""
        return self.planned == self.ok


def changed(rows: Sequence[Recommendation], sink: Sink, ledger: Ledger) -> list[Recommendation]:
    """The rows of `rows` that `sink` has not acknowledged as they are now, or has lost since, by account."""
    last = ledger.last(ledger_name(sink))
    settled = [row for row in rows if row.account_id in last and last[row.account_id].acknowledges(row)]
    lost = sink.lost(settled) if settled else set()
    kept = {row.account_id for row in settled} - lost
    return sorted((row for row in rows if row.account_id not in kept), key=lambda row: row.account_id)


def deliver(rows: Sequence[Recommendation], sink: Sink, ledger: Ledger, clock: Clock, *, dry_run: bool) -> DeliveryReport:
    """Send the changed rows in batches and report every one of them; a dry run sends and writes nothing.

    Stopped by a target that is gone (`SinkUnavailableError`): the batch under way is unknown, the rest is not tried; gone from
    the start, nothing is known to be unchanged and nothing is tried.
    Any other error passes through; its batch stands as unknown in the ledger and is sent again by the next run.
    """
    _refuse_repeats(rows)
    try:
        planned = changed(rows, sink, ledger)
    except SinkUnavailableError as error:
        return _report(sink, rows, [], unchanged=0, untried=len(rows), stopped=str(error))
    unchanged = len(rows) - len(planned)
    if dry_run:
        return _report(sink, planned, [], unchanged=unchanged, untried=len(planned), stopped=None)
    receipts: list[Receipt] = []
    name = ledger_name(sink)
    for start in range(0, len(planned), sink.batch_rows):
        batch = planned[start : start + sink.batch_rows]
        entries = ledger.open(name, batch, outcome="unknown", at=clock())
        try:
            answered = _checked(batch, sink.send(batch))
        except SinkUnavailableError as error:
            rest = planned[start + len(batch) :]
            ledger.open(name, rest, outcome="not_tried", at=clock())
            return _report(sink, planned, receipts, unchanged=unchanged, untried=len(rest), stopped=str(error))
        ledger.close(name, entries, answered, at=clock())
        receipts += answered
    return _report(sink, planned, receipts, unchanged=unchanged, untried=0, stopped=None)


def ledger_name(sink: Sink) -> str:
    """The sink's name in the ledger: two targets of one kind are two sinks."""
    return f"{sink.name}:{sink.target}"


def _report(
    sink: Sink,
    planned: Sequence[Recommendation],
    receipts: Sequence[Receipt],
    *,
    unchanged: int,
    untried: int,
    stopped: str | None,
) -> DeliveryReport:
    counts = Counter(receipt.outcome for receipt in receipts)
    codes = Counter(receipt.code or "no code" for receipt in receipts if receipt.outcome == "failed")
    return DeliveryReport(
        sink=sink.name,
        target=sink.target,
        planned=len(planned),
        ok=counts["ok"],
        failed=counts["failed"],
        unknown=len(planned) - untried - counts["ok"] - counts["failed"],
        not_tried=untried,
        unchanged=unchanged,
        codes=tuple(sorted(codes.items())),
        stopped=stopped,
    )


def _checked(batch: Sequence[Recommendation], receipts: list[Receipt]) -> list[Receipt]:
    """The receipts, if there is one a row: a sink that miscounts is a defect of the sink."""
    if sorted(receipt.account_id for receipt in receipts) != [row.account_id for row in batch]:
        raise RuntimeError(f"the sink was sent {len(batch)} rows and answered {len(receipts)} receipts that do not match")
    return receipts


def _refuse_repeats(rows: Sequence[Recommendation]) -> None:
    repeated = len(rows) - len({row.account_id for row in rows})
    if repeated:
        raise ValueError(f"{repeated} of {len(rows)} recommendations repeat an account; send one row an account")
