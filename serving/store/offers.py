"""Concessions that were offered, in the store: added, never changed or taken away."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from serving.offer import Offer, Recorded
from serving.store.records import Account, in_utc
from serving.store.schema import CONCESSIONS

KNOWN = ("arr", "probability", "risk_band")


def add(connection: Connection, account: Account, offer: Offer, at: datetime) -> Recorded:
    """Keep the offer with what was known of the account as it was scored; the whole as it is kept."""
    kept = Recorded(
        **offer.model_dump(),
        account_id=account.account_id,
        made_at=in_utc(at),
        as_of=account.as_of,
        drivers=account.named,
        **{name: getattr(account, name) for name in KNOWN},
    )
    row = {name: getattr(kept, name) for name in ("account_id", "as_of", *KNOWN)}
    row |= {"made_at": kept.made_at.astimezone(UTC).replace(tzinfo=None), "drivers": json.dumps(kept.drivers)}
    connection.execute(insert(CONCESSIONS), {**row, "offer": offer.model_dump_json()})
    return kept


def made(connection: Connection, account_id: str | None) -> tuple[Recorded, ...]:
    """What was offered to the account, or to all of them, newest first."""
    asked = select(CONCESSIONS).order_by(CONCESSIONS.c.made_at.desc(), CONCESSIONS.c.id.desc())
    if account_id is not None:
        asked = asked.where(CONCESSIONS.c.account_id == account_id)
    return tuple(
        Recorded(
            **json.loads(row["offer"]),
            **{name: row[name] for name in ("account_id", "as_of", *KNOWN)},
            made_at=in_utc(row["made_at"]),
            drivers=tuple(json.loads(row["drivers"])),
        )
        for row in connection.execute(asked).mappings()
    )
