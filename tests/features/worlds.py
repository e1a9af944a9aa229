"""Small worlds to order, and who left them."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from features.world.generate import World, generate
from features.world.params import WorldParams

HORIZONS = (30, 90, 180, 365)
CHANCES = [f"p_churn_{days}d" for days in HORIZONS]


def order(accounts: int, months: int, seed: int, **sections: Any) -> World:
    """A world with `small` settings."""
    return generate(accounts, months, seed, small(**sections), ("Rivalio",))


def left(world: World, days: int) -> pd.DataFrame:
    """The chances of the account-months whose horizon is over, and who left."""
    table = world.truth["chances"].merge(world.truth["account_months"][["account_id", "as_of", "churned_at"]])
    table = table[table["as_of"] + pd.Timedelta(days=days) <= pd.Timestamp("2026-07-01")]
    return table.assign(left=(table["churned_at"] - table["as_of"]) < pd.Timedelta(days=days))


def small(**sections: Any) -> WorldParams:
    """The world of params.yaml with few futures; a section given as a dict changes single values of it."""
    raw = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8"))["world"]
    raw["futures"] = 8
    for name, value in sections.items():
        raw[name] = raw[name] | value if isinstance(value, dict) else value
    return WorldParams.model_validate(raw)


def ranking(score: pd.Series, hit: pd.Series) -> float:
    """The chance that a hit scores above a miss."""
    ranks = score.rank()
    hits = int(hit.sum())
    return (ranks[hit].sum() - hits * (hits + 1) / 2) / (hits * (len(hit) - hits))
