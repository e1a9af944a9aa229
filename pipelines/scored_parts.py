"""The files of a folder of scores, read with the doubt that somebody touched them: what is damaged is named, never used."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from features.errors import BadInput
from features.signal import FAMILIES
from models.assessment import BANDS, HORIZONS, OUTCOMES, STATUSES
from serving.learning.arms import Arm, Exempt
from serving.store.batch import COLUMNS

NUMBERS = {
    "assessments": ("margin", "base", "health", "arr", "save_probability", "expected_value"),
    "drivers": ("push", "strength"),
    "plans": ("fit", "worth"),
    "assignments": ("probability", "propensity"),
    "second_outcomes": ("lost_share", *(f"p_{days}d" for days in HORIZONS)),
}
WORDS = {
    "assessments": {
        "risk_band": set(BANDS),
        "arm": set(get_args(Arm)),
        "status": set(STATUSES),
        "driver_1": set(FAMILIES),
        "driver_2": set(FAMILIES),
    },
    "drivers": {"family": set(FAMILIES)},
    "second_outcomes": {"outcome": set(OUTCOMES), "family": set(FAMILIES)},
    "assignments": {"arm": set(get_args(Arm)), "exempt": set(get_args(Exempt))},
}
NAMED = {"assessments": ("playbook",), "plans": ("playbook", "runner_up"), "assignments": ("playbook",)}
DOCUMENTS = {
    "drivers": ("evidence",),
    "evidence": ("row",),
    "plans": ("modifiers", "reasons", "steps", "problems", "value"),
    "assignments": ("families",),
}
CHANCES = ("save_probability", "fit", "probability", "propensity", *NUMBERS["second_outcomes"])
SUM_TOLERANCE = 1e-6  # log-odds; what the pushes of a margin may be off by
REMEDY = "Score again with `tenure score --out`, or copy the folder again whole."
Parts = Mapping[str, pd.DataFrame]


def read_parts(folder: Path, names: Iterable[str], times: Iterable[str], plays: set[str]) -> dict[str, pd.DataFrame]:
    """Every part of a folder, its `times` without zone; `plays`: those in force.

    `BadInput` names the first damaged file and its problem.
    """
    parts = {name: _read(folder / f"{name}.parquet", set(times)) for name in names}
    for name, frame in parts.items():
        _refuse(folder / f"{name}.parquet", _damage(name, frame, plays))
    for name, problem in _strangers(parts):
        _refuse(folder / f"{name}.parquet", problem)
    return parts


def _refuse(path: Path, problem: str) -> None:
    if problem:
        raise BadInput(f"{path}: {problem}. {REMEDY}")


def _read(path: Path, times: set[str]) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise BadInput(f"{path} cannot be read as Parquet. {REMEDY}") from error
    for column in frame.columns:
        if column in times:
            if not isinstance(frame[column].dtype, pd.DatetimeTZDtype | np.dtypes.DateTime64DType):
                _refuse(path, f"the column {column} holds {frame[column].dtype}, not times")
            frame[column] = frame[column].dt.tz_localize(None)
    return frame


def _damage(name: str, frame: pd.DataFrame, plays: set[str]) -> str:
    """What is wrong with one part by itself; empty when nothing is."""
    missing = [column for column in COLUMNS[name] if column not in frame]
    if missing:
        return f"it lacks the columns {', '.join(missing)}"
    if name == "assessments" and frame.empty:
        return "it holds no rows"
    for column in ("account_id", "as_of"):
        if column in frame and frame[column].isna().any():
            return f"{int(frame[column].isna().sum())} rows have no {column}"
    chances = tuple(str(c) for c in frame if name == "assessments" and str(c).startswith("p_churn_"))
    for column in (*NUMBERS.get(name, ()), *chances):
        if problem := _no_number(frame[column], chance=column in (*chances, *CHANCES)):
            return f"the column {column} {problem}"
    named = dict.fromkeys(NAMED.get(name, ()), plays)
    for column, known in (WORDS.get(name, {}) | named).items():
        unknown = sorted({str(word) for word in frame[column].dropna()} - known)
        if unknown:
            return f"the column {column} holds {', '.join(unknown[:3])}, known are {', '.join(sorted(known))}"
    for column in DOCUMENTS.get(name, ()):
        if bad := sum(not _is_json(cell) for cell in frame[column]):
            return f"the column {column} holds {bad} cells that are no JSON"
    return ""


def _no_number(column: pd.Series, *, chance: bool) -> str:
    if column.isna().all():
        return ""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return f"holds {column.dtype}, not numbers"
    known = column.dropna()
    if np.isinf(known).any():
        return f"holds {int(np.isinf(known).sum())} infinite numbers"
    outside = int((~known.between(0, 1)).sum()) if chance else 0
    return f"holds {outside} probabilities outside 0 to 1" if outside else ""


def _is_json(cell: Any) -> bool:
    try:
        json.loads(cell)
    except (ValueError, TypeError):
        return False
    return True


def _strangers(parts: Parts) -> Iterable[tuple[str, str]]:
    """(part, problem) of parts that one run cannot have written together; whole days apart are refused by `Batch`."""
    assessments, drivers, plans = parts["assessments"], parts["drivers"], parts["plans"]
    scored = assessments.loc[assessments["status"] == "scored"].drop_duplicates("account_id").set_index("account_id")
    pushed = drivers.groupby("account_id")["push"].sum().reindex(scored.index)
    off = (scored["base"] + pushed - scored["margin"]).abs() > SUM_TOLERANCE
    families = set(zip(drivers["account_id"], drivers["family"], strict=True))
    for column in ("driver_1", "driver_2"):
        named = scored[column].dropna()
        off[named.index] |= np.array([each not in families for each in named.items()], dtype=bool)
    strange = int((off | pushed.isna()).sum())
    if strange:
        yield "drivers", f"it is not of the run that wrote assessments.parquet: the drivers of {strange} accounts do not add up"
    both = assessments.merge(plans[["account_id", "playbook"]], on="account_id", suffixes=("", "_planned"))
    other = int((both["playbook"].notna() & (both["playbook"] != both["playbook_planned"])).sum())
    if other:
        yield "plans", f"it is not of the run that wrote assessments.parquet: {other} accounts have another playbook"
