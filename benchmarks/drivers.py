"""Whether the named drivers can be believed, against the planted truth: `drivers.py OUT_FOLDER [ACCOUNTS] [MONTHS] [SEED …]`.

Of the riskiest fifth of each of four months after the training: which family ranks first and among two where one planted family
clearly leads (`world.clear_causes`), by contribution alone, by evidence alone and by ours without and with abstention; how often
a named driver is really at work (planted log-odds of at least .5), by how many are named; how often circumstances, decoys and
the confounder are named; what is left with permuted outcomes; whether another seed names the same; what deleting signals does.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from world import LEADS, MONTHS_SCORED, UNTIL, clear_causes

from features.signal import FAMILIES
from models.explanation import PushTable, pushes
from models.fitting import Material, fit
from models.model import Model
from models.training import microseconds
from pipelines.home import Home
from pipelines.params import Params, load
from pipelines.preparing import prepare
from pipelines.progress import Stages
from pipelines.steps import train, world

COVERAGES = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
WEAK = 0.1  # log-odds below which a planted family does nothing
TROUBLED = -1.0  # the customer's own business, in standard deviations: the confounder that lowers usage
CAUSES = ("usage", "support", "stakeholders", "budget", "competition", "value", "engagement", "onboarding")


@dataclass(frozen=True)
class Cases:
    """The risky account-months: their matrix, the planted log-odds by family (n, 11), health, and the clear cause (or None)."""

    matrix: pd.DataFrame
    planted: np.ndarray
    health: np.ndarray
    cause: np.ndarray

    @property
    def clear(self) -> np.ndarray:
        """Where one planted family leads."""
        return pd.notna(self.cause)


def cases_of(model: Model, matrix: pd.DataFrame, truth: pd.DataFrame, horizon_days: int) -> Cases:
    """The riskiest fifth of each month, with what was planted."""
    p = pd.Series(model.churn_probability(matrix, horizon_days), index=matrix.index)
    risky = matrix.loc[p >= p.groupby(matrix["as_of"]).transform(lambda each: each.quantile(0.8))].reset_index(drop=True)
    key = ["account_id", "as_of"]
    told = (
        risky[key]
        .merge(truth, on=key, how="left")
        .merge(clear_causes(truth).rename(columns={"cause": "leads"}), on=key, how="left")
    )
    planted = np.zeros((len(risky), len(FAMILIES)))
    for name in CAUSES:
        planted[:, FAMILIES.index(name)] = told[f"logit_{name}"].fillna(0.0)
    return Cases(risky, planted, told["health"].to_numpy(), told["leads"].to_numpy(dtype=object))


def table_of(model: Model, cases: Cases, params: Params, *, always: bool = False) -> PushTable:
    """The pushes of the cases; with `always`, whatever pushes is named."""
    explanation = params.explanation
    if always:
        explanation = explanation.model_copy(update={"name_from": 1e-6, "also_from": 1e-6})
    horizon = params.decision.horizon_days
    return pushes(model, cases.matrix, model.margins(cases.matrix), horizon_days=horizon, params=explanation)


def wide(table: PushTable, column: str) -> np.ndarray:
    """One column of the pushes, shape (n, 11)."""
    return table.frame[column].to_numpy().reshape(-1, len(FAMILIES))


def two_of(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The names of the first and the second family by score."""
    order = np.argsort(-scores, axis=1, kind="stable")
    names = np.array(FAMILIES, dtype=object)
    return names[order[:, 0]], names[order[:, 1]]


def hits(cases: Cases, first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """How often the first, and one of the two, is the clear cause; who is not named counts as a miss."""
    cause = cases.cause[cases.clear]
    right = first[cases.clear] == cause
    return right.mean(), (right | (second[cases.clear] == cause)).mean()


def real(cases: Cases, names: np.ndarray) -> np.ndarray:
    """Whether each named family is at work; False where none is named."""
    place = [FAMILIES.index(name) if isinstance(name, str) else -1 for name in names]
    found = np.column_stack([cases.planted, np.zeros(len(names))])[np.arange(len(names)), place]
    return np.asarray(found >= LEADS)


def believed(cases: Cases, table: PushTable, always: PushTable) -> dict[str, float]:
    """Precision and coverage as named, and the curve: the likeliest driver_1 first."""
    named = {name: table.accounts[name].to_numpy(dtype=object) for name in ("driver_1", "driver_2")}
    anything = (cases.planted >= LEADS).any(axis=1)
    found = {"any cause is at work": anything.mean()}
    for name, names in named.items():
        there = pd.notna(names)
        found |= {f"{name} named": there.mean(), f"{name} is really there": real(cases, names)[there].mean()}
    first = pd.notna(named["driver_1"])
    found["driver_1 named, of those with a cause"] = first[anything].mean()
    found["driver_1 named, of those with a clear cause"] = first[cases.clear].mean()
    right = named["driver_1"][first & cases.clear] == cases.cause[first & cases.clear]
    found["driver_1 is the cause, of clear causes with one named"] = right.mean()
    names = always.accounts["driver_1"].to_numpy(dtype=object)
    chance = np.array([row[FAMILIES.index(n)] if n else 0.0 for row, n in zip(wide(always, "chance"), names, strict=True)])
    right = real(cases, names)[np.argsort(-chance, kind="stable")]
    for share in COVERAGES:
        found[f"precision at {share:.0%} named"] = right[: round(share * len(right))].mean()
    circumstance = np.isin(named["driver_1"], ["sentiment", "commercial", "firmographic"])
    found["circumstance or decoy named first"] = circumstance.mean()
    confounded = (cases.health <= TROUBLED) & (cases.planted[:, FAMILIES.index("usage")] < WEAK)
    found["usage named first for the confounder"] = (named["driver_1"][confounded] == "usage").mean()
    return found


def deleted(model: Model, cases: Cases, table: PushTable, horizon_days: int) -> dict[str, float]:
    """By how much the margin falls when a family's signals are made typical: driver_1's, and another family's at random."""
    rng = np.random.default_rng(0)
    falls = np.zeros((len(cases.matrix), len(FAMILIES)))
    within = model.periods.within(horizon_days)
    margins = model.margins(cases.matrix)[:, :within].max(axis=1)
    for number, family in enumerate(FAMILIES):
        columns = [f.name for f in model.features if f.family == family and not f.category]
        typical = {name: model.anchor.indices.scales[name].median for name in columns if name in model.anchor.indices.scales}
        if typical:
            falls[:, number] = margins - model.margins(cases.matrix.assign(**typical))[:, :within].max(axis=1)
    names = table.accounts["driver_1"].to_numpy(dtype=object)
    there = np.flatnonzero(pd.notna(names))
    top = np.array([FAMILIES.index(names[row]) for row in there])
    other = np.array([rng.choice([n for n in range(len(FAMILIES)) if n != number]) for number in top])
    return {
        "deleting driver_1's signals lowers the log-odds by": falls[there, top].mean(),
        "deleting another family's": falls[there, other].mean(),
        "driver_1's lowers more": (falls[there, top] > falls[there, other]).mean(),
    }


def figures(folder: Path, accounts: int, months: int, seed: int) -> dict[str, float]:
    """All figures of one world."""
    started = time.process_time()
    params, data = load(None), folder / f"{accounts}x{months}-{seed}"
    if not (data / "truth" / "account_months.parquet").exists():
        world(accounts, months, seed, data, params)
    learned = train(prepare(str(data), "contract", Home(folder / "home"), params), UNTIL, params, None, Stages())
    model, company = learned.training.model, learned.company
    days = [day.date() for day in pd.date_range(UNTIL, periods=MONTHS_SCORED, freq="MS")]
    matrix = company.matrix(days, Stages()).frame
    truth = pd.read_parquet(data / "truth" / "account_months.parquet")
    truth["as_of"] = pd.to_datetime(truth["as_of"], utc=True).dt.tz_localize(None)
    cases = cases_of(model, matrix, truth, params.decision.horizon_days)
    table, always = table_of(model, cases, params), table_of(model, cases, params, always=True)
    ranked = {
        "contribution alone": two_of(wide(table, "push")),
        "evidence alone": two_of(wide(table, "strength")),
        "ours, always naming": tuple(always.accounts[name].to_numpy(dtype=object) for name in ("driver_1", "driver_2")),
        "ours": tuple(table.accounts[name].to_numpy(dtype=object) for name in ("driver_1", "driver_2")),
    }
    found: dict[str, float] = {"seed": seed, "risky": len(cases.matrix), "clear causes": int(cases.clear.sum())}
    for name, (first, second) in ranked.items():
        one_, two = hits(cases, first, second)
        found |= {f"{name}: driver_1 is the cause": one_, f"{name}: one of two is": two}
    found |= believed(cases, table, always) | deleted(model, cases, table, params.decision.horizon_days)
    return found | again(*refitted(learned, params), cases, table, params) | {"CPU s": time.process_time() - started}


def refitted(learned, params: Params) -> tuple[Model, Model]:  # type: ignore[no-untyped-def]
    """The model with boosters of another seed, and one of permuted outcomes."""
    company, model = learned.company, learned.training.model
    frame = company.matrix(company.grid(UNTIL), Stages()).frame
    after = company.follow_up(frame, UNTIL)
    material = Material.of(frame, after, company.catalogue, periods=params.label.periods, grace_days=params.label.grace_days)
    cut = microseconds(UNTIL)
    rows = material.rows(params.rows, before=cut, cut=cut)
    rounds = max(1, model.loaded[0].num_trees()) if model.boosters else 1
    settings = {"kind": model.kind, "share": model.anchor_share, "rounds": rounds, "seeds": params.training.seeds}
    other = fit(material, rows, params.training.model_copy(update={"seed": params.training.seed + 100}), **settings)
    measured = {"reach": model.reach, "calibration": model.calibration, "push_scale": model.push_scale}
    other = replace(other, reasons=model.reasons, **measured)
    shuffled = np.random.default_rng(1).permutation(rows.count)
    null = fit(material, replace(rows, event=rows.event[shuffled]), params.training, **settings)
    return other, replace(null, **measured)


def again(other: Model, null: Model, cases: Cases, table: PushTable, params: Params) -> dict[str, float]:
    """The same accounts explained by a model of another seed, and by one of permuted outcomes."""
    found: dict[str, float] = {}
    second = table_of(other, cases, params)
    mine, theirs = (each.accounts["driver_1"].to_numpy(dtype=object) for each in (table, second))
    both = pd.notna(mine) & pd.notna(theirs)
    found["another seed names the same, where both name"] = (mine[both] == theirs[both]).mean()
    found["another seed says the same, nobody included"] = (pd.Series(mine).fillna("") == pd.Series(theirs).fillna("")).mean()
    tops = [wide(each, "push").argmax(axis=1) for each in (table, second)]
    found["another seed has the same largest push"] = (tops[0] == tops[1]).mean()
    shipped, always = table_of(null, cases, params), table_of(null, cases, params, always=True)
    found["permuted outcomes: largest push is the cause"] = hits(cases, *two_of(wide(always, "push")))[0]
    for name, each in (("ours", shipped), ("ours, always naming", always)):
        names = each.accounts["driver_1"].to_numpy(dtype=object)
        found[f"permuted outcomes: {name}"] = hits(cases, names, names)[0]
        found[f"permuted outcomes: {name}: somebody is named"] = pd.notna(names).mean()
    commonest = pd.Series(cases.cause[cases.clear]).value_counts(normalize=True)
    return found | {"chance: the commonest cause / one of eight": commonest.max()}


def print_by_seed(of_one: Callable[[Path, int, int, int], dict[str, float]], floatfmt: str) -> None:
    """Print one column a seed, as the command line asks: OUT [ACCOUNTS MONTHS [SEED ...]]."""
    out, *rest = sys.argv[1:]
    accounts, months, *seeds = [int(word) for word in rest] or [2500, 48]
    rows = [of_one(Path(out), accounts, months, seed) for seed in seeds or [401]]
    print(pd.DataFrame(rows).set_index("seed").T.to_markdown(floatfmt=floatfmt))


if __name__ == "__main__":
    print_by_seed(figures, ".4f")
