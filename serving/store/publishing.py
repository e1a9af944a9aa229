"""A batch into the store: all of it or nothing."""

import json
import unicodedata
from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, text

from serving.store import assignments
from serving.store.batch import Batch
from serving.store.bulk import insert_frame
from serving.store.schema import (
    ACCOUNTS,
    ASSESSMENTS,
    BATCH_TABLES,
    BATCHES,
    COVERAGE,
    DRIVERS,
    EVIDENCE,
    INSIGHTS,
    PLAN_PARTS,
    PLANS,
    REACHED,
    SECOND_OUTCOMES,
    SILENCES,
    WAITS,
)


def publish(engine: Engine, batch: Batch) -> None:
    """Replace what the store holds of `batch.as_of` in one transaction; readers see the old or the new.

    Assignments are added to the log, where those of accounts that the batch no longer recommends a play stay.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two publishers take turns; readers do not wait
            connection.execute(text(f"LOCK TABLE {BATCHES.name} IN EXCLUSIVE MODE"))
        for table in (BATCHES, *BATCH_TABLES):
            connection.execute(delete(table).where(table.c.as_of == batch.as_of))
        _insert_all(connection, batch)


def searched_as(words: str) -> str:
    """The form in which names are compared: no accents, no capitals."""
    decomposed = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _insert_all(connection: Connection, batch: Batch) -> None:
    head = {"as_of": batch.as_of, "horizon_days": batch.horizon_days, "accounts": len(batch.assessments)}
    connection.execute(insert(BATCHES), head)
    insert_frame(connection, ASSESSMENTS, _assessments(batch))
    insert_frame(connection, ACCOUNTS, _accounts(batch))
    insert_frame(connection, DRIVERS, batch.drivers)
    insert_frame(connection, INSIGHTS, batch.drivers.reindex(columns=[column.name for column in INSIGHTS.columns]))
    insert_frame(connection, EVIDENCE, batch.evidence.drop_duplicates(["account_id", "table", "row_id"]))
    insert_frame(connection, PLANS, batch.plans)
    insert_frame(connection, WAITS, batch.plans.dropna(subset=["wait"]))
    insert_frame(connection, PLAN_PARTS, batch.plans)
    insert_frame(connection, COVERAGE, batch.coverage)
    insert_frame(connection, SECOND_OUTCOMES, batch.second_outcomes)
    if "last_at" in batch.coverage:  # folders scored before silences were told lack it
        insert_frame(connection, SILENCES, batch.coverage.dropna(subset=["last_at"]))
    if "reached_on" in batch.accounts:  # folders scored before it was told lack it
        told = batch.accounts.dropna(subset=["reached_on"]).assign(as_of=batch.as_of)
        insert_frame(connection, REACHED, told)
    assignments.keep(connection, batch.as_of, batch.assignments)


def _assessments(batch: Batch) -> pd.DataFrame:
    rows = batch.assessments
    decision = rows[batch.decision_column].astype(float)
    return rows.assign(p_decision=decision, arr_at_risk=decision * rows["arr"].astype(float), horizons=_horizons(rows))


def _horizons(rows: pd.DataFrame) -> list[str]:
    """One JSON object a row: days -> probability, shortest first; horizons past the last period are left out."""
    days = sorted(_days(map(str, rows.columns)))
    columns = [rows[f"p_churn_{day}d"].astype(float).tolist() for day in days]
    return [
        json.dumps({str(day): p for day, p in zip(days, cells, strict=True) if not pd.isna(p)})
        for cells in zip(*columns, strict=True)
    ]


def _days(columns: Iterable[str]) -> list[int]:
    prefix, suffix = "p_churn_", "d"
    middles = (name.removeprefix(prefix).removesuffix(suffix) for name in columns if name.startswith(prefix))
    return [int(middle) for middle in middles if middle.isdigit()]


def _accounts(batch: Batch) -> pd.DataFrame:
    """One row an assessed account, also where nothing is known of it but its id."""
    rows = batch.assessments[["account_id", "as_of"]].merge(batch.accounts, on="account_id", how="left", suffixes=("", "_known"))
    names = rows["name"].fillna("").astype(str) + " " + rows["account_id"].astype(str)
    return rows.assign(searched_as=names.map(searched_as))
