"""What people say of accounts, in the store: added, never changed or taken away."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from serving.feedback import Feedback, Said
from serving.store.records import Account, in_utc
from serving.store.schema import FEEDBACK


def add(connection: Connection, account: Account, said: Said, at: datetime) -> Feedback:
    """Keep `said` of the account as it was scored on its day; the whole as it is kept."""
    kept = Feedback(
        **said.model_dump(),
        account_id=account.account_id,
        said_at=in_utc(at),
        as_of=account.as_of,
        model_probability=account.probability,
        model_band=account.risk_band,
        model_drivers=account.named,
        model_version=account.model_version,
    )
    row = {**kept.model_dump(), "model_drivers": json.dumps(kept.model_drivers)}
    connection.execute(insert(FEEDBACK), {**row, "said_at": kept.said_at.astimezone(UTC).replace(tzinfo=None)})
    return kept


def said(connection: Connection, account_id: str | None) -> tuple[Feedback, ...]:
    """What was said of the account, or of all of them, newest first."""
    asked = select(FEEDBACK).order_by(FEEDBACK.c.said_at.desc(), FEEDBACK.c.id.desc())
    if account_id is not None:
        asked = asked.where(FEEDBACK.c.account_id == account_id)
    rows = connection.execute(asked).mappings()
    return tuple(
        Feedback(**{**row, "said_at": in_utc(row["said_at"]), "model_drivers": tuple(json.loads(row["model_drivers"]))})
        for row in rows
    )
