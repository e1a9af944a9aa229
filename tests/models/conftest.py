"""A tiny hazard world with known truth: annual and monthly contracts, five families that act, decoys that do not."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from threadpoolctl import threadpool_limits

from features.signal import Phrase, Signal, View
from models.params import (
    DecisionParams,
    EvaluationParams,
    ExplanationParams,
    GateParams,
    HealthParams,
    RowsParams,
    TrainingParams,
)

PERIODS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)
FAMILIES = ("usage", "support", "stakeholders", "competition", "value")
EFFECTS = {"usage": 0.9, "support": 0.6, "stakeholders": 0.8, "competition": 0.9, "value": 0.5}
CLASSES = {
    "rows": RowsParams,
    "training": TrainingParams,
    "evaluation": EvaluationParams,
    "gate": GateParams,
    "explanation": ExplanationParams,
    "decision": DecisionParams,
    "health": HealthParams,
}


@dataclass(frozen=True)
class World:
    """`causes`: by matrix row, each family's share of the log-odds (n, 5). `hazard`: true chance of the decision at hand."""

    matrix: pd.DataFrame
    follow_up: pd.DataFrame
    catalogue: tuple[Signal, ...]
    arr: np.ndarray
    causes: np.ndarray
    until: pd.Timestamp


def settings(**changes):
    """The sections of params.yaml, quick to train; `training={"seeds": 1}` replaces single values."""
    raw = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    quick = {
        "rows": {"max_rows": 12_000},
        "evaluation": {"bootstrap": 200, "null_draws": 50, "origins": 3},
        "training": {"max_rounds": 80, "first_rounds": 50, "patience_rounds": 15, "learning_rate": 0.1},
        "gate": {"permutations": 2},
    }
    merged = {name: raw[name] | quick.get(name, {}) | changes.get(name, {}) for name in CLASSES}
    return SimpleNamespace(**{name: made(**merged[name]) for name, made in CLASSES.items()})


def signal(name, family, direction, unit="number", *, calendar=False):
    """A declared signal; models read nothing of it but name, family, direction, unit and whether it is calendar."""
    view = View("tiny", "usage", None)
    return Signal(
        name=name,
        family=family,
        view=view,
        unit=unit,
        direction=direction,
        missing="-",
        phrase=Phrase("x", "x"),
        value=lambda table: table,
        meaning="-",
        calendar=calendar,
    )


CALENDAR = ("days_to_renewal", "term_days", "monthly_term", "auto_renew", "notice_days")


def catalogue():
    """Three noisy proxies a family (+1, -1, +1), a decoy, a category and the contract calendar."""
    found = [signal(f"{family}_{n}", family, (1, -1, 1)[n]) for family in FAMILIES for n in range(3)]
    found += [signal("decoy", "sentiment", 1), signal("plan", "commercial", 0, "category")]
    found += [signal("usage_change_28d", "usage", -1, "change"), signal("days_since_use", "usage", 1, "days")]
    return (*found, *(signal(name, "commercial", 0, calendar=True) for name in CALENDAR))


def world(accounts=400, months=24, seed=1, effect=1.0, monthly_share=0.3, rate=-2.6):
    """Month-start snapshots of a company; `effect` 0 makes churn independent of every signal."""
    rng = np.random.default_rng(seed)
    as_ofs = pd.date_range("2020-01-01", periods=months + 1, freq="MS").as_unit("us")
    monthly = rng.random(accounts) < monthly_share
    start = np.where(rng.random(accounts) < 0.7, 0, rng.integers(0, months, accounts))
    anniversary = rng.integers(0, 12, accounts)
    arr = np.round(rng.lognormal(10, 0.8, accounts))
    auto = rng.random(accounts) < 0.5
    plan = rng.choice(["basic", "plus", "pro"], accounts)
    latent = np.zeros((accounts, months + 1, len(FAMILIES)))
    latent[:, 0] = rng.normal(size=(accounts, len(FAMILIES)))
    for month in range(1, months + 1):
        latent[:, month] = 0.85 * latent[:, month - 1] + np.sqrt(1 - 0.85**2) * rng.normal(size=(accounts, len(FAMILIES)))
    weights = np.array([EFFECTS[name] for name in FAMILIES]) * effect
    log_odds = np.where(monthly, rate - 1.7, rate)[:, None] + np.clip(latent, 0, None) @ weights
    dates = as_ofs.to_numpy()
    churn_month = np.full(accounts, months + 1)
    for month in range(months):
        due = monthly | ((month - anniversary) % 12 == 0)
        leaves = (rng.random(accounts) < 1 / (1 + np.exp(-log_odds[:, month]))) & due
        leaves |= rng.random(accounts) < 0.0004
        churn_month = np.where(leaves & (month >= start) & (churn_month > months), month, churn_month)
    churned_at = pd.Series(pd.NaT, index=range(accounts)).astype("datetime64[us]")
    left = churn_month <= months
    churned_at[left] = dates[churn_month[left]] + np.timedelta64(14, "D")
    return _tables(rng, as_ofs, monthly, start, anniversary, arr, auto, plan, latent, weights, churned_at, left)


def _tables(rng, as_ofs, monthly, start, anniversary, arr, auto, plan, latent, weights, churned_at, left):
    accounts, until = len(arr), as_ofs[-1]
    names = np.array([f"A{number:05d}" for number in range(accounts)], dtype=object)
    frames, follows, causes, money = [], [], [], []
    for month, as_of in enumerate(as_ofs[:-1]):
        alive = np.flatnonzero((start <= month) & (~left | (churned_at.to_numpy() >= as_of.to_datetime64())))
        n = len(alive)
        frame = {"account_id": names[alive], "as_of": np.full(n, as_of.to_datetime64())}
        for index, family in enumerate(FAMILIES):
            for number in range(3):
                noisy = (1, -1, 1)[number] * latent[alive, month, index] + rng.normal(0, (0.4, 0.8, 1.2)[number], n)
                frame[f"{family}_{number}"] = np.where(rng.random(n) < 0.05, np.nan, noisy)
        frame["decoy"] = rng.normal(size=n)
        frame["plan"] = plan[alive]
        frame["usage_change_28d"] = -0.2 * latent[alive, month, 0] + rng.normal(0, 0.3, n)
        frame["days_since_use"] = np.round(np.exp(0.4 * latent[alive, month, 0] + rng.normal(0, 0.5, n)) * 3)
        to_renewal = np.where(monthly[alive], 14, ((anniversary[alive] - month) % 12) * 30.4 + 14)
        frame["days_to_renewal"] = np.round(to_renewal)
        frame["term_days"] = np.where(monthly[alive], 30.0, 365.0)
        frame["monthly_term"] = monthly[alive].astype(float)
        frame["auto_renew"] = auto[alive].astype(float)
        frame["notice_days"] = np.where(monthly[alive], 0.0, 30.0)
        frame["attr_employees"] = np.log1p(arr[alive]) + rng.normal(size=n)
        frames.append(pd.DataFrame(frame))
        ends = churned_at.iloc[alive].reset_index(drop=True)
        ends = ends.where(ends + pd.Timedelta(days=5) < until)
        follows.append(
            pd.DataFrame(
                {
                    "account_id": names[alive],
                    "as_of": np.full(n, as_of.to_datetime64()),
                    "churned_at": ends,
                    "outcome_known_at": ends + pd.Timedelta(days=5),
                    "followed_until": churned_at.iloc[alive].reset_index(drop=True).fillna(until).clip(upper=until),
                }
            )
        )
        causes.append(np.clip(latent[alive, month], 0, None) * weights)
        money.append(arr[alive])
    return World(
        pd.concat(frames, ignore_index=True),
        pd.concat(follows, ignore_index=True),
        catalogue(),
        np.concatenate(money),
        np.concatenate(causes),
        until,
    )


def trained(made, params, champion=None, contractions=None):
    """Train on a world, silently."""
    from models.training import train

    return train(
        made.matrix,
        made.follow_up,
        made.catalogue,
        until=made.until.date(),
        arr=made.arr,
        periods=PERIODS,
        grace_days=30,
        params=params,
        progress=lambda stage, done, total: None,
        champion=champion,
        contractions=contractions,
    )


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Linear algebra in one thread: tests run beside each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def world_of():
    """Makes a World: `world_of(accounts=, months=, seed=, effect=, monthly_share=, rate=)`."""
    return world


@pytest.fixture(scope="session")
def settings_of():
    """Makes the sections of params.yaml: `settings_of(training={"seeds": 1})`."""
    return settings


@pytest.fixture(scope="session")
def signal_of():
    """Declares a signal: `signal_of(name, family, direction, unit)`."""
    return signal


@pytest.fixture(scope="session")
def train_on():
    """Trains: `train_on(world, settings)`."""
    return trained


@pytest.fixture(scope="session")
def company():
    """400 accounts, 24 months, enough churn for a blend."""
    return world()


@pytest.fixture(scope="session")
def params():
    """The settings of params.yaml, quick to train; trees serve though the tiny world has nothing that only they see."""
    return settings(gate={"anchor_tolerance": 0.5})


@pytest.fixture(scope="session")
def training(company, params):
    """A training of the company."""
    return trained(company, params)
