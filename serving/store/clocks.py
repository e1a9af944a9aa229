"""The response clock's days, from the store."""

from datetime import date

from sqlalchemy import Connection, Select, select

from serving.response import Breach, Flag, breaches
from serving.store.reading import JOINED, latest_as_of
from serving.store.schema import ACCOUNTS, ASSESSMENTS, REACHED


def late(connection: Connection) -> tuple[date | None, tuple[Breach, ...]]:
    """The newest day (None before any), and whom nobody reached in time; held-out accounts have no clock."""
    as_of = latest_as_of(connection)
    if as_of is None:
        return None, ()
    columns = [ASSESSMENTS.c[name] for name in ("account_id", "as_of", "risk_band", "playbook", "respond_by", "arm")]
    flagged = select(ASSESSMENTS.c.account_id).where(
        ASSESSMENTS.c.as_of == as_of, ASSESSMENTS.c.playbook.is_not(None), ASSESSMENTS.c.arm != "holdout"
    )
    asked = select(*columns).where(ASSESSMENTS.c.account_id.in_(flagged)).order_by(ASSESSMENTS.c.account_id, ASSESSMENTS.c.as_of)
    days: dict[str, list[Flag]] = {}
    for account, day, band, playbook, respond_by, arm in connection.execute(asked):
        days.setdefault(account, []).append(Flag(day, band, None if arm == "holdout" else playbook, respond_by))
    names = connection.execute(
        select(ASSESSMENTS.c.account_id, ACCOUNTS.c.name, ACCOUNTS.c.csm).select_from(JOINED).where(ASSESSMENTS.c.as_of == as_of)
    )
    who = {account: (name or account, csm) for account, name, csm in names}
    last = [(row.account_id, row.reached_on) for row in connection.execute(_reached(as_of))]
    return as_of, breaches(days, dict(last), who, as_of)


def _reached(as_of: date) -> Select[tuple[str, date]]:
    return select(REACHED.c.account_id, REACHED.c.reached_on).where(REACHED.c.as_of == as_of)
