"""What `tenure train --json` holds besides the metrics of the monthly panel."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from models.evaluation import Evaluation
from models.training import Training


def proof_document(training: Training) -> dict[str, Any]:
    """`intervals` and `slices` of the panel, `decisions` by lead, `lead_time`, `second_outcomes`, `split_gap`.

    A missing number is None.
    """
    proof = training.proof
    return {
        "intervals": _intervals(training.evaluation),
        "slices": _slices(training.evaluation.slices),
        "decisions": {str(days): _decisions(found) for days, found in proof.decisions.items()},
        "lead_time": [_plain(row) for row in proof.lead_time.to_dict("records")],
        "second_outcomes": {name: found.written() for name, found in training.second.items()},
        "split_gap": None if proof.split_gap is None else asdict(proof.split_gap),
    }


def _decisions(found: Evaluation) -> dict[str, Any]:
    return {
        "rows": len(found.predictions),
        "churned_accounts": found.churned_accounts,
        "metrics": _intervals(found),
        "slices": _slices(found.slices),
    }


def _intervals(found: Evaluation) -> dict[str, dict[str, Any]]:
    """Model -> metric -> value, low, high (95 % by account)."""
    return {
        str(model): {
            str(row["metric"]): _plain({name: row[name] for name in ("value", "low", "high")}) for row in part.to_dict("records")
        }
        for model, part in found.metrics.groupby("model", sort=False)
    }


def _slices(slices: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a group of accounts; of a group with too few churned accounts the counts alone, and `enough` false."""
    found: list[dict[str, Any]] = []
    for (trait, level), part in slices.groupby(["trait", "level"], sort=False):
        counts = part.iloc[0][["n", "accounts", "churned_accounts"]].astype(int).to_dict()
        enough = bool(part["enough"].iloc[0])
        metrics: dict[str, dict[str, Any]] = {}
        for row in part.to_dict("records") if enough else []:
            cell = _plain({name: row[name] for name in ("value", "low", "high")})
            metrics.setdefault(str(row["model"]), {})[str(row["metric"])] = cell
        found.append(
            {
                "trait": trait,
                "level": level,
                **{str(name): count for name, count in counts.items()},
                "enough": enough,
                "metrics": metrics,
            }
        )
    return found


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}
