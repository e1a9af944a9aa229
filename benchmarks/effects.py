"""Whether measured effects are right: `effects.py OUT_FOLDER [WORLDS] [ACCOUNTS] [MONTHS] [FIRST_SEED]`.

Each world is a company of its own; `tenure learn`'s measurement reads its tables (accounts, terms, outcomes, assignments) and
is held against the truth: of the same assignments, the mean over accounts of P(leaves within the window | meant to be treated)
- P(… | held out), along the path that each account's hidden causes took (`features.world.play_effects`). The score that steadies
the effects is the risk that the team could see in the month before.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from features.world.accounts import account_rows
from features.world.company import Company as TrueCompany
from features.world.company import found
from features.world.contracts import renewals, sign, subscriptions
from features.world.frame import table
from features.world.generate import World, interventions_and_truth, write
from features.world.play_effects import true_effects
from features.world.plays import visible_risk
from pipelines.company import Company
from pipelines.earlier_scores import EarlierScores
from pipelines.home import Home
from pipelines.learning import measure
from pipelines.params import Params, load
from pipelines.preparing import prepare

WORLDS, ACCOUNTS, MONTHS, FIRST_SEED = 25, 3000, 48, 1000
NORMAL_90 = 1.6449


def tables_of(company: TrueCompany) -> dict[str, pd.DataFrame]:
    """The tables that effects are measured from."""
    signed = sign(company)
    rows = account_rows(company.rng("account rows"), company.accounts, company.params)
    return {
        "accounts": table("accounts", rows, company.clock),
        "subscriptions": subscriptions(company, signed),
        "renewals": renewals(company, signed),
        "interventions": interventions_and_truth(company, signed)[0],
    }


def seen_risk(company: TrueCompany, trials: pd.DataFrame) -> EarlierScores:
    """What the team could see of each account in the month before its assignment."""
    number = trials["intervention_id"].str.removeprefix("P-").astype(np.int64).to_numpy()
    account, month = company.fate.assigned.account[number], company.fate.assigned.month[number]
    risk = visible_risk(company.states.level, company.states.health)[account, month - 1]
    return EarlierScores(pd.Series(risk, index=trials.index), "risk that the team could see")


def one(folder: Path, accounts: int, months: int, seed: int, params: Params) -> list[dict[str, float | str]]:
    """A row a play with a measured effect."""
    true = found(accounts, months, seed, params.world, [rival.name for rival in params.text.competitors])
    tables = tables_of(true)
    place = folder / f"effects-{accounts}x{months}-{seed}"
    write(World(tables, {}), place)
    company = Company(prepare(str(place), "contract", Home(folder / "home"), params), params)
    measured = measure(company, params.world.end, lambda trials: seen_risk(true, trials))
    truth = true_effects(true, tables["interventions"], params.learning.window_days)
    trials = measured.trials.table.merge(truth, on="intervention_id", suffixes=("", "_true"))
    effect = (trials["treated"] - trials["holdout"]).groupby(trials["play"]).mean()
    return [
        {
            "seed": seed,
            "play": each.play,
            "true": effect[each.play],
            "effect": each.effect.mean,
            "covered": float(each.effect.low <= effect[each.play] <= each.effect.high),
            "width": each.effect.high - each.effect.low,
            "alone": each.alone,
            "alone covered": float(abs(each.alone - effect[each.play]) <= NORMAL_90 * each.standard_error),
            "naive": np.nan if each.naive is None else each.naive.difference,
            "treated": each.treated,
            "holdout": each.holdout,
        }
        for each in measured.effects
        if each.effect is not None and each.alone is not None and each.standard_error is not None
    ]


def errors(found: pd.DataFrame, column: str) -> dict[str, float]:
    """Bias with its standard error (worlds are independent, the plays of one are not), and root mean square error, in points."""
    off = 100 * (found[column] - found["true"])
    by_world = off.groupby(found["seed"]).mean()
    error = by_world.std(ddof=1) / np.sqrt(len(by_world))
    return {"bias": off.mean(), "standard error": error, "RMSE": np.sqrt((off**2).mean())}


def main() -> None:
    """Print the errors of each estimate, and the shares of intervals that hold the truth."""
    out, *rest = sys.argv[1:]
    worlds, accounts, months, first = [int(word) for word in rest] + [WORLDS, ACCOUNTS, MONTHS, FIRST_SEED][len(rest) :]
    params = load(None)
    rows = [row for seed in range(first, first + worlds) for row in one(Path(out), accounts, months, seed, params)]
    if not rows:
        sys.exit(
            f"no play was measured ({accounts} accounts, {months} months, worlds: {worlds}): too few assignments are over, or "
            "none was held out. Ask for more accounts or months."
        )
    table = pd.DataFrame(rows)
    table.to_csv(Path(out) / "effects.csv", index=False)
    print(pd.DataFrame({name: errors(table, name) for name in ("effect", "alone", "naive")}).T.to_markdown(floatfmt=".2f"))
    print(
        f"\n{len(table)} intervals of {worlds} worlds; 90 % intervals that hold the truth: {table['covered'].mean():.1%}", end=""
    )
    print(f" (before pooling {table['alone covered'].mean():.1%}); mean width {100 * table['width'].mean():.1f} points")
    print(f"mean true effect {100 * table['true'].mean():.2f} points; a play has on average ", end="")
    print(f"{table['treated'].mean():.0f} treated, {table['holdout'].mean():.0f} held out\n")
    by_play = table.groupby("play")[["true", "effect", "naive", "covered"]].mean()
    print(by_play.to_markdown(floatfmt=".3f"))


if __name__ == "__main__":
    main()
