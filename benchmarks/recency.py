"""Whether older rows should weigh less: `recency.py OUT_FOLDER [ACCOUNTS] [MONTHS] [SEED]`.

Two companies from one seed, one that stays as it is and one in which the causes change (`world.drift`) after seven tenths of the
log. At each of the last rolling origins the preset and the same with half-lives learn from what was known before, and lose so
much on the periods after it; a gain is what the half-life loses less, and accounts are what its error is made of.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np

from models.fitting import Material
from models.search import Losses, gained, losses
from models.splits import rolling_origins
from models.training import microseconds
from pipelines.company import Company
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import world

ACCOUNTS, MONTHS, SEED = 1500, 48, 710
UNTIL = date(2026, 7, 1)
HALF_LIVES = (6.0, 12.0, 24.0)
DRIFT = {"from_share": 0.7, "log_odds": {"usage": 0.3, "competition": 1.8, "support": 0.5}, "onset": {"budget": 2.0}}


def of_world(folder: Path, accounts: int, months: int, seed: int, params: Params) -> None:
    """Print the rows of one company."""
    home = Home(folder / "home")
    world(accounts, months, seed, folder / "tables", params)
    company = Company(prepare(str(folder / "tables"), "contract", home, params), params)
    made = company.matrix(company.grid(UNTIL), Stages())
    after, cut, horizon = company.follow_up(made.frame, UNTIL), microseconds(UNTIL), params.decision.horizon_days
    material = Material.of(made.frame, after, company.catalogue, periods=params.label.periods, grace_days=params.label.grace_days)
    step, count = params.evaluation.origin_step_days, params.evaluation.origins
    origins = rolling_origins(material.outcomes.as_of, until=cut, horizon_days=horizon, step_days=step, count=count)

    def lost(half_life: float | None) -> Losses:
        settings = params.training.model_copy(update={"half_life_months": half_life})
        found = [losses(material, params.rows, settings, origin, until=cut) for origin in origins]
        return Losses(
            np.concatenate([each.account for each in found]),
            np.concatenate([each.loss for each in found]),
            sum(each.weight for each in found),
            found[-1].rounds,
        )

    preset = lost(None)
    print(f"| {folder.name} | none | {preset.mean:.5f} | | |", flush=True)
    for half_life in HALF_LIVES:
        faded = lost(half_life)
        gain, error = gained(preset, faded)
        print(f"| {folder.name} | {half_life:.0f} months | {faded.mean:.5f} | {gain:+.5f} | {error:.5f} |", flush=True)


def main() -> None:
    """Print the table."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    accounts, months, seed = (int(said) for said in (*sys.argv[2:], *map(str, (ACCOUNTS, MONTHS, SEED)[len(sys.argv) - 2 :])))
    params = load(None)
    drift = params.world.model_copy(update={"drift": params.world.drift.model_validate(DRIFT)})
    drifting = params.model_copy(update={"world": drift})
    print("| company | half-life | log-loss a row | gain | standard error |\n| --- | --- | --- | --- | --- |")
    of_world(Path(sys.argv[1]) / "steady", accounts, months, seed, params)
    of_world(Path(sys.argv[1]) / "drifting", accounts, months, seed, drifting)


if __name__ == "__main__":
    main()
