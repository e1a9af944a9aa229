"""What people confirmed or denied of named causes, as a shift of how likely each family is to be at work."""

from collections.abc import Mapping

import numpy as np

from features.signal import FAMILIES
from models.periods import Floats

LEAST = 1e-9


def prior_shift(said: Mapping[str, tuple[int, int]], half_at: float) -> dict[str, float]:
    """Log-odds by family; `said`: how often each was confirmed and denied. Empty of nothing.

    How much more often (or less) a family is confirmed than all together, each share with one confirmed and one denied added,
    weighed n / (n + `half_at`) for its n words. That people deny more of everything shifts nothing: the accounts that they
    speak of are not chosen by chance.
    """
    every = [sum(each) for each in zip(*said.values(), strict=True)] if said else [0, 0]
    centre = _log_odds(every[0], every[1])
    shifts = {}
    for family, (confirmed, denied) in said.items():
        count = confirmed + denied
        shifts[family] = count / (count + half_at) * (_log_odds(confirmed, denied) - centre)
    return shifts


def shifted(chance: Floats, prior: Mapping[str, float]) -> Floats:
    """The chances, shape (n, 11) in FAMILIES order, with each family's log-odds moved; the same where nothing was said."""
    if not any(prior.values()):
        return chance
    by = np.array([prior.get(family, 0.0) for family in FAMILIES])
    inside = np.clip(chance, LEAST, 1 - LEAST)
    moved = 1 / (1 + np.exp(-(np.log(inside / (1 - inside)) + by)))
    return np.where(by == 0, chance, moved)


def _log_odds(confirmed: float, denied: float) -> float:
    return float(np.log((confirmed + 1) / (denied + 1)))
