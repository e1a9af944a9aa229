"""What renews when, on the newest scored day."""

from datetime import date

from sqlalchemy import Connection, select

from serving.learning.portfolio import Due
from serving.store.reading import JOINED, latest_as_of
from serving.store.schema import ACCOUNTS, ASSESSMENTS


def due(connection: Connection) -> tuple[date | None, tuple[Due, ...]]:
    """The newest day, and of each account scored or listed on it: the day its terms end, ARR, ARR at risk."""
    newest = latest_as_of(connection)
    if newest is None:
        return None, ()
    columns = (ACCOUNTS.c.renews_at, ASSESSMENTS.c.arr, ASSESSMENTS.c.arr_at_risk)
    rows = connection.execute(select(*columns).select_from(JOINED).where(ASSESSMENTS.c.as_of == newest))
    return newest, tuple((None if day is None else day.date(), arr, risk) for day, arr, risk in rows)
