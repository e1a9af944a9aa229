"""What a team's capacity catches of the revenue that leaves: `capacity.py COMPANY BACKTEST [COMPANY BACKTEST …]`.

COMPANY is a folder of `tenure world` with its true chances (`world.futures`), BACKTEST what `tenure backtest` wrote of it. Of the
yearly revenue that left, and that some look met at least 90 days before: the share first flagged 60 to 180 days ahead, 95 %
by account. Two readings of "10 % of accounts": a list as long at each look, and as many new names in a quarter, each
looked after for that quarter. The best that can be done is told by the true chance x revenue with the same capacity.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from models.bootstrap import interval
from pipelines.params import load

EARLIEST, LATEST, MET, QUARTER = 60, 180, 90, 90
DRAWS = 500


def looks_of(company: Path, backtest: Path) -> pd.DataFrame:
    """The queue with a column a ranking."""
    queue = pd.read_parquet(backtest / "queue.parquet")
    truth = pd.read_parquet(company / "truth" / "chances.parquet")
    for table in (queue, truth):
        table["as_of"] = pd.to_datetime(table["as_of"], utc=True).astype("datetime64[us, UTC]")
    whole = queue.merge(truth, on=["account_id", "as_of"], how="left", validate="one_to_one")
    money = whole["arr"].fillna(0.0)
    rankings = {
        "true chance in time x revenue (the ceiling)": (whole["p_churn_90d"] - whole["p_churn_30d"]).fillna(0.0) * money,
        "true chance x revenue": whole["p_churn_90d"].fillna(0.0) * money,
        "queue: model in time x revenue": whole["arr_in_time"],
        "model x revenue": whole["arr_at_risk"],
        "model alone": whole["p_churn"],
        "rule score x revenue": whole["rule_score"].fillna(0.0) * money,
        "rule score": whole["rule_score"].fillna(-1.0),
        "recency": whole["days_since_use"].fillna(-1.0),
        "revenue": money,
    }
    return whole[["account_id", "as_of", "leaves_in_days"]].assign(arr=money, **rankings)


def listed(looks: pd.DataFrame, ranking: str, share: float) -> pd.DataFrame:
    """The highest `share` of each look."""
    return pd.concat([_highest(look, ranking, share) for _, look in looks.groupby("as_of")])


def taken_on(looks: pd.DataFrame, ranking: str, share: float) -> pd.DataFrame:
    """At each look a third of the quarter's share, of the accounts not taken on within the quarter before."""
    since: dict[str, pd.Timestamp] = {}
    parts = []
    for day, look in looks.groupby("as_of"):
        held = look["account_id"].map(since)
        free = look.loc[held.isna() | ((day - held).dt.days >= QUARTER)] if since else look
        new = _highest(free, ranking, share / 3 * len(look) / max(len(free), 1))
        since |= dict.fromkeys(new["account_id"], day)
        parts.append(new)
    return pd.concat(parts)


def _highest(look: pd.DataFrame, ranking: str, share: float) -> pd.DataFrame:
    return look.sort_values([ranking, "arr", "account_id"], ascending=[False, False, True]).head(int(np.ceil(len(look) * share)))


def caught(looks: pd.DataFrame, flagged: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(revenue, 1 where flagged early) of every account that left and was met early."""
    left = looks.loc[looks["leaves_in_days"] >= 0].sort_values("as_of").groupby("account_id")
    table = pd.DataFrame({"arr": left["arr"].last(), "oldest": left["leaves_in_days"].max()})
    table = table.loc[table["oldest"] >= MET]
    early = flagged.loc[flagged["leaves_in_days"].between(EARLIEST, LATEST), "account_id"].unique()
    return table["arr"].to_numpy(), table.index.isin(early).astype(float)


def main() -> None:
    """Print one row a ranking."""
    pairs = [Path(word) for word in sys.argv[1:]]
    worlds = [looks_of(company, backtest) for company, backtest in zip(pairs[::2], pairs[1::2], strict=True)]
    share, rng, rows = load(None).decision.capacity_share, np.random.default_rng(20241126), []
    for ranking in worlds[0].columns[4:]:
        line: dict[str, object] = {"ranking": ranking}
        for name, rule in (("a list at each look", listed), ("new names in a quarter", taken_on)):
            parts = [caught(looks, rule(looks, ranking, share)) for looks in worlds]
            arr, hit = (np.concatenate(each) for each in zip(*parts, strict=True))
            drawn = rng.poisson(1.0, size=(DRAWS, len(arr))) * arr
            low, high = interval((drawn @ hit) / drawn.sum(axis=1))
            line |= {name: f"{(arr @ hit) / arr.sum():.3f} [{low:.3f}, {high:.3f}]"}
        rows.append(line)
    print(pd.DataFrame(rows).to_markdown(index=False))
    print(f"\n{len(arr)} accounts that left, {len(worlds)} companies")


if __name__ == "__main__":
    main()
