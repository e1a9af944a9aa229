"""What one signal would change: the model's probability were a signal that a team can act on what it is in a typical account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.languages import LANGUAGES, Language
from features.signal import Signal
from features.wording import reads_alike, say_phrase, say_value
from models.model import Model

KEY = ["account_id", "family"]
SAID = {
    "en": "In the model's view, no promise: with “{typical}” instead of “{now}”, all else unchanged, the chance of leaving "
    "within {days} days would be {after} instead of {before}",
    "es": "A ojos del modelo, sin promesa: con «{typical}» en lugar de «{now}», sin cambiar nada más, la probabilidad de irse "
    "en {days} días sería del {after} en lugar del {before}",
}


@dataclass(frozen=True)
class _Candidates:
    """Rows of the matrix with one signal each set to `typical`; `now` is what it was."""

    position: list[int]
    family: list[str]
    signal: list[Signal]
    now: list[float]
    typical: list[float]


def what_ifs(
    model: Model,
    matrix: pd.DataFrame,
    side: pd.DataFrame,
    families: pd.DataFrame,
    catalogue: Sequence[Signal],
    *,
    horizon_days: int,
    notable_z: float,
    least_fall: float,
) -> pd.DataFrame:
    """account_id, family, what_if of the families (account_id, family) where one actionable signal would lower the risk.

    `side` is the `standing` of the matrix's rows. A signal is tried where it stands beyond `notable_z` on its risky side and
    reads otherwise than the median of all accounts, which takes its place; the one that lowers P(churn within the horizon) most
    is told, unless it lowers it by less than `least_fall`. `what_if` is JSON: signal, value, typical, before, after, and a
    sentence in each language.
    """
    tried = _candidates(matrix, side, families, catalogue, notable_z)
    if not tried.position:
        return pd.DataFrame({name: pd.Series([], dtype=object) for name in [*KEY, "what_if"]})
    before = model.churn_probability(matrix.iloc[sorted(set(tried.position))], horizon_days)
    at = {position: number for number, position in enumerate(sorted(set(tried.position)))}
    found = pd.DataFrame(
        {
            "account_id": matrix["account_id"].to_numpy()[tried.position],
            "family": tried.family,
            "place": np.arange(len(tried.position)),
            "before": before[[at[position] for position in tried.position]],
            "after": model.churn_probability(_changed(matrix, tried), horizon_days),
        }
    )
    found = found.loc[found["before"] - found["after"] >= least_fall].sort_values([*KEY, "after", "place"]).drop_duplicates(KEY)
    told = [
        _told(tried.signal[i], tried.now[i], tried.typical[i], old, new, horizon_days)
        for i, old, new in zip(found["place"], found["before"], found["after"], strict=True)
    ]
    return found[KEY].assign(what_if=pd.Series(told, index=found.index, dtype=object)).reset_index(drop=True)


def _candidates(
    matrix: pd.DataFrame, side: pd.DataFrame, families: pd.DataFrame, catalogue: Sequence[Signal], notable_z: float
) -> _Candidates:
    found = _Candidates([], [], [], [], [])
    place = {account: number for number, account in enumerate(matrix["account_id"])}
    for signal in catalogue:
        if not signal.actionable or signal.name not in side:
            continue
        values, z = matrix[signal.name].astype("float64").to_numpy(), side[signal.name].to_numpy()
        typical = float(np.nanmedian(values)) if (~np.isnan(values)).any() else float("nan")
        for account in families.loc[families["family"] == signal.family, "account_id"]:
            position = place[account]
            if z[position] >= notable_z and not reads_alike(values[position], typical, signal.unit):
                found.position.append(position)
                found.family.append(signal.family)
                found.signal.append(signal)
                found.now.append(float(values[position]))
                found.typical.append(typical)
    return found


def _changed(matrix: pd.DataFrame, tried: _Candidates) -> pd.DataFrame:
    changed = matrix.iloc[tried.position].reset_index(drop=True)
    names = np.array([signal.name for signal in tried.signal])
    for name in np.unique(names):
        column = changed[name].astype("float64").to_numpy(copy=True)
        column[names == name] = np.array(tried.typical)[names == name]
        changed[name] = column
    return changed


def _told(signal: Signal, now: float, typical: float, before: float, after: float, days: int) -> str:
    numbers = {"signal": signal.name, "value": now, "typical": typical, "before": float(before), "after": float(after)}
    said = {f"sentence_{each}": _sentence(signal, now, typical, before, after, days, each) for each in LANGUAGES}
    return json.dumps(numbers | said, ensure_ascii=False)


def _sentence(signal: Signal, now: float, typical: float, before: float, after: float, days: int, language: Language) -> str:
    was, would = (say_phrase(signal.phrase, value, None, signal.unit, language) for value in (now, typical))
    chance = [say_value(p, "share", language) for p in (before, after)]
    return SAID[language].format(typical=would, now=was, days=days, before=chance[0], after=chance[1]) + "."
