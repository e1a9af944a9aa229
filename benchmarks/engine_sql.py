"""The twelve usage signals as one would ask DuckDB for them: a query over the log for each snapshot."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
from engine_pandas import KEY, LONGEST, finished

QUERY = f"""
    SELECT account_id, TIMESTAMP '{{as_of}}' AS as_of,
        coalesce(sum(quantity) FILTER (age <= 7), 0) AS events_7d,
        coalesce(sum(quantity) FILTER (age <= 28), 0) AS events_28d,
        coalesce(sum(quantity) FILTER (age BETWEEN 8 AND 28), 0) AS before_21d,
        coalesce(sum(quantity) FILTER (age BETWEEN 29 AND 56), 0) AS before_28d,
        coalesce(sum(quantity) FILTER (age <= 84), 0) AS events_84d,
        coalesce(sum(quantity * (11 - 2 * ((age - 1) // 7))) FILTER (age <= 84), 0) AS weighted,
        count(DISTINCT age) FILTER (age <= 14 AND quantity > 0) AS active_days_14d,
        count(DISTINCT age) FILTER (age <= 28 AND quantity > 0) AS active_days_28d,
        min(age) FILTER (quantity > 0) AS days_since_use,
        count(DISTINCT user_id) FILTER (age <= 28 AND quantity > 0) AS users_now,
        count(DISTINCT user_id) FILTER (age BETWEEN 29 AND 56 AND quantity > 0) AS users_before,
        count(DISTINCT feature) FILTER (age <= 84 AND quantity > 0) AS features
    FROM (
        SELECT account_id, user_id, feature, quantity, DATE '{{as_of}}' - CAST(occurred_at AS DATE) AS age
        FROM read_parquet('{{files}}')
        WHERE occurred_at >= TIMESTAMPTZ '{{as_of}}' - INTERVAL {LONGEST} DAY
            AND occurred_at < TIMESTAMPTZ '{{as_of}}' AND known_at < TIMESTAMPTZ '{{as_of}}')
    GROUP BY account_id"""


def sql_by_snapshot(folder: Path, as_ofs: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Row groups outside of a snapshot's window are skipped by their statistics; nothing is kept between snapshots."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET TimeZone = 'UTC'")
    files = f"{folder}/usage/*.parquet"
    core = connection.execute(f"SELECT min(known_at) AS known FROM read_parquet('{files}') GROUP BY feature").df()["known"]
    parts = []
    for as_of in as_ofs:
        found = connection.execute(QUERY.format(as_of=as_of.date(), files=files)).df().set_index(KEY)
        parts.append(finished(found, folder, pd.Index([(core < as_of.tz_localize("UTC")).sum()] * len(found))))
    return pd.concat(parts, ignore_index=True)
