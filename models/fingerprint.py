"""What a model was trained on, counted and as a fingerprint."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np

from models.fitting import Material
from models.replay import Replay
from models.rows import DAY, HazardRows
from models.sections import Sections


@dataclass(frozen=True)
class RowsSummary:
    """The hazard rows the model learned from, of how many accounts. `weight`: how many rows they stand for."""

    rows: int
    events: int
    churned_accounts: int
    weight: float
    as_ofs: int
    first_as_of: str
    last_as_of: str
    accounts: int


def summary_of(material: Material, rows: HazardRows, churned: int) -> RowsSummary:
    """Count the rows."""
    as_of = np.unique(material.outcomes.as_of[rows.position])
    return RowsSummary(
        rows=rows.count,
        events=int(rows.event.sum()),
        churned_accounts=churned,
        weight=float(rows.weight.sum()),
        as_ofs=len(as_of),
        first_as_of=_day(int(as_of[0])),
        last_as_of=_day(int(as_of[-1])),
        accounts=len(np.unique(material.outcomes.account[rows.position])),
    )


def fingerprint_of(
    material: Material, rows: HazardRows, churned: int, until: date, replay: Replay, params: Sections
) -> dict[str, Any]:
    """JSON values: what the model was trained on, with a digest of every number of it."""
    digest = blake2b(digest_size=16)
    for values in (rows.position, rows.period, rows.event, rows.weight):
        digest.update(np.ascontiguousarray(values).tobytes())
    for feature in material.features:
        column = material.matrix[feature.name]
        if feature.category:
            digest.update("\0".join(column.fillna("").astype(str)).encode())
        else:
            digest.update(np.ascontiguousarray(column.to_numpy(dtype=np.float64, na_value=np.nan)).tobytes())
    digest.update("\0".join(material.reason.fillna("").astype(str)).encode())
    summary = summary_of(material, rows, churned)
    return {
        "until": until.isoformat()[:10],
        "data": digest.hexdigest(),
        "rows": summary.rows,
        "events": summary.events,
        "churned_accounts": churned,
        "as_ofs": summary.as_ofs,
        "first_as_of": summary.first_as_of,
        "last_as_of": summary.last_as_of,
        "trees": replay.trees,
        "rows_params": params.rows.model_dump(mode="json"),
        "training_params": params.training.model_dump(mode="json"),
    }


def _day(micros: int) -> str:
    return str(np.datetime64(micros // DAY, "D"))
