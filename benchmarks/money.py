"""What a queue saves: `money.py OUT_FOLDER [WORLDS] [ACCOUNTS] [MONTHS] [FIRST_SEED]`.

Each world trains on what is known before `UNTIL`, learns what plays did, and scores two quarters. Everybody with a play may be
worked on. Each way of ranking has the same capacity, in hours (`triage.csm_hours` a CSM) and in accounts
(`decision.capacity_share` of those scored), and the product's play and hours for every account. Saved is what the world knows:
ARR x (chance of leaving when left alone - when the play is begun), of accounts that are begun (`features.world.if_played`).
"""

import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.world.clock import Bools, Floats, Ints
from features.world.company import Company as TrueCompany
from features.world.company import found
from features.world.if_played import IfPlayed, if_played
from pipelines.hand_over import beside
from pipelines.home import Home
from pipelines.learning import learn
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.scoring import score
from pipelines.steps import train, world
from serving.learning.experience import Experience, measured_saves
from serving.play import load_plays

WORLDS, ACCOUNTS, MONTHS, FIRST_SEED = 10, 1500, 48, 800
UNTIL = date(2025, 7, 1)
QUARTERS = (date(2025, 7, 1), date(2025, 10, 1))
DRAWS, CHANCE_DRAWS = 4000, 50
COST = load(None).triage.hour_cost
OURS, FILLED = "what an effort is worth (ours)", "ours, spare capacity spent as well"
CEILING = "who is truly saved (ceiling)"


def spend(order: Ints, takes: Floats, capacity: float) -> Ints:
    """The accounts that are begun, in this order, as far as the capacity goes; one that does not fit is passed over."""
    begun, left = [], capacity
    for row in order:
        if takes[row] <= left:
            begun.append(row)
            left -= takes[row]
    return np.array(begun, dtype=np.int64)


def outcome(chosen: Ints, rows: pd.DataFrame, done: IfPlayed) -> dict[str, float]:
    """ARR saved, its cost, how many are begun, and how many of them leave more likely than when left alone."""
    change = done.alone[chosen] - done.played[chosen]
    return {
        "saved": float(change @ rows["arr"].to_numpy()[chosen]),
        "hours": float(rows["hours"].to_numpy()[chosen].sum()),
        "begun": len(chosen),
        "harmed": int((change < 0).sum()),
    }


def ways(
    rows: pd.DataFrame, done: IfPlayed, takes: Floats, capacity: float, horizon: str, rng: np.random.Generator
) -> dict[str, dict[str, float]]:
    """What each way of ranking saves in one quarter; an account takes so much of the capacity."""
    p, arr, hours, worth, value = (
        rows[name].to_numpy(dtype=float) for name in (horizon, "arr", "hours", "worth", "expected_value")
    )
    gain = worth + COST * hours
    ranked = {
        OURS: _by(worth / takes, worth > 0),
        FILLED: _by(gain / takes, gain > 0),
        "expected value without the chance that the play fits": _by(value / takes, value > 0),
        "probability x ARR": _by(p * arr),
        "probability": _by(p),
        "ARR": _by(arr),
        CEILING: _by((done.alone - done.played) * arr / takes, done.played < done.alone),
    }
    results = {name: outcome(spend(order, takes, capacity), rows, done) for name, order in ranked.items()}
    lucky = [outcome(spend(rng.permutation(len(rows)), takes, capacity), rows, done) for _ in range(CHANCE_DRAWS)]
    results["at random"] = {name: float(np.mean([each[name] for each in lucky])) for name in lucky[0]}
    return results


def _by(score: Floats, chosen: Bools | None = None) -> Ints:
    order = np.argsort(-score, kind="stable")
    return order if chosen is None else order[chosen[order]]


def one(folder: Path, accounts: int, months: int, seed: int, params: Params) -> list[dict[str, float | str]]:
    """A row a quarter and way of ranking."""
    data = folder / f"{accounts}x{months}-{seed}"
    if not data.exists():
        world(accounts, months, seed, data, params)
    true = found(accounts, months, seed, params.world, [rival.name for rival in params.text.competitors])
    home = Home(folder / "home")
    prepared = prepare(str(data), "contract", home, params)
    trained = train(prepared, UNTIL, params, None, Stages())
    learned = learn(trained.company, UNTIL, load_plays(), beside(home, UNTIL), Stages())
    experience = Experience(saves=measured_saves(learned, UNTIL))
    rng = np.random.default_rng(seed)
    told: list[dict[str, float | str]] = []
    for day in QUARTERS:
        batch = score(trained.company, day, trained.training.model, "1", Stages(), experience=experience)
        batch.assessments.to_parquet(data / f"assessments-{day}.parquet")
        rows = batch.assessments.merge(batch.plans[["account_id", "fit", "worth"]], on="account_id")
        rows = rows.loc[rows["arr"].notna()].reset_index(drop=True)
        rows["hours"] = rows["effort_tier"].map({str(tier): hours for tier, hours in params.triage.effort_hours.items()})
        rows.to_parquet(data / f"money-{day}.parquet")
        done = what_happens(true, rows, day)
        horizon = f"p_churn_{params.decision.horizon_days}d"
        scored = float(batch.assessments["status"].eq("scored").sum())
        csms = batch.accounts["csm"].nunique()
        for unit, takes, capacity in (
            ("hours", rows["hours"].to_numpy(dtype=float), params.triage.csm_hours * csms),
            ("accounts", np.ones(len(rows)), np.floor(params.decision.capacity_share * scored)),
        ):
            for name, result in ways(rows, done, takes, capacity, horizon, rng).items():
                told.append({"seed": seed, "day": str(day), "capacity in": unit, "way": name, "capacity": capacity} | result)
    return told


def what_happens(true: TrueCompany, rows: pd.DataFrame, day: date) -> IfPlayed:
    """The world's answer for the plays of these accounts, begun on the first of a month."""
    place = {account: number for number, account in enumerate(true.accounts.account_id)}
    account = rows["account_id"].map(place).to_numpy(dtype=np.int64)
    month = int(true.clock.month_of(np.array([pd.Timestamp(day).timestamp() / 86_400]))[0])
    return if_played(true, account, month, list(rows["playbook"]))


def ratio(table: pd.DataFrame, ours: str, other: str, rng: np.random.Generator) -> tuple[float, float, float]:
    """ARR saved by ours / by the other over all worlds, with a 95 % interval by draws of worlds."""
    wide = table.pivot_table(index="seed", columns="way", values="saved", aggfunc="sum")
    mine, theirs = wide[ours].to_numpy(), wide[other].to_numpy()
    draws = rng.integers(0, len(wide), (DRAWS, len(wide)))
    found = mine[draws].sum(axis=1) / theirs[draws].sum(axis=1)
    return mine.sum() / theirs.sum(), *np.quantile(found, [0.025, 0.975])


def main() -> None:
    """Print what each way saves, and how much more ours does, with an interval over worlds."""
    out, *rest = sys.argv[1:]
    worlds, accounts, months, first = [int(word) for word in rest] + [WORLDS, ACCOUNTS, MONTHS, FIRST_SEED][len(rest) :]
    params, started = load(None), time.process_time()
    rows: list[dict[str, float | str]] = []
    for seed in range(first, first + worlds):
        rows += one(Path(out), accounts, months, seed, params)
        pd.DataFrame(rows).to_csv(Path(out) / "money.csv", index=False)
        print(f"seed {seed}: {time.process_time() - started:.0f} CPU s", file=sys.stderr, flush=True)
    for unit, table in pd.DataFrame(rows).groupby("capacity in"):
        capacity = table.groupby(["seed", "day"])["capacity"].first().sum()
        print(f"\n{worlds} worlds, {len(QUARTERS)} quarters each; capacity in {unit}: {capacity:,.0f} in all\n")
        print(summary(table).to_markdown(floatfmt=".2f"))


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """A row a way of ranking, the most saved first."""
    total = table.groupby("way")[["saved", "hours", "begun", "harmed"]].sum()
    total["of the ceiling"] = total["saved"] / total.loc[CEILING, "saved"]
    total["harmed"] = total["harmed"] / total["begun"]
    for ours, short in ((OURS, "ours"), (FILLED, "filled")):
        for name in ("probability x ARR", "probability", "at random"):
            rng = np.random.default_rng(0)
            total.loc[name, [f"{short} / it", f"{short} from", f"{short} to"]] = ratio(table, ours, name, rng)
    return total.sort_values("saved", ascending=False)


if __name__ == "__main__":
    main()
