"""The ledger of deliveries: one line an attempt, opened before anything is sent, so that a killed run leaves a trace."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Engine, and_, bindparam, func, insert, select, update

from serving.recommendation import Recommendation
from serving.sink import Receipt
from serving.store.schema import LEDGER

Result = Literal["ok", "failed", "unknown", "not_tried"]


@dataclass(frozen=True)
class Entry:
    """The last line of the ledger about one account at one sink. `attempt` counts those of the same key and payload."""

    account_id: str
    key: str
    payload_hash: str
    attempt: int
    sequence: int
    outcome: Result

    def acknowledges(self, row: Recommendation) -> bool:
        """Whether the target confirmed exactly this row."""
        return self.outcome == "ok" and self.key == row.key and self.payload_hash == row.payload_hash


class Ledger:
    """What was sent where, and what came of it, in the same database as the store."""

    def __init__(self, engine: Engine) -> None:
        """Write to `engine`, whose tables exist (`Store(url).engine`)."""
        self.engine = engine

    def last(self, sink: str, accounts: Sequence[str] | None = None) -> dict[str, Entry]:
        """The newest line of every account (or of `accounts`) at `sink`; empty before the first delivery."""
        asked = LEDGER.c.sink == sink
        if accounts is not None:
            asked &= LEDGER.c.account_id.in_(accounts)
        newest = (
            select(LEDGER.c.account_id, func.max(LEDGER.c.sequence).label("sequence"))
            .where(asked)
            .group_by(LEDGER.c.account_id)
            .subquery()
        )
        columns = [LEDGER.c[name] for name in Entry.__dataclass_fields__]
        chosen = select(*columns).join(
            newest,
            and_(
                LEDGER.c.sink == sink,
                LEDGER.c.account_id == newest.c.account_id,
                LEDGER.c.sequence == newest.c.sequence,
            ),
        )
        with self.engine.begin() as connection:
            return {row.account_id: Entry(**row._mapping) for row in connection.execute(chosen)}  # noqa: SLF001

    def open(self, sink: str, rows: Sequence[Recommendation], *, outcome: Result, at: datetime) -> list[Entry]:
        """One line a row, in that order, before it is sent (`unknown`) or because it will not be (`not_tried`)."""
        before = self.last(sink, [row.account_id for row in rows])
        entries = [_next(row, before.get(row.account_id), outcome) for row in rows]
        lines = [{"sink": sink, **asdict(entry), "at": _naive(at)} for entry in entries]
        if lines:
            with self.engine.begin() as connection:
                connection.execute(insert(LEDGER), lines)
        return entries

    def close(self, sink: str, entries: Sequence[Entry], receipts: Sequence[Receipt], *, at: datetime) -> None:
        """Write what became of the rows onto the lines opened for them; lines without a receipt stay `unknown`."""
        said = {receipt.account_id: receipt for receipt in receipts}
        answers = [
            {
                "line": entry.sequence,
                "account": entry.account_id,
                "outcome": said[entry.account_id].outcome,
                "code": said[entry.account_id].code,
                "message": said[entry.account_id].message,
            }
            for entry in entries
            if entry.account_id in said
        ]
        if not answers:
            return
        line = (LEDGER.c.sink == sink) & (LEDGER.c.account_id == bindparam("account")) & (LEDGER.c.sequence == bindparam("line"))
        values: dict[str, Any] = {name: bindparam(name) for name in ("outcome", "code", "message")}
        with self.engine.begin() as connection:
            connection.execute(update(LEDGER).where(line).values(**values, at=_naive(at)), answers)


def _next(row: Recommendation, before: Entry | None, outcome: Result) -> Entry:
    """The line that follows `before`; the attempt counts on while key and payload stay the same."""
    again = before is not None and before.key == row.key and before.payload_hash == row.payload_hash
    return Entry(
        account_id=row.account_id,
        sequence=1 if before is None else before.sequence + 1,
        key=row.key,
        payload_hash=row.payload_hash,
        attempt=before.attempt + 1 if again and before is not None else 1,
        outcome=outcome,
    )


def _naive(moment: datetime) -> datetime:
    """UTC without its zone, as the store keeps times; `ValueError` for a time that has no zone."""
    if moment.tzinfo is None:
        raise ValueError("the clock gave a time without a zone; hand in one that answers in UTC")
    return moment.astimezone(UTC).replace(tzinfo=None)
