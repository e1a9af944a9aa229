"""The log of assignments, in the store: of no batch, so that a day scored again changes no arm."""

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import Connection, delete, select

from serving.learning.arms import Episode
from serving.store.bulk import insert_frame
from serving.store.schema import ASSIGNMENTS

AT_ONCE = 500  # accounts a statement: databases limit how many values one may hold


def keep(connection: Connection, as_of: date, rows: pd.DataFrame) -> None:
    """Keep the rows of a day; they replace the same accounts' rows of that day, others stay."""
    accounts = rows["account_id"].tolist()
    for at in range(0, len(accounts), AT_ONCE):
        some = ASSIGNMENTS.c.account_id.in_(accounts[at : at + AT_ONCE])
        connection.execute(delete(ASSIGNMENTS).where(ASSIGNMENTS.c.as_of == as_of, some))
    insert_frame(connection, ASSIGNMENTS, rows)


def episodes(connection: Connection, as_of: date, window_days: int) -> list[Episode]:
    """Every episode that began less than a window before or after the day."""
    window = timedelta(days=window_days)
    asked = select(ASSIGNMENTS).where(
        ASSIGNMENTS.c.began == ASSIGNMENTS.c.as_of,
        ASSIGNMENTS.c.began > as_of - window,
        ASSIGNMENTS.c.began < as_of + window,
    )
    return [
        Episode(
            account_id=row["account_id"],
            began=row["began"],
            playbook=row["first_playbook"],
            stratum=row["stratum"],
            propensity=row["propensity"],
            arm=row["arm"],
        )
        for row in connection.execute(asked).mappings()
    ]


def log(connection: Connection, until: date) -> pd.DataFrame:
    """Every logged row of the days before `until`, as it was written, by day and account."""
    asked = select(ASSIGNMENTS).where(ASSIGNMENTS.c.as_of < until).order_by(ASSIGNMENTS.c.as_of, ASSIGNMENTS.c.account_id)
    return pd.DataFrame(connection.execute(asked).mappings().all(), columns=[column.name for column in ASSIGNMENTS.columns])
