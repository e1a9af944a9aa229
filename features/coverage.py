"""Which source covers which account since when: what tells "nothing happened" from "we do not know"."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from features.history import DECLARED, History


class Coverage:
    """The first covered day of every row of a snapshot frame (account_id, as_of, began), table by table."""

    def __init__(self, history: History, state: pd.DataFrame, as_ofs: Sequence[date]) -> None:
        self._history = history
        self._state = state
        self._as_ofs = as_ofs
        self._from: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        return len(self._state)

    def covered_from(self, table: str) -> pd.Series:
        """First day from which the table's source covers the account; missing where it does not.

        It is the later of the account's beginning and the first day of the source, as known at as_of; a source that knows of
        days to come only covers nobody yet. Where each account is expected to have rows, one without any is not covered; a
        table of first days does not apply to older accounts.
        """
        if table not in self._from:
            self._from[table] = self._find(table)
        return self._from[table]

    def days(self, table: str) -> np.ndarray:
        """Whole days covered before as_of; -1 where the source does not cover the account."""
        since = (self._state["as_of"] - self.covered_from(table)).dt.days
        return since.fillna(-1).to_numpy()

    def told(self, table: str, columns: tuple[str, ...]) -> np.ndarray:
        """Whether, for each row, some row of the company known before as_of had each of the columns."""
        told = np.ones(len(self._state), dtype=bool)
        for column in columns:
            told &= (self._state["as_of"] > self._history.first_told(table, column)).to_numpy()
        return told

    def table(self) -> pd.DataFrame:
        """account_id, as_of, table, covered_from, reason (`no_data`, `not_applicable`, none when covered), all tables."""
        return pd.concat([self._one(name) for name in sorted(DECLARED)], ignore_index=True)

    def _find(self, table: str) -> pd.Series:
        state = self._state
        if state.empty or not self._history.has(table):
            return pd.Series(pd.NaT, index=state.index, dtype="datetime64[us]")
        first = state["as_of"].map(self._history.first_days(table, self._as_ofs)).astype("datetime64[us]")
        start = first.where(first >= state["began"], state["began"]).where(first.notna())
        if DECLARED[table].every_account:
            own = self._history.first_days_by_account(table, self._as_ofs)
            seen = state[["account_id", "as_of"]].merge(own, on=["account_id", "as_of"], how="left")["first"]
            start = start.where(seen.notna())
        ahead = start > state["as_of"]
        return start.mask(ahead | self._not_applicable(table)).astype("datetime64[us]")

    def _not_applicable(self, table: str) -> pd.Series:
        limit = DECLARED[table].applies_days
        if limit is None:
            return pd.Series(data=False, index=self._state.index)
        return (self._state["as_of"] - self._state["began"]).dt.days > limit

    def _one(self, table: str) -> pd.DataFrame:
        since = self.covered_from(table)
        none = pd.Series(None, index=since.index, dtype=object)
        reason = none.mask(since.isna(), "no_data").mask(since.isna() & self._not_applicable(table), "not_applicable")
        return self._state[["account_id", "as_of"]].assign(table=table, covered_from=since, reason=reason)
