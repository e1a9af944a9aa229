"""Rows that satisfy the declared tables: for trying a source, for fixtures and for property tests."""

from datetime import date

import numpy as np
import pandas as pd

from features.contracts import Column, Table
from features.tables import TABLES

SPAN_DAYS = 720
HIGHEST_SCORE = {"nps": 10, "csat": 5, "ces": 7}
SAME_FOR_ALL = {"currency": "USD", "parent_account_id": None}


def synthetic(accounts: int, rows_an_account: int, *, until: date, seed: int) -> dict[str, pd.DataFrame]:
    """Every declared table with made-up rows of so many accounts, all known before `until`; the same seed, the same rows.

    References and allowed values hold, keys are unique, terms end after they start, amounts are in one currency. Nothing in it
    means anything: for a company that behaves like one see `features.world`.
    """
    draws = np.random.default_rng(seed)
    ids = [f"A{number:04d}" for number in range(accounts)]
    return {
        name: _table(table, ids, 1 if name == "accounts" else rows_an_account, until, draws) for name, table in TABLES.items()
    }


def _table(table: Table, ids: list[str], rows_an_account: int, until: date, draws: np.random.Generator) -> pd.DataFrame:
    owners = np.repeat(ids, rows_an_account)
    days = draws.integers(1, SPAN_DAYS, size=len(owners))
    started = pd.Series(pd.Timestamp(until) - pd.to_timedelta(days, unit="D"))
    frame = pd.DataFrame({column.name: _values(column, owners, started, draws) for column in table.columns})
    if table.name == "subscriptions":
        frame["renews_at"] = frame["started_at"] + pd.Timedelta(days=365)
    if table.name == "surveys":
        frame["score"] = np.minimum(frame["score"].clip(lower=1), frame["kind"].map(HIGHEST_SCORE))
    planned = frame[table.time] if table.name not in ("subscriptions", "onboarding", "meetings") else started
    return frame.assign(known_at=planned.where(planned < pd.Timestamp(until), started)).drop_duplicates([*table.key])


def _values(column: Column, owners: np.ndarray, started: pd.Series, draws: np.random.Generator) -> pd.Series:
    size = len(owners)
    if column.name == "account_id":
        return pd.Series(owners)
    if column.kind == "time":
        return started
    if column.allowed:
        return pd.Series(draws.choice(column.allowed, size=size))
    if column.kind == "bool":
        return pd.Series(draws.integers(0, 2, size=size).astype(bool))
    if column.kind == "number":
        low = 0 if column.minimum is None else column.minimum
        return pd.Series(draws.integers(int(low), int(column.maximum or 100), size=size, endpoint=True).astype(float))
    if column.name in SAME_FOR_ALL:
        return pd.Series([SAME_FOR_ALL[column.name]] * size, dtype=object)
    return pd.Series([f"{column.name}-{number}" for number in range(size)])
