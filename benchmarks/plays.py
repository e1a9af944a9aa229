"""Whether the right play is suggested, against the planted truth: `plays.py OUT_FOLDER [ACCOUNTS] [MONTHS] [SEED …]`.

Of the riskiest fifth of each of four months after the training, where one planted family clearly leads (`world.clear_causes`):
how often the play that does most there in the world (`features.world.plays.strengths`; of equals, any) is suggested first, and
among the first two. Beside it: the plays of the two largest pushes, and for everybody the two plays that are most often the best.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from world import MONTHS_SCORED, UNTIL, clear_causes

from features.world.plays import FITS_FROM, strengths
from models.assessment import assess
from models.model import Model
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train, world
from serving.planning import plan_all
from serving.play import Play, load_plays

KEY = ["account_id", "as_of"]


def suggested(model: Model, matrix: pd.DataFrame, params: Params, plays: Mapping[str, Play]) -> pd.DataFrame:
    """Of the riskiest fifth of each month: the plays suggested, and those of the two largest pushes."""
    found = assess(
        model,
        matrix,
        ["scored"] * len(matrix),
        model_version="1",
        decision=params.decision,
        explanation=params.explanation,
        health_params=params.health,
    )
    column = f"p_churn_{params.decision.horizon_days}d"
    told = found.assessments.merge(matrix[[*KEY, "arr"]], on=KEY)
    risky = told.loc[told[column] >= told.groupby("as_of")[column].transform(lambda p: p.quantile(0.8))]
    parts = []
    for day, part in risky.groupby("as_of"):
        rows = matrix.loc[(matrix["as_of"] == day) & matrix["account_id"].isin(part["account_id"])]
        drivers = found.pushes.loc[(found.pushes["as_of"] == day) & found.pushes["account_id"].isin(part["account_id"])]
        planned = plan_all(
            part.reset_index(drop=True),
            drivers,
            rows,
            set(rows.loc[rows["strategic"].eq(1), "account_id"]),
            plays,
            params.triage,
            params.learning,
            as_of=pd.Timestamp(str(day)).date(),
            decision_column=column,
            efforts={},
        )
        named = part[[*KEY, "driver_1"]].merge(
            planned.plans[["account_id", "playbook", "runner_up"]], on="account_id", how="left"
        )
        parts.append(named.merge(pushed(drivers, plays), on="account_id"))
    return pd.concat(parts, ignore_index=True)


def pushed(drivers: pd.DataFrame, plays: Mapping[str, Play]) -> pd.DataFrame:
    """account_id, push_1, push_2: the plays that the families of the two largest pushes prefer."""
    answers = {family: play_of(family, plays) for family in drivers["family"].unique()}
    order = drivers.sort_values("push", ascending=False, kind="stable").assign(play=drivers["family"].map(answers))
    order = order.dropna(subset=["play"]).drop_duplicates(["account_id", "play"])
    order["place"] = order.groupby("account_id").cumcount() + 1
    wide = order.loc[order["place"] <= 2].pivot_table(index="account_id", columns="place", values="play", aggfunc="first")
    return wide.rename(columns={1: "push_1", 2: "push_2"}).reset_index()


def play_of(family: str, plays: Mapping[str, Play]) -> str | None:
    """The play that a family prefers; None for one that no play answers."""
    liked = {name: play.triggers.families[family] for name, play in plays.items() if family in play.triggers.families}
    return max(liked, key=lambda name: liked[name], default=None)


def truly(rows: pd.DataFrame, params: Params) -> pd.DataFrame:
    """What each play of the world does in each row, in log-odds of leaving (below 0 helps), by the causes at work there."""
    books = params.world.plays.books
    found = {}
    for number, (name, book) in enumerate(books.items()):
        matched = (rows[[f"logit_{family}" for family in book.families]] >= FITS_FROM).any(axis=1).to_numpy()
        found[name] = strengths(np.full(len(rows), number), matched, params.world.plays, params.world.hazard)
    return pd.DataFrame(found, index=rows.index)


def measured(effect: pd.DataFrame, first: pd.Series, second: pd.Series) -> dict[str, float]:
    """How often the first, and one of two, is a best play, and what the first does; nothing, if the world has not that play."""
    best = effect.min(axis=1)
    does = [_of(effect, chosen, nothing=0.0) for chosen in (first, second)]
    right = [_of(effect, chosen, nothing=np.inf) <= best + 1e-9 for chosen in (first, second)]
    return {"first": right[0].mean(), "among two": (right[0] | right[1]).mean(), "log-odds": does[0].mean()}


def _of(effect: pd.DataFrame, chosen: pd.Series, *, nothing: float) -> pd.Series:
    known = [effect.loc[row, name] if name in effect else nothing for row, name in chosen.items()]
    return pd.Series(known, index=chosen.index, dtype=float)


def figures(folder: Path, accounts: int, months: int, seed: int) -> dict[str, float]:
    """All figures of one world."""
    started = time.process_time()
    params, plays, data = load(None), load_plays(), folder / f"{accounts}x{months}-{seed}"
    if not (data / "truth" / "account_months.parquet").exists():
        world(accounts, months, seed, data, params)
    learned = train(prepare(str(data), "contract", Home(folder / "home"), params), UNTIL, params, None, Stages())
    days = [day.date() for day in pd.date_range(UNTIL, periods=MONTHS_SCORED, freq="MS")]
    rows = suggested(learned.training.model, learned.company.matrix(days, Stages()).frame, params, plays)
    truth = pd.read_parquet(data / "truth" / "account_months.parquet")
    truth["as_of"] = pd.to_datetime(truth["as_of"], utc=True).dt.tz_localize(None)
    clear = rows.merge(clear_causes(truth), on=KEY).merge(truth.drop(columns="cause"), on=KEY)
    effect = truly(clear, params)
    often = pd.Series([name for _, row in effect.iterrows() for name in row.index[row <= row.min() + 1e-9]]).value_counts().index
    called, named = clear["playbook"].notna(), clear["driver_1"].notna()
    ours = (clear["playbook"], clear["runner_up"])
    every = {
        "ours": measured(effect, *ours),
        "ours, where a play is called for": _where(called, effect, *ours),
        "ours, where a cause is named": _where(called & named, effect, *ours),
        "ours, where none is": _where(called & ~named, effect, *ours),
        "play of the largest push": measured(effect, clear["push_1"], clear["push_2"]),
        "always the commonest": measured(effect, *(pd.Series(name, index=clear.index) for name in often[:2])),
    }
    found: dict[str, float] = {"seed": seed, "risky": len(rows), "clear causes": len(clear), "called for": called.mean()}
    found |= {f"{who}: {what}": value for who, each in every.items() for what, value in each.items()}
    return found | {"the best play: log-odds": effect.min(axis=1).mean(), "CPU s": time.process_time() - started}


def _where(rows: pd.Series, effect: pd.DataFrame, first: pd.Series, second: pd.Series) -> dict[str, float]:
    return measured(effect.loc[rows], first[rows], second[rows])


def main() -> None:
    """Print one column a seed."""
    out, *rest = sys.argv[1:]
    accounts, months, *seeds = [int(word) for word in rest] or [2500, 48]
    rows = [figures(Path(out), accounts, months, seed) for seed in seeds or [501]]
    print(pd.DataFrame(rows).set_index("seed").T.to_markdown(floatfmt=".3f"))


if __name__ == "__main__":
    main()
