"""Assessed accounts: probabilities, margin, band, health and drivers, one row an account alive at as_of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.early import early_probability
from models.errors import UnableToScore
from models.explanation import NOTHING_SAID, pushes
from models.health import health
from models.model import Model
from models.params import DecisionParams, ExplanationParams, HealthParams
from models.periods import Calendar, Floats

HORIZONS = (30, 90, 180, 365)
BANDS = ("low", "medium", "high", "critical")
OUTCOMES = ("early", "contracted")
SECOND_COLUMNS = ("account_id", "as_of", "outcome", *(f"p_{days}d" for days in HORIZONS), "lost_share", "family")
STATUSES = ("scored", "no_usage", "too_new", "no_contract", "decided")


@dataclass(frozen=True)
class Assessed:
    """`assessments`: the columns of `assessments.parquet` that models know, sorted by account_id and as_of.

    `pushes`: account_id, as_of, family, push, strength, chance, clear of the scored accounts, eleven rows each.
    `second`: SECOND_COLUMNS of the scored accounts, one row an outcome besides churn at a decision (OUTCOMES): `early`, the part
    of churn that comes in the middle of a term, and `contracted`, a renewal for less, when the model has learned of it.
    """

    assessments: pd.DataFrame
    pushes: pd.DataFrame
    second: pd.DataFrame


def assess(
    model: Model,
    matrix: pd.DataFrame,
    statuses: Sequence[str],
    *,
    model_version: str,
    decision: DecisionParams,
    explanation: ExplanationParams,
    health_params: HealthParams,
    more_horizons: Sequence[int] = (),
    prior: Mapping[str, float] = NOTHING_SAID,
) -> Assessed:
    """Assess every row of the matrix; `statuses` says, row by row, why one is not scored.

    A row that is not `scored` keeps its place and its health, and has no probability, margin, band or driver. The four
    horizons always have a column, empty past the model's last period; `more_horizons` add `p_churn_<n>d`.
    `prior`: log-odds by family that move how likely each is at work.
    """
    status = np.asarray(statuses, dtype=object)
    unknown = sorted(set(status.tolist()) - set(STATUSES))
    if len(status) != len(matrix) or unknown:
        raise UnableToScore(
            f"{len(status)} statuses for {len(matrix)} rows, unknown ones: {unknown}; give one of {', '.join(STATUSES)} a row"
        )
    scored = matrix.loc[status == "scored"]
    margins = model.margins(scored)
    table = pushes(model, scored, margins, horizon_days=_horizon(model, decision), params=explanation, prior=prior)
    whole = _empty(matrix, status).assign(health=health(matrix, model.features, health_params), model_version=model_version)
    known = _probabilities(model, margins, tuple(dict.fromkeys((*HORIZONS, *more_horizons))))
    decisive = model.periods.probability(_sigmoid(margins), _horizon(model, decision))
    known = known.assign(risk_band=pd.Series([BANDS[b] for b in np.digitize(decisive, decision.band_cuts)], dtype=object))
    known = pd.concat([known, table.accounts.drop(columns=["account_id", "as_of"])], axis=1)
    known.index = pd.Index(np.flatnonzero(status == "scored"))
    whole = whole.join(known)[_columns(known)]
    whole = whole.sort_values(["account_id", "as_of"], kind="stable", ignore_index=True)
    second = _second(model, scored, _sigmoid(margins))
    order = ["account_id", "as_of"]
    return Assessed(whole, *(each.sort_values(order, kind="stable", ignore_index=True) for each in (table.frame, second)))


def _second(model: Model, scored: pd.DataFrame, leaves: Floats) -> pd.DataFrame:
    """SECOND_COLUMNS of the scored rows; `leaves`: their hazards of churn by period."""
    calendar, less = Calendar.of(scored, model.grace_days), model.contraction
    keys = scored[["account_id", "as_of"]].reset_index(drop=True)
    early = {f"p_{days}d": early_probability(model.periods, calendar, leaves, days) for days in HORIZONS}
    found = [keys.assign(outcome="early", **early, lost_share=np.nan, family=None)]
    if less is not None:
        hazards = less.model.hazards(scored)
        chances = {f"p_{days}d": model.periods.incidence(hazards, leaves, days) for days in HORIZONS}
        share = np.nan if less.lost_share is None else less.lost_share
        found.append(keys.assign(outcome="contracted", **chances, lost_share=share, family=less.pointing(scored)))
    return pd.concat(found, ignore_index=True)[list(SECOND_COLUMNS)]


def _horizon(model: Model, decision: DecisionParams) -> int:
    """The decision horizon, or the last day the model speaks of when that comes first."""
    return min(decision.horizon_days, model.periods.last_day)


def _empty(matrix: pd.DataFrame, status: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": matrix["account_id"].to_numpy(),
            "as_of": matrix["as_of"].to_numpy().astype("datetime64[us]"),
            "status": status,
        }
    )


def _probabilities(model: Model, margins: Floats, horizons: tuple[int, ...]) -> pd.DataFrame:
    hazards = _sigmoid(margins)
    return pd.DataFrame({f"p_churn_{days}d": model.periods.probability(hazards, days) for days in horizons})


def _columns(known: pd.DataFrame) -> list[str]:
    horizons = [name for name in known.columns if name.startswith("p_churn_")]
    margin = ["margin", "base", "margin_from", "margin_to", "risk_band", "health", "driver_1", "driver_2"]
    return ["account_id", "as_of", *horizons, *margin, "model_version", "status"]


def _sigmoid(z: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(z), dtype=np.float64)
