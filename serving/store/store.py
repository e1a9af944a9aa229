"""The store: what was scored, for whoever reads it. SQLite by default, Postgres by address."""

from datetime import date, datetime

import pandas as pd
from sqlalchemy import Engine

from serving.feedback import Feedback, Said
from serving.learning.arms import Episode, lasting
from serving.learning.portfolio import Due
from serving.offer import Offer, Recorded
from serving.response import Breach
from serving.store import assignments, clocks, offers, publishing, reading, renewals, voices
from serving.store.batch import Batch
from serving.store.engine import open_engine
from serving.store.filters import Filters
from serving.store.records import Account, Driver, EvidenceRow, HistoryPoint, Listed, Plan, Queue


class Store:
    """Scored days by `as_of`. Every question is answered from one state of the database, never from half a batch."""

    def __init__(self, url: str) -> None:
        """Open the database at `url` and make the tables it lacks. `sqlite://` alone lives in memory."""
        self.engine: Engine = open_engine(url)

    def publish(self, batch: Batch) -> None:
        """Replace what is held of `batch.as_of` in one transaction; other days stay."""
        publishing.publish(self.engine, batch)

    def latest_as_of(self) -> date | None:
        """The newest published day; None while nothing was published."""
        with self.engine.begin() as connection:
            return reading.latest_as_of(connection)

    def queue(self, filters: Filters, *, page: int, page_rows: int) -> Queue | None:
        """One page of the newest day's accounts, most revenue at risk first; None while nothing was published."""
        with self.engine.begin() as connection:
            return reading.queue(connection, filters, page=page, page_rows=page_rows)

    def account(self, account_id: str, as_of: date | None) -> Account | None:
        """The account at `as_of` (None: the newest day that holds it); None when there is no such account."""
        with self.engine.begin() as connection:
            return reading.account(connection, account_id, as_of)

    def history(self, account_id: str) -> tuple[HistoryPoint, ...]:
        """What every published day said of the account, oldest first; empty for an unknown account."""
        with self.engine.begin() as connection:
            return reading.history(connection, account_id)

    def drivers(self, account_id: str, as_of: date) -> tuple[Driver, ...]:
        """The families' pushes on the account's risk, the strongest first; empty where none are held."""
        with self.engine.begin() as connection:
            return reading.drivers(connection, account_id, as_of)

    def evidence(self, account_id: str, as_of: date) -> tuple[EvidenceRow, ...]:
        """The raw rows behind the drivers, newest first; empty where none are held."""
        with self.engine.begin() as connection:
            return reading.evidence(connection, account_id, as_of)

    def due(self) -> tuple[date | None, tuple[Due, ...]]:
        """The newest day (None while nothing was published), and of each account on it when it renews, ARR and ARR at risk."""
        with self.engine.begin() as connection:
            return renewals.due(connection)

    def episodes(self, as_of: date, window_days: int) -> dict[str, Episode]:
        """The assignment of each account that lasts on the day, by account."""
        with self.engine.begin() as connection:
            return lasting(assignments.episodes(connection, as_of, window_days), as_of, window_days)

    def assignments(self, until: date) -> pd.DataFrame:
        """The log of assignments of the days before `until`; empty where nothing was ever logged."""
        with self.engine.begin() as connection:
            return assignments.log(connection, until)

    def work(self) -> tuple[date, tuple[tuple[Listed, Plan], ...]] | None:
        """The newest day and every account to be worked on, with its plan; None while nothing was published."""
        with self.engine.begin() as connection:
            return reading.work(connection)

    def add_feedback(self, account: Account, said: Said, at: datetime) -> Feedback:
        """Keep what a person says of `account` at `at`, with what the model held; nothing else changes."""
        with self.engine.begin() as connection:
            return voices.add(connection, account, said, at)

    def feedback(self, account_id: str | None = None) -> tuple[Feedback, ...]:
        """What was said of the account (None: of every account), newest first; empty where nobody said anything."""
        with self.engine.begin() as connection:
            return voices.said(connection, account_id)

    def late(self) -> tuple[date | None, tuple[Breach, ...]]:
        """The newest day (None before any) and every account that nobody reached in time since it was flagged."""
        with self.engine.begin() as connection:
            return clocks.late(connection)

    def add_offer(self, account: Account, offer: Offer, at: datetime) -> Recorded:
        """Keep a concession that was offered to `account` at `at`, with what was known of it."""
        with self.engine.begin() as connection:
            return offers.add(connection, account, offer, at)

    def offers(self, account_id: str | None = None) -> tuple[Recorded, ...]:
        """What was offered to the account (None: to every account), newest first; empty where nothing was."""
        with self.engine.begin() as connection:
            return offers.made(connection, account_id)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
