"""A company made up for the engine's benchmark: a usage log ordered by time in 24 Parquet files, and its contracts."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

FIRST, DAYS, FILES, SEED = pd.Timestamp("2023-01-01"), 731, 24, 11
FEATURES = np.array([f"feature_{number:02d}" for number in range(24)])
USERS_AN_ACCOUNT, ACTIVE_SHARE = 15, 0.5


def write(folder: Path, events: int, accounts: int, *, days: int = DAYS, first: pd.Timestamp = FIRST) -> int:
    """Write `accounts`, `subscriptions`, `renewals` and `usage/00.parquet` … to the folder; the number of events made.

    The number comes out within a per cent or two of what was asked.
    """
    (folder / "usage").mkdir(parents=True, exist_ok=True)
    names = [f"A-{number:06d}" for number in range(accounts)]
    began, ends = first - pd.Timedelta(days=30), first + pd.Timedelta(days=days + 365)
    columns = {"account_id": names, "created_at": began, "known_at": began}
    pd.DataFrame(columns).to_parquet(folder / "accounts.parquet", index=False)
    terms = {"subscription_id": names, "account_id": names, "started_at": began, "renews_at": ends, "arr": 1000.0, "seats": 20.0}
    pd.DataFrame(terms | {"known_at": began}).to_parquet(folder / "subscriptions.parquet", index=False)
    told = {"account_id": names[:1], "renews_at": began, "decided_at": began, "outcome": "renewed", "known_at": began}
    pd.DataFrame(told).to_parquet(folder / "renewals.parquet", index=False)
    rng, people, a_day = _draws(events, accounts)
    made = 0
    for number, span in enumerate(np.array_split(np.arange(days), FILES if days == DAYS else 1)):
        made += _write_part(folder / "usage" / f"{number:02d}.parquet", rng, names, people, first, span, a_day)
    return made


def write_day(path: Path, events: int, accounts: int) -> int:
    """Write the events of the day after to a file, as `write` would; the number of them."""
    rng, people, a_day = _draws(events, accounts)
    return _write_part(path, rng, [f"A-{number:06d}" for number in range(accounts)], people, FIRST, np.array([DAYS]), a_day)


def _draws(events: int, accounts: int) -> tuple[np.random.Generator, np.ndarray, float]:
    """The dice, how many people each account has, and the events of an active account's day."""
    rng = np.random.default_rng(SEED)
    people = np.maximum(1, rng.lognormal(np.log(USERS_AN_ACCOUNT) - 0.32, 0.8, accounts)).astype(np.int64)
    return rng, people, events / (accounts * DAYS * ACTIVE_SHARE)


def _write_part(
    path: Path,
    rng: np.random.Generator,
    names: list[str],
    people: np.ndarray,
    first: pd.Timestamp,
    span: np.ndarray,
    a_day: float,
) -> int:
    start = np.concatenate([[0], np.cumsum(people)[:-1]])
    active = rng.random((len(span), len(names))) < ACTIVE_SHARE
    counts = np.where(active, 1 + rng.poisson(max(0.0, a_day - 1), active.shape), 0)
    day, account = (
        np.repeat(each, counts.ravel()) for each in (np.repeat(span, len(names)), np.tile(range(len(names)), len(span)))
    )
    # Two events of an account in one second would be identical rows now and then, and count once.
    second, account = np.divmod(np.unique((day * 86_400 + rng.integers(0, 86_400, len(day))) * len(names) + account), len(names))
    user = start[account] + (people[account] * rng.random(len(account)) ** 2).astype(np.int64)
    at = pa.array(second * 1_000_000 + first.value // 1000, pa.timestamp("us", tz="UTC"))
    table = pa.table(
        {
            "account_id": pa.array(names).take(pa.array(account)),
            "user_id": pa.array([f"u-{number:07d}" for number in range(start[-1] + people[-1])]).take(pa.array(user)),
            "occurred_at": at,
            "feature": pa.array(FEATURES).take(pa.array((24 * rng.random(len(account)) ** 2).astype(np.int64))),
            "quantity": pa.array(rng.geometric(0.6, len(account)), pa.int64()),
            "known_at": at,
        }
    )
    pq.write_table(table, path, compression="zstd", row_group_size=122_880)
    return len(account)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
