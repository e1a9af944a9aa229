"""Made-up rows of every table, before and after as_of, and what of them could be known at as_of."""

import random
from dataclasses import dataclass

import pandas as pd
from hypothesis import strategies as st

from features.contracts import Column
from features.history import DECLARED
from tests.spec.cases import NOW

WORDS = ("reports", "alerts", "data_export", "sync")
FAR = (pd.Timestamp("1931-01-01"), pd.Timestamp("2190-01-01"))
HUGE = (0.0, 0.001, 1e14, 1e300)


@dataclass(frozen=True)
class Drawn:
    """One row to be made: `age` in days before as_of, `delay` in days from then until we learned it."""

    table: str
    age: int
    delay: int
    seed: int


drawn_rows = st.lists(
    st.builds(Drawn, st.sampled_from(sorted(DECLARED)), st.integers(-20, 400), st.integers(-30, 90), st.integers(0, 2**20)),
    min_size=20,
    max_size=60,
)


def made(drawn: Drawn, account: str) -> dict[str, object]:
    """The row, with names from a small pool, so that one thing has several versions."""
    draws = random.Random(drawn.seed)
    declared = DECLARED[drawn.table]
    row = {column.name: _value(column, account, draws) for column in declared.columns}
    time = NOW - pd.Timedelta(days=drawn.age) + pd.Timedelta(hours=draws.choice((0, 7, 23)))
    row |= {declared.time: time, "known_at": time + pd.Timedelta(days=drawn.delay), "row_id": f"{account}-{drawn.seed}"}
    if drawn.table == "surveys" and row["score"] is not None:
        row["score"] = draws.choice((1, 2, 5))  # on every scale; a bad score would reject its row as soon as it came
    if drawn.table == "subscriptions":
        row["renews_at"] = time + pd.Timedelta(days=draws.choice((30, 365)))
    late = [column.name for column in declared.columns if column.late]
    if draws.random() < 0.2:
        row |= {f"{name}_known_at": _moment(draws) for name in late}
    free = [
        c.name
        for c in declared.columns
        if not (c.late or c.required or c.name in declared.key or drawn.table in ("usage", "texts"))
    ]
    if free and draws.random() < 0.2:
        row[f"{draws.choice(free)}_known_at"] = _moment(draws)
    return row


def absurd(drawn: Drawn, account: str) -> dict[str, object]:
    """A row learned at or after as_of, whatever it claims: a time far off, a huge number, a new version of something old."""
    draws = random.Random(drawn.seed)
    row = made(drawn, account)
    declared = DECLARED[drawn.table]
    numbers = [c.name for c in declared.columns if c.kind == "number" and c.maximum is None]
    row |= {name: draws.choice(HUGE) for name in numbers}
    if draws.random() < 0.3 and drawn.table != "subscriptions":
        row[declared.time] = draws.choice(FAR)
    if drawn.table == "usage":
        row["feature"] = draws.choice((*WORDS, "not_yet_built"))
    return row | {"known_at": NOW + pd.Timedelta(days=draws.choice((0, 0, 1, 500)))}


def known(row: dict[str, object], table: str) -> dict[str, object] | None:
    """What a person could have written down of the row before as_of; None when nothing."""
    if row["known_at"] >= NOW:
        return None
    columns = [c for c in DECLARED[table].columns if c.late or row.get(f"{c.name}_known_at") is not None]
    hidden = [column.name for column in columns if not _told(row, table, column) < NOW]
    seen = row | {f"{name}_known_at": None for name in hidden} | dict.fromkeys(hidden)
    ahead = {"decided_at": NOW + pd.Timedelta(days=3), "outcome": "renewed"}  # of a renewal neither may be empty
    return seen | {name: value for name, value in ahead.items() if table == "renewals" and name in hidden}


def _told(row, table, column):
    given = row.get(f"{column.name}_known_at")
    if given is not None and row[column.name] is not None:
        return given
    followed = DECLARED[table].column(column.follows or column.name)
    if column.follows is not None and followed.late:
        return _told(row, table, followed)
    return pd.NaT if row[followed.name] is None else max(row[followed.name], row["known_at"])


def _value(column: Column, account: str, draws: random.Random) -> object:
    if column.name == "account_id":
        return account
    if not column.required and draws.random() < 0.2:
        return None
    if column.allowed:
        return draws.choice(column.allowed)
    if column.kind == "time":
        return _moment(draws)
    if column.kind == "bool":
        return draws.random() < 0.5
    if column.kind == "number":
        low, high = column.minimum or 0, min(column.maximum or 5, 5)
        return low + (high - low) * draws.randint(0, 8) / 8
    if column.name.endswith("_id") and column.name != "user_id":
        return f"{account}-{column.name}-{draws.randint(0, 3)}"
    return draws.choice(WORDS)


def _moment(draws: random.Random) -> pd.Timestamp:
    return NOW - pd.Timedelta(days=draws.randint(-30, 400)) + pd.Timedelta(hours=draws.choice((0, 9)))
